"""What the cells share: weights, dropout, and a step in two parts."""

from abc import abstractmethod
from typing import Any, ClassVar

from cornu import activations, ops
from cornu.layers.arguments import positive_int
from cornu.layers.base import Layer
from cornu.layers.parts import store_parts
from cornu.layers.recurrent.dropout_masks import DropoutRNNCell

_BY_ENTRY = (activations.sigmoid, activations.hard_sigmoid, activations.tanh, activations.linear)


def gates_of(arrays: list[Any], count: int, axis: int = -1) -> list[Any]:
    """`count` gates, which are apart or are equal parts of one array."""
    return arrays if len(arrays) == count else ops.split(arrays[0], count, axis=axis)


def activated(activation: Any, arrays: list[Any], count: int, axis: int = -1) -> list[Any]:
    """The activation of each of `count` gates.

    An activation of single entries runs on one array as a whole: XLA's CPU backend makes loops over parts of rows that are
    several times slower than loops over whole rows.
    """
    if len(arrays) < count and any(activation is known for known in _BY_ENTRY):
        arrays = [activation(arrays[0])]
        return gates_of(arrays, count, axis)
    return [activation(gate) for gate in gates_of(arrays, count, axis)]


class SplitCell(DropoutRNNCell, Layer):
    """A cell whose step is `update(project(x), mix(h), states)`.

    `project` may run on all steps at once; `mix` is the only product inside the loop over time (see `split_scan`). Both give
    the gates as a list: in a loop each gate may be an array of its own, which is what XLA's CPU backend is quick with; for
    a single step they are one array, made by one product.
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

    @abstractmethod
    def project(self, inputs: Any, mask: Any = None, apart: bool = False) -> list[Any]:
        """The inputs' part of the gates, for any number of axes before the batch."""

    def recurrent_weights(self, mask: Any = None, apart: bool = False) -> dict[str, Any]:
        """What `mix` needs, as tensors."""
        return {"kernels": [self.recurrent_kernel.value], "mask": mask}

    @abstractmethod
    def mix(self, h: Any, weights: dict[str, Any]) -> list[Any]:
        """The states' part of the gates, for any number of axes before the batch."""

    @abstractmethod
    def update(self, x: list[Any], product: Any, states: list[Any]) -> list[Any]:
        """The new states, the output first."""

    def step(self, x: list[Any], states: list[Any], weights: dict[str, Any]) -> list[Any]:
        """The new states for projected inputs."""
        product = self.mix(states[0], weights)
        if self.is_additive:
            return self.update([a + b for a, b in zip(x, product, strict=True)], None, states)
        return self.update(x, product, states)

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

    def project(self, inputs, mask=None, apart=False):
        inputs = inputs if mask is None else inputs * mask
        projected = _products(inputs, self._columns(self.kernel, apart))
        bias = self.input_bias()
        if bias is None:
            return projected
        return [x + part for x, part in zip(projected, self._columns(bias, apart), strict=True)]

    def _columns(self, weight: Any, apart: bool) -> list[Any]:
        """The weight as a list: of the columns of each gate, or whole."""
        return ops.split(weight, self.gates, axis=-1) if apart and self.gates > 1 else [weight]

    def input_bias(self) -> Any:
        """The bias that is added to the projected inputs."""
        return self.bias

    def recurrent_weights(self, mask=None, apart=False):
        return {"kernels": self._columns(self.recurrent_kernel.value, apart), "mask": mask}

    def mix(self, h, weights):
        return _products(h if weights["mask"] is None else h * weights["mask"], weights["kernels"])

    def get_initial_state(self, batch_size=None):
        """Zeros. Shape: (batch_size, units) each."""
        sizes = self.state_size if isinstance(self.state_size, list) else [self.state_size]
        return [ops.zeros((batch_size, size), dtype=self.compute_dtype) for size in sizes]


def _products(x: Any, kernels: list[Any]) -> list[Any]:
    """`x @ kernel` for each kernel; the axes before the last as one, so that gradients are products of matrices, too."""
    if x.ndim == 2:
        return [ops.matmul(x, kernel) for kernel in kernels]
    rows = ops.reshape(x, (-1, x.shape[-1]))
    return [ops.reshape(ops.matmul(rows, kernel), (*x.shape[:-1], kernel.shape[-1])) for kernel in kernels]
