"""AbstractRNNCell of Keras 2: the base of one's own cells."""

from typing import Any

from cornu import ops
from cornu._base.errors import InvalidTypeError
from cornu.core.shapes import TensorShape
from cornu.layers.base import Layer


class AbstractRNNCell(Layer):
    """A cell for `RNN`. A subclass defines `call(inputs, states) -> (output, new_states)` and `state_size`.

    Attributes:
        state_size: the size of the state, or a TensorShape; lists and tuples of these for several states.
        output_size: the size of the output; that of the first state if there is none.

    Source: tf.keras.layers.AbstractRNNCell of Keras 2.

    Example:
        >>> class Sums(AbstractRNNCell):
        ...     state_size = 3
        ...     def call(self, inputs, states):
        ...         total = inputs + states[0]
        ...         return total, [total]
        >>> RNN(Sums())(np.ones((1, 4, 3)))
        <tf.Tensor: shape=(1, 3), dtype=float32, numpy=array([[4., 4., 4.]], dtype=float32)>
    """

    state_size: Any
    output_size: Any

    def call(self, inputs, states):
        raise InvalidTypeError(
            f"{type(self).__name__} has no `call(self, inputs, states)` method; define what one step returns there: "
            "(output, new_states)."
        )

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """Zeros in the structure of `state_size`, as many rows as `inputs`, or `batch_size`, and of that dtype."""
        if inputs is not None:
            inputs = ops.convert_to_tensor(inputs)
            batch_size, dtype = inputs.shape[0], inputs.dtype
        return _zeros(self.state_size, batch_size, dtype or self.compute_dtype)


def _zeros(size: Any, batch: Any, dtype: Any) -> Any:
    if isinstance(size, (list, tuple)) and not isinstance(size, TensorShape):
        states = [_zeros(each, batch, dtype) for each in size]
        return tuple(states) if isinstance(size, tuple) else states
    return ops.zeros((batch, *(size if isinstance(size, TensorShape) else (size,))), dtype=dtype)
