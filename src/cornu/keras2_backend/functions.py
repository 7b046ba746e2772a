"""Placeholders, compiled functions of a part of a model, and what only TensorFlow 1's sessions knew. Source: tf.keras.backend."""

from collections.abc import Callable, Sequence
from typing import Any

from cornu import models
from cornu._base import names
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.core.function import function as compiled
from cornu.core.tensor import convert_to_tensor
from cornu.keras2_backend.phases import LearningPhase
from cornu.layers import Input


def placeholder(
    shape: Any = None,
    ndim: int | None = None,
    dtype: Any = None,
    sparse: bool = False,
    name: str | None = None,
    ragged: bool = False,
) -> Any:
    """A symbolic input. `shape` has the batch size in front; `ndim` alone leaves all sizes open."""
    sizes = tuple(shape) if shape is not None else (None,) * (ndim or 0)
    return Input(batch_shape=sizes, dtype=dtype, name=name, sparse=sparse, ragged=ragged)


def function(
    inputs: Sequence[Any], outputs: Any, updates: Any = None, name: str | None = None, **session: Any
) -> Callable[[Sequence[Any]], Any]:
    """A compiled function of a part of a functional model: `K.function([model.input], [layer.output])([x])`.

    Its values are NumPy arrays. A learning phase among the inputs says whether layers are in training mode.
    Raises: InvalidArgumentError for `updates`, which belong to TensorFlow 1's graphs.
    """
    if updates:
        raise InvalidArgumentError("function: expected no updates; assign to variables in a layer's call instead.")
    given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    phase = next((i for i, each in enumerate(given) if isinstance(each, LearningPhase)), None)
    symbols = [each for each in given if not isinstance(each, LearningPhase)]
    model = models.Model(symbols, outputs, name=name)
    run = compiled(lambda values, training: model(values, training=training))

    def call(values: Sequence[Any]) -> Any:
        values = list(values) if isinstance(values, (list, tuple)) else [values]
        training = bool(values.pop(phase)) if phase is not None else bool(LearningPhase().value)
        tensors = [convert_to_tensor(v, s.dtype) for v, s in zip(values, symbols, strict=True)]
        found = run(tensors if len(tensors) > 1 else tensors[0], training)
        if isinstance(found, (list, tuple)):
            return [each.numpy() for each in found]
        return [found.numpy()] if isinstance(outputs, (list, tuple)) else found.numpy()

    return call


def gradients(loss: Any, variables: Any) -> Any:
    """Raises FailedPreconditionError: ops run at once, and gradients of what was computed before need a tape.

    Source: tf.keras.backend.gradients, which works in TensorFlow 1's graphs only.
    """
    raise FailedPreconditionError(
        "gradients: expected to be inside a TensorFlow 1 graph; ops run at once here. "
        "Record them: `with tf.GradientTape() as tape: ...`, then `tape.gradient(loss, variables)`."
    )


def reset_uids() -> None:
    """Start automatic names afresh."""
    names.reset()


def manual_variable_initialization(value: bool) -> None:
    """Nothing to choose: variables have their values when they are made. Raises: InvalidArgumentError if `value` is true."""
    if value:
        raise InvalidArgumentError(
            "Expected False: variables have their values when they are made; there is no session."
        )


def get_session(*args: Any, **kwargs: Any) -> Any:
    """Raises FailedPreconditionError: there are no sessions."""
    raise FailedPreconditionError(
        "get_session: expected a TensorFlow 1 session; ops run at once here. Read values by `x.numpy()` or K.get_value(x)."
    )


def set_session(session: Any) -> None:
    """A session only carried settings of devices, which have their effect by `tf.config` here."""
