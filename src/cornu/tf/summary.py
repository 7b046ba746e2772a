"""Event files for TensorBoard. Source: tf.summary."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import convert_to_tensor
from cornu.io import event_file


class SummaryWriter:
    """Writes to an event file in a folder; `as_default()` makes it the one that `tf.summary.scalar` uses."""

    def __init__(self, logdir: str | os.PathLike | None, suffix: str = ".v2"):
        self._file = None if logdir is None else event_file.EventFile(logdir, suffix)

    @contextlib.contextmanager
    def as_default(self, step: Any = None) -> Iterator["SummaryWriter"]:
        """The writer to use inside, with a step for what is written without one."""
        saved = _state["writer"], _state["step"]
        _state["writer"], _state["step"] = self, saved[1] if step is None else step
        try:
            yield self
        finally:
            self.flush()
            _state["writer"], _state["step"] = saved

    def set_as_default(self, step: Any = None) -> None:
        """The writer to use from now on."""
        _state["writer"] = self
        _state["step"] = _state["step"] if step is None else step

    def flush(self) -> None:
        """Give to the file what was written."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, summary: bytes, step: int) -> bool:
        """Put a summary into the file. Returns: whether there is one."""
        if self._file is None:
            return False
        self._file.write(summary, step)
        return True


_state: dict[str, Any] = {"writer": None, "step": None, "record": True}


def create_file_writer(
    logdir: str | os.PathLike,
    max_queue: int = 10,
    flush_millis: int = 120000,
    filename_suffix: str | None = None,
    name: str | None = None,
) -> SummaryWriter:
    """A writer to an event file in a folder. What is written reaches the file with `flush`, `close` or the end of
    `as_default`; the sizes of queues have no meaning then. `filename_suffix` ends the file's name; default `.v2`."""
    return SummaryWriter(logdir, ".v2" if filename_suffix is None else filename_suffix)


def create_noop_writer() -> SummaryWriter:
    """A writer that writes nothing."""
    return SummaryWriter(None)


@contextlib.contextmanager
def record_if(condition: Any) -> Iterator[None]:
    """Whether anything is written inside: a bool, or a function that says so."""
    saved, _state["record"] = _state["record"], condition
    try:
        yield
    finally:
        _state["record"] = saved


def should_record_summaries() -> bool:
    """Whether there is a writer, and it is to write."""
    record = _state["record"]
    return _state["writer"] is not None and bool(record() if callable(record) else record)


def _write(name: str, content: Any, step: Any) -> bool:
    if not should_record_summaries():
        return False
    step = _state["step"] if step is None else step
    if step is None:
        raise InvalidArgumentError(
            f"Expected a step for the summary {name!r}; received None. Pass step=, or tf.summary.experimental.set_step."
        )
    return _state["writer"].write(content(), int(np.asarray(step)))


def scalar(name: str, data: Any, step: Any = None, description: str | None = None) -> bool:
    """Write a number. TensorBoard shows `description`, which is Markdown, beside it.

    Returns: whether it was written. Raises: InvalidArgumentError without a step.
    """
    return _write(name, lambda: event_file.scalar(name, float(np.asarray(convert_to_tensor(data))), description), step)


def histogram(
    name: str, data: Any, step: Any = None, buckets: int | None = None, description: str | None = None
) -> bool:
    """Write how values are distributed, in 30 buckets or `buckets`. Returns: whether it was written."""
    count = 30 if buckets is None else int(buckets)
    return _write(
        name, lambda: event_file.histogram(name, np.asarray(convert_to_tensor(data)), count, description), step
    )


def image(name: str, data: Any, step: Any = None, max_outputs: int = 3, description: str | None = None) -> bool:
    """Write pictures. Shape: (count, height, width, 1, 3 or 4), bytes, or floats from 0 to 1. Returns: whether it was written."""

    def content() -> bytes:
        pixels = np.asarray(convert_to_tensor(data))[:max_outputs]
        if pixels.ndim != 4:
            raise InvalidArgumentError(
                f"Expected pictures of shape (count, height, width, channels); received {pixels.shape}."
            )
        if pixels.dtype != np.uint8:
            pixels = (np.clip(pixels, 0.0, 1.0) * 255.999).astype(np.uint8)
        return event_file.images(name, pixels, description)

    return _write(name, content, step)


def text(name: str, data: Any, step: Any = None, description: str | None = None) -> bool:
    """Write text. Returns: whether it was written."""
    item = convert_to_tensor(data).numpy()
    lines = [item] if isinstance(item, bytes) else list(np.ravel(item))
    return _write(name, lambda: event_file.text(name, b"\n".join(lines), description), step)


def flush(writer: SummaryWriter | None = None, name: str | None = None) -> None:
    """Give to the file what was written."""
    chosen = writer or _state["writer"]
    if chosen is not None:
        chosen.flush()
