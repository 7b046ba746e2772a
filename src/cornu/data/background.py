"""Threads of a pipeline: items made ahead of their use, a bounded number of them, and functions run several at a time."""

import collections
import threading
from collections.abc import Callable, Iterator
from typing import Any

_END = object()


class Ahead:
    """Iterates `source` in a thread, at most `capacity` items ahead of the consumer.

    An exception of the source is raised in its place, with its own traceback; what can follow it does. `close`, or dropping the
    iterator, stops the thread after the item it is making. The thread starts with the first item asked for.
    """

    def __init__(self, source: Iterator[Any], capacity: int):
        self._shared = _Shared(source, capacity)
        self._started = False

    def __iter__(self) -> "Ahead":
        return self

    def __next__(self) -> Any:
        if not self._started:
            self._started = True
            threading.Thread(target=_fill, args=(self._shared,), name="cornu-data", daemon=True).start()
        item, error = self._shared.get()
        if error is not None:
            raise error
        if item is _END:
            raise StopIteration
        return item

    def close(self) -> None:
        """Stop the thread."""
        self._shared.close()

    __del__ = close  # the thread knows `_shared` only, so that a dropped iterator ends it


class _Shared:
    def __init__(self, source: Iterator[Any], capacity: int):
        self.source, self._capacity = source, max(1, capacity)
        self._made: collections.deque[tuple[Any, BaseException | None]] = collections.deque()
        self._changed = threading.Condition()
        self.closed = False

    def put(self, item: Any, error: BaseException | None = None) -> bool:
        """Wait for room; False if nobody wants more."""
        with self._changed:
            while len(self._made) >= self._capacity and not self.closed:
                self._changed.wait()
            self._made.append((item, error))
            self._changed.notify_all()
            return not self.closed

    def get(self) -> tuple[Any, BaseException | None]:
        with self._changed:
            while not self._made:
                if self.closed:
                    return _END, None
                self._changed.wait()
            if self._made[0][0] is _END:
                return _END, None  # it stays: whoever asks again gets it again
            self._changed.notify_all()
            return self._made.popleft()

    def close(self) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify_all()


def _fill(shared: _Shared) -> None:
    try:
        while not shared.closed:
            try:
                item = next(shared.source)
            except StopIteration:
                break
            except BaseException as error:  # raised where the items are used
                if not shared.put(None, error):
                    break
                continue
            if not shared.put(item):
                break
        shared.put(_END)
    finally:
        close = getattr(shared.source, "close", None)
        if close is not None:
            close()


class Workers:
    """`function(item)` for the items of `source`, several at a time, in the order of the items or as they are done.

    The items are drawn by whoever asks for results, at most twice as many ahead as there are threads.
    """

    def __init__(self, function: Callable[[Any], Any], source: Iterator[Any], threads: int, ordered: bool):
        from concurrent.futures import ThreadPoolExecutor  # not needed by most pipelines

        self._function, self._source, self._ordered = function, source, ordered
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="cornu-data")
        self._most = 2 * threads
        self._running: collections.deque[Any] = collections.deque()
        self._failed: BaseException | None = None
        self._ended = False

    def __iter__(self) -> "Workers":
        return self

    def __next__(self) -> Any:
        while len(self._running) < self._most and not self._ended and self._failed is None:
            try:
                item = next(self._source)
            except StopIteration:
                self._ended = True
            except BaseException as error:  # in its place, after the results before it
                self._failed = error
            else:
                self._running.append(self._pool.submit(self._function, item))
        if not self._running:
            if self._failed is not None:
                error, self._failed = self._failed, None
                raise error
            self.close()
            raise StopIteration
        return self._next_done().result()

    def _next_done(self) -> Any:
        if not self._ordered:
            from concurrent.futures import FIRST_COMPLETED, wait

            wait(self._running, return_when=FIRST_COMPLETED)
            for place, future in enumerate(self._running):
                if future.done():
                    del self._running[place]
                    return future
        return self._running.popleft()

    def close(self) -> None:
        """Let the threads end; what has not begun never will."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    __del__ = close
