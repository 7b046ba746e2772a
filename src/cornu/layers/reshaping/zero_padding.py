"""Zero padding of sequences, images and volumes."""

from cornu import ops
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.arguments import pairs_of, tuple_of
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec


class ZeroPadding(Layer):
    """Zeros before and after each of `rank` spatial axes."""

    rank: int
    padding: tuple  # one pair (before, after) for rank 1, else a pair for each axis

    def __init__(self, padding=1, data_format=None, **common):
        super().__init__(**common)
        self.data_format = checked_data_format(data_format)
        if self.rank == 1:
            self.padding = tuple_of(2, "padding", padding, at_least=0)
        else:
            self.padding = pairs_of(self.rank, "padding", padding)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def pad_width(self):
        """(before, after) for every axis of the input."""
        spatial = (self.padding,) if self.rank == 1 else self.padding
        unpadded = (0, 0)
        if self.data_format == "channels_last":
            return (unpadded, *spatial, unpadded)
        return (unpadded, unpadded, *spatial)

    def build(self, input_shape):
        """Nothing to make; files record the shape, as Keras' do."""

    def call(self, inputs):
        return ops.pad(inputs, self.pad_width)

    def compute_output_shape(self, input_shape):
        return tuple(
            None if size is None else size + sum(width) for size, width in zip(input_shape, self.pad_width, strict=True)
        )


@LAYERS.add()
class ZeroPadding1D(ZeroPadding):
    """Zeros before and after a sequence: `padding` on both sides, or (before, after).

    Shape: (batch, steps, channels) -> (batch, steps + before + after, channels).
    Raises: InvalidArgumentError on a padding of another form.
    Source: keras.layers.ZeroPadding1D.
    """

    rank = 1


@LAYERS.add()
class ZeroPadding2D(ZeroPadding):
    """Zeros around an image: `p`, `(rows, columns)` or `((top, bottom), (left, right))`.

    Shape: (batch, height, width, channels) -> (batch, height + top + bottom, width + left + right, channels).
    Raises: InvalidArgumentError on a padding of another form.
    Source: keras.layers.ZeroPadding2D.
    """

    rank = 2


@LAYERS.add()
class ZeroPadding3D(ZeroPadding):
    """Zeros around a volume: `p`, three integers, or three pairs (before, after).

    Shape: (batch, depth, height, width, channels) -> the same with larger spatial axes.
    Raises: InvalidArgumentError on a padding of another form.
    Source: keras.layers.ZeroPadding3D.
    """

    rank = 3
