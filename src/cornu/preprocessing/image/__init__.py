"""Pictures as arrays, and random changes of them. Source: tf.keras.preprocessing.image."""

from cornu._base.suggest import attribute_error
from cornu.preprocessing.image.conversion import array_to_img as array_to_img
from cornu.preprocessing.image.conversion import img_to_array as img_to_array
from cornu.preprocessing.image.conversion import load_img as load_img
from cornu.preprocessing.image.conversion import save_img as save_img
from cornu.preprocessing.image.dataframe_iterator import DataFrameIterator as DataFrameIterator
from cornu.preprocessing.image.directory_iterator import DirectoryIterator as DirectoryIterator
from cornu.preprocessing.image.generator import ImageDataGenerator as ImageDataGenerator
from cornu.preprocessing.image.iterator import Iterator as Iterator
from cornu.preprocessing.image.numpy_array_iterator import NumpyArrayIterator as NumpyArrayIterator
from cornu.preprocessing.image.random_transforms import apply_affine_transform as apply_affine_transform
from cornu.preprocessing.image.random_transforms import apply_brightness_shift as apply_brightness_shift
from cornu.preprocessing.image.random_transforms import apply_channel_shift as apply_channel_shift
from cornu.preprocessing.image.random_transforms import random_brightness as random_brightness
from cornu.preprocessing.image.random_transforms import random_channel_shift as random_channel_shift
from cornu.preprocessing.image.random_transforms import random_rotation as random_rotation
from cornu.preprocessing.image.random_transforms import random_shear as random_shear
from cornu.preprocessing.image.random_transforms import random_shift as random_shift
from cornu.preprocessing.image.random_transforms import random_zoom as random_zoom
from cornu.preprocessing.image.smart_resize import smart_resize as smart_resize

__getattr__ = attribute_error(__name__)
