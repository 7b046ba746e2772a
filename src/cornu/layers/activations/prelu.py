"""PReLU: a learned slope for negative entries."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.layers.arguments import axes, axis_within
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec
from cornu.layers.parts import store_parts


@LAYERS.add()
class PReLU(Layer):
    """`x` where positive, `alpha * x` elsewhere, with one trainable `alpha` per entry of the input.

    Args:
        shared_axes: Axes along which entries share their `alpha`; `[1, 2]` gives images one per channel.

    Shape: any -> the same.
    Raises: InvalidArgumentError if an axis that is not shared has an unknown size.
    Source: keras.layers.PReLU; He et al. 2015, arXiv:1502.01852.
    """

    supports_masking = True

    def __init__(self, alpha_initializer="Zeros", alpha_regularizer=None, alpha_constraint=None, shared_axes=None,
                 **common):  # fmt: skip
        super().__init__(**common)
        store_parts(self, alpha_initializer=alpha_initializer, alpha_regularizer=alpha_regularizer,
                    alpha_constraint=alpha_constraint)  # fmt: skip
        shared = None if shared_axes is None else axes("shared_axes", shared_axes)
        self.shared_axes = [shared] if isinstance(shared, int) else shared

    def build(self, input_shape):
        rank = len(input_shape)
        shared = {axis_within("shared_axes", axis, rank) for axis in self.shared_axes or ()}
        own = {axis: input_shape[axis] for axis in range(1, rank) if axis not in shared}
        if None in own.values():
            raise InvalidArgumentError(
                f"Expected known sizes for the axes of alpha; received the input shape {tuple(input_shape)}. "
                "Give the sizes, or share alpha along the open ones with shared_axes=[...]."
            )
        self.alpha = self.add_weight(
            "alpha", tuple(own.get(axis, 1) for axis in range(1, rank)), self.alpha_initializer,
            regularizer=self.alpha_regularizer, constraint=self.alpha_constraint,
        )  # fmt: skip
        self.input_spec = InputSpec(ndim=rank, axes=own if shared else {})

    def call(self, inputs):
        return ops.relu(inputs) - self.alpha * ops.relu(-inputs)
