"""Writing TFRecord files. Source: tf.io.TFRecordWriter, TFRecordOptions."""

import zlib
from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.data.records import TFRecordWriter as TFRecordWriter
from cornu.data.records import compression


class TFRecordOptions:
    """How a TFRecord file is packed. Source: tf.io.TFRecordOptions.

    Args:
        compression_type: "", "GZIP", "ZLIB" or None.
        compression_level, window_bits, mem_level, compression_strategy: zlib's settings; None for its defaults.
        compression_method: 8, the only one zlib has.
        flush_mode, input_buffer_size, output_buffer_size: integers; how TensorFlow moves bytes, which no file shows.

    Raises: InvalidArgumentError on a setting of another kind; the writer says which numbers zlib refuses.
    """

    def __init__(
        self, compression_type=None, flush_mode=None, input_buffer_size=None, output_buffer_size=None, window_bits=None,
        compression_level=None, compression_method=None, mem_level=None, compression_strategy=None,
    ):  # fmt: skip
        if isinstance(compression_type, TFRecordOptions):
            compression_type = compression_type.compression_type
        self.compression_type: Any = compression(compression_type)
        settings = (flush_mode, input_buffer_size, output_buffer_size, window_bits, compression_level,
                    compression_method, mem_level, compression_strategy)  # fmt: skip
        for value in settings:
            if value is not None and not isinstance(value, int):
                raise InvalidArgumentError(f"Expected integers as settings of zlib; received {value!r}.")
        if compression_method not in (None, zlib.DEFLATED):
            raise InvalidArgumentError(f"Expected compression_method {zlib.DEFLATED}; received {compression_method!r}.")
        self.compression_level, self.window_bits = compression_level, window_bits
        self.mem_level, self.compression_strategy = mem_level, compression_strategy
