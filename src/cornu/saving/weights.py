"""The weights of a model as named arrays, in Keras 3's layout: `layers/dense/vars/0`."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cornu.core.fresh_arrays import FreshArrays
from cornu.io.hdf5 import ArrayFile
from cornu.io.sharded_hdf5 import ShardedFile
from cornu.optimizers import Optimizer
from cornu.saving.report import LoadReport
from cornu.saving.tree import group_of, saveables

Store = dict[str, np.ndarray]


def collect(model: Any, include_optimizer: bool = True) -> tuple[Store, dict[str, dict[str, str]]]:
    """All arrays of a model by path, and the attributes of their groups (the objects' names)."""
    arrays: Store = {}
    attributes: dict[str, dict[str, str]] = {}
    for path, thing in saveables(model):
        if isinstance(thing, Optimizer) and not include_optimizer:
            continue
        group = group_of(path)
        attributes[group] = {"name": thing.name}
        arrays.update((f"{group}/{key}", values) for key, values in own_variables(thing).items())
    return arrays, attributes


def restore(model: Any, file: ArrayFile | ShardedFile, skip_mismatch: bool = False) -> LoadReport:
    """Read what `collect` gave back into a model of the same structure.

    Everything is compared before anything is assigned.

    Raises: InvalidArgumentError listing missing variables and both shapes of those that differ; NotFoundError if
    nothing fits.
    """
    things = list(saveables(model))
    wanted = [(path, own_variables(thing)) for path, thing in things]
    if not _all_present(things, wanted, file):
        other = list(saveables(model, as_keras_2=True))
        other_wanted = [(path, own_variables(thing)) for path, thing in other]
        if _all_present(other, other_wanted, file):
            things, wanted = other, other_wanted

    report = LoadReport(file.place)
    loads: list[tuple[Any, dict[str, str]]] = []
    expected: set[str] = set()
    for (path, thing), (_, own) in zip(things, wanted, strict=True):
        group = group_of(path)
        stored = file.under(group)
        expected.update(f"{group}/{key}" for key in stored)
        is_free = _reads_in_its_own_way(thing)
        keys = {} if isinstance(thing, Optimizer) else _compare(report, path, thing, own, stored, file, is_free)
        if isinstance(thing, Optimizer):
            keys = _optimizer_keys(own, stored)
            if not keys and thing.built and len(own) <= 2 and "0" in own and "0" in stored:
                keys = {"0": "0"}  # Keras 2's SGD keeps slots that it does not use: only the step count matters
            elif len(stored) > len(keys) and len(stored) > 2:
                report.left_out.append(f"{path} ({thing.name}): it has {len(own)} variables, the file {len(stored)}")
            report.matched += [f"{group}/{key}" for key in keys.values()]
        if keys or (is_free and stored):
            loads.append((thing, {key: f"{group}/{stored_key}" for key, stored_key in keys.items()}))
    report.unexpected = sorted(set(file) - expected)
    report.settle(skip_mismatch)

    for thing, keys in loads:
        own = own_variables(thing) if len(keys) < len(own_variables(thing)) else {}
        thing.load_own_variables(FreshArrays(own | {key: file[path] for key, path in keys.items()}))
    return report


def own_variables(thing: Any) -> Store:
    """What an object writes of its own variables, by key."""
    store: dict[str, Any] = {}
    thing.save_own_variables(store)
    return {str(key): np.asarray(values) for key, values in store.items()}


def _all_present(things: list[tuple[str, Any]], wanted: list[tuple[str, Store]], file: ArrayFile | ShardedFile) -> bool:
    """Whether the file has all arrays, but for optimizers', which are others in every generation."""
    kept = [own for own, (_, thing) in zip(wanted, things, strict=True) if not isinstance(thing, Optimizer)]
    return all(f"{group_of(path)}/{key}" in file for path, own in kept for key in own)


def _reads_in_its_own_way(thing: Any) -> bool:
    """Whether the class's `load_own_variables` is the user's: then only the user knows which shapes it accepts."""
    of_user = not type(thing).load_own_variables.__module__.startswith("cornu.")
    return of_user or getattr(thing, "reads_any_shape", False)


def _compare(
    report: LoadReport,
    path: str,
    thing: Any,
    own: Store,
    stored: Mapping[str, Any],
    file: ArrayFile | ShardedFile,
    is_free: bool,
) -> dict[str, str]:
    """The keys to load, after noting in the report what is missing or differs in shape."""
    group = group_of(path)
    if is_free:
        report.matched += [f"{group}/{key}" for key in stored]
        return {key: key for key in stored}
    if stored and not own and not getattr(thing, "built", True):
        report.missing.append((path, thing.name, "the layer is not built, so it has no variables to read into"))
        return {}
    keys = {}
    for key, values in own.items():
        if key not in stored:
            why = f"the file has {len(stored)} of its {len(own)} variables" if stored else "the file has no such object"
            report.missing.append((path, thing.name, why))
            break
        shape = file.shape(f"{group}/{key}")
        if shape != values.shape:
            report.mismatched.append((f"{group}/{key} ({thing.name})", values.shape, shape))
        else:
            keys[key] = key
    report.unexpected += [f"{group}/{key}" for key in stored if key not in own]
    report.matched += [f"{group}/{key}" for key in keys]
    return keys


def _optimizer_keys(own: Store, stored: Mapping[str, Any]) -> dict[str, str]:
    """Which stored arrays are which of the optimizer's variables: by number.

    An optimizer saved before its first step has its leading variables only; Keras 2 keeps no learning rate
    (variable 1).
    """
    numbers = [str(index) for index in range(len(own))]
    if set(numbers) != set(own):
        return {key: key for key in own if key in stored and tuple(stored[key].shape) == own[key].shape}
    for skipped in ((), ("1",)):
        kept = [key for key in numbers if key not in skipped]
        if len(stored) == len(kept) or (not skipped and len(stored) < len(kept)):
            pairs = dict(zip(kept, (str(index) for index in range(len(stored))), strict=False))
            if all(key in stored and tuple(stored[key].shape) == own[new].shape for new, key in pairs.items()):
                return pairs
    return {}
