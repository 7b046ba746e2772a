"""Pictures: `tf.image`."""

from cornu._base.suggest import attribute_error
from cornu.tf.image.boxes import draw_bounding_boxes as draw_bounding_boxes
from cornu.tf.image.boxes import extract_glimpse as extract_glimpse
from cornu.tf.image.boxes import sample_distorted_bounding_box as sample_distorted_bounding_box
from cornu.tf.image.boxes import stateless_sample_distorted_bounding_box as stateless_sample_distorted_bounding_box
from cornu.tf.image.chance import (
    random_brightness,
    random_contrast,
    random_crop,
    random_flip_left_right,
    random_flip_up_down,
    random_hue,
    random_jpeg_quality,
    random_saturation,
    stateless_random_brightness,
    stateless_random_contrast,
    stateless_random_crop,
    stateless_random_flip_left_right,
    stateless_random_flip_up_down,
    stateless_random_hue,
    stateless_random_jpeg_quality,
    stateless_random_saturation,
)
from cornu.tf.image.codecs import (
    adjust_jpeg_quality,
    decode_and_crop_jpeg,
    decode_bmp,
    decode_gif,
    decode_image,
    decode_jpeg,
    decode_png,
    decode_webp,
    encode_jpeg,
    encode_png,
    extract_jpeg_shape,
    is_jpeg,
)
from cornu.tf.image.color import (
    adjust_brightness,
    adjust_contrast,
    adjust_gamma,
    adjust_hue,
    adjust_saturation,
    grayscale_to_rgb,
    hsv_to_rgb,
    per_image_standardization,
    rgb_to_grayscale,
    rgb_to_hsv,
    rgb_to_yiq,
    rgb_to_yuv,
    yiq_to_rgb,
    yuv_to_rgb,
)
from cornu.tf.image.conversion import convert_image_dtype as convert_image_dtype
from cornu.tf.image.geometry import (
    central_crop,
    crop_and_resize,
    crop_to_bounding_box,
    extract_patches,
    flip_left_right,
    flip_up_down,
    pad_to_bounding_box,
    resize_with_crop_or_pad,
    rot90,
    transpose,
)
from cornu.tf.image.quality import image_gradients, psnr, sobel_edges, ssim, ssim_multiscale, total_variation
from cornu.tf.image.resizing import ResizeMethod as ResizeMethod
from cornu.tf.image.resizing import resize as resize
from cornu.tf.image.resizing import resize_with_pad as resize_with_pad
from cornu.tf.image.suppression import (
    combined_non_max_suppression,
    non_max_suppression,
    non_max_suppression_overlaps,
    non_max_suppression_padded,
    non_max_suppression_with_scores,
)

__getattr__ = attribute_error(__name__)
