"""LayerNormalization: each sample scaled to mean 0 and variance 1."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import axes, axis_within
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.normalization.statistics import add_scale_and_center
from cornu.layers.parts import store_parts


def weight_shape(layer, input_shape):
    """The sizes of the normalized axes. Raises: InvalidArgumentError if an axis is out of range or its size unknown."""
    wanted = [layer.axis] if isinstance(layer.axis, int) else layer.axis
    shape = tuple(input_shape[axis_within("axis", axis, len(input_shape))] for axis in wanted)
    if None in shape:
        raise InvalidArgumentError(
            f"Expected known sizes of the axes {layer.axis}; received the input shape {text(input_shape)}."
        )
    return shape


@LAYERS.add()
class LayerNormalization(Layer):
    """`gamma * (x - mean) / sqrt(variance + epsilon) + beta` with the mean and variance of each sample over `axis`.

    Args:
        axis: The normalized axis, or a list of them.
        rms_scaling: Leave out the mean and `beta`, as files of older models may ask; RMSNormalization is better.

    Shape: any -> the same.
    Raises: InvalidArgumentError if an axis is out of range or its size unknown.
    Source: keras.layers.LayerNormalization; Ba et al. 2016, arXiv:1607.06450.
    """

    supports_masking = True

    def __init__(self, axis=-1, epsilon=1e-3, center=True, scale=True, beta_initializer="zeros",
                 gamma_initializer="ones", beta_regularizer=None, gamma_regularizer=None, beta_constraint=None,
                 gamma_constraint=None, rms_scaling=False, **common):  # fmt: skip
        super().__init__(**common)
        self.axis, self.epsilon = axes("axis", axis), epsilon
        self.center, self.scale, self.rms_scaling = center, scale, rms_scaling
        store_parts(
            self, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer,
            beta_regularizer=beta_regularizer, gamma_regularizer=gamma_regularizer,
            beta_constraint=beta_constraint, gamma_constraint=gamma_constraint,
        )  # fmt: skip

    def build(self, input_shape):
        add_scale_and_center(self, weight_shape(self, input_shape), center=self.center and not self.rms_scaling)

    def call(self, inputs):
        return ops.layer_normalization(
            inputs, self.gamma, self.beta, axis=self.axis, epsilon=self.epsilon, rms_scaling=self.rms_scaling
        )

    def compute_output_shape(self, input_shape):
        return input_shape
