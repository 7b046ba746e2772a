"""The data of a run: on the device if it fits there, else batch by batch from the host."""

from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from cornu.core.transfer import to_device
from cornu.training import loop, row_orders
from cornu.training.arrays import ArrayData
from cornu.training.ordered_arrays import OrderedArrays
from cornu.training.streams import StreamData


class RunSource:
    """Data of a run: on the device if it fits there, else batch by batch from the host."""

    def __init__(self, data: ArrayData | StreamData):
        self.data = data
        self.is_array = isinstance(data, ArrayData)
        self.steps = data.num_batches
        self._paces: dict[str, loop.Pace] = {}
        self._device: Any = None
        if self.is_array:
            self.rows, self.batch_size = data.rows, data.batch_size
            self.on_device = loop.nbytes(data.data) <= loop.device_budget()
        else:
            self.on_device = False
        self.goes_on = type(data) is ArrayData  # a pass that an epoch has not finished is finished by the next one

    @property
    def device_data(self) -> Any:
        """The arrays on the device, put there at first use."""
        if self._device is None:
            self._device = jax.tree.map(to_device, self.data.data)
        return self._device

    def exhausted(self) -> bool:
        """True if no epoch can follow: a generator has ended. Says so once."""
        if self.is_array or not self.data.exhausted:
            return False
        self.data.warn_ran_out()
        return True

    def example(self) -> tuple:
        """Arrays with the shapes of a batch (rows may be more), to build from."""
        if self.is_array:
            return self.data.data
        return self.data.peek()

    def pace(self, mode: str, steps_per_execution: int | str, watched: bool) -> loop.Pace:
        """The pace of earlier epochs."""
        if mode not in self._paces:
            self._paces[mode] = loop.Pace(steps_per_execution, watched)
        return self._paces[mode]

    def order(self, seed: Any, shuffle: Any, again: int = 0) -> Any:
        """The order of rows for the pass number `again` from the seed's epoch on, None for the given one."""
        if isinstance(self.data, OrderedArrays):
            return jax.device_put(self.data.order(seed))
        if not shuffle or seed is None:
            return None
        run, epoch = seed
        return row_orders.permutation(run, epoch + again, self.rows, self.batch_size if shuffle == "batch" else None)

    def batches(
        self, seed: Any = None, shuffle: Any = False, steps: int | None = None, first: int = 0, before: int = 0
    ) -> Iterator:
        """The batches of one epoch, from the host: one pass, or as many passes over arrays as `steps` need.

        `first`: the batches of this epoch that are done already. `before`: those of earlier epochs since the first pass.
        """
        if not self.is_array:
            return iter(self.data.batches(first))

        def walk() -> Iterator:
            begin, end = before + first, before + (steps or self.steps)
            for again in range(begin // self.steps, -(-end // self.steps)):
                order = self.order(seed, shuffle, again)
                order = None if order is None else np.asarray(order)
                done = max(begin - again * self.steps, 0)
                for start in range(done * self.batch_size, self.rows, self.batch_size):
                    stop = min(start + self.batch_size, self.rows)
                    yield self.data.batch(slice(start, stop) if order is None else order[start:stop])

        return walk()

    def end_epoch(self, done: int) -> None:
        """An epoch is over, with that many batches."""
        if not self.is_array:
            self.data.end_epoch(done)

    def abandon(self) -> None:
        """An epoch was interrupted."""
        if not self.is_array:
            self.data.abandon()

    def kind(self) -> dict[str, Any]:
        """What another run's data must be like to go on from here."""
        if self.is_array:
            return {"kind": "arrays", "rows": self.rows, "batch size": self.batch_size}
        return {"kind": self.data.kind, "batches": self.steps}

    def state(self) -> dict[str, Any]:
        """The position in the data, after the last batch that was used. Arrays have none: seed and batch number tell."""
        return {} if type(self.data) is ArrayData else self.data.state()

    def restore(self, state: dict[str, Any], middle: bool) -> None:
        """Go on from that position. `middle`: an epoch is under way there."""
        if type(self.data) is not ArrayData:
            self.data.restore(state, middle)

    def keep_positions(self) -> None:
        """From now on note the position after every batch, for `state`."""
        if not self.is_array:
            self.data.keep_positions()
