"""Non-maximum suppression: of boxes that overlap, the one with the best score stays. Source: tf.image."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.core.tensor import Tensor, convert_to_tensor


class CombinedNonMaxSuppression(NamedTuple):
    nmsed_boxes: Tensor
    nmsed_scores: Tensor
    nmsed_classes: Tensor
    valid_detections: Tensor


def _overlaps(box: jax.Array, boxes: jax.Array) -> jax.Array:
    """Intersection over union of a box with others; corners may be in any order. Shape: (4,), (n, 4) -> (n,)."""
    low, high = (jnp.minimum(boxes[:, :2], boxes[:, 2:]), jnp.maximum(boxes[:, :2], boxes[:, 2:]))
    first, last = jnp.minimum(box[:2], box[2:]), jnp.maximum(box[:2], box[2:])
    common = jnp.prod(jnp.maximum(jnp.minimum(high, last) - jnp.maximum(low, first), 0), -1)
    areas, area = jnp.prod(high - low, -1), jnp.prod(last - first)
    union = areas + area - common
    return jnp.where((areas > 0) & (area > 0), common / jnp.where(union > 0, union, 1), 0)


def _select(overlap_with: Any, scores: Any, count: int, overlap: Any, least: Any, sigma: Any) -> Any:
    """Greedy choice of at most `count` entries. Returns: indices, their scores (0 where there is none), how many."""
    decay = jnp.where(sigma > 0, -0.5 / jnp.where(sigma > 0, sigma, 1), 0).astype(scores.dtype)

    def body(step: Any, state: Any) -> Any:
        left, chosen, kept, number = state
        best = jnp.argmax(left)
        is_good = left[best] > least
        shared = overlap_with(best)
        # Soft suppression lets a score fade with the overlap; the hard one ends it.
        faded = jnp.where(jnp.isfinite(left), left * jnp.exp(decay * shared**2), left)
        remaining = jnp.where(sigma > 0, faded, jnp.where(shared > overlap, -jnp.inf, left))
        remaining = jnp.where(is_good, remaining, left)
        score = jnp.where(is_good, left[best], 0)
        return (
            remaining.at[best].set(jnp.where(is_good, -jnp.inf, left[best])),
            chosen.at[step].set(jnp.where(is_good, best, 0).astype(jnp.int32)),
            kept.at[step].set(score),
            number + is_good,
        )

    start = scores, jnp.zeros(count, jnp.int32), jnp.zeros(count, scores.dtype), jnp.int32(0)
    return lax.fori_loop(0, count, body, start)[1:]


@op(tensors="boxes scores iou_threshold score_threshold soft_nms_sigma")
def suppress_boxes(boxes, scores, iou_threshold, score_threshold, soft_nms_sigma, max_output_size=1):
    """Indices of the boxes that stay, their scores, and how many they are. Shape: (n, 4), (n,) -> (m,), (m,), ()."""
    if boxes.ndim != 2 or boxes.shape[1] != 4 or scores.shape != boxes.shape[:1]:
        raise InvalidArgumentError(
            f"Expected boxes (n, 4) and scores (n,); received shapes {tuple(boxes.shape)} and {tuple(scores.shape)}."
        )
    if not boxes.shape[0]:
        return jnp.zeros(max_output_size, jnp.int32), jnp.zeros(max_output_size, scores.dtype), jnp.int32(0)
    return _select(
        lambda best: _overlaps(boxes[best], boxes),
        scores,
        max_output_size,
        iou_threshold,
        score_threshold,
        soft_nms_sigma,
    )


@op(tensors="overlaps scores overlap_threshold score_threshold")
def suppress_overlaps(overlaps, scores, overlap_threshold, score_threshold, max_output_size=1):
    """As `suppress_boxes`, with the overlaps given. Shape: (n, n), (n,) -> (m,), (m,), ()."""
    return _select(
        lambda best: overlaps[best], scores, max_output_size, overlap_threshold, score_threshold, jnp.float32(0)
    )


def non_max_suppression(
    boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=float("-inf"), name=None
):  # fmt: skip
    """Indices of the best boxes, the best first, none of which overlaps a better one by more than `iou_threshold`.

    Args: `boxes`: two opposite corners, (y1, x1, y2, x2); `score_threshold`: boxes with no more than it go.
    Shape: (n, 4), (n,) -> (at most max_output_size,), int32. Source: tf.image.non_max_suppression.
    """
    return non_max_suppression_with_scores(boxes, scores, max_output_size, iou_threshold, score_threshold)[0]


def non_max_suppression_with_scores(
    boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=float("-inf"), soft_nms_sigma=0.0, name=None
):  # fmt: skip
    """Indices of the best boxes and their scores; with `soft_nms_sigma` above 0, overlaps lower scores instead.

    Shape: (n, 4), (n,) -> (m,), (m,). Source: Bodla et al. 2017; tf.image.non_max_suppression_with_scores.
    """
    size = _limited(boxes, max_output_size)
    found, kept, count = suppress_boxes(boxes, scores, iou_threshold, score_threshold, soft_nms_sigma, size)
    return found[: int(count)], kept[: int(count)]


def non_max_suppression_overlaps(
    overlaps, scores, max_output_size, overlap_threshold=0.5, score_threshold=float("-inf"), name=None
):  # fmt: skip
    """As `non_max_suppression`, with a matrix of overlaps. Source: tf.image.non_max_suppression_overlaps."""
    size = _limited(overlaps, max_output_size)
    found, _, count = suppress_overlaps(overlaps, scores, overlap_threshold, score_threshold, size)
    return found[: int(count)]


def non_max_suppression_padded(
    boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=float("-inf"), pad_to_max_output_size=False,
    name=None, sorted_input=False, canonicalized_coordinates=False, tile_size=512,
):  # fmt: skip
    """Indices of the best boxes and how many they are; filled up with 0 to a size known while compiling.

    The hints `sorted_input`, `canonicalized_coordinates` and `tile_size` do not change the result.
    Shape: ([n,] boxes, 4), ([n,] boxes) -> ([n,] m), ([n]), int32. Source: tf.image.non_max_suppression_padded.
    """
    boxes, scores = convert_to_tensor(boxes), convert_to_tensor(scores)
    size = int(max_output_size)
    if boxes.ndim > 2:
        if not pad_to_max_output_size:
            raise InvalidArgumentError("'pad_to_max_output_size' (value False) must be True for batched input.")
        return suppress_batches(boxes, scores, iou_threshold, score_threshold, size)
    found, _, count = suppress_boxes(boxes, scores, iou_threshold, score_threshold, 0.0, size)
    return (found if pad_to_max_output_size else found[: int(count)]), count


@op(tensors="boxes scores iou_threshold score_threshold")
def suppress_batches(boxes, scores, iou_threshold, score_threshold, max_output_size=1):
    """`suppress_boxes` on leading axes. Shape: (..., n, 4), (..., n) -> (..., m), (...)."""

    def one(corners: jax.Array, values: jax.Array) -> Any:
        found, _, count = suppress_boxes.raw(
            corners, values, iou_threshold, score_threshold, jnp.float32(0), max_output_size
        )
        return found, count

    lead = scores.shape[:-1]
    found, counts = jax.vmap(one)(boxes.reshape(-1, *boxes.shape[-2:]), scores.reshape(-1, scores.shape[-1]))
    return found.reshape(*lead, max_output_size), counts.reshape(lead)


def combined_non_max_suppression(
    boxes, scores, max_output_size_per_class, max_total_size, iou_threshold=0.5, score_threshold=float("-inf"),
    pad_per_class=False, clip_boxes=True, name=None,
):  # fmt: skip
    """The best boxes of all classes, each class suppressed by itself; filled up with 0.

    Shape: (n, boxes, 1 or classes, 4), (n, boxes, classes) -> (n, m, 4), (n, m), (n, m), (n,).
    Source: tf.image.combined_non_max_suppression.
    """
    classes = convert_to_tensor(scores).shape[-1]
    total = int(max_total_size)
    if pad_per_class:
        total = min(total, int(max_output_size_per_class) * classes)
    found = suppress_classes(
        boxes, scores, iou_threshold, score_threshold, int(max_output_size_per_class), total, bool(clip_boxes)
    )
    return CombinedNonMaxSuppression(*found)


@op(tensors="boxes scores iou_threshold score_threshold")
def suppress_classes(boxes, scores, iou_threshold, score_threshold, per_class=1, total=1, clip=True):
    """The work of `combined_non_max_suppression`."""
    count, classes = scores.shape[1:]
    per_class = min(per_class, count)

    def of_class(corners: jax.Array, values: jax.Array) -> Any:
        found, kept, number = suppress_boxes.raw(
            corners, values, iou_threshold, score_threshold, jnp.float32(0), per_class
        )
        return corners[found], jnp.where(jnp.arange(per_class) < number, kept, -jnp.inf)

    def of_image(corners: jax.Array, values: jax.Array) -> Any:
        corners = jnp.broadcast_to(corners, (count, classes, 4)).swapaxes(0, 1)
        found, kept = jax.vmap(of_class)(corners, values.T)
        kept, numbers = kept.reshape(-1), jnp.repeat(jnp.arange(classes, dtype=values.dtype), per_class)
        order = jnp.argsort(-kept, stable=True)[:total]
        is_there = kept[order] > -jnp.inf
        chosen = jnp.where(is_there[:, None], found.reshape(-1, 4)[order], 0)
        parts = jnp.clip(chosen, 0, 1) if clip else chosen, jnp.where(is_there, kept[order], 0)
        parts = *parts, jnp.where(is_there, numbers[order], 0)
        missing = total - len(order)
        padded = [jnp.pad(part, ((0, missing),) + ((0, 0),) * (part.ndim - 1)) for part in parts]
        return *padded, jnp.sum(is_there).astype(jnp.int32)

    return jax.vmap(of_image)(boxes, scores)


def _limited(values: Any, max_output_size: Any) -> int:
    size = int(np.asarray(max_output_size))
    if size < 0:
        raise InvalidArgumentError(f"max_output_size must be non-negative; received {size}.")
    return min(size, convert_to_tensor(values).shape[0])
