"""BatchNormalization: activations scaled to mean 0 and variance 1 over the batch."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import text
from cornu.layers.arguments import axis_within, fraction, integer
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.input_spec import InputSpec
from cornu.layers.normalization.statistics import add_scale_and_center, weighted_moments, widened
from cornu.layers.parts import store_parts


@LAYERS.add()
class BatchNormalization(Layer):
    """`gamma * (x - mean) / sqrt(variance + epsilon) + beta`, one of each for every entry of `axis`.

    While training, mean and variance are those of the batch, and the moving averages follow them:
    `moving = moving * momentum + batch * (1 - momentum)`. Otherwise, and always when `trainable` is False, they are the
    moving averages. With a mask, only entries where it is True count.

    Args:
        axis: The axis of the channels, usually the last.
        synchronized: Use the batch on all devices, as is always done: an array spread over devices is one array here.
        renorm: Only False: the correction of Ioffe 2017 is not part of Cornu. `renorm_clipping` and `renorm_momentum`
            would belong to it; they are kept for configs.

    Shape: any -> the same.
    Raises: InvalidArgumentError if `axis` is out of range, its size unknown, or `renorm` asked for.
    Source: keras.layers.BatchNormalization; Ioffe and Szegedy 2015, arXiv:1502.03167.
    """

    supports_masking = True

    def __init__(self, axis=-1, momentum=0.99, epsilon=1e-3, center=True, scale=True, beta_initializer="zeros",
                 gamma_initializer="ones", moving_mean_initializer="zeros", moving_variance_initializer="ones",
                 beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None,
                 renorm=False, renorm_clipping=None, renorm_momentum=0.99, synchronized=False, **common):  # fmt: skip
        if common.pop("mode", 0) != 0:
            raise InvalidArgumentError(
                "Expected Keras 1's mode=0, statistics of every channel; received another mode. For those of every sample use "
                "LayerNormalization; for those of the batch in inference too, call the layer with training=True."
            )
        super().__init__(**common)
        axis = axis[0] if isinstance(axis, (list, tuple)) and len(axis) == 1 else axis  # as older Keras wrote it
        self.axis = integer("axis", axis, at_least=-64)
        self.momentum, self.epsilon = fraction("momentum", momentum), epsilon
        self.center, self.scale, self.synchronized = center, scale, synchronized
        store_parts(
            self, beta_initializer=beta_initializer, gamma_initializer=gamma_initializer,
            moving_mean_initializer=moving_mean_initializer, moving_variance_initializer=moving_variance_initializer,
            beta_regularizer=beta_regularizer, gamma_regularizer=gamma_regularizer,
            beta_constraint=beta_constraint, gamma_constraint=gamma_constraint,
        )  # fmt: skip
        if renorm:
            raise InvalidArgumentError(
                "Expected renorm=False: batch renormalization is not available; received renorm=True. For small batches use "
                "GroupNormalization or LayerNormalization."
            )
        self.renorm, self.renorm_clipping, self.renorm_momentum = renorm, renorm_clipping, renorm_momentum

    def build(self, input_shape):
        axis = axis_within("axis", self.axis, len(input_shape))
        size = input_shape[axis]
        if size is None:
            raise InvalidArgumentError(
                f"Expected a known size of axis {self.axis}; received the input shape {text(input_shape)}. Normalize another "
                "axis, or give the size."
            )
        add_scale_and_center(self, (size,))
        self.moving_mean = self._add_average("moving_mean", size, self.moving_mean_initializer)
        self.moving_variance = self._add_average("moving_variance", size, self.moving_variance_initializer)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: size})
        self.reduced_axes = tuple(other for other in range(len(input_shape)) if other != axis)

    def _add_average(self, name, size, initializer):
        return self.add_weight(name, (size,), initializer, trainable=False, autocast=False)

    def call(self, inputs, training=None, mask=None):
        if training and self.trainable:
            mean, variance = self._batch_moments(widened(inputs), mask)
            self._follow(mean, variance)
        else:
            mean, variance = self.moving_mean, self.moving_variance
        return ops.batch_normalization(
            inputs, mean, variance, axis=self.axis, offset=self.beta, scale=self.gamma, epsilon=self.epsilon
        )

    def _batch_moments(self, x, mask):
        if mask is None:
            return ops.moments(x, self.reduced_axes)
        weights = ops.reshape(ops.cast(mask, x.dtype), (*mask.shape, *(1,) * (x.ndim - mask.ndim)))
        return weighted_moments(x, weights, self.reduced_axes)

    def _follow(self, mean, variance):
        keep = self.momentum
        self.moving_mean.assign(self.moving_mean * keep + mean * (1 - keep))
        self.moving_variance.assign(self.moving_variance * keep + variance * (1 - keep))

    def compute_output_shape(self, input_shape):
        return input_shape
