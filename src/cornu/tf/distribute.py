"""Strategies for one machine: the code runs as it is written. Source: tf.distribute."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from cornu.core.tensor import is_tensor
from cornu.tf import scopes


class ReduceOp:
    """How values of several replicas are combined. Source: tf.distribute.ReduceOp."""

    SUM = "SUM"
    MEAN = "MEAN"


class ReplicaContext:
    """What code inside of `strategy.run` sees: it is the only replica."""

    replica_id_in_sync_group = 0
    num_replicas_in_sync = 1

    def __init__(self, strategy: "Strategy"):
        self.strategy = strategy

    def all_reduce(self, reduce_op: str, value: Any, options: Any = None) -> Any:
        """The value: there is one."""
        return value

    def merge_call(self, merge_fn: Callable, args: tuple = (), kwargs: dict | None = None) -> Any:
        """The function called with the strategy in front."""
        return merge_fn(self.strategy, *args, **(kwargs or {}))


class Strategy:
    """One replica on one device. Source: tf.distribute.Strategy."""

    num_replicas_in_sync = 1

    def __init__(self, device: Any = None):
        self._device = device

    @contextlib.contextmanager
    def scope(self) -> Iterator["Strategy"]:
        """Models and variables made inside belong to the strategy."""
        saved, _current[0] = _current[0], self
        try:
            with scopes.device(self._device):
                yield self
        finally:
            _current[0] = saved

    def run(self, fn: Callable, args: tuple = (), kwargs: dict | None = None, options: Any = None) -> Any:
        """The function's result on the one replica."""
        return fn(*args, **(kwargs or {}))

    def reduce(self, reduce_op: str, value: Any, axis: int | None = None) -> Any:
        """The value; with `axis`, its sum or mean over it."""
        if axis is None:
            return value
        from cornu import ops

        return (ops.mean if str(reduce_op).upper().endswith("MEAN") else ops.sum)(value, axis=axis)

    def experimental_distribute_dataset(self, dataset: Any, options: Any = None) -> Any:
        """The dataset."""
        return dataset

    def distribute_datasets_from_function(self, dataset_fn: Callable, options: Any = None) -> Any:
        """The dataset that the function gives for the one worker."""
        return dataset_fn(InputContext())

    def experimental_local_results(self, value: Any) -> tuple[Any, ...]:
        """A tuple of the one value."""
        return value if isinstance(value, tuple) and not is_tensor(value) else (value,)

    def gather(self, value: Any, axis: int) -> Any:
        """The value."""
        return value


class InputContext:
    """Which part of the input a worker reads: all of it. Source: tf.distribute.InputContext."""

    num_input_pipelines, input_pipeline_id, num_replicas_in_sync = 1, 0, 1

    def get_per_replica_batch_size(self, global_batch_size: int) -> int:
        """The whole batch."""
        return global_batch_size


class OneDeviceStrategy(Strategy):
    """Everything on the device named. Source: tf.distribute.OneDeviceStrategy."""


class MirroredStrategy(Strategy):
    """All accelerators of this machine, in TensorFlow; the first of `devices` here. Source: tf.distribute.MirroredStrategy."""

    def __init__(self, devices: Any = None, cross_device_ops: Any = None):
        super().__init__(devices[0] if devices else None)


MultiWorkerMirroredStrategy = MirroredStrategy
_current: list[Strategy] = [Strategy()]


def get_strategy() -> Strategy:
    """The strategy whose scope is open; the default one otherwise."""
    return _current[0]


def has_strategy() -> bool:
    """Whether a strategy's scope is open."""
    return type(_current[0]) is not Strategy


def get_replica_context() -> ReplicaContext:
    """The one replica."""
    return ReplicaContext(_current[0])


def in_cross_replica_context() -> bool:
    """Whether a strategy's scope is open."""
    return has_strategy()
