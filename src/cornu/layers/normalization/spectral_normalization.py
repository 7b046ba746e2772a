"""SpectralNormalization: a layer whose kernel is kept at spectral norm one."""

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.layers.arguments import positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.core.wrapper import Wrapper


@LAYERS.add()
class SpectralNormalization(Wrapper):
    """Divides the kernel of `layer` by its largest singular value, at every call while training.

    Args:
        layer: A layer with a `kernel` or `embeddings`.
        power_iterations: Steps of power iteration per call; they go on from where the last call ended.

    Shape: that of `layer`.
    Raises: InvalidArgumentError if `power_iterations` is not positive or the layer has no kernel.
    Source: keras.layers.SpectralNormalization; Miyato et al. 2018, arXiv:1802.05957, algorithm 1.
    """

    def __init__(self, layer, power_iterations=1, **common):
        super().__init__(layer, **common)
        self.power_iterations = positive_int("power_iterations", power_iterations)

    def build(self, input_shape):
        super().build(input_shape)
        held = next((name for name in ("kernel", "embeddings") if hasattr(self.layer, name)), None)
        if held is None:
            raise InvalidArgumentError(
                f"Expected a layer with a kernel or embeddings to normalize; received {type(self.layer).__name__}, which "
                "has neither. Wrap a Dense, convolutional or Embedding layer."
            )
        self.kernel = getattr(self.layer, held)
        self.vector_u = self.add_weight("vector_u", (1, self.kernel.shape[-1]), "truncated_normal", trainable=False)

    def call(self, inputs, training=False):
        if training:
            self._normalize()
        return self.layer(inputs)

    def _normalize(self):
        """One or more steps of power iteration, and the kernel divided by the singular value they found."""
        w = ops.reshape(ops.stop_gradient(self.kernel), (-1, self.kernel.shape[-1]))
        u = ops.cast(self.vector_u, w.dtype)
        for _ in range(self.power_iterations):
            v = _unit(ops.matmul(u, ops.transpose(w)))
            u = _unit(ops.matmul(v, w))
        largest = ops.sum(ops.matmul(v, w) * u)  # one number: v @ w @ u.T
        self.vector_u.assign(ops.cast(u, self.vector_u.dtype))
        self.kernel.assign(ops.cast(self.kernel / largest, self.kernel.dtype))

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)


def _unit(x):
    return x / ops.maximum(ops.norm(x), 1e-12)
