"""Settings a user can change: default float type, epsilon, image layout. Source: keras.config."""

from collections.abc import Callable
from typing import Any

from cornu._base.errors import InvalidArgumentError

_FLOATS = ("float16", "bfloat16", "float32", "float64")
_LAYOUTS = ("channels_last", "channels_first")
_STYLES = ("keras3", "tf2")

_settings: dict[str, Any] = {
    "floatx": "float32",
    "epsilon": 1e-7,
    "image_data_format": "channels_last",
    "style": "keras3",
}
on_change: list[Callable[[], None]] = []  # caches that depend on a setting register how to forget
_version = 0


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


def style() -> str:
    """How things are presented where the generations of Keras differ: `"keras3"` or `"tf2"` (as tf.keras printed them)."""
    return _settings["style"]


def set_style(value: str) -> None:
    """Set the style of presentation. Raises: InvalidArgumentError on an unknown one."""
    if value not in _STYLES:
        raise InvalidArgumentError(f"Expected style to be one of {', '.join(_STYLES)}; received {value!r}.")
    _set("style", str(value))


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
