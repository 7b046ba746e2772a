"""RandomGrayscale: some images without their colours."""

from cornu import ops, random
from cornu.layers.arguments import fraction
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import where_chosen
from cornu.layers.preprocessing.image.image_layer import RandomImageLayer


@LAYERS.add()
class RandomGrayscale(RandomImageLayer):
    """Grey images, still of 3 channels, with the probability `factor` while training.

    Shape: ([n,] h, w, 3) -> the same; integer images stay integer.
    Raises: InvalidArgumentError if the factor is not between 0 and 1 or images have not 3 channels.
    Source: keras.layers.RandomGrayscale.
    """

    keeps_integers = True

    def __init__(self, factor=0.5, data_format=None, seed=None, **common):
        super().__init__(data_format=data_format, seed=seed, **common)
        self.factor = fraction("factor", factor)

    def draw(self, shape, seed):
        return {"should_apply": random.uniform((shape[0], 1, 1, 1), dtype="float32", seed=seed) < self.factor}

    def change_images(self, images, drawn):
        grey = ops.broadcast_to(ops.image.rgb_to_grayscale(images, "channels_last"), images.shape)
        return where_chosen(drawn["should_apply"], grey, images)

    def get_config(self):
        config = super().get_config()
        return {name: value for name, value in config.items() if name != "seed" or value is not None}
