"""Settings with names. Source: keras.utils.Config."""

import json
from collections.abc import Iterator
from typing import Any

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError


class _FrozenError(FailedPreconditionError, InvalidArgumentError):
    """Keras raises ValueError here."""


class Config:
    """A dict whose entries are attributes too, and which can be frozen.

    Example:
        >>> config = Config(units=64)
        >>> config.units, config["units"]
        (64, 64)
    Raises: AttributeError or KeyError for unknown names; ValueError on changes while frozen.
    """

    def __init__(self, **kwargs: Any):
        object.__setattr__(self, "_entries", dict(kwargs))
        object.__setattr__(self, "_frozen", False)

    def _change(self) -> dict[str, Any]:
        if self._frozen:
            raise _FrozenError("Cannot mutate attribute(s) because the config is frozen. Call unfreeze() first.")
        return self._entries

    def freeze(self) -> None:
        """Refuse changes from here on."""
        object.__setattr__(self, "_frozen", True)

    def unfreeze(self) -> None:
        """Allow changes again."""
        object.__setattr__(self, "_frozen", False)

    @property
    def frozen(self) -> bool:
        """Whether changes are refused."""
        return self._frozen

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self._entries:
            raise AttributeError(f"Unknown attribute: {name!r}.")
        return self._entries[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._change()[name] = value

    def __delattr__(self, name: str) -> None:
        if name not in self._entries:
            raise AttributeError(f"Unknown attribute: {name!r}.")
        del self._change()[name]

    def __getitem__(self, name: str) -> Any:
        return self._entries[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._change()[name] = value

    def __delitem__(self, name: str) -> None:
        del self._change()[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Config {self._entries}>"

    def __getstate__(self) -> dict[str, Any]:
        return {"entries": self._entries, "frozen": self._frozen}

    def __setstate__(self, state: dict[str, Any]) -> None:
        object.__setattr__(self, "_entries", state["entries"])
        object.__setattr__(self, "_frozen", state["frozen"])

    def keys(self) -> Any:
        """The names."""
        return self._entries.keys()

    def values(self) -> Any:
        """The values."""
        return self._entries.values()

    def items(self) -> Any:
        """Names and values."""
        return self._entries.items()

    def get(self, name: str, default: Any = None) -> Any:
        """The value of that name, or `default`."""
        return self._entries.get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        """Take an entry out."""
        return self._change().pop(name, *default)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Set several entries."""
        self._change().update(*args, **kwargs)

    def as_dict(self) -> dict[str, Any]:
        """The entries as a dict."""
        return dict(self._entries)

    def to_json(self) -> str:
        """The entries as JSON."""
        return json.dumps(self._entries)
