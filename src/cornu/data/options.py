"""Settings of datasets. Source: tf.data.Options."""

from typing import Any

from cornu._base.errors import InvalidTypeError
from cornu._base.suggest import did_you_mean


class _Settings:
    """Named settings, None until they are set."""

    _names: tuple[str, ...] = ()
    _groups: dict[str, type] = {}

    def __init__(self) -> None:
        for name in self._names:
            object.__setattr__(self, name, None)
        for name, kind in self._groups.items():
            object.__setattr__(self, name, kind())

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._names and name not in self._groups:
            known = [*self._names, *self._groups]
            raise InvalidTypeError(f"{type(self).__name__} has no setting {name!r}.{did_you_mean(name, known)}")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __repr__(self) -> str:
        given = {name: value for name, value in vars(self).items() if value is not None}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in given.items())})"

    __hash__ = None  # type: ignore[assignment]

    def merge(self, other: "_Settings") -> Any:
        """These settings, and over them those that `other` has set."""
        merged = type(self)()
        for name in self._names:
            value = getattr(other, name)
            setattr(merged, name, getattr(self, name) if value is None else value)
        for name in self._groups:
            setattr(merged, name, getattr(self, name).merge(getattr(other, name)))
        return merged


class ThreadingOptions(_Settings):
    """Accepted: `num_parallel_calls` of each step says how many threads run."""

    _names = ("max_intra_op_parallelism", "private_threadpool_size")


class AutotuneOptions(_Settings):
    """Accepted: buffers here have fixed sizes."""

    _names = ("autotune_algorithm", "cpu_budget", "enabled", "initial_parallelism", "min_parallelism", "ram_budget")


class DistributeOptions(_Settings):
    """How batches are divided between processes."""

    _names = ("auto_shard_policy", "num_devices")


class OptimizationOptions(_Settings):
    """Accepted: pipelines are always run in the fastest way that gives the same elements."""

    _names = (
        "apply_default_optimizations", "filter_fusion", "filter_parallelization", "inject_prefetch", "map_and_batch_fusion",
        "map_and_filter_fusion", "map_fusion", "map_parallelization", "noop_elimination", "parallel_batch",
        "seq_interleave_prefetch", "shuffle_and_repeat_fusion",
    )  # fmt: skip


class Options(_Settings):
    """Settings of a dataset, kept and merged along the pipeline.

    They permit the runtime to do things that change no element and, with `deterministic = False`, other orders. Here elements
    always come in their order, unless a `map` itself says `deterministic=False`.
    """

    _names = (
        "dataset_name", "deterministic", "experimental_deterministic", "experimental_external_state_policy",
        "experimental_slack", "experimental_symbolic_checkpoint", "experimental_warm_start", "framework_type",
    )  # fmt: skip
    _groups = {
        "autotune": AutotuneOptions,
        "experimental_distribute": DistributeOptions,
        "experimental_optimization": OptimizationOptions,
        "experimental_threading": ThreadingOptions,
        "threading": ThreadingOptions,
    }
