"""Matching what a user gives per output (losses, metrics, targets, weights) to the outputs of a model."""

from typing import Any

import jax

from cornu import ops
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core import config
from cornu.core.symbolic import KerasTensor
from cornu.core.tensor import Tensor


def is_leaf(x: Any) -> bool:
    """True for what counts as one output, target or weight: anything with a shape, or nothing."""
    return x is None or isinstance(x, (Tensor, KerasTensor)) or hasattr(x, "shape")


def flat(nest: Any) -> list:
    """The outputs of a nest, in the order of the model's outputs."""
    return jax.tree.leaves(nest, is_leaf=is_leaf)


def as_seen(y: Any, y_pred: Any) -> Any:
    """A target as losses and metrics see it. In the style tf2 they get a column, (n,) as (n, 1), beside outputs (n, k)."""
    if config.style() != "tf2" or getattr(y, "ndim", None) != 1 or getattr(y_pred, "ndim", None) != 2:
        return y
    return ops.expand_dims(y, 1)


def has_names(y_pred: Any, known: list[str] | None) -> bool:
    """True if the outputs have names: the keys of a dict, or those of a functional model."""
    count = len(flat(y_pred))
    return (isinstance(y_pred, dict) and len(y_pred) == count) or (known is not None and len(known) == count)


def names_of(y_pred: Any, known: list[str] | None) -> list[str]:
    """Names of the outputs: the model's own, keys of a dict, else `output_1`, ..."""
    count = len(flat(y_pred))
    if isinstance(y_pred, dict) and len(y_pred) == count:
        return sorted(y_pred)
    if known is not None and len(known) == count:
        return list(known)
    return [f"output_{i + 1}" for i in range(count)] if count > 1 else ["output"]


def distinct(names: list[str]) -> list[str]:
    """The names, later ones of the same name numbered: `mae`, `mae_1`."""
    taken: dict[str, int] = {}
    out = []
    for name in names:
        count = taken.get(name, 0)
        taken[name] = count + 1
        out.append(f"{name}_{count}" if count else name)
    return out


def by_output(value: Any, names: list[str], count: int, what: str, share_single: bool = False) -> list:
    """One entry per output from a single value, a list in the order of outputs, or a dict by their names.

    Raises: InvalidArgumentError naming the outputs if the number or a key is wrong.
    """
    if value is None:
        return [None] * count
    if isinstance(value, dict) and not ("class_name" in value and "config" in value):
        unknown = [key for key in value if key not in names]
        if unknown:
            raise InvalidArgumentError(
                f"{what} has an entry for {unknown[0]!r}, but the outputs are {names}.{did_you_mean(str(unknown[0]), names)}"
            )
        return [value.get(name) for name in names]
    if isinstance(value, (list, tuple)):
        if len(value) == count:
            return list(value)
        if len(value) == 1 and share_single:
            return list(value) * count
        raise InvalidArgumentError(
            f"Expected {count} entries of {what}, one for each output ({', '.join(names)}); received {len(value)}."
        )
    return [value] * count


def targets_by_output(y: Any, y_pred: Any, names: list[str], what: str) -> list:
    """Targets (or sample weights) in the order of the outputs; None where there is none.

    Raises: InvalidArgumentError if their number differs from that of the outputs.
    """
    count = len(flat(y_pred))
    if y is None:
        return [None] * count
    if isinstance(y, dict):
        if unknown := [key for key in y if key not in names]:
            raise InvalidArgumentError(
                f"{what} has an entry for {unknown[0]!r}, but the outputs of the model are {names}."
                f"{did_you_mean(str(unknown[0]), names)}"
            )
        return [y.get(name) for name in names]
    leaves = flat(y)
    if what == "sample_weight" and len(leaves) == 1:
        return leaves * count
    if count == 1 and len(leaves) > 1 and isinstance(y, (list, tuple)):
        raise InvalidArgumentError(f"The model has one output, but {what} holds {len(leaves)} arrays. Give one array.")
    if len(leaves) != count:
        raise InvalidArgumentError(
            f"The model has {count} outputs ({', '.join(names)}), but {what} holds {len(leaves)} arrays. Give one for each."
        )
    return leaves
