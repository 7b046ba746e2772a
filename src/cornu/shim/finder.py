"""The import hook: a finder for `tensorflow`, `keras`, `tf_keras` and everything below, and the modules it makes."""

import importlib
import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any

from cornu._base.suggest import did_you_mean, is_from_import
from cornu.core import config
from cornu.core.context import Context
from cornu.shim import aliases
from cornu.shim.known_names import is_known
from cornu.shim.missing import remember

_VERSIONS = {"tensorflow": "2.15.1", "keras": "3.15.0", "tf_keras": "2.15.1", "tensorflow.keras": "2.15.0"}


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules of TensorFlow and Keras in Cornu."""

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        """The spec of an alias module; None for other packages. Raises: ModuleNotFoundError for modules that are gone."""
        if fullname.partition(".")[0] not in ("tensorflow", "keras", "tf_keras"):
            return None
        if aliases.targets(fullname) is not None:
            return importlib.machinery.ModuleSpec(fullname, self, origin="cornu", is_package=True)
        remember(fullname)
        if why := aliases.gone(fullname):
            raise ModuleNotFoundError(f"No module named {fullname!r}: {why}.", name=fullname)
        parent = fullname.rpartition(".")[0]
        if parent not in sys.modules:
            return None
        near = [
            f"{parent}.{known}"
            for known in dir(sys.modules[parent])
            if aliases.targets(f"{parent}.{known}") is not None
        ]
        raise ModuleNotFoundError(f"No module named {fullname!r}.{did_you_mean(fullname, near)}", name=fullname)

    def create_module(self, spec: Any) -> types.ModuleType:
        """An alias module."""
        return AliasModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """TensorFlow's root chooses its style of presentation."""
        module.__path__ = []
        version = _VERSIONS.get(module.__name__)
        if version:
            module.__dict__["__version__"] = version
        if module.__name__ == "tensorflow":
            config.set_style("tf2")
            Context.rewrite_of_style = staticmethod(_rewritten)


def _rewritten(function: Any) -> Any:
    """The user's function with its control flow on tensors rewritten; the rewriting is imported when it is first needed."""
    from cornu.tf.autograph import convert

    return convert(function)


class AliasModule(types.ModuleType):
    """A module under TensorFlow's or Keras' name. Its contents are found in Cornu's modules, and kept, when they are touched."""

    def __init__(self, name: str):
        super().__init__(name, f"{name}, as Cornu has it.")
        self.__dict__["_targets"] = aliases.targets(name)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            found: Any = [each for each in dir(self) if not each.startswith("_")]
        elif name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name, obj=None)
        else:
            found = self._find(name)
        self.__dict__[name] = found
        return found

    def _find(self, name: str) -> Any:
        below = f"{self.__name__}.{name}"
        is_module = aliases.targets(below) is not None
        if older := aliases.keras_1_module(self.__name__, name):
            return getattr(importlib.import_module(older), name)
        for target in self.__dict__["_targets"]:
            if target == "cornu" and name in aliases.HOUSE:
                continue
            try:
                found = getattr(importlib.import_module(target), name)
            except AttributeError:
                continue
            if not (is_module and isinstance(found, types.ModuleType)):
                return found  # a function comes before the module of its name: `sequence.skipgrams`
        if is_module:
            return importlib.import_module(below)
        if instead := aliases.respelled(below):
            return self._find(instead)
        remember(below)
        sentence = f"module {self.__name__!r} has no attribute {name!r}.{_explain(self, name)}"
        if is_from_import(sys._getframe(2)):
            raise ImportError(sentence, name=self.__name__)
        raise AttributeError(sentence, name=name, obj=None)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Keras 1's `merge` was a function and a module of one name."""
        behind = aliases.function_behind(self.__name__)
        if behind is None:
            raise TypeError(f"{self.__name__!r} is a module; expected one of the functions or classes in it.")
        return getattr(importlib.import_module(behind), self.__name__.rpartition(".")[2])(*args, **kwargs)

    def __dir__(self) -> list[str]:
        modules = [importlib.import_module(target) for target in self.__dict__["_targets"]]
        own = {name for name in self.__dict__ if name != "_targets"}
        found = own.union(*({name for name in dir(module) if not name.startswith("_")} for module in modules))
        return sorted(found - aliases.HOUSE if "cornu" in self.__dict__["_targets"] else found)


def _explain(module: types.ModuleType, name: str) -> str:
    """The nearest names, and whether the original has this one."""
    if why := aliases.gone(f"{module.__name__}.{name}"):
        return f" {why}."
    if instead := aliases.successor(f"{module.__name__}.{name}"):
        return f" It belongs to an older generation; use {instead}."
    hint = did_you_mean(name, [known for known in dir(module) if not known.startswith("_")])
    if is_known(f"{aliases.canonical(module.__name__)}.{name}"):
        return f" TensorFlow has it, Cornu does not.{hint}"
    return hint or " TensorFlow does not have it either."
