"""What is drawn for every image of a batch, and how it is applied."""

from typing import Any

from cornu import ops, random


def one_of(count: int, limits: tuple[float, float], seed: Any) -> Any:
    """A number between the limits for each of `count` images. Shape: (count,)."""
    return random.uniform((count,), limits[0], limits[1], dtype="float32", seed=seed)


def chosen(count: int, probabilities: tuple[float, float], seed: Any) -> Any:
    """True for images that are to be changed, with a probability between the two for each. Shape: (count,)."""
    return one_of(count, (0.0, 1.0), seed) < one_of(count, probabilities, seed)


def per_image(x: Any, like: Any) -> Any:
    """Numbers of images, of any shape with one entry each, ready to broadcast. Shape: (n, ...) -> (n, 1, 1, 1)."""
    return ops.reshape(ops.cast(x, like.dtype), (-1, 1, 1, 1))


def where_chosen(is_chosen: Any, changed: Any, images: Any) -> Any:
    """The changed images where `is_chosen`, else the images. Shape: (n,), (n, h, w, c) twice -> (n, h, w, c)."""
    return ops.where(ops.reshape(is_chosen, (-1, 1, 1, 1)), changed, images)
