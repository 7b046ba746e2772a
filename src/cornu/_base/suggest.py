"""Nearest known names for a misspelt one."""

import difflib
import sys
from collections.abc import Callable, Iterable
from typing import Any


def nearest(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Up to `limit` of the known names that look like `name`, best first, ignoring case and underscores."""
    plain = {}
    for candidate in known:
        plain.setdefault(candidate.lower().replace("_", ""), candidate)
    found = difflib.get_close_matches(name.lower().replace("_", ""), plain, n=limit, cutoff=0.6)
    return [plain[match] for match in found]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean 'a', 'b'?` or an empty string when nothing is near."""
    names = nearest(name, known)
    return f" Did you mean {' or '.join(map(repr, names))}?" if names else ""


def attribute_error(module: str) -> Callable[[str], Any]:
    """A module's `__getattr__` for names it does not have: the error offers the nearest ones."""

    def missing(name: str) -> Any:
        known = [known for known in vars(sys.modules[module]) if not known.startswith("_")]
        raise AttributeError(f"module {module!r} has no attribute {name!r}.{did_you_mean(name, known)}")

    return missing
