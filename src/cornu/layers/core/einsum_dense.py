"""EinsumDense: a dense layer of any rank, told by an equation."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu.core.shapes import as_shape
from cornu.layers.arguments import no_quantization
from cornu.layers.base import Layer
from cornu.layers.catalog import LAYERS
from cornu.layers.core.einsum_equation import Plan, plan_einsum_dense
from cornu.layers.core.low_rank import LowRankUpdates
from cornu.layers.input_spec import InputSpec
from cornu.layers.parts import store_parts


@LAYERS.add()
class EinsumDense(LowRankUpdates, Layer):
    """`activation(einsum(equation, x, kernel) + bias)`.

    Args:
        equation: Two operands and a result, such as `"abc,cd->abd"` or `"...x,xy->...y"`; the second is the kernel.
        output_shape: Sizes of the result without the batch axis; None for those that the input decides.
        bias_axes: Letters of the result along which the bias varies; None means no bias.
        lora_rank: Freeze the kernel and train an update of that rank in its place, scaled by `lora_alpha / lora_rank`.

    Shape: as the equation says.
    Raises: InvalidArgumentError if the equation, `output_shape` and `bias_axes` do not fit together.
    Source: keras.layers.EinsumDense.
    """

    output_shape: Any = None  # an argument here, in place of the base class's property

    def __init__(self, equation, output_shape, activation=None, bias_axes=None, kernel_initializer="glorot_uniform",
                 bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, lora_rank=None, lora_alpha=None, quantization_config=None,
                 activity_regularizer=None, **common):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **common)
        self.equation, self.bias_axes = equation, bias_axes
        self.output_shape = as_shape(output_shape)
        store_parts(
            self, activation=activation,
            kernel_initializer=kernel_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, bias_constraint=bias_constraint,
        )  # fmt: skip
        self.store_lora(lora_rank, lora_alpha)
        self.quantization_config = no_quantization(quantization_config)

    def plan(self, input_shape) -> Plan:
        """The shapes of kernel, bias and output for an input shape."""
        return plan_einsum_dense(self.equation, tuple(input_shape), self.output_shape, self.bias_axes)

    def build(self, input_shape):
        plan = self.plan(input_shape)
        if None in plan.kernel_shape:
            raise InvalidArgumentError(
                f"Expected known sizes for the kernel's axes; the equation {self.equation!r} and input shape "
                f"{tuple(input_shape)} give the kernel {plan.kernel_shape}. Give those sizes in the input shape."
            )
        self._kernel = self.add_weight(
            "kernel", plan.kernel_shape, _with_fans(self.kernel_initializer, plan),
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.bias = None
        if plan.bias_shape is not None:
            self.bias = self.add_weight(
                "bias", plan.bias_shape, self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )  # fmt: skip
        self.input_spec = InputSpec(ndim=len(input_shape))
        self.build_lora()

    def call(self, inputs):
        outputs = ops.einsum(self.equation, inputs, self.kernel)
        return self.activation(outputs if self.bias is None else outputs + self.bias)

    def compute_output_shape(self, input_shape):
        return self.plan(input_shape).output_shape

    def get_config(self):
        return {"activity_regularizer": None, **super().get_config()}


def _with_fans(initializer, plan):
    """An initializer that scales by fans, told which axes of the kernel are summed over."""
    config = initializer.get_config() if hasattr(initializer, "input_axes") else {}
    if config.get("input_axes", 0) is not None or config.get("output_axes", 0) is not None:
        return initializer
    return type(initializer).from_config({**config, "input_axes": plan.summed_axes, "output_axes": plan.kept_axes})
