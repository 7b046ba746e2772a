"""CutMix: a rectangle of images from another image, labels mixed by area."""

import jax.numpy as jnp

from cornu import ops, random
from cornu.core.dispatch import op
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.box_formats import convert_format
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer
from cornu.layers.preprocessing.image.mix_up import mixed, shares_of_classes
from cornu.layers.preprocessing.image.rectangles import rectangles

_SMALLEST = 1e-3  # of the parameter of a beta distribution


@LAYERS.add()
class CutMix(RandomImageLayer):
    """A random rectangle of every image replaced by that of another one of the batch while training.

    Args: factor: Two ends for a; the share w of an image that stays is Beta(a, a). A number f means (0, f).

    Shape: ([n,] h, w, c) -> the same. Labels become `w y + (1 - w) y'`. Boxes (n, m, 4) become (n, 2 m, 4): those of the
    image, then those of the other cut at the rectangle, with label -1 where nothing is left.
    Raises: InvalidArgumentError on a factor that does not fit, or labels that are class numbers.
    Differs from Keras: boxes are carried along.
    Source: keras.layers.CutMix; Yun et al. 2019.
    """

    def __init__(self, factor=1.0, seed=None, data_format=None, **common):
        super().__init__(seed=seed, data_format=data_format, **common)
        self.factor = limits("factor", factor, 0, 1)

    def draw(self, shape, seed):
        count, height, width, _ = shape
        order = random.shuffle(ops.arange(count), seed=seed)
        a = ops.maximum(random.uniform((), *self.factor, dtype="float32", seed=seed), _SMALLEST)
        kept = random.beta((count,), a, a, dtype="float32", seed=seed)
        side = ops.broadcast_to(ops.sqrt(1.0 - kept)[:, None], (count, 2))
        places = random.uniform((count, 2), dtype="float32", seed=seed)
        masks = rectangles(side, places, height=height, width=width)
        cut = ops.mean(ops.cast(masks, "float32"), axis=(1, 2, 3), keepdims=True)
        return {"permutation_order": order, "batch_masks": masks, "mix_weight": 1.0 - cut}

    def change_images(self, images, drawn):
        return ops.where(drawn["batch_masks"], ops.take(images, drawn["permutation_order"], axis=0), images)

    def change_masks(self, masks, drawn):
        return ops.where(drawn["batch_masks"][..., :1], ops.take(masks, drawn["permutation_order"], axis=0), masks)

    def change_labels(self, labels, drawn):
        return mixed(shares_of_classes(labels, self.name), drawn)

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        if not training:
            return bounding_boxes
        own, size = self.bounding_box_format or "xyxy", transformation["input_shape"][1:3]
        boxes = convert_format(bounding_boxes["boxes"], own, "xyxy", *size, dtype=self.compute_dtype)
        labels = ops.convert_to_tensor(bounding_boxes["labels"])
        boxes, labels = boxes_of_both(boxes, labels, transformation["permutation_order"], transformation["batch_masks"])
        boxes = convert_format(boxes, "xyxy", own, *size, dtype=self.compute_dtype)
        return {**bounding_boxes, "boxes": boxes, "labels": labels}


@op
def boxes_of_both(boxes, labels, order, masks):
    """Own boxes, then the partner's as far as the rectangle shows them. Shape: (n, m, 4), (n, m) -> (n, 2 m, 4), (n, 2 m)."""
    limits = []
    for axis, other in ((2, 1), (1, 2)):
        line, places = masks[..., 0].any(other), jnp.arange(masks.shape[axis])
        first = jnp.where(line, places, masks.shape[axis]).min(-1)
        limits.append((first, jnp.maximum(jnp.where(line, places + 1, 0).max(-1), first)))
    (left, right), (top, bottom) = limits
    low, high = (jnp.stack(pair * 2, -1)[:, None].astype(boxes.dtype) for pair in ((left, top), (right, bottom)))
    others = jnp.clip(boxes[order], low, high)
    is_seen = (others[..., 2] > others[..., 0]) & (others[..., 3] > others[..., 1])
    others_labels = jnp.where(is_seen, labels[order], jnp.asarray(-1, labels.dtype))
    return jnp.concatenate([boxes, others], 1), jnp.concatenate([labels, others_labels], 1)
