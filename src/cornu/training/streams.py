"""Data that comes batch by batch, made ahead in the background, epoch by epoch."""

import collections
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu._base.user_warning import warn
from cornu.core.random_state import host_state
from cornu.training.arrays import check_rows, map_nest, to_arrays
from cornu.training.batch_form import unpack_x_y_sample_weight
from cornu.training.class_weights import apply_class_weight
from cornu.training.prefetch import Prefetcher
from cornu.training.stream_sources import IterableSource, PyDatasetSource, Source, own_state

_NO_BATCH = "Expected x to yield at least one batch; received none. Check how the data was made, or make it anew."

RAN_OUT = (
    "Your input ran out of data; interrupting training. Make sure that your dataset or generator can generate at least "
    "`steps_per_epoch * epochs` batches. You may need to use the `.repeat()` function when building your dataset."
)


class StreamData:
    """A stream of batches, epoch by epoch, made ahead in a background thread.

    Without `steps`, an epoch is one pass. With `steps`, an epoch goes on where the last one stopped; at its end a
    PyDataset begins again, anything else ends the epoch with a warning. Evaluation begins every pass anew where it can.

    Attributes:
        steps: batches an epoch shall have if the user said so.
        exhausted: True once nothing more can come, as when a generator has ended.
        keeps_positions: note the position after every batch, which `state` then tells.
    """

    def __init__(
        self,
        source: Source,
        steps: int | None = None,
        class_weight: Any = None,
        output_names: Sequence[str] | None = None,
        mode: Literal["fit", "evaluate", "predict"] = "fit",
        allow_text: bool = False,
    ):
        self.steps, self.exhausted, self.keeps_positions = steps, False, False
        self._source, self._mode, self._allow_text = source, mode, allow_text
        self._class_weight, self._output_names = class_weight, output_names
        self._pass: Iterator[Any] | None = None  # None: the next batch begins one
        self._drawn = 0  # batches drawn from the present pass, or the last one
        self._pass_over = False  # a pass has ended and its source does not know yet
        self._unused: collections.deque[Any] = collections.deque()  # (batch, position) made ahead, not yet used
        self._position: dict[str, Any] = {}  # after the last batch that was used
        self._at_start: dict[str, Any] = {}  # the source, as the present pass began
        self._running: Prefetcher | None = None
        self._begun = self._ever = False  # an epoch has begun; a batch has come

    @property
    def num_batches(self) -> int | None:
        """Batches in an epoch, None if unknown."""
        return self._source.length if self.steps is None else self.steps

    def peek(self) -> tuple[Any, Any, Any]:
        """The first batch of the next epoch; it stays there.

        Raises: InvalidArgumentError if there is none.
        """
        self._join()
        if not self._unused:
            batch = self._take()
            if batch is None:
                raise InvalidArgumentError(_NO_BATCH)
            self._unused.append(batch)
        return self._unused[0][0]

    def batches(self, first: int = 0) -> Iterator[tuple[Any, Any, Any]]:
        """The batches (x, y, sample_weight) of one epoch. Closing it keeps what was made ahead for the next epoch.

        `first`: the batches of this epoch that another process has used, see `restore`.
        Raises: what the source raises, with its traceback; InvalidArgumentError if there has never been a batch.
        """
        self._join()
        if self._begun and self._source.restartable and (self._mode != "fit" or self.steps is None):
            self._unused.clear()
            self._pass, self._pass_over = None, False
        self._begun = True
        if self.exhausted and not self._unused:
            self.warn_ran_out()
            return
        run = self._running = Prefetcher(self._make(first), self._source.ahead)
        given = first
        try:
            for batch, position in run:
                given += 1
                self._position = position
                yield batch
        finally:
            run.close()
        self._end_epoch()
        if not self._ever:
            raise InvalidArgumentError(_NO_BATCH)
        if given < (self.steps or 1):
            self.exhausted = self.exhausted or not given
            self.warn_ran_out()

    def warn_ran_out(self) -> None:
        """Warn, in Keras' words, that the epoch or the run ends for want of data."""
        warn(RAN_OUT)

    def _join(self) -> None:
        """Wait for the last epoch's thread and take what it made in vain."""
        if self._running is not None:
            self._unused.extend(self._running.join())
            self._running = None

    def end_epoch(self, done: int) -> None:
        """Whoever has used `done` batches takes no more of this epoch: if there are none, its end need not be looked for."""
        if done == self.num_batches:
            self._end_epoch()

    def keep_positions(self) -> None:
        """From here on note the position after every batch, for `state`."""
        self.keeps_positions = True
        if isinstance(self._source, PyDatasetSource):
            self._source.watch()
        if self._unused and not self._begun:  # the first batch was made to see what batches are like
            here = self._here()
            self._unused[0] = self._unused[0][0], here
            start = self._at_start or here["source"]
            self._position = {**here, "drawn": 0, "over": False, "source": start, "untouched": True}

    def abandon(self) -> None:
        """The run was interrupted: draw no more random numbers in the background. What hangs is left alone after a second."""
        if self._running is not None:
            self._running.join(1.0)

    def _end_epoch(self) -> None:
        self._join()
        self._close_epoch()
        if not self._unused:
            self._position = self._here()

    def _make(self, made: int) -> Iterator[Any]:
        """In the background: the batches of one epoch, `made` of which there are already."""
        wraps = isinstance(self._source, PyDatasetSource)
        while self.steps is None or made < self.steps:
            batch = self._take()
            if batch is not None:
                made += 1
                yield batch
            elif self.exhausted or self.steps is None or not self._drawn or (made and not wraps):
                return

    def _take(self) -> tuple[tuple[Any, Any, Any], dict[str, Any]] | None:
        """The next batch and the position after it; None at the end of a pass, after which another one begins."""
        if self._unused:
            return self._unused.popleft()
        if self._pass is None:
            self._tell_source()
            self._pass, self._drawn = self._source.new_pass(), 0
            self._at_start = own_state(self._pass)
        try:
            item = next(self._pass)
        except StopIteration:
            self._pass, self._pass_over = None, True
            self.exhausted = not self._source.restartable
            return None
        self._drawn += 1
        self._ever = True
        return self._convert(item), self._here()

    def _here(self) -> dict[str, Any]:
        """The position, as `restore` takes it."""
        if not self.keeps_positions:
            return {}
        return {
            "drawn": self._drawn,
            "over": self._pass is None,
            "exhausted": self.exhausted,
            "source": self._source.state(),
            "random": host_state(),  # what makes the batches may draw from the generators of Python and NumPy
        }

    @property
    def kind(self) -> str:
        """What the stream is made of, in a word."""
        return type(self._source).__name__.removesuffix("Source")

    def state(self) -> dict[str, Any]:
        """The position after the last batch that was used, for `restore`. Needs `keeps_positions`."""
        return self._position

    def restore(self, state: dict[str, Any], middle: bool) -> None:
        """Go on from a position of another stream of the same data. `middle`: an epoch is under way there."""
        untouched = bool(state.get("untouched"))
        if not state or (untouched and not self._source.restartable):
            return
        self._join()
        self._unused.clear()
        self._pass, self._pass_over = self._source.resume_pass(state["drawn"], state["source"]), False
        self._drawn, self.exhausted, self._ever = state["drawn"], state["exhausted"], True
        if state["source"].get("own") and (state["over"] or self._drawn == self._source.length):
            next(self._pass, None)  # there is none; its data set counts the pass
        if state["over"]:
            self._pass = None
        self._begun, self._position = not (middle or untouched), state

    def _close_epoch(self) -> None:
        """Where the pass ended with the epoch, say so while the user still thinks of this epoch."""
        if self._pass is not None and self._source.restartable and self._drawn == self._source.length:
            self._pass, self._pass_over = None, True
        self._tell_source()

    def _tell_source(self) -> None:
        if self._pass_over:
            self._pass_over = False
            self._source.end_pass()

    def _convert(self, item: Any) -> tuple[Any, Any, Any]:
        """A batch of the user as checked arrays."""
        if self._mode == "predict" and isinstance(item, list) and not isinstance(self._source, IterableSource):
            item = (item,)  # several inputs; data loaders put (x, y) into a list
        x, y, sample_weight = (
            to_arrays(part, name, self._allow_text)
            for part, name in zip(unpack_x_y_sample_weight(item), ("x", "y", "sample_weight"), strict=True)
        )
        if x is None:
            raise InvalidArgumentError("Expected every batch to hold inputs; received None for x.")
        check_rows(x, y, sample_weight)
        x, y, sample_weight = map_nest(_copied, (x, y, sample_weight))
        if self._class_weight is not None:
            sample_weight = apply_class_weight(y, sample_weight, self._class_weight, self._output_names)
        return x, y, sample_weight


def _copied(array: Any) -> Any:
    """A copy of a NumPy array: it is made ahead of its use, and whoever made it may fill the same memory again."""
    return array.copy() if isinstance(array, np.ndarray) else array
