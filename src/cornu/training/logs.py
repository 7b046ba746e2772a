"""The logs of a step: a dict whose device values become Python floats when somebody first reads them."""

from collections.abc import ItemsView, Iterator, ValuesView
from typing import Any

import jax

from cornu.core.tensor import Tensor


class Logs(dict):
    """A dict of metric values that leaves device scalars where they are until a value is read.

    Asking for names (`len`, `in`, `keys`) reads nothing; the first read of any value fetches all of them in one
    transfer, so a callback that ignores its logs costs no synchronisation. Values that are no scalars stay as they are.
    `__iter__` is overridden so that `dict(logs)` and `{**logs}` also read values.
    """

    __slots__ = ("_read",)

    def __init__(self, *args: Any, **values: Any):
        super().__init__(*args, **values)
        self._read = False

    def read(self) -> "Logs":
        """Fetch every device scalar; return self."""
        if not self._read:
            waiting = {}
            for name, value in super().items():
                value = value._value if isinstance(value, Tensor) else value
                if isinstance(value, jax.Array) and value.ndim == 0:
                    waiting[name] = value
            for name, value in jax.device_get(waiting).items():
                super().__setitem__(name, float(value))
            self._read = True
        return self

    def __setitem__(self, name: str, value: Any) -> None:
        self._read = False
        super().__setitem__(name, value)

    def update(self, *args: Any, **values: Any) -> None:
        self._read = False
        super().update(*args, **values)

    def setdefault(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return self[name]

    def __getitem__(self, name: str) -> Any:
        self.read()
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        return super(Logs, self.read()).get(name, default)

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        return super(Logs, self.read()).items()

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        return super(Logs, self.read()).values()

    def pop(self, name: str, *default: Any) -> Any:
        return super(Logs, self.read()).pop(name, *default)

    def popitem(self) -> tuple[str, Any]:
        return super(Logs, self.read()).popitem()

    def copy(self) -> dict[str, Any]:  # type: ignore[override]
        """A plain dict of what has been read."""
        return dict(self.items())

    def __iter__(self) -> Iterator[str]:
        return super(Logs, self.read()).__iter__()

    def __eq__(self, other: object) -> bool:
        return dict(self.items()) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]

    def __or__(self, other: Any) -> dict[str, Any]:
        return self.copy() | other

    def __ror__(self, other: Any) -> dict[str, Any]:
        return other | self.copy()

    def __ior__(self, other: Any) -> "Logs":  # type: ignore[override]
        self.update(other)
        return self

    def __repr__(self) -> str:
        return repr(self.copy())

    def __reduce__(self) -> Any:
        return (dict, (self.copy(),))
