"""MaxNumBoundingBoxes: the same number of boxes for every image."""

from cornu import ops
from cornu.layers.arguments import positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.image_layer import ImageLayer


@LAYERS.add()
class MaxNumBoundingBoxes(ImageLayer):
    """The first `max_number` boxes and labels; missing ones are `fill_value`. Images pass.

    Shape: boxes ([n,] m, 4) -> ([n,] max_number, 4); labels ([n,] m) -> ([n,] max_number).
    Raises: InvalidArgumentError if `max_number` is no positive integer.
    Source: keras.layers.MaxNumBoundingBoxes.
    """

    acts_always, keeps_integers = True, True

    def __init__(self, max_number, fill_value=-1, **common):
        super().__init__(**common)
        self.max_number, self.fill_value = positive_int("max_number", max_number), fill_value

    def transform_bounding_boxes(self, bounding_boxes, transformation, training=True):
        boxes, labels = (ops.convert_to_tensor(bounding_boxes[name]) for name in ("boxes", "labels"))
        missing = max(self.max_number - labels.shape[-1], 0)
        none = [(0, 0)] * (labels.ndim - 1)
        boxes = ops.pad(boxes, [*none, (0, missing), (0, 0)], constant_values=self.fill_value)
        labels = ops.pad(labels, [*none, (0, missing)], constant_values=self.fill_value)
        return {
            **bounding_boxes,
            "boxes": boxes[..., : self.max_number, :],
            "labels": labels[..., : self.max_number],
        }

    def get_config(self):
        config = super().get_config()
        config.pop("fill_value")
        return config if self.fill_value == -1 else {**config, "fill_value": self.fill_value}
