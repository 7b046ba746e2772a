"""Convolutions with a kernel of their own at every place, as Keras 2's backend names them. Source: tf.keras.backend."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.core.shapes import text
from cornu.ops.local_conv import local_conv


def local_conv1d(inputs: Any, kernel: Any, kernel_size: Any, strides: Any, data_format: str | None = None) -> Any:
    """Of sequences. Shape: (n, steps, c), (places, window * c, filters) -> (n, places, filters); see `ops.local_conv`."""
    return local_conv(inputs, kernel, kernel_size, strides, "valid", data_format)


def local_conv2d(
    inputs: Any, kernel: Any, kernel_size: Any, strides: Any, output_shape: Any, data_format: str | None = None
) -> Any:
    """Of images. Args: output_shape: (rows, columns) of the result, which follow from the other arguments.

    Shape: (n, h, w, c), (rows * columns, window * c, filters) -> (n, rows, columns, filters); see `ops.local_conv`.
    Raises: InvalidArgumentError if `output_shape` is another one.
    """
    outputs = local_conv(inputs, kernel, kernel_size, strides, "valid", data_format)
    is_first = (data_format or config.image_data_format()) == "channels_first"
    places = tuple(outputs.shape[2:] if is_first else outputs.shape[1:3])
    if output_shape is not None and tuple(output_shape) != places:
        raise InvalidArgumentError(
            f"local_conv2d: expected output_shape={places} for inputs of shape {text(inputs.shape)} with kernel_size="
            f"{kernel_size} and strides={strides}; received {output_shape}."
        )
    return outputs
