"""AugMix: images mixed with several chains of changes of themselves."""

from cornu import ops, random
from cornu.layers.arguments import at_least, positive_int
from cornu.layers.catalog import LAYERS
from cornu.layers.preprocessing.image import factors
from cornu.layers.preprocessing.image.choice_of_changes import (
    all_changes,
    change_by,
    drawn_for,
    in_turn,
    rows_of,
)
from cornu.layers.preprocessing.image.value_layer import ValueLayer

_COLOURS = ("random_brightness", "random_color_degeneration", "random_contrast", "random_sharpness")


@LAYERS.add()
class AugMix(ValueLayer):
    """`w x + (1 - w) sum(w_k chain_k(x))` while training: chains are random changes one after the other.

    Which changes, and the shares w ~ Beta(alpha, alpha) and w_k ~ Dirichlet(alpha), are drawn for the whole batch, how
    strong the changes are for every image. Labels, boxes and masks stay: the image itself is part of the mixture.

    Args:
        value_range: Smallest and largest value of a pixel.
        num_chains, chain_depth: How many chains, and how many changes in each.
        factor: Strength of the changes, two ends from 0 to 1; a number f means (0, f).
        alpha: Parameter of both distributions of the shares.
        all_ops: Also brightness, colour degeneration, contrast and sharpness.
        interpolation: nearest or bilinear.

    Shape: ([n,] h, w, 3) -> the same; integers become floats.
    Raises: InvalidArgumentError on arguments that do not fit.
    Source: keras.layers.AugMix; Hendrycks et al. 2020.
    """

    def __init__(
        self, value_range=(0, 255), num_chains=3, chain_depth=3, factor=0.3, alpha=1.0, all_ops=True,
        interpolation="bilinear", seed=None, data_format=None, **common,
    ):  # fmt: skip
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **common)
        self.num_chains, self.chain_depth = (
            positive_int("num_chains", num_chains),
            positive_int("chain_depth", chain_depth),
        )
        self.factor, self.alpha = factors.limits("factor", factor, 0, 1), at_least("alpha", alpha, 0)
        self.all_ops, self.interpolation = all_ops, factors.interpolation(interpolation)
        changes = all_changes(
            self.factor,
            self.value_range,
            self.interpolation,
            seed=self.generator._initial_seed,
            dtype=self.dtype_policy,
        )
        self._changes = {name: layer for name, layer in changes.items() if all_ops or name not in _COLOURS}

    def draw(self, shape, seed):
        steps = self.num_chains * self.chain_depth
        parts = random.gamma((self.num_chains,), self.alpha, dtype="float32", seed=seed)
        return {
            "chain_mixing_weights": parts / ops.sum(parts),
            "weight_sample": random.beta((), self.alpha, self.alpha, dtype="float32", seed=seed),
            "layer_idxes": random.randint((steps,), 0, len(self._changes), seed=seed),
            "transforms": drawn_for(self._changes, (steps * shape[0], *shape[1:]), seed),
        }

    def change_images(self, images, drawn):
        shape, depth, numbers = images.shape, self.chain_depth, drawn["layer_idxes"]
        parts = ops.cast(drawn["chain_mixing_weights"], images.dtype)

        def one(step, state):
            chain, total = state
            own = rows_of(drawn["transforms"], step * shape[0], shape[0])
            chain = change_by(numbers[step], self._changes, own, "change_images", chain, shape)
            is_end = ops.equal(step % depth, depth - 1)
            total = ops.where(is_end, total + parts[step // depth] * chain, total)
            return ops.where(is_end, images, chain), total

        _, mixture = in_turn(self.num_chains * depth, numbers, one, (images, ops.zeros_like(images)))
        share = ops.cast(drawn["weight_sample"], images.dtype)
        return share * images + (1.0 - share) * mixture
