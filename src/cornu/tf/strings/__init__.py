"""Texts: `tf.strings`. They are tensors of bytes on the host; inside compiled functions these run eagerly."""

from cornu._base.suggest import attribute_error
from cornu.tf.strings.elementwise import (
    bytes_split,
    length,
    lower,
    regex_full_match,
    regex_replace,
    strip,
    substr,
    to_hash_bucket,
    to_hash_bucket_fast,
    to_hash_bucket_strong,
    to_number,
    upper,
)
from cornu.tf.strings.joining import join, ngrams, reduce_join, split, unsorted_segment_join
from cornu.tf.strings.printing import as_string as as_string
from cornu.tf.strings.printing import format as format
from cornu.tf.strings.unicode import (
    unicode_decode,
    unicode_decode_with_offsets,
    unicode_encode,
    unicode_split,
    unicode_split_with_offsets,
    unicode_transcode,
)

__getattr__ = attribute_error(__name__)
