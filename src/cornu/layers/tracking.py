"""Lists and dicts whose layers and variables are tracked by the layer they are an attribute of."""

from collections.abc import Callable, Iterable
from typing import Any


class TrackedList(list):
    """A list that reports every item that is put into it."""

    def __init__(self, items: Iterable, track: Callable[[Any], Any]):
        self._track = track
        super().__init__(track(item) for item in items)

    def append(self, item: Any) -> None:
        """Add one item at the end."""
        super().append(self._track(item))

    def extend(self, items: Iterable) -> None:
        """Add items at the end."""
        super().extend([self._track(item) for item in items])

    def insert(self, index: Any, item: Any) -> None:
        """Add one item before `index`."""
        super().insert(index, self._track(item))

    def __setitem__(self, index: Any, item: Any) -> None:
        super().__setitem__(index, [self._track(i) for i in item] if isinstance(index, slice) else self._track(item))

    def __iadd__(self, items: Iterable) -> "TrackedList":  # type: ignore[override]
        self.extend(items)
        return self

    def __reduce__(self) -> Any:
        return list, (list(self),)

    def __deepcopy__(self, memo: dict) -> list:
        import copy

        return [copy.deepcopy(item, memo) for item in self]


class TrackedDict(dict):
    """A dict that reports every value that is put into it."""

    def __init__(self, items: dict, track: Callable[[Any], Any]):
        self._track = track
        super().__init__((name, track(item)) for name, item in items.items())

    def __setitem__(self, name: Any, item: Any) -> None:
        super().__setitem__(name, self._track(item))

    def update(self, *others: Any, **items: Any) -> None:
        """Add and replace entries."""
        for name, item in dict(*others, **items).items():
            self[name] = item

    def setdefault(self, name: Any, default: Any = None) -> Any:
        """The entry, added if it was missing."""
        if name not in self:
            self[name] = default
        return self[name]

    def __ior__(self, other: Any) -> "TrackedDict":  # type: ignore[override]
        self.update(other)
        return self

    def __reduce__(self) -> Any:
        return dict, (dict(self),)

    def __deepcopy__(self, memo: dict) -> dict:
        import copy

        return {name: copy.deepcopy(item, memo) for name, item in self.items()}
