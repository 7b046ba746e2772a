"""Models from the checkpoints that `callbacks.OrbaxCheckpoint` writes: folders of numbered steps."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.callbacks.orbax_checkpoint import MODEL, STATE, orbax
from cornu.core import serialization
from cornu.models import Model
from cornu.models.state_tree import groups
from cornu.saving.report import LoadReport

_STATE_OF_LAYERS = ("trainable_variables", "non_trainable_variables")


def is_checkpoint(path: Path) -> bool:
    """True for the folder of the checkpoints, and for that of one of them."""
    return _is_step(path) or (path.is_dir() and any(_is_step(child) for child in path.iterdir()))


def load(path: Path, custom_objects: Mapping[str, Any] | None, compile: bool, safe_mode: bool) -> Any:
    """The model of the last checkpoint, or of the one that `path` names.

    Raises: InvalidArgumentError if it holds variables only.
    """
    if not (_step(path) / MODEL).is_dir():
        raise InvalidArgumentError(
            f"{path} holds weights only. Build the model in code, then call model.load_weights({str(path)!r})."
        )
    items = _read(path)
    config = items[MODEL]["config"]
    if not compile:
        config.pop("compile_config", None)
    model = serialization.deserialize(config, custom_objects=custom_objects, safe_mode=safe_mode)
    if not isinstance(model, Model):
        raise InvalidTypeError(f"{path} holds no model but {type(model).__name__}.")
    names = _STATE_OF_LAYERS
    if getattr(model, "optimizer", None) is not None and model.built:
        model.optimizer.build(model.trainable_variables)
        names = (*names, "optimizer_variables")
    _restore(model, items[STATE], names, LoadReport(str(path)), skip_mismatch=False)
    return model


def load_weights(model: Any, path: Path, skip_mismatch: bool = False) -> LoadReport:
    """Read the variables of a checkpoint into a model of the same structure.

    Nothing is assigned before everything has been compared. Raises: as `LoadReport.settle`.
    """
    return _restore(model, _read(path)[STATE], _STATE_OF_LAYERS, LoadReport(str(path)), skip_mismatch)


def _restore(model: Any, state: Any, names: tuple[str, ...], report: LoadReport, skip_mismatch: bool) -> LoadReport:
    values = []
    for group in names:
        stored = dict(state.get(group, {}))
        for i, variable in enumerate(groups(model)[group]):
            value = stored.pop(str(i), None)
            if value is None:
                report.missing.append((variable.path, variable.name, f"the file has {i} {group}"))
            elif tuple(value.shape) != tuple(variable.shape):
                report.mismatched.append((variable.path, tuple(variable.shape), tuple(value.shape)))
            else:
                report.matched.append(variable.path)
                values.append((variable, value))
        report.unexpected += [f"{group}/{number}" for number in stored]
    report.settle(skip_mismatch)
    for variable, value in values:
        variable.assign(value)
    return report


def _is_step(path: Path) -> bool:
    return path.name.isdigit() and (path / STATE).is_dir()


def _step(path: Path) -> Path:
    """The folder of the checkpoint that is meant: the last one of several."""
    if _is_step(path):
        return path
    return max((child for child in path.iterdir() if _is_step(child)), key=lambda child: int(child.name))


def _read(path: Path) -> Any:
    step = _step(path.absolute())
    items = {STATE: orbax().args.StandardRestore()}
    if (step / MODEL).is_dir():
        items[MODEL] = orbax().args.JsonRestore()
    with orbax().CheckpointManager(step.parent) as manager:
        return manager.restore(int(step.name), args=orbax().args.Composite(**items))
