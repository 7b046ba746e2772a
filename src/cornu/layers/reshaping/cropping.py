"""Cropping of sequences, images and volumes."""

from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.arguments import pairs_of, tuple_of
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec


class Cropping(Layer):
    """Cuts entries off before and after each of `rank` spatial axes."""

    rank: int
    cropping: tuple  # one pair (before, after) for rank 1, else a pair for each axis

    def __init__(self, cropping, data_format=None, **common):
        super().__init__(**common)
        self.data_format = checked_data_format(data_format)
        if self.rank == 1:
            self.cropping = tuple_of(2, "cropping", cropping, at_least=0)
        else:
            self.cropping = pairs_of(self.rank, "cropping", cropping)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def cuts(self):
        """(before, after) for every axis of the input."""
        spatial = (self.cropping,) if self.rank == 1 else self.cropping
        uncut = (0, 0)
        return (uncut, *spatial, uncut) if self.data_format == "channels_last" else (uncut, uncut, *spatial)

    def build(self, input_shape):
        """Nothing to make; files record the shape, as Keras' do."""

    def call(self, inputs):
        sizes = self.compute_output_shape(inputs.shape)
        return inputs[tuple(slice(first, first + size) for (first, _), size in zip(self.cuts, sizes, strict=True))]

    def compute_output_shape(self, input_shape):
        sizes = tuple(
            None if size is None else size - sum(cut) for size, cut in zip(input_shape, self.cuts, strict=True)
        )
        if any(size is not None and size <= 0 and sum(cut) for size, cut in zip(sizes, self.cuts, strict=True)):
            raise InvalidArgumentError(
                f"Expected cropping to leave something of each axis; received cropping={self.cropping} for the input "
                f"shape {text(input_shape)}."
            )
        return sizes


@LAYERS.add()
class Cropping1D(Cropping):
    """Cuts steps off both ends of a sequence: `cropping` at each, or (before, after).

    Shape: (batch, steps, channels) -> (batch, steps - before - after, channels).
    Raises: InvalidArgumentError if nothing would be left.
    Source: keras.layers.Cropping1D.
    """

    rank = 1

    def __init__(self, cropping=(1, 1), **common):
        super().__init__(cropping, data_format="channels_last", **common)

    def get_config(self):
        config = super().get_config()
        config.pop("data_format", None)
        return config


@LAYERS.add()
class Cropping2D(Cropping):
    """Cuts the borders of an image: `c`, `(rows, columns)` or `((top, bottom), (left, right))`.

    Shape: (batch, height, width, channels) -> the same with smaller height and width.
    Raises: InvalidArgumentError if nothing would be left.
    Source: keras.layers.Cropping2D.
    """

    rank = 2

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **common):
        super().__init__(cropping, data_format, **common)


@LAYERS.add()
class Cropping3D(Cropping):
    """Cuts the borders of a volume: `c`, three integers, or three pairs (before, after).

    Shape: (batch, depth, height, width, channels) -> the same with smaller spatial axes.
    Raises: InvalidArgumentError if nothing would be left.
    Source: keras.layers.Cropping3D.
    """

    rank = 3

    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **common):
        super().__init__(cropping, data_format, **common)
