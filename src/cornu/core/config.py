"""Settings a user can change: default float type, epsilon, image layout. Source: keras.config."""

import os
from collections.abc import Callable
from typing import Any, Literal

from cornu._base import names
from cornu._base.errors import InvalidArgumentError

_FLOATS = ("float16", "bfloat16", "float32", "float64")
_LAYOUTS = ("channels_last", "channels_first")
_STYLES = ("keras3", "tf2")

_settings: dict[str, Any] = {
    "floatx": "float32",
    "epsilon": 1e-7,
    "image_data_format": "channels_last",
    "style": "keras3",
    "learning_phase": None,  # nobody said: calls without `training` are in inference mode
    "flash_attention": None,  # nobody said: compute by matrix products
}
on_change: list[Callable[[], None]] = []  # caches that depend on a setting register how to forget
_version = 0
_limits: dict[str, int | None] = {}  # set by functions; else the environment's
_switches = {"interactive_logging": True, "traceback_filtering": True, "unsafe_deserialization": False}


def _set(name: str, value: object) -> None:
    global _version
    if _settings[name] == value:
        return
    _settings[name] = value
    _version += 1
    for forget in on_change:
        forget()


def version() -> int:
    """How often a setting has changed: what was compiled under another version is stale."""
    return _version


def floatx() -> str:
    """The default float type, `"float32"` unless changed."""
    return _settings["floatx"]


def set_floatx(value: str) -> None:
    """Set the default float type. Raises: InvalidArgumentError if it is not one of float16, bfloat16, float32, float64."""
    if value not in _FLOATS:
        raise InvalidArgumentError(f"Expected floatx to be one of {', '.join(_FLOATS)}; received {value!r}.")
    _set("floatx", str(value))


def epsilon() -> float:
    """The small number that keeps divisions and logarithms finite, 1e-7 unless changed."""
    return _settings["epsilon"]


def set_epsilon(value: float) -> None:
    """Set the small number that keeps divisions and logarithms finite."""
    _set("epsilon", float(value))


def image_data_format() -> str:
    """Where images keep their channels, `"channels_last"` unless changed."""
    return _settings["image_data_format"]


def set_image_data_format(value: str) -> None:
    """Set where images keep their channels. Raises: InvalidArgumentError on an unknown layout."""
    if value not in _LAYOUTS:
        raise InvalidArgumentError(
            f"Expected image_data_format to be one of {', '.join(_LAYOUTS)}; received {value!r}."
        )
    _set("image_data_format", str(value))


def style() -> Literal["keras3", "tf2"]:
    """How things are presented where the generations of Keras differ: `"keras3"` or `"tf2"` (as tf.keras printed them)."""
    return _settings["style"]


def set_style(value: str) -> None:
    """Set the style of presentation. Raises: InvalidArgumentError on an unknown one."""
    if value not in _STYLES:
        raise InvalidArgumentError(f"Expected style to be one of {', '.join(_STYLES)}; received {value!r}.")
    names.let_digits_belong_to_words(value == "tf2")
    _set("style", str(value))


def learning_phase() -> bool | None:
    """Whether layers called without `training` are in training mode; None where it is not set. Source: K.learning_phase."""
    return _settings["learning_phase"]


def set_learning_phase(value: bool | None) -> None:
    """Set the mode of layers that are called without `training`; None takes it back."""
    _set("learning_phase", value)


def dtype_policy() -> Any:
    """The policy of layers that get no dtype. Source: keras.config.dtype_policy."""
    from cornu.core import dtype_policy as policies

    return policies.dtype_policy()


def set_dtype_policy(policy: Any) -> None:
    """Set the policy of layers made from now on. Source: keras.config.set_dtype_policy."""
    from cornu.core import dtype_policy as policies

    policies.set_dtype_policy(policy)


def backend() -> str:
    """The engine: `"jax"`."""
    return "jax"


def set_backend(name: str) -> None:
    """Choose the engine. Raises: InvalidArgumentError unless it is `"jax"`, the only one. Source: keras.config.set_backend."""
    if name != "jax":
        raise InvalidArgumentError(f"Expected the backend 'jax', Cornu's only engine; received {name!r}.")


def is_nnx_enabled() -> bool:
    """False: layers are not Flax modules. Source: keras.config.is_nnx_enabled."""
    return False


def max_epochs() -> int | None:
    """The most epochs that any `fit` runs, None if unlimited. Source: keras.config.max_epochs."""
    return _limit("KERAS_MAX_EPOCHS")


def set_max_epochs(max_epochs: int | None) -> None:
    """Limit the epochs of every `fit`; `KERAS_MAX_EPOCHS` does so from outside. Source: keras.config.set_max_epochs."""
    _set_limit("KERAS_MAX_EPOCHS", "max_epochs", max_epochs)


def max_steps_per_epoch() -> int | None:
    """The most batches of an epoch, None if unlimited. Source: keras.config.max_steps_per_epoch."""
    return _limit("KERAS_MAX_STEPS_PER_EPOCH")


def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """Limit the batches of an epoch of `fit`, and of `evaluate` and `predict`; `KERAS_MAX_STEPS_PER_EPOCH` does so from outside.

    Source: keras.config.set_max_steps_per_epoch.
    """
    _set_limit("KERAS_MAX_STEPS_PER_EPOCH", "max_steps_per_epoch", max_steps_per_epoch)


def _limit(variable: str) -> int | None:
    if variable in _limits:
        return _limits[variable]
    value = os.environ.get(variable, "")
    return int(value) if value.isdigit() else None


def _set_limit(variable: str, name: str, value: int | None) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise InvalidArgumentError(f"Expected {name} to be a positive integer or None; received {value!r}.")
    _limits[variable] = value


def is_interactive_logging_enabled() -> bool:
    """Whether progress is printed; otherwise it goes to Python's `logging`."""
    return _switches["interactive_logging"]


def enable_interactive_logging() -> None:
    """Print progress to the standard output, the default. Source: keras.config.enable_interactive_logging."""
    _switches["interactive_logging"] = True


def disable_interactive_logging() -> None:
    """Send progress to `logging.getLogger("cornu")` at level INFO. Source: keras.config.disable_interactive_logging."""
    _switches["interactive_logging"] = False


def is_flash_attention_enabled() -> bool | None:
    """Whether attention tries a GPU's fused kernel; None: nobody has said. Source: keras.config.is_flash_attention_enabled."""
    return _settings["flash_attention"]


def enable_flash_attention() -> None:
    """Compute attention by the fused kernel where it can: on a GPU, in float16 or bfloat16, without a cap on the logits.

    Source: keras.config.enable_flash_attention.
    """
    _set("flash_attention", True)


def disable_flash_attention() -> None:
    """Compute attention by matrix products. Source: keras.config.disable_flash_attention."""
    _set("flash_attention", False)


def is_unsafe_deserialization_enabled() -> bool:
    """Whether lambdas in files may run whatever `safe_mode` says."""
    return _switches["unsafe_deserialization"]


def enable_unsafe_deserialization() -> None:
    """Let lambdas in files run from now on, whatever `safe_mode` says: that is code of whoever made the file.

    Source: keras.config.enable_unsafe_deserialization.
    """
    _switches["unsafe_deserialization"] = True


def is_traceback_filtering_enabled() -> bool:
    """Whether the tracebacks of errors leave out the frames of JAX's internals."""
    return _switches["traceback_filtering"]


def enable_traceback_filtering() -> None:
    """Leave the frames of JAX's internals out of tracebacks, the default. Source: keras.config.enable_traceback_filtering."""
    _filter_tracebacks(True)


def disable_traceback_filtering() -> None:
    """Show all frames of JAX in tracebacks. Source: keras.config.disable_traceback_filtering."""
    _filter_tracebacks(False)


def _filter_tracebacks(is_on: bool) -> None:
    import jax

    _switches["traceback_filtering"] = is_on
    jax.config.update("jax_traceback_filtering", "auto" if is_on else "off")
