"""The part of TensorFlow 1 that runs eagerly: settings of devices and logging, and TensorFlow 2's names. Source: tf.compat.v1.

Graphs and sessions do not exist: ops run at once.
"""

from typing import Any

from cornu import tf
from cornu._base.errors import FailedPreconditionError
from cornu._base.suggest import attribute_error
from cornu.tf.compat import v1_logging as logging
from cornu.tf.debugging import Assert as Assert

__all__ = ["logging"]


class ConfigProto:
    """Settings of a session. Attributes may be set freely; memory growth has its effect by `tf.config.experimental`."""

    def __init__(self, **settings: Any):
        self.gpu_options = GPUOptions()
        self.__dict__.update(settings)


class GPUOptions:
    """Settings of GPUs: `allow_growth`, `per_process_gpu_memory_fraction`, ..."""

    def __init__(self, **settings: Any):
        self.__dict__.update(settings)

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value
        if name == "allow_growth":
            for device in tf.config.list_physical_devices("GPU"):
                tf.config.experimental.set_memory_growth(device, bool(value))


class Session:
    """Holds settings of devices; ops run at once, so there is nothing to run in it."""

    def __init__(self, target: str = "", graph: Any = None, config: Any = None):
        self.config, self.graph = config, graph

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held."""

    def as_default(self) -> "Session":
        """The session, as a context."""
        return self

    def run(self, fetches: Any, feed_dict: Any = None, **options: Any) -> Any:
        """The values of tensors as NumPy arrays. Raises: FailedPreconditionError with `feed_dict`: there are no placeholders."""
        if feed_dict:
            raise FailedPreconditionError(
                "Session.run: expected no feed_dict, because ops run at once and there are no placeholders. "
                "Write the computation as a function and call it."
            )
        return tf.nest.map_structure(lambda x: x.numpy() if tf.is_tensor(x) else x, fetches)


InteractiveSession = Session


def _graphs_only(name: str) -> Any:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise FailedPreconditionError(
            f"tf.compat.v1.{name}: expected TensorFlow 1's graphs, which do not exist here; ops run at once. "
            "Remove the call, and write the computation as a function."
        )

    refuse.__name__ = name
    refuse.__doc__ = f"Raises FailedPreconditionError: {name} belongs to graphs."
    return refuse


placeholder, disable_eager_execution, disable_v2_behavior = map(
    _graphs_only, ("placeholder", "disable_eager_execution", "disable_v2_behavior")
)


def enable_eager_execution(config: Any = None, device_policy: Any = None, execution_mode: Any = None) -> None:
    """Ops run at once as it is."""


def enable_v2_behavior() -> None:
    """This is TensorFlow 2's behaviour as it is."""


enable_v2_tensorshape = enable_resource_variables = enable_tensor_equality = enable_v2_behavior


def executing_eagerly() -> bool:
    """False while a function is being traced."""
    return tf.executing_eagerly()


def set_random_seed(seed: int) -> None:
    """As `tf.random.set_seed`."""
    tf.random.set_seed(seed)


def global_variables_initializer() -> None:
    """Nothing to do: variables have their values when they are made."""


local_variables_initializer = tables_initializer = initialize_all_variables = global_variables_initializer


def reset_default_graph() -> None:
    """Start automatic names afresh: there is no graph."""
    from cornu.backend import clear_session

    clear_session()


_LAZY = {
    **{name: f"cornu.tf:{name}" for name in dir(tf) if not name.startswith("_") and name not in ("compat", "Module")},
    "Module": "cornu.tf:Module",
    "ceil": "cornu.tf.math:ceil",
    "log": "cornu.tf.math:log",
    "random_normal": "cornu.tf.random:normal",
    "random_uniform": "cornu.tf.random:uniform",
    "truncated_normal": "cornu.tf.random:truncated_normal",
}
__getattr__ = attribute_error(__name__, _LAZY)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
