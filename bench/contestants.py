"""Who can race: Cornu and its rivals, and which function of a workload file each of them runs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

Task = Callable[[Any, bool], dict[str, Any]]


@dataclass(frozen=True)
class Contestant:
    """A package, the environment variables it needs, and the names of the functions it can run, best first."""

    package: str
    functions: tuple[str, ...]
    needs: tuple[str, ...]  # distributions that must be installed
    rival: bool = True  # runs in the rivals' interpreter
    environment: dict[str, str] = field(default_factory=dict)

    def task(self, workload: ModuleType) -> Task | None:
        """The function of the workload that this contestant runs, or None if it takes no part."""
        return next((getattr(workload, name) for name in self.functions if hasattr(workload, name)), None)


def _keras(backend: str, distribution: str, steps: int = 0) -> Contestant:
    """Keras 3; with `steps`, only in workloads that compile with `measure.compile_options()`."""
    function = "with_keras_steps" if steps else "with_keras"
    environment = {"KERAS_BACKEND": backend} | ({"BENCH_STEPS_PER_EXECUTION": str(steps)} if steps else {})
    return Contestant("keras", (function,), ("keras", distribution), environment=environment)


CONTESTANTS = {
    "cornu": Contestant("cornu", ("with_cornu", "with_keras"), ("jax",), rival=False),
    "jax": Contestant("jax", ("with_jax",), ("jax",), rival=False),
    "keras-tensorflow": _keras("tensorflow", "tensorflow"),
    "keras-jax": _keras("jax", "jax"),
    "keras-torch": _keras("torch", "torch"),
    "keras-tensorflow-50": _keras("tensorflow", "tensorflow", 50),
    "keras-jax-50": _keras("jax", "jax", 50),
    "tensorflow": Contestant("tensorflow", ("with_tensorflow",), ("tensorflow",)),
    "tf-keras": Contestant("tf_keras", ("with_tf_keras",), ("tf_keras", "tensorflow")),
    "torch": Contestant("torch", ("with_torch",), ("torch",)),
}
