"""RandomHeight, RandomWidth of Keras 2: images of another height or width in every batch."""

import jax

from cornu import ops, random
from cornu._base.errors import InvalidArgumentError, TracedValueError
from cornu.layers.arguments import choice
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.box_formats import convert_format
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer
from cornu.layers.preprocessing.image.resizing import METHODS


class RandomSize(RandomImageLayer):
    """All images of a batch stretched along one axis, by one random factor; only while training.

    A size that differs from batch to batch cannot be compiled: a model that is trained with such a layer runs eagerly, with a
    warning. In `dataset.map(lambda x, y: (layer(x), y))` it costs the model nothing.

    Args:
        factor: Fractions that the size grows by, as two numbers above -1; a number f means (-f, f).
        interpolation: bilinear, nearest, bicubic, area, lanczos3 or lanczos5; masks take the nearest pixel.

    Raises: InvalidArgumentError on a factor or an interpolation that does not fit.
    """

    axis: int  # 0 rows, 1 columns

    def __init__(self, factor, interpolation="bilinear", seed=None, **common):
        super().__init__(seed=seed, **common)
        self.factor = factor
        self._limits = limits("factor", factor, -1, float("inf"), symmetric=True)
        if self._limits[0] == -1:
            raise InvalidArgumentError(
                f"Expected factor above -1, so that something is left; received factor={factor!r}."
            )
        self.interpolation = choice("interpolation", interpolation, METHODS)

    def draw(self, shape, seed):
        low, high = self._limits
        factor = random.uniform((), 1.0 + low, 1.0 + high, dtype="float32", seed=seed)
        if isinstance(factor._value, jax.core.Tracer):
            raise TracedValueError(
                f"The layer {self.name!r} gives images of another size in every batch, which no compiled function can. Move it "
                "into the data, as dataset.map(lambda x, y: (layer(x), y)), or compile with run_eagerly=True."
            )
        size = [*shape[1:3]]
        size[self.axis] = max(int(float(factor) * size[self.axis]), 1)
        return {"size": tuple(size)}

    def change_images(self, images, drawn):
        return ops.image.resize(images, drawn["size"], self.interpolation, data_format="channels_last")

    def change_masks(self, masks, drawn):
        return ops.image.resize(masks, drawn["size"], "nearest", data_format="channels_last")

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        if not training:
            return bounding_boxes
        own = self.bounding_box_format or "xyxy"
        fractions = convert_format(bounding_boxes, own, "rel_xyxy", *transformation["input_shape"][1:3])
        return convert_format(fractions, "rel_xyxy", own, *transformation["size"], dtype=self.compute_dtype)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            sized = {"images", "segmentation_masks"}
            return {name: self.compute_output_shape(s) if name in sized else s for name, s in input_shape.items()}
        place = len(input_shape) - (2 if self.data_format == "channels_first" else 3) + self.axis
        return (*input_shape[:place], None, *input_shape[place + 1 :])


@LAYERS.add()
class RandomHeight(RandomSize):
    """Images made higher or lower by a random factor while training; their width stays.

    Shape: ([n,] h, w, c) -> ([n,] new_h, w, c). See `RandomSize`. Source: tf.keras.layers.RandomHeight of Keras 2.
    """

    axis = 0


@LAYERS.add()
class RandomWidth(RandomSize):
    """Images made wider or narrower by a random factor while training; their height stays.

    Shape: ([n,] h, w, c) -> ([n,] h, new_w, c). See `RandomSize`. Source: tf.keras.layers.RandomWidth of Keras 2.
    """

    axis = 1
