"""What the cells share: weights, dropout, and a step in two parts."""

from typing import Any, ClassVar

from cornu import activations, ops
from cornu.layers.arguments import positive_int
from cornu.layers.base import Layer
from cornu.layers.parts import store_parts
from cornu.layers.recurrent.dropout_masks import DropoutRNNCell

_BY_ENTRY = (activations.sigmoid, activations.hard_sigmoid, activations.tanh, activations.linear)


def gates_of(activation: Any, x: Any, count: int, axis: int = -1) -> list[Any]:
    """The activation of each of `count` equal parts of `x`.

    An activation of single entries runs on the whole: XLA's CPU backend makes loops over parts of rows that are several
    times slower than loops over whole rows.
    """
    if any(activation is known for known in _BY_ENTRY):
        return ops.split(activation(x), count, axis=axis)
    return [activation(part) for part in ops.split(x, count, axis=axis)]


class SplitCell(DropoutRNNCell, Layer):
    """A cell whose step is `update(project(x), mix(h), states)`.

    `project` may run on all steps at once; `mix` is the only product inside the loop over time (see `split_scan`).
    """

    gates: ClassVar[int]  # columns of the weights for each unit
    is_additive = True  # `update` depends on the sum of projection and product alone
    bias: Any = None
    is_split = True  # the step has the two parts; otherwise only `step` is its formula

    def add_weights(self, kernel: tuple[int, ...], recurrent_kernel: tuple[int, ...], bias: tuple[int, ...]) -> None:
        """Make the three weights of these shapes."""
        self.kernel = self.add_weight(
            "kernel", kernel, self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel", recurrent_kernel, self.recurrent_initializer,
            regularizer=self.recurrent_regularizer, constraint=self.recurrent_constraint,
        )  # fmt: skip
        if self.use_bias:
            self.bias = self.add_weight(
                "bias", bias, self.first_bias(), regularizer=self.bias_regularizer, constraint=self.bias_constraint
            )

    def first_bias(self) -> Any:
        """The initializer of the bias."""
        return self.bias_initializer

    def project(self, inputs: Any, mask: Any = None) -> Any:
        """The inputs' part of the gates, for any number of axes before the batch."""
        raise NotImplementedError

    def recurrent_weights(self, mask: Any = None) -> list[Any]:
        """What `mix` needs, as tensors."""
        return [self.recurrent_kernel.value, *([] if mask is None else [mask])]

    def mix(self, h: Any, weights: list[Any]) -> Any:
        """The states' part of the gates, for any number of axes before the batch."""
        raise NotImplementedError

    def update(self, x: Any, product: Any, states: list[Any]) -> list[Any]:
        """The new states, the output first."""
        raise NotImplementedError

    def step(self, x: Any, states: list[Any], weights: list[Any]) -> list[Any]:
        """The new states for projected inputs."""
        product = self.mix(states[0], weights)
        return self.update(x + product, None, states) if self.is_additive else self.update(x, product, states)

    def call(self, inputs, states, training=False):
        states = list(states) if isinstance(states, (list, tuple)) else [states]
        masks = (
            [self.get_dropout_mask(inputs), self.get_recurrent_dropout_mask(states[0])] if training else [None, None]
        )
        new = self.step(self.project(inputs, masks[0]), states, self.recurrent_weights(masks[1]))
        return new[0], new


class DenseCell(SplitCell):
    """A cell whose inputs and states go through matrices of `gates * units` columns."""

    def store(
        self, units: Any, use_bias: bool, dropout: float, recurrent_dropout: float, seed: Any, **parts: Any
    ) -> None:
        """Check and store the arguments that all cells have. Raises: InvalidArgumentError on wrong values."""
        self.units, self.use_bias = positive_int("units", units), use_bias
        store_parts(self, **parts)
        self.store_dropout(dropout, recurrent_dropout, seed)
        self.state_size: Any = self.units
        self.output_size = self.units

    def build(self, input_shape):
        width = self.gates * self.units
        self.add_weights((input_shape[-1], width), (self.units, width), self.bias_shape(width))

    def bias_shape(self, width: int) -> tuple[int, ...]:
        """The shape of the bias."""
        return (width,)

    def project(self, inputs, mask=None):
        projected = ops.matmul(inputs if mask is None else inputs * mask, self.kernel)
        bias = self.input_bias()
        return projected if bias is None else projected + bias

    def input_bias(self) -> Any:
        """The bias that is added to the projected inputs."""
        return self.bias

    def mix(self, h, weights):
        kernel, *mask = weights
        h = h * mask[0] if mask else h
        if h.ndim == 2:
            return ops.matmul(h, kernel)
        rows = ops.matmul(ops.reshape(h, (-1, h.shape[-1])), kernel)  # one product over all steps
        return ops.reshape(rows, (*h.shape[:-1], kernel.shape[-1]))

    def get_initial_state(self, batch_size=None):
        """Zeros. Shape: (batch_size, units) each."""
        sizes = self.state_size if isinstance(self.state_size, list) else [self.state_size]
        return [ops.zeros((batch_size, size), dtype=self.compute_dtype) for size in sizes]
