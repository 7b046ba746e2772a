"""Image ops: resampling, geometry, filters, colours, borders. Source: keras.ops.image."""

from cornu.ops.image.color import hsv_to_rgb as hsv_to_rgb
from cornu.ops.image.color import rgb_to_grayscale as rgb_to_grayscale
from cornu.ops.image.color import rgb_to_hsv as rgb_to_hsv
from cornu.ops.image.crop import crop_images as crop_images
from cornu.ops.image.crop import extract_patches as extract_patches
from cornu.ops.image.crop import extract_patches_3d as extract_patches_3d
from cornu.ops.image.crop import pad_images as pad_images
from cornu.ops.image.filters import gaussian_blur as gaussian_blur
from cornu.ops.image.filters import sobel_edges as sobel_edges
from cornu.ops.image.filters import ssim as ssim
from cornu.ops.image.geometry import affine_transform as affine_transform
from cornu.ops.image.geometry import elastic_transform as elastic_transform
from cornu.ops.image.geometry import map_coordinates as map_coordinates
from cornu.ops.image.geometry import perspective_transform as perspective_transform
from cornu.ops.image.resize import resize as resize
from cornu.ops.image.resize import scale_and_translate as scale_and_translate
