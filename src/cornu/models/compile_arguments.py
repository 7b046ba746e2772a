"""Arguments of `compile`: how they are checked, and what becomes of those that older generations of Keras had."""

from typing import Any

import jax

from cornu import metrics
from cornu._base.errors import InvalidArgumentError
from cornu._base.user_warning import warn
from cornu.core import serialization
from cornu.core.registry import find_custom

_WEIGHT_MODES = (None, "samplewise", "temporal")


def with_custom_objects(chosen: Any) -> Any:
    """The same losses or metrics, with the user's registered ones in place of their names, which may not outlive a scope."""
    if isinstance(chosen, dict):
        return {name: with_custom_objects(item) for name, item in chosen.items()}
    if isinstance(chosen, (list, tuple)):
        return [with_custom_objects(item) for item in chosen]
    found = find_custom(chosen) if isinstance(chosen, str) else None
    return chosen if found is None or isinstance(found, type) else found


def check_old_compile_arguments(given: dict[str, Any]) -> None:
    """Look at the old arguments of a call of `compile`.

    Raises: InvalidArgumentError for a value that asks for something that is not there.
    """
    for name, value in given.items():
        OLD_COMPILE_ARGUMENTS[name](value)


def _sample_weight_mode(value: Any) -> None:
    """Weights of shape (batch,) count for samples, of shape (batch, steps) for steps, in whatever mode."""
    for mode in jax.tree.leaves(value, is_leaf=lambda x: x is None):
        if mode not in _WEIGHT_MODES:
            raise InvalidArgumentError(
                f"Expected sample_weight_mode as None, 'samplewise' or 'temporal', or a list or dict of them; received "
                f"{mode!r}. Leave it out: the shape of sample_weight tells."
            )


def _target_tensors(value: Any) -> None:
    if value is not None:
        raise InvalidArgumentError(
            "Expected target_tensors=None: targets are data, not part of the graph; received target tensors. "
            "Pass them as fit(x, y), or in the batches of a dataset."
        )


def _distribute(value: Any) -> None:
    if value is not None and value is not False:
        raise InvalidArgumentError(
            f"Expected distribute=None: a model is distributed where it is made; received {value!r}. "
            "Make and compile the model inside `with strategy.scope():`."
        )


def _run_tf_function(value: Any) -> None:
    if value is False:
        warn(
            "experimental_run_tf_function=False has no effect: steps are compiled. Write run_eagerly=True to run Python for "
            "every batch."
        )


def _pss_evaluation_shards(value: Any) -> None:
    if value not in (None, 0, "auto"):
        warn(
            f"pss_evaluation_shards={value!r} has no effect: there are no parameter servers, every process evaluates all data."
        )


OLD_COMPILE_ARGUMENTS = {
    "sample_weight_mode": _sample_weight_mode,
    "target_tensors": _target_tensors,
    "distribute": _distribute,
    "experimental_run_tf_function": _run_tf_function,
    "pss_evaluation_shards": _pss_evaluation_shards,
}


def are_weights(group: Any) -> bool:
    """True for a list of numbers."""
    return isinstance(group, (list, tuple)) and bool(group) and all(type(m) in (int, float) for m in group)


def are_metrics(group: Any) -> bool:
    """True for a list in which names or functions are."""
    return isinstance(group, (list, tuple)) and any(isinstance(w, str) or callable(w) for w in group)


def identifiers(group: Any) -> list[Any]:
    """The names, functions and objects in nested lists and dicts of them."""
    return jax.tree.leaves(group, is_leaf=lambda x: not isinstance(x, (list, tuple, dict)))


def check_metric_names(group: Any) -> None:
    """Raises: NotFoundError for a name that no metric has, with the nearest ones."""
    for identifier in identifiers(group):
        if isinstance(identifier, str) and identifier.lower() not in ("accuracy", "acc", "crossentropy", "ce"):
            metrics.get(identifier)


def deserialized(value: Any) -> Any:
    """An argument of a compile config: nested lists and dicts with objects for their configs."""
    if isinstance(value, dict) and "class_name" in value:
        return serialization.deserialize(value)
    if isinstance(value, dict):
        return {name: deserialized(item) for name, item in value.items()}
    return [deserialized(item) for item in value] if isinstance(value, list) else value
