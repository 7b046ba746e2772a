"""Automatic names: `Conv2D` -> `conv2d`, `conv2d_1`, ..."""

import collections
import re
import threading

_counts: dict[str, int] = collections.defaultdict(int)
_lock = threading.Lock()
_digits = {"belong_to_words": False}


def snake_case(name: str) -> str:
    """Keras 3's rule: `BatchNormalization` -> `batch_normalization`, `Conv2DTranspose` -> `conv2d_transpose`."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def keras2_snake_case(name: str) -> str:
    """Keras 2's rule, in which digits belong to words: `VGG16` -> `vg_g16`, where Keras 3 has `vgg16`."""
    name = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def let_digits_belong_to_words(value: bool) -> None:
    """Whether automatic names follow Keras 2's rule."""
    _digits["belong_to_words"] = value


def unique(prefix: str) -> str:
    """`prefix` the first time it is asked for, then `prefix_1`, `prefix_2`, ..."""
    with _lock:
        seen = _counts[prefix]
        _counts[prefix] += 1
    return f"{prefix}_{seen}" if seen else prefix


def count(prefix: str) -> int:
    """How often `unique(prefix)` or this has been asked, this time included."""
    with _lock:
        _counts[prefix] += 1
        return _counts[prefix]


def auto_name(class_name: str) -> str:
    """A fresh automatic name for an instance of the class of that name."""
    return unique((keras2_snake_case if _digits["belong_to_words"] else snake_case)(class_name))


def reset() -> None:
    """Forget all counters, as `keras.backend.clear_session` does."""
    with _lock:
        _counts.clear()
