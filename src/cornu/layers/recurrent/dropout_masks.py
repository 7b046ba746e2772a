"""DropoutRNNCell: cells that drop entries of inputs and states, the same ones in every step of a sequence."""

from typing import Any

import jax

from cornu import ops, random
from cornu.layers.arguments import fraction


class DropoutRNNCell:
    """Mixed into cells: two masks, drawn once for a sequence.

    A mask is kept until it is reset, so that a loop of one's own over a cell drops the same entries in every step; inside
    of compiled functions every direct call of a cell draws anew, since what is computed there cannot be kept.
    """

    def store_dropout(self, dropout: float, recurrent_dropout: float, seed: Any) -> None:
        """Check and store the rates and the seed. Raises: InvalidArgumentError if a rate is not from 0 to 1."""
        self.dropout = fraction("dropout", dropout)
        self.recurrent_dropout = fraction("recurrent_dropout", recurrent_dropout)
        self.seed = seed
        self.seed_generator = random.SeedGenerator(seed)
        self._masks: dict[str, Any] = {}

    def get_dropout_mask(self, step_input: Any) -> Any:
        """The mask of the inputs: 0 or `1 / (1 - dropout)`. Shape: that of one step's inputs. None without dropout."""
        return self._mask("input", self.dropout, step_input)

    def get_recurrent_dropout_mask(self, step_input: Any) -> Any:
        """The mask of the states. Shape: that of the states. None without recurrent dropout."""
        return self._mask("state", self.recurrent_dropout, step_input)

    def reset_dropout_mask(self) -> None:
        """Draw another mask of the inputs next time."""
        self._masks.pop("input", None)

    def reset_recurrent_dropout_mask(self) -> None:
        """Draw another mask of the states next time."""
        self._masks.pop("state", None)

    def draw_masks(self, step_input: Any, state: Any) -> list[Any]:
        """Masks of a sequence: of the inputs and of the states, as tensors or None."""
        return [self._draw(self.dropout, step_input), self._draw(self.recurrent_dropout, state)]

    def use_masks(self, masks: list[Any]) -> dict[str, Any]:
        """Use these masks; returns those before, for `restore_masks`."""
        saved, self._masks = self._masks, dict(zip(("input", "state"), masks, strict=True))
        return saved

    def restore_masks(self, saved: dict[str, Any]) -> None:
        """Go back to the masks before `use_masks`."""
        self._masks = saved

    def _draw(self, rate: float, like: Any) -> Any:
        if rate == 0:
            return None
        return random.dropout(ops.ones(like.shape, like.dtype), rate, seed=self.seed_generator)

    def _mask(self, kind: str, rate: float, like: Any) -> Any:
        mask = self._masks.get(kind)
        if mask is None:
            mask = self._draw(rate, ops.convert_to_tensor(like))
            if mask is not None and not isinstance(mask._value, jax.core.Tracer):
                self._masks[kind] = mask
        return mask
