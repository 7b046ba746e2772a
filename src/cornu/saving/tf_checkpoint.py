"""TensorFlow's object-based checkpoints: objects and their values, matched by the path from the object that was saved.

What a model has not built yet is read when it is built, as TensorFlow does it.
"""

import os
import re
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError
from cornu.core import fresh_arrays
from cornu.core.scopes import init_scope
from cornu.core.variable import Variable
from cornu.io import tensor_bundle
from cornu.io.atomic import write_bytes
from cornu.layers.base import Layer
from cornu.optimizers import Optimizer, legacy
from cornu.saving import object_graph
from cornu.saving.object_graph import VALUE, Node, escaped
from cornu.saving.report import LoadReport
from cornu.saving.trackables import Constant, children, slots

STATE = "checkpoint"  # the file that names the last checkpoint of a folder
EXPORTED = {"variables", "_all_variables"}  # what `model.export` calls its lists; it keeps no names of layers


def is_checkpoint(path: str | os.PathLike) -> bool:
    """Whether there is a checkpoint of that name, or a SavedModel folder with variables."""
    return prefix_of(path) is not None


def prefix_of(path: str | os.PathLike) -> Path | None:
    """The name of a checkpoint's files without their endings; that of a SavedModel lies in its folder `variables`."""
    path = Path(path)
    if path.name.endswith(".index"):
        path = path.with_name(path.name.removesuffix(".index"))
    for found in (path, path / "variables" / "variables"):
        if tensor_bundle.exists(found):
            return found
    return None


def save(root: Any, prefix: str | os.PathLike, update_state: bool = True) -> None:
    """Write an object and everything below it. The folder is made if it does not exist; its state file names the checkpoint."""
    path = Path(prefix)
    path.parent.mkdir(parents=True, exist_ok=True)
    nodes, arrays = _collect(root)
    arrays[object_graph.KEY] = object_graph.serialize(nodes)
    tensor_bundle.write(path, arrays)
    if update_state:
        write_state(path.parent, path.name, [path.name])


def _collect(root: Any) -> tuple[list[Node], dict[str, Any]]:
    """The nodes, nearest first, and the arrays by name."""
    things, places, paths = [root], {id(root): 0}, [""]
    nodes: list[Node] = []
    while len(nodes) < len(things):
        thing, path, node = things[len(nodes)], paths[len(nodes)], Node()
        for name, child in ({} if isinstance(thing, (Variable, Constant)) else children(thing)).items():
            if id(child) not in places:
                places[id(child)] = len(things)
                things.append(child)
                paths.append(f"{path}/{escaped(name)}" if path else escaped(name))
            node.children[name] = places[id(child)]
        nodes.append(node)
    arrays: dict[str, Any] = {}
    slot_paths: dict[int, str] = {}
    for thing, path, node in list(zip(things, paths, nodes)):
        if isinstance(thing, legacy.Optimizer) and thing.built:
            for variable, name, slot in slots(thing):
                if id(variable) in places:
                    if id(slot) not in places:
                        places[id(slot)] = len(nodes)
                        things.append(slot)
                        paths.append("")
                        nodes.append(Node())
                    node.slots.append((places[id(variable)], name, places[id(slot)]))
                    slot_paths[id(slot)] = f"{paths[places[id(variable)]]}/.OPTIMIZER_SLOT/{path}/{escaped(name)}"
    for thing, path, node in zip(things, paths, nodes):
        if isinstance(thing, (Variable, Constant)):
            key = f"{slot_paths.get(id(thing), path)}/.ATTRIBUTES/{VALUE}"
            node.keys[VALUE] = key
            node.full_name = thing.path if isinstance(thing, Variable) else thing.name
            arrays[key] = _values(thing)
    return nodes, arrays


def _values(thing: Variable | Constant) -> np.ndarray:
    if isinstance(thing, Constant):
        return np.asarray(thing.value)
    array = np.asarray(thing)
    counts = thing._name in ("iteration", "iter") and array.dtype.kind in "iu"  # TensorFlow's counters are int64
    return array.astype(np.int64) if counts else array


def load(root: Any, path: str | os.PathLike, skip_mismatch: bool = False) -> LoadReport:
    """Read the values of an object and everything below it. Variables that do not exist yet get theirs when they are made.

    Returns: what was matched; TensorFlow's `expect_partial()` and `assert_consumed()` work on it.
    Raises: NotFoundError if nothing fits; InvalidArgumentError if shapes differ, unless `skip_mismatch`; DataLossError.
    """
    prefix = prefix_of(path)
    bundle = tensor_bundle.Bundle(prefix if prefix is not None else path)
    if object_graph.KEY not in bundle:
        raise InvalidArgumentError(
            f"{bundle.prefix} was written by TensorFlow 1's Saver, which knows names of variables only. "
            "Read its arrays with tf.train.load_checkpoint and assign them."
        )
    restore = _Restore(bundle, object_graph.read(bundle))
    if is_exported := EXPORTED.issubset(restore.nodes[0].children) and isinstance(root, Layer):
        restore.match_in_order(root)
    else:
        restore.match(root, 0)
    report = restore.settled(skip_mismatch, is_whole=not is_exported)
    restore.assign()
    return report


class _Restore:
    """A checkpoint on its way into objects."""

    def __init__(self, bundle: tensor_bundle.Bundle, nodes: list[Node]):
        self.bundle, self.nodes = bundle, nodes
        self.report = LoadReport(str(bundle.prefix))
        self._values: list[tuple[Variable, str]] = []
        self._by_place: dict[int, Variable] = {}
        self._optimizers: list[tuple[Any, int]] = []
        self._seen: set[int] = set()
        self._later: set[int] = set()  # nodes whose objects are not built yet

    def match(self, thing: Any, place: int) -> None:
        """Find values for an object and what is below it."""
        if id(thing) in self._seen or isinstance(thing, Constant):
            return
        self._seen.add(id(thing))
        node = self.nodes[place]
        if isinstance(thing, Variable):
            self._match_variable(thing, place)
            return
        if isinstance(thing, Optimizer):
            self._optimizers.append((thing, place))
            return
        for name, child in children(thing).items():
            if name in node.children:
                self.match(child, node.children[name])
            elif isinstance(child, Variable) and self.nodes[place].children:
                self.report.missing.append((name, getattr(thing, "name", ""), "the checkpoint has no such variable"))
        if isinstance(thing, Layer) and not thing.built and self._has_values(place):
            object.__setattr__(thing, "_restore_when_built", lambda: self._continue(thing, place))
            self._later |= self._below(place)

    def match_in_order(self, model: Any) -> None:
        """Find values for a model in the list that `model.export` wrote; random states are left out."""
        nodes = [
            (place, self.nodes[place].full_name)
            for place in self.nodes[self.nodes[0].children["variables"]].children.values()
        ]
        places = [place for place, name in nodes if not name.endswith("seed_generator_state")]
        if len(places) != len(model.weights):
            why = f"the file lists {len(places)} variables, the model has {len(model.weights)}"
            self.report.missing.append(("", model.name, why))
            return
        for variable, place in zip(model.weights, places, strict=True):
            self._match_variable(variable, place)

    def _match_variable(self, variable: Variable, place: int) -> None:
        key = self.nodes[place].keys.get(VALUE)
        if key is None or key not in self.bundle:
            return
        self._by_place[place] = variable
        shape = self.bundle.shape(key)
        if shape != tuple(variable.shape):
            self.report.mismatched.append((key, tuple(variable.shape), shape))
        else:
            self._values.append((variable, key))
            self.report.matched.append(key)

    def _continue(self, thing: Any, place: int) -> None:
        """The object has been built: read what it did not have before."""
        more = _Restore(self.bundle, self.nodes)
        more._by_place = self._by_place
        more.match(thing, place)
        more.settled(False, is_whole=False)
        more.assign()

    def _has_values(self, place: int) -> bool:
        return any(self.nodes[i].keys for i in self._below(place))

    def _below(self, place: int) -> set[int]:
        found, waiting = {place}, [place]
        while waiting:
            for child in self.nodes[waiting.pop()].children.values():
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return found

    def settled(self, skip_mismatch: bool, is_whole: bool = True) -> LoadReport:
        """Complain about what does not fit, before anything is assigned; of values without a place only if all were tried."""
        for optimizer, place in self._optimizers:
            self._match_optimizer(optimizer, place)
        later = {key for i in self._later for key in self.nodes[i].keys.values()}
        self.report.matched += sorted(later - set(self.report.matched))
        known = set(self.report.matched) | {key for key, _, _ in self.report.mismatched}
        if is_whole:
            self.report.unexpected = [key for key in self.bundle if key not in known and key != object_graph.KEY]
        return self.report.settle(skip_mismatch)

    def assign(self) -> None:
        """Give the variables their values."""
        with init_scope():
            for variable, key in self._values:
                fresh_arrays.adopt(variable, self.bundle[key])

    def _match_optimizer(self, optimizer: Any, place: int) -> None:
        """The state of an optimizer of either generation, if it is built; else when it is."""
        node = self.nodes[place]
        for names, variable in (
            (("iter", "_iterations"), optimizer._iterations),
            (("learning_rate", "_learning_rate"), optimizer._rate_variable),
        ):
            found = next((node.children[name] for name in names if name in node.children), None)
            if found is not None and variable is not None:
                self._match_variable(variable, found)
        if not optimizer.built:
            object.__setattr__(optimizer, "_restore_when_built", lambda: self._continue_optimizer(optimizer, place))
            self._later |= self._below(place) | {slot for _, _, slot in node.slots}
            return
        self._match_slots(optimizer, node)

    def _continue_optimizer(self, optimizer: Any, place: int) -> None:
        more = _Restore(self.bundle, self.nodes)
        more._by_place = self._by_place
        more._match_slots(optimizer, self.nodes[place])
        more.settled(True, is_whole=False)
        more.assign()

    def _match_slots(self, optimizer: Any, node: Node) -> None:
        if node.slots:
            own = {(id(variable), name): slot for variable, name, slot in slots(optimizer)}
            today = {
                (id(v), name): slot
                for v, kinds in zip(optimizer._trainable, optimizer._slots)
                for name, slot in kinds.items()
            }
            for variable, name, slot in node.slots:
                known = self._by_place.get(variable)
                mine = own.get((id(known), name), today.get((id(known), name)))
                if mine is not None:
                    self._match_variable(mine, slot)
            return
        listed = self.nodes[node.children["_variables"]].children if "_variables" in node.children else {}
        mine = [variable for variable in optimizer._variables if variable is not optimizer._rate_variable]
        if set(listed) != set(map(str, range(len(mine)))):
            if listed and len(mine) > 1:  # Keras 2's SGD keeps slots that it does not use
                self.report.left_out.append(f"it has {len(mine)} variables, the checkpoint {len(listed)}")
            return
        for number, variable in enumerate(mine):
            if variable is not optimizer._iterations:
                self._match_variable(variable, listed[str(number)])


def write_state(folder: str | os.PathLike, last: str, kept: list[str]) -> None:
    """Write the state file of a folder: the last checkpoint, and all that are kept."""
    lines = [f'model_checkpoint_path: "{last}"', *(f'all_model_checkpoint_paths: "{name}"' for name in kept)]
    write_bytes(Path(folder) / STATE, "".join(f"{line}\n" for line in lines).encode())


def read_state(folder: str | os.PathLike, name: str = STATE) -> tuple[str | None, list[str]]:
    """The last checkpoint of a folder and all that are kept, as whole paths; (None, []) without a state file.

    Raises: DataLossError if the file is no state file.
    """
    path = Path(folder) / name
    if not path.is_file():
        return None, []
    text = path.read_text(encoding="utf-8", errors="replace")
    found = re.findall(r'^(\w+): "((?:[^"\\]|\\.)*)"\s*$', text, re.MULTILINE)
    if text.strip() and not found:
        raise DataLossError(f"Expected the state file of checkpoints; {path} is something else.")
    whole = lambda name: _inside(folder, re.sub(r"\\(.)", r"\1", name))
    last = next((whole(value) for name, value in found if name == "model_checkpoint_path"), None)
    return last, [whole(value) for name, value in found if name == "all_model_checkpoint_paths"]


def _inside(folder: str | os.PathLike, name: str) -> str:
    """Where a name of a state file lies: in its folder, also if the folder has moved since; never outside."""
    parts = PurePosixPath(name.replace(os.sep, "/")).parts
    is_outside = os.path.isabs(name) or ".." in parts or "\0" in name
    return os.path.join(folder, os.path.basename(name.replace("\0", "")) if is_outside else name)


def latest_checkpoint(folder: str | os.PathLike) -> str | None:
    """The last checkpoint of a folder that exists. Source: tf.train.latest_checkpoint."""
    last, _ = read_state(folder)
    return last if last is not None and tensor_bundle.exists(last) else None
