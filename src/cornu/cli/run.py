"""`cornu run`: a script in which `import tensorflow` and `import keras` give Cornu."""

import importlib.machinery
import importlib.util
import os
import runpy
import sys
import traceback
import types
from collections.abc import Callable, Sequence
from typing import Any

from cornu import shim
from cornu.shim import companions


def run_script(path: str, arguments: Sequence[str], report: bool = False) -> int:
    """Run the script at `path`, as `python path` does. Returns: its exit status."""
    if not os.path.isfile(path):
        print(f"cornu run: expected a Python script; there is no file {path!r}.", file=sys.stderr)
        return 2
    sys.argv, sys.path[:0] = [path, *arguments], [os.path.dirname(os.path.abspath(path))]

    def start() -> None:
        with open(path, "rb") as file:
            source = file.read()
        _execute(source, path)

    return _run(start, report)


def run_text(code: str, arguments: Sequence[str], report: bool = False) -> int:
    """Run a program given as text, as `python -c` does. Returns: its exit status."""
    sys.argv, sys.path[:0] = ["-c", *arguments], [""]
    return _run(lambda: _execute(code.encode(), "<string>"), report)


def run_module(name: str, arguments: Sequence[str], report: bool = False) -> int:
    """Run a module, as `python -m` does. Returns: its exit status."""
    sys.argv, sys.path[:0] = [name, *arguments], [os.getcwd()]

    def start() -> None:
        spec = _program_of(name)
        if spec is None or spec.origin is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            runpy.run_module(name, run_name="__main__", alter_sys=True)  # it has no source text, or says what is wrong
            return
        sys.argv[0] = spec.origin
        source = spec.loader.get_data(spec.origin)
        _execute(source, spec.origin, __spec__=spec, __loader__=spec.loader, __package__=spec.parent)

    return _run(start, report)


def _program_of(name: str) -> Any:
    """Where a module lies; of a package, its `__main__`. None if there is no such module."""
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None and not name.endswith(".__main__"):
            return _program_of(f"{name}.__main__")
    except (ImportError, ValueError):
        return None
    return spec


def _execute(source: bytes, path: str, **attributes: Any) -> None:
    main = types.ModuleType("__main__")
    main.__dict__.update(__file__=path, __builtins__=__builtins__, __cached__=None, **attributes)
    sys.modules["__main__"] = main
    exec(companions.compiled(source, path), main.__dict__)


def _run(start: Callable[[], None], report: bool) -> int:
    real = shim.real_packages()
    shim.install(force=True)
    if real:
        print(
            f"cornu run: {' and '.join(real)} {'are' if len(real) > 1 else 'is'} installed; this process uses Cornu instead.",
            file=sys.stderr,
        )
    companions.restore()
    status = 0
    try:
        start()
    except SystemExit as end:
        status = _exit_status(end)
    except KeyboardInterrupt:
        traceback.print_exc(limit=-1)
        status = 130
    except BaseException as error:
        _show(error)
        status = 1
    if report:
        _report()
    return status


def _exit_status(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


def _show(error: BaseException) -> None:
    """The traceback from the script on: what started it is of no interest."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename in (__file__, runpy.__file__, "<frozen runpy>"):
        frames = frames.tb_next
    sys.stdout.flush()
    sys.excepthook(type(error), error.with_traceback(frames), frames)  # Python's own adds its suggestions


def _report() -> None:
    missing = shim.missing_names()
    sys.stdout.flush()
    if not missing:
        print("cornu run: every name that the script asked for was found.", file=sys.stderr)
        return
    print("cornu run: these names were asked for and not found:", file=sys.stderr)
    for name in missing:
        print(f"  {name}", file=sys.stderr)
