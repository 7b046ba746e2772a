"""Lists and dicts whose layers and variables are tracked by the layer they are an attribute of."""

import copy
from collections.abc import Iterable
from typing import Any, Protocol


class Owner(Protocol):
    """The layer a container belongs to."""

    def _track(self, value: Any) -> Any:
        """Note an item; returns what to store in its place."""

    def _untrack(self, values: Iterable) -> None:
        """Forget items, unless another attribute still holds them."""


class TrackedList(list):
    """A list that reports to its owner every item that is put into it or taken out."""

    def __init__(self, items: Iterable, owner: Owner):
        self._owner = owner
        super().__init__(owner._track(item) for item in items)

    def append(self, item: Any) -> None:
        """Add one item at the end."""
        super().append(self._owner._track(item))

    def extend(self, items: Iterable) -> None:
        """Add items at the end."""
        super().extend([self._owner._track(item) for item in items])

    def insert(self, index: Any, item: Any) -> None:
        """Add one item before `index`."""
        super().insert(index, self._owner._track(item))

    def pop(self, index: Any = -1) -> Any:
        """Take one item out."""
        item = super().pop(index)
        self._owner._untrack([item])
        return item

    def remove(self, item: Any) -> None:
        """Take the first such item out."""
        self.pop(self.index(item))

    def clear(self) -> None:
        """Take all items out."""
        del self[:]

    def __delitem__(self, index: Any) -> None:
        items = self[index] if isinstance(index, slice) else [self[index]]
        super().__delitem__(index)
        self._owner._untrack(items)

    def __setitem__(self, index: Any, item: Any) -> None:
        before = self[index] if isinstance(index, slice) else [self[index]]
        track = self._owner._track
        super().__setitem__(index, [track(i) for i in item] if isinstance(index, slice) else track(item))
        self._owner._untrack(before)

    def __iadd__(self, items: Iterable) -> "TrackedList":  # type: ignore[override]
        self.extend(items)
        return self

    def __reduce__(self) -> Any:
        return list, (list(self),)

    def __deepcopy__(self, memo: dict) -> list:
        return [copy.deepcopy(item, memo) for item in self]


class TrackedDict(dict):
    """A dict that reports to its owner every value that is put into it or taken out."""

    def __init__(self, items: dict, owner: Owner):
        self._owner = owner
        super().__init__((name, owner._track(item)) for name, item in items.items())

    def __setitem__(self, name: Any, item: Any) -> None:
        before = [self[name]] if name in self else []
        super().__setitem__(name, self._owner._track(item))
        self._owner._untrack(before)

    def __delitem__(self, name: Any) -> None:
        item = self[name]
        super().__delitem__(name)
        self._owner._untrack([item])

    def pop(self, name: Any, *default: Any) -> Any:
        """Take one value out."""
        item = super().pop(name, *default)
        self._owner._untrack([item])
        return item

    def popitem(self) -> tuple[Any, Any]:
        """Take the last entry out."""
        name, item = super().popitem()
        self._owner._untrack([item])
        return name, item

    def clear(self) -> None:
        """Take all values out."""
        items = list(self.values())
        super().clear()
        self._owner._untrack(items)

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
        return {name: copy.deepcopy(item, memo) for name, item in self.items()}


def holds(nest: Any, item: Any) -> bool:
    """True if `item` itself is in the nest of lists, tuples, sets and dicts."""
    if nest is item:
        return True
    if isinstance(nest, dict):
        return any(holds(value, item) for value in nest.values())
    return isinstance(nest, (list, tuple, set)) and any(holds(value, item) for value in nest)
