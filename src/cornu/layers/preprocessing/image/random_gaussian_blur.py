"""RandomGaussianBlur: some images out of focus."""

from cornu import ops, random
from cornu._base.errors import InvalidArgumentError
from cornu.core.dispatch import op
from cornu.layers.arguments import tuple_of
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image.draws import chosen, where_chosen
from cornu.layers.preprocessing.image.factors import limits
from cornu.layers.preprocessing.image.value_layer import ValueLayer
from cornu.ops.image.filters import blur_kernel, blur_same

_SHARPEST = 1e-3  # a width in pixels; narrower windows are all one pixel


@LAYERS.add()
class RandomGaussianBlur(ValueLayer):
    """Images convolved with a Gaussian, its widths drawn once for a batch, while training; outside is zero.

    Args:
        factor: Two probabilities between which that of an image to change is drawn; a number f means (0, f).
        kernel_size: Pixels of the window, one integer or (height, width).
        sigma: Two ends for the standard deviations in pixels; a number s from 0 to 1 means (0, s).
        value_range: Smallest and largest value of a pixel; results are cut there.

    Shape: ([n,] h, w, c) -> the same; integers become floats.
    Raises: InvalidArgumentError on arguments that do not fit.
    Source: keras.layers.RandomGaussianBlur.
    """

    def __init__(
        self, factor=1.0, kernel_size=3, sigma=1.0, value_range=(0, 255), data_format=None, seed=None, **common
    ):  # fmt: skip
        super().__init__(value_range=value_range, data_format=data_format, seed=seed, **common)
        self.factor, self.kernel_size = limits("factor", factor, -1, 1), tuple_of(2, "kernel_size", kernel_size)
        self.sigma = limits("sigma", sigma, 0, float("inf") if isinstance(sigma, (list, tuple)) else 1)
        if self.sigma[1] == 0:
            raise InvalidArgumentError(f"Expected sigma above 0; received sigma={sigma!r}.")

    def draw(self, shape, seed):
        return {
            "should_apply_blur": chosen(shape[0], self.factor, seed),
            "blur_factor": random.uniform((2,), *self.sigma, dtype="float32", seed=seed),
        }

    def change_images(self, images, drawn):
        blurred = blur(images, drawn["blur_factor"], size=self.kernel_size)
        return ops.clip(where_chosen(drawn["should_apply_blur"], blurred, images), *self.value_range)


@op(static="size")
def blur(images, widths, size):
    """Rows and columns convolved with Gaussians; widths are (across, down). Shape: (n, h, w, c), (2,) -> (n, h, w, c)."""
    windows = (
        blur_kernel(n, width.clip(_SHARPEST).astype("float32"), "float32").astype(images.dtype)
        for n, width in zip(size, widths[::-1], strict=True)
    )
    return blur_same(images, *windows)
