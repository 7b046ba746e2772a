"""Look into a file of weights, change what it holds, and write it again."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, InvalidTypeError, NotFoundError
from cornu._base.suggest import did_you_mean
from cornu.io import hdf5
from cornu.io.archive import Archive
from cornu.io.atomic import replacing
from cornu.saving import paths
from cornu.saving.keras_v3 import METADATA, WEIGHTS, json_member
from cornu.saving.weights import collect
from cornu.training.progress import say

_RULE = "─" * 21


class KerasFileEditor:
    """The weights in a `.weights.h5` file or a `.keras` archive, by object (`"layers/dense"`) and weight (`"0"`).

    Nothing happens to the file itself; `save` writes another one.

    Attributes:
        objects: the weights of each object, `{"layers/dense": {"0": array, "1": array}}`.
        object_metadata: the attributes of each object, such as its name.
        metadata: of a `.keras` archive, what it says about itself; else None.

    Raises: InvalidArgumentError for another ending; NotFoundError if there is no file; DataLossError if it is damaged.
    Example:
        >>> editor = KerasFileEditor("old.weights.h5")
        >>> editor.rename_object("layers/dense", "einsum_dense")
        >>> editor.save("new.weights.h5")
    Source: keras.saving.KerasFileEditor.
    """

    def __init__(self, filepath: str | os.PathLike):
        self.filepath = os.fspath(filepath)
        self.metadata: dict[str, Any] | None = None
        if self.filepath.endswith(".keras"):
            with Archive(paths.existing(filepath)) as archive:
                if METADATA in archive:
                    self.metadata = json_member(archive, METADATA, filepath)
                with archive.open(WEIGHTS) as file, hdf5.reading(file, f"{filepath}/{WEIGHTS}") as arrays:
                    self._take(arrays)
        elif self.filepath.endswith(paths.WEIGHTS_ENDING):
            with hdf5.reading(paths.existing(filepath)) as arrays:
                self._take(arrays)
        else:
            raise InvalidArgumentError(
                f"Expected a file that ends in .keras or .weights.h5; received {self.filepath!r}."
            )

    def _take(self, file: hdf5.ArrayFile) -> None:
        self.objects: dict[str, dict[str, np.ndarray]] = {}
        self.object_metadata: dict[str, dict[str, Any]] = {}
        for path in sorted(file, key=lambda path: (path.rpartition("/")[0], len(path), path)):  # "10" after "9"
            owner, name = _object_and_weight(path)
            if owner not in self.objects:
                group = path.rpartition("/")[0]
                self.objects[owner] = {}
                self.object_metadata[owner] = dict(file.attributes(group)) if group else {}
            self.objects[owner][name] = file[path]

    def summary(self) -> None:
        """Print the tree of objects and weights."""
        say(f"Keras model file '{self.filepath}'")
        if self.metadata is not None:
            say(f"Saved with Keras {self.metadata.get('keras_version')} - date: {self.metadata.get('date_saved')}")
        say("Weights structure")
        for line in _drawn(_tree(self.objects)):
            say(line)

    def compare(self, reference_model: Any) -> dict[str, Any]:
        """Print what differs from a model's weights.

        Returns: dict with `status` ("success" or "error"), `error_count` and `match_count`, both in weights and objects.
        """
        wanted: dict[str, dict[str, np.ndarray]] = {}
        for path, values in collect(reference_model)[0].items():
            owner, name = _object_and_weight(path)
            wanted.setdefault(owner, {})[name] = values
        say("Running comparison")
        errors, matches = [], 0
        for owner in [*wanted, *(owner for owner in self.objects if owner not in wanted)]:
            model, file = wanted.get(owner), self.objects.get(owner)
            if model is None or file is None:
                where, other = ("saved file", "reference model") if model is None else ("reference model", "saved file")
                names = list(file if model is None else model)  # type: ignore[arg-type]
                errors.append(f"Object {owner} is in the {where}, missing from the {other}; its weights are {names}")
                continue
            for name in dict.fromkeys([*model, *file]):
                shapes = [weights[name].shape if name in weights else None for weights in (model, file)]
                matches += shapes[0] == shapes[1]
                if shapes[0] != shapes[1]:
                    told = ["no such weight" if shape is None else f"shape {shape}" for shape in shapes]
                    errors.append(f"Weight {owner}/{name}: the reference model has {told[0]}, the saved file {told[1]}")
        for error in errors:
            say(f"...{error}")
        say(_RULE)
        if errors:
            say(f"Found {len(errors)} errors: saved file is not compatible with the reference model")
        else:
            say("Comparison successful: saved file is compatible with the reference model")
            say(f"    Found {matches} matching weights")
        return {"status": "error" if errors else "success", "error_count": len(errors), "match_count": matches}

    def rename_object(self, object_name: str, new_name: str) -> None:
        """Give an object, and all below it, another last name. Raises: InvalidArgumentError for a path, or a taken name."""
        if "/" in new_name:
            raise InvalidArgumentError(f"Expected new_name as a name, not a path; received {new_name!r}.")
        path = self._find(object_name)
        parent = path.rpartition("/")[0]
        target = f"{parent}/{new_name}" if parent else new_name
        if target != path and any(_is_below(owner, target) for owner in self.objects):
            raise InvalidArgumentError(f"There is an object {target!r} already. Delete it first, or take another name.")
        for kept in (self.objects, self.object_metadata):
            renamed = {target + owner[len(path) :] if _is_below(owner, path) else owner: v for owner, v in kept.items()}
            kept.clear()
            kept.update(renamed)

    def delete_object(self, object_name: str) -> None:
        """Take an object, and all below it, out."""
        path = self._find(object_name)
        for owner in [owner for owner in self.objects if _is_below(owner, path)]:
            del self.objects[owner], self.object_metadata[owner]

    def add_object(self, object_path: str, weights: Mapping[str, Any]) -> None:
        """Put an object in: its full path, and its weights by name (`"0"`, `"1"`).

        Raises: InvalidTypeError if these are not a path and a dict; InvalidArgumentError if the object is there already;
            NotFoundError if nothing is at the path above it.
        """
        if not isinstance(object_path, str):
            raise InvalidTypeError(f"Expected object_path as text, such as 'layers/dense'; received {object_path!r}.")
        parent = object_path.rpartition("/")[0]
        if parent and not any(_is_below(owner, parent) for owner in self.objects):
            raise NotFoundError(f"The file has nothing at {parent!r}.{did_you_mean(parent, self.objects)}")
        if object_path in self.objects:
            raise InvalidArgumentError(
                f"There is an object {object_path!r} already. Use add_weights, or delete it first."
            )
        self.objects[object_path] = _arrays(weights)
        self.object_metadata[object_path] = {}

    def delete_weight(self, object_name: str, weight_name: str) -> None:
        """Take a weight out of an object. Raises: NotFoundError if it has none of that name."""
        weights = self._weights_of(object_name)
        if weight_name not in weights:
            raise NotFoundError(
                f"{object_name!r} has the weights {', '.join(weights) or 'none'}; received {weight_name!r}."
            )
        del weights[weight_name]

    def add_weights(self, object_name: str, weights: Mapping[str, Any]) -> None:
        """Put weights into an object, over those of the same names."""
        self._weights_of(object_name).update(_arrays(weights))

    def save(self, filepath: str | os.PathLike) -> None:
        """Write everything to a `.weights.h5` file, whole or not at all. Raises: InvalidArgumentError for another ending."""
        path = paths.for_weights(filepath)
        arrays = {f"{group}/{name}": a for group, weights in self._groups() for name, a in weights.items()}
        attributes = {group: self.object_metadata[owner] for owner, group in self._group_names()}
        with replacing(path, True) as target:
            hdf5.write(target, arrays, attributes)

    def resave_weights(self, filepath: str | os.PathLike) -> None:
        """The same as `save`."""
        self.save(filepath)

    def _group_names(self) -> Iterator[tuple[str, str]]:
        for owner in self.objects:
            yield owner, f"{owner}/vars" if owner else "vars"

    def _groups(self) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
        for owner, group in self._group_names():
            yield group, self.objects[owner]

    def _weights_of(self, object_name: str) -> dict[str, np.ndarray]:
        path = self._find(object_name)
        if path not in self.objects:
            raise NotFoundError(f"{path!r} has no weights of its own, only objects below it.")
        return self.objects[path]

    def _find(self, name: str) -> str:
        """The path of the object that a path or a last name means."""
        known = {
            "/".join(parts[:n])
            for owner in self.objects
            for parts in [owner.split("/")]
            for n in range(1, len(parts) + 1)
        }
        name = name.strip("/")
        if name in known:
            return name
        found = sorted(path for path in known if path.rpartition("/")[2] == name)
        if len(found) > 1:
            raise InvalidArgumentError(f"Expected the path of one object; {name!r} may be {' or '.join(found)}.")
        if not found:
            last_names = known | {path.rpartition("/")[2] for path in known}
            raise NotFoundError(
                f"The file has no object {name!r}.{did_you_mean(name, last_names)} `summary()` lists them."
            )
        return found[0]


def _object_and_weight(path: str) -> tuple[str, str]:
    """`layers/dense/vars/0` -> `layers/dense`, `0`."""
    group, _, name = path.rpartition("/")
    return (group.rpartition("/")[0] if group.rpartition("/")[2] == "vars" else group), name


def _is_below(owner: str, path: str) -> bool:
    return owner == path or owner.startswith(f"{path}/")


def _arrays(weights: Any) -> dict[str, np.ndarray]:
    if not isinstance(weights, Mapping):
        raise InvalidTypeError(
            f"Expected weights as a dict from names (usually '0', '1', ...) to arrays; received {type(weights).__name__}."
        )
    return {str(name): np.asarray(values) for name, values in weights.items()}


def _tree(objects: Mapping[str, Mapping[str, np.ndarray]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for owner, weights in objects.items():
        place = root
        for part in filter(None, owner.split("/")):
            place = place.setdefault(part, {})
        place.update(weights)
    return root


def _drawn(tree: Mapping[str, Any], before: str = "  ") -> Iterator[str]:
    for i, (name, item) in enumerate(tree.items()):
        is_last = i == len(tree) - 1
        corner = "└─ " if is_last else "├─ "
        if isinstance(item, Mapping):
            yield f"{before}{corner}{name}"
            yield from _drawn(item, before + ("   " if is_last else "│  "))
        else:
            yield f"{before}{corner}{name}: shape={item.shape}, dtype={item.dtype}"
