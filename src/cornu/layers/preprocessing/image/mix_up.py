"""MixUp: images and labels mixed with those of another image."""

from cornu import ops, random
from cornu._base.errors import InvalidArgumentError
from cornu.layers.arguments import at_least
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer


@LAYERS.add()
class MixUp(RandomImageLayer):
    """`w x + (1 - w) x'` for images, labels and masks while training; x' is another one of the batch, w ~ Beta(alpha, alpha).

    Args: alpha: At 0.2 most images are nearly pure, at 1 all shares are as likely, above they tend to a half.

    Shape: ([n,] h, w, c) -> the same. Boxes (n, m, 4) become (n, 2 m, 4): those of both images.
    Raises: InvalidArgumentError if alpha is negative, or labels or masks are integers that cannot be mixed.
    Differs from Keras: the labels of boxes go where the boxes go.
    Source: keras.layers.MixUp; Zhang et al. 2017.
    """

    def __init__(self, alpha=0.2, data_format=None, seed=None, **common):
        super().__init__(data_format=data_format, seed=seed, **common)
        self.alpha = at_least("alpha", alpha, 0)

    def draw(self, shape, seed):
        return {
            "mix_weight": random.beta((shape[0],), self.alpha, self.alpha, dtype="float32", seed=seed),
            "permutation_order": random.shuffle(ops.arange(shape[0]), seed=seed),
        }

    def change_images(self, images, drawn):
        return mixed(images, drawn)

    def change_labels(self, labels, drawn):
        return mixed(shares_of_classes(labels, self.name), drawn)

    def change_masks(self, masks, drawn):
        if not masks.dtype.is_floating:
            raise InvalidArgumentError(
                f"Expected segmentation masks as floats, shares of each class; received {masks.dtype.name}. Encode them one-hot."
            )
        return mixed(masks, drawn)

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        if not training:
            return bounding_boxes
        order = transformation["permutation_order"]
        both = {name: ops.convert_to_tensor(bounding_boxes[name]) for name in ("boxes", "labels")}
        return {
            **bounding_boxes,
            **{name: ops.concatenate([part, ops.take(part, order, axis=0)], axis=1) for name, part in both.items()},
        }


def mixed(x, drawn):
    """Own and partner's values in the drawn shares. Shape: (n, ...) -> the same."""
    share = ops.reshape(ops.cast(drawn["mix_weight"], x.dtype), (-1,) + (1,) * (x.ndim - 1))
    return share * x + (1.0 - share) * ops.take(x, drawn["permutation_order"], axis=0)


def shares_of_classes(labels, name):
    """Labels that can be mixed, as floats. Raises: InvalidArgumentError for class numbers."""
    labels = ops.convert_to_tensor(labels)
    if not labels.dtype.is_floating and labels.ndim < 2:
        raise InvalidArgumentError(
            f"Expected the labels for {name!r} one-hot, as shares of classes; received class numbers of shape "
            f"{tuple(labels.shape)}. Encode them with ops.one_hot."
        )
    return labels if labels.dtype.is_floating else ops.cast(labels, "float32")
