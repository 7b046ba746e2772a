"""Spatial dropout: whole channels become zero while training."""

from cornu.layers.arguments import data_format as checked_data_format
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec
from cornu.layers.regularization.dropout import Dropout


class SpatialDropout(Dropout):
    """Drops whole channels of an input with `rank` spatial axes, because neighbours carry the same information.

    Source: Tompson et al. 2014, arXiv:1411.4280.
    """

    rank: int

    def __init__(self, rate, data_format=None, seed=None, **common):
        super().__init__(rate, seed=seed, **common)
        self.data_format = checked_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def noise_shape_for(self, shape):
        """One random number for each sample and channel."""
        spatial = (1,) * self.rank
        return (shape[0], *spatial, shape[-1]) if self.data_format == "channels_last" else (*shape[:2], *spatial)

    def get_config(self):
        """The arguments, and the dtype as a plain name, as Keras writes them."""
        wanted = ("name", "rate", "seed", "data_format")
        config = {name: value for name, value in super().get_config().items() if name in wanted}
        return {**config, "dtype": self.dtype_policy.name}


@LAYERS.add()
class SpatialDropout1D(SpatialDropout):
    """Spatial dropout for sequences. Shape: (batch, steps, channels) -> the same. Source: keras.layers."""

    rank = 1

    def __init__(self, rate, seed=None, **common):
        super().__init__(rate, data_format="channels_last", seed=seed, **common)

    def get_config(self):
        config = super().get_config()
        config.pop("data_format", None)
        return config


@LAYERS.add()
class SpatialDropout2D(SpatialDropout):
    """Spatial dropout for images. Shape: (batch, height, width, channels) -> the same. Source: keras.layers."""

    rank = 2


@LAYERS.add()
class SpatialDropout3D(SpatialDropout):
    """Spatial dropout for volumes. Shape: (batch, depth, height, width, channels) -> the same. Source: keras.layers."""

    rank = 3
