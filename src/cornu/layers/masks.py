"""How masks travel through a layer: from the tensors of a call to its arguments, and on to the outputs."""

from typing import Any

import jax

from cornu.layers.call_plan import CallPlan
from cornu.layers.call_values import is_tensor, leaves, tensors_of


class Masks:
    """The part of a layer that hands masks on. A layer that changes them overrides `compute_mask`."""

    supports_masking = False

    def _with_masks(self, plan: CallPlan, args: tuple, kwargs: dict, arguments: dict) -> dict:
        """Masks that came with the tensors, for `call` methods that take them and were not given any."""
        for position, (name, value) in enumerate(arguments.items()):
            # as in Keras 3: with several tensor arguments, each one's mask has its name
            wanted = "mask" if position == 0 and len(arguments) == 1 and "mask" in plan.names else f"{name}_mask"
            if wanted in plan.names and plan.argument(args, kwargs, wanted) is None:
                masks = jax.tree.map(lambda t: getattr(t, "_keras_mask", None), value, is_leaf=is_tensor)
                if any(mask is not None for mask in leaves(masks)):
                    kwargs = {**kwargs, wanted: masks}
        return kwargs

    def _set_masks(self, inputs: Any, given: Any, outputs: Any) -> None:
        """Give the outputs their masks, which follow from those of the inputs, or from the argument `mask` if there is one."""
        masks = jax.tree.map(lambda t: getattr(t, "_keras_mask", None), inputs, is_leaf=is_tensor)
        masks = masks if given is None else given
        has_mask = any(mask is not None for mask in leaves(masks))
        overridden = type(self).compute_mask is not Masks.compute_mask
        if not has_mask and not overridden:
            return
        if not self.supports_masking and not overridden:
            return
        new = self.compute_mask(inputs, masks)
        tensors = tensors_of(outputs)
        flat = leaves(new) if isinstance(new, (list, tuple)) and len(tensors) > 1 else [new] * len(tensors)
        for tensor, mask in zip(tensors, flat, strict=False):
            if mask is not None and tensor._keras_mask is None:
                tensor._keras_mask = mask

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask of the outputs; by default that of the inputs."""
        return previous_mask
