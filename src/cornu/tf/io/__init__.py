"""Files, records and the texts in them: `tf.io`. What reads or writes runs on the host."""

from cornu._base.suggest import attribute_error
from cornu.tf.image.codecs import (
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
from cornu.tf.io import gfile as gfile
from cornu.tf.io.features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    RaggedFeature,
    SparseFeature,
    VarLenFeature,
)
from cornu.tf.io.files import matching_files, read_file, write_file
from cornu.tf.io.parsing import (
    parse_example,
    parse_sequence_example,
    parse_single_example,
    parse_single_sequence_example,
)
from cornu.tf.io.raw import (
    decode_base64,
    decode_compressed,
    decode_csv,
    decode_raw,
    encode_base64,
    parse_tensor,
    serialize_tensor,
)
from cornu.tf.io.records import TFRecordOptions as TFRecordOptions
from cornu.tf.io.records import TFRecordWriter as TFRecordWriter

__getattr__ = attribute_error(__name__)
