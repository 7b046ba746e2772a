"""`import tensorflow`, `import keras`, `import tf_keras` of any generation resolve to Cornu.

    import cornu
    cornu.install()
    import tensorflow as tf

Nothing is copied: the modules that appear under those names look their contents up in Cornu's.
"""

import importlib.machinery
import sys

from cornu._base.errors import FailedPreconditionError
from cornu.core import config
from cornu.shim import missing
from cornu.shim.finder import Finder
from cornu.shim.missing import missing_names as missing_names

_before = {"style": "keras3"}  # what `uninstall` gives back
ROOTS = ("tensorflow", "keras", "tf_keras")


def install(force: bool = False) -> None:
    """From now on imports of tensorflow, keras and tf_keras give Cornu.

    Args:
        force: also if one of the real packages is installed, or imported already.

    Raises: FailedPreconditionError if a real one is there and `force` is false.
    """
    if is_installed():
        return
    imported = [name for name in ROOTS if name in sys.modules]
    if not force and (found := imported or real_packages()):
        state = "imported" if imported else "installed"
        raise FailedPreconditionError(
            f"install: expected that tensorflow and keras are not {state}; {' and '.join(found)} "
            f"{'are' if len(found) > 1 else 'is'}. "
            "Use cornu.install(force=True) to put Cornu in front of them in this process."
        )
    for name in [name for name in sys.modules if name.partition(".")[0] in ROOTS]:
        del sys.modules[name]
    _before["style"] = config.style()
    sys.meta_path.insert(0, Finder())


def load_ipython_extension(ipython: object) -> None:
    """`%load_ext cornu` in a notebook: as `install`, in front of real packages too."""
    install(force=True)


def uninstall() -> None:
    """Undo `install`: later imports find the real packages, or nothing; the style is what it was."""
    if is_installed():
        config.set_style(_before["style"])
        missing.forget()
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Finder)]
    for name in [name for name in sys.modules if name.partition(".")[0] in ROOTS]:
        del sys.modules[name]


def is_installed() -> bool:
    """Whether imports of tensorflow and keras give Cornu."""
    return any(isinstance(finder, Finder) for finder in sys.meta_path)


def real_packages() -> list[str]:
    """Those of tensorflow, keras and tf_keras that are installed for this Python."""
    return [name for name in ROOTS if importlib.machinery.PathFinder.find_spec(name) is not None]
