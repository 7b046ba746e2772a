"""A background thread that makes things ahead of their use, a bounded number of them."""

import collections
import contextvars
import threading
from collections.abc import Iterator
from typing import Any


class Prefetcher:
    """Iterates `source` in a thread, at most `capacity` items ahead of the consumer.

    An exception of the source is raised in the consumer, with its own traceback. `close` stops the thread and hands
    back what was made and not used; it does not wait for an item that is being made (`join` does).
    """

    def __init__(self, source: Iterator[Any], capacity: int):
        self._source, self._capacity = source, max(1, capacity)
        self._made: collections.deque[Any] = collections.deque()
        self._changed = threading.Condition()
        self._closed = self._finished = False
        self._error: BaseException | None = None
        run = contextvars.copy_context().run
        self._thread = threading.Thread(target=run, args=(self._work,), name="cornu-prefetch", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            for item in self._source:
                with self._changed:
                    while len(self._made) >= self._capacity and not self._closed:
                        self._changed.wait()
                    self._made.append(item)
                    self._changed.notify_all()
                    if self._closed:
                        return
        except BaseException as error:  # raised where the items are used
            self._error = error
        finally:
            with self._changed:
                self._finished = True
                self._changed.notify_all()

    def __iter__(self) -> "Prefetcher":
        return self

    def __next__(self) -> Any:
        with self._changed:
            while not self._made and not self._finished:
                self._changed.wait()
            if self._made:
                item = self._made.popleft()
                self._changed.notify_all()
                return item
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        raise StopIteration

    def close(self) -> None:
        """Ask the thread to stop after the item it is making."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def join(self, seconds: float | None = None) -> list[Any]:
        """Wait for the thread, at most so long; return what was made and not used."""
        self.close()
        self._thread.join(seconds)
        unused = list(self._made)
        self._made.clear()
        return unused
