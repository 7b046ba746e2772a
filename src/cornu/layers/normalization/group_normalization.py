"""GroupNormalization: groups of channels scaled to mean 0 and variance 1 within each sample."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import axis_within, integer
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec
from cornu.layers.normalization.statistics import add_scale_and_center, widened
from cornu.layers.parts import store_parts


@LAYERS.add()
class GroupNormalization(Layer):
    """Splits the channels of `axis` into `groups` and normalizes each group of each sample over all its entries.

    Args:
        groups: Number of groups; -1 means one for each channel (instance normalization), 1 is like layer normalization.

    Shape: any -> the same.
    Raises: InvalidArgumentError if `groups` does not divide the number of channels.
    Source: keras.layers.GroupNormalization; Wu and He 2018, arXiv:1803.08494.
    """

    supports_masking = True

    def __init__(self, groups=32, axis=-1, epsilon=1e-3, center=True, scale=True, beta_initializer="zeros",
                 gamma_initializer="ones", beta_regularizer=None, gamma_regularizer=None, beta_constraint=None,
                 gamma_constraint=None, **common):  # fmt: skip
        super().__init__(**common)
        self.groups, self.axis, self.epsilon = integer("groups", groups, at_least=-1), axis, epsilon
        self.center, self.scale = center, scale
        store_parts(
            self, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer,
            beta_regularizer=beta_regularizer, gamma_regularizer=gamma_regularizer,
            beta_constraint=beta_constraint, gamma_constraint=gamma_constraint,
        )  # fmt: skip

    def build(self, input_shape):
        axis = axis_within("axis", self.axis, len(input_shape))
        channels = input_shape[axis]
        if axis == 0 or channels is None:
            raise InvalidArgumentError(
                f"Expected an axis of channels of known size; received axis={self.axis} for the input shape "
                f"{text(input_shape)}."
            )
        groups = channels if self.groups == -1 else self.groups
        if groups < 1 or channels % groups:
            raise InvalidArgumentError(
                f"Expected groups to divide the {channels} channels of axis {self.axis}; received groups={self.groups}."
            )
        add_scale_and_center(self, (channels,))
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: channels})

    def call(self, inputs):
        shape = inputs.shape
        axis, channels = self.axis % len(shape), shape[self.axis]
        groups = channels if self.groups == -1 else self.groups
        split = (*shape[:axis], groups, channels // groups, *shape[axis + 1 :])
        x = ops.reshape(widened(inputs), split)
        mean, variance = ops.moments(x, tuple(i for i in range(1, len(split)) if i != axis), keepdims=True)
        x = ops.reshape((x - mean) * ops.rsqrt(variance + self.epsilon), shape)
        along = tuple(channels if i == axis else 1 for i in range(len(shape)))
        if self.gamma is not None:
            x = x * ops.reshape(self.gamma, along)
        if self.beta is not None:
            x = x + ops.reshape(self.beta, along)
        return ops.cast(x, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape
