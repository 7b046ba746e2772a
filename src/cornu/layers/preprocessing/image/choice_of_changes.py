"""The changes that RandAugment and AugMix choose from, and the one of a number applied to a batch."""

from typing import Any

import jax

from cornu import ops
from cornu.layers.preprocessing.image.auto_contrast import AutoContrast
from cornu.layers.preprocessing.image.equalization import Equalization
from cornu.layers.preprocessing.image.image_layer import ImageLayer
from cornu.layers.preprocessing.image.random_brightness import RandomBrightness
from cornu.layers.preprocessing.image.random_color_degeneration import RandomColorDegeneration
from cornu.layers.preprocessing.image.random_contrast import RandomContrast
from cornu.layers.preprocessing.image.random_posterization import RandomPosterization
from cornu.layers.preprocessing.image.random_rotation import RandomRotation
from cornu.layers.preprocessing.image.random_sharpness import RandomSharpness
from cornu.layers.preprocessing.image.random_shear import RandomShear
from cornu.layers.preprocessing.image.random_translation import RandomTranslation
from cornu.layers.preprocessing.image.solarization import Solarization

Changes = dict[str, ImageLayer]


def all_changes(factor: tuple[float, float], value_range: Any, interpolation: str, **common: Any) -> Changes:
    """Eleven layers by name, all of the strength `factor`."""
    place: dict[str, Any] = {"interpolation": interpolation, **common}
    value: dict[str, Any] = {"value_range": value_range, **common}
    return {
        "random_shear": RandomShear(factor, factor, **place),
        "random_translation": RandomTranslation(factor, factor, **place),
        "random_rotation": RandomRotation(factor, **place),
        "random_brightness": RandomBrightness(factor, **value),
        "random_color_degeneration": RandomColorDegeneration(factor, **value),
        "random_contrast": RandomContrast(factor, **value),
        "random_sharpness": RandomSharpness(factor, **value),
        "random_posterization": RandomPosterization(max(int(factor[1] * 8), 1), **value),
        "solarization": Solarization(factor, factor, **value),
        "auto_contrast": AutoContrast(**_without_seed(value)),
        "equalization": Equalization(**_without_seed(value)),
    }


def _without_seed(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name != "seed"}


def drawn_for(changes: Changes, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
    """What every one of the changes would do. Its arrays have one entry per image."""
    return {name: layer.draw(shape, seed) for name, layer in changes.items()}


def rows_of(drawn: Any, begin: Any, count: int) -> Any:
    """The entries of `count` images from number `begin` on."""

    def part(x: Any) -> Any:
        return ops.slice(x, ops.stack([begin, *[0] * (x.ndim - 1)]), (count, *x.shape[1:]))

    return jax.tree.map(part, drawn, is_leaf=lambda x: hasattr(x, "shape"))


def change_by(number: Any, changes: Changes, drawn: dict[str, Any], method: str, x: Any, shape: Any) -> Any:
    """`x` after the change of that number. Args: method: `"change_images"`, `"change_boxes"` or `"change_masks"`."""

    def branch(name: str, layer: ImageLayer) -> Any:
        return lambda x, own: ops.cast(getattr(layer, method)(x, {**own[name], "input_shape": shape}), x.dtype)

    return ops.switch(number, [branch(name, layer) for name, layer in changes.items()], x, drawn)


def in_turn(count: int, numbers: Any, step: Any, state: Any) -> Any:
    """`state = step(i, state)` for i below `count`: one compiled body if the numbers are traced, else a plain loop."""
    if isinstance(ops.convert_to_tensor(numbers)._value, jax.core.Tracer):
        return ops.fori_loop(0, count, step, state)
    for i in range(count):
        state = step(i, state)
    return state
