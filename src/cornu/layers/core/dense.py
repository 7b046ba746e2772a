"""Dense: the fully connected layer."""

from cornu import ops
from cornu.layers.arguments import no_quantization, positive_int
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.core.low_rank import LowRankUpdates
from cornu.layers.input_spec import InputSpec
from cornu.layers.parts import store_parts


@LAYERS.add()
class Dense(LowRankUpdates, Layer):
    """Affine map of the last axis: `activation(x @ kernel + bias)`.

    Args:
        units: Size of the output's last axis.
        activation: Function of the result; None leaves it as it is.
        lora_rank: Freeze the kernel and train the update `a @ b` of that rank in its place.
        lora_alpha: The update is scaled by `lora_alpha / lora_rank`; default the rank.

    Shape: (..., in) -> (..., units).
    Raises: InvalidArgumentError if `units` is not a positive integer or the last axis is unknown.
    Source: keras.layers.Dense.
    """

    supports_masking = True

    def __init__(self, units, activation=None, use_bias=True, kernel_initializer="glorot_uniform",
                 bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
                 kernel_constraint=None, bias_constraint=None, lora_rank=None, lora_alpha=None,
                 quantization_config=None, **common):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self.units, self.use_bias = positive_int("units", units), use_bias
        store_parts(
            self, activation=activation,
            kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip
        self.store_lora(lora_rank, lora_alpha)
        self.quantization_config = no_quantization(quantization_config)
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape):
        features = input_shape[-1]
        self._kernel = self.add_weight(
            "kernel", (features, self.units), self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias", (self.units,), self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )  # fmt: skip
        self.input_spec = InputSpec(min_ndim=2, axes={-1: features})
        self.build_lora()

    def call(self, inputs):
        outputs = ops.matmul(inputs, self.kernel)
        return self.activation(outputs if self.bias is None else outputs + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
