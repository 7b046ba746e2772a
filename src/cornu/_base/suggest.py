"""Nearest known names for a misspelt one."""

import difflib
import dis
import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def nearest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Up to `limit` of the known names that look like `name`, best first; case and underscores count least."""
    alike: dict[str, list[str]] = {}
    for candidate in known:
        alike.setdefault(candidate.lower().replace("_", ""), []).append(candidate)
    found = difflib.get_close_matches(name.lower().replace("_", ""), alike, n=limit, cutoff=0.6)
    return [max(alike[match], key=_likeness(name)) for match in found]


def _likeness(name: str) -> Callable[[str], float]:
    return lambda candidate: difflib.SequenceMatcher(a=candidate, b=name).ratio()


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean 'a', 'b'?` or an empty string when nothing is near."""
    names = nearest(name, known)
    return f" Did you mean {' or '.join(map(repr, names))}?" if names else ""


def attribute_error(module: str, lazy: Mapping[str, str] | None = None) -> Callable[[str], Any]:
    """A module's `__getattr__`: imports what is `lazy` when it is touched; for other names the error offers the nearest ones.

    Args:
        lazy: name -> `"package.module"` or `"package.module:attribute"`.
    """
    lazy = lazy or {}

    def missing(name: str) -> Any:
        if name in lazy:
            path, _, attribute = lazy[name].partition(":")
            found = importlib.import_module(path)
            return getattr(found, attribute) if attribute else found
        known = [known for known in (*vars(sys.modules[module]), *lazy) if not known.startswith("_")]
        sentence = f"module {module!r} has no attribute {name!r}.{did_you_mean(name, known)}"
        if is_from_import(sys._getframe(1)):  # Python would drop the sentence of an AttributeError
            raise ImportError(sentence, name=module)
        raise AttributeError(sentence, name=name, obj=None)  # without an object Python adds no suggestion of its own

    return missing


def is_from_import(frame: Any) -> bool:
    """True if the frame stands at the `from ... import name` that asks for the name."""
    return frame.f_lasti >= 0 and frame.f_code.co_code[frame.f_lasti] == dis.opmap["IMPORT_FROM"]
