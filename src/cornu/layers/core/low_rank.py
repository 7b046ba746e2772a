"""LoRA: a frozen matrix plus a trainable product of two thin ones. Source: Hu et al. 2021, arXiv:2106.09685."""

from typing import Any

from cornu import initializers, ops
from cornu._base.errors import FailedPreconditionError
from cornu.layers.arguments import positive_int


class LowRankUpdates:
    """Mixed into a layer that keeps its matrix in `_kernel`: `kernel` is that matrix plus the low-rank update."""

    lora_weight_names = ("lora_kernel_a", "lora_kernel_b")
    _low_rank: Any = None

    def store_lora(self, lora_rank: int | None, lora_alpha: float | None) -> None:
        """Keep the constructor's arguments until `build_lora`."""
        self.lora_rank = None if lora_rank is None else positive_int("lora_rank", lora_rank)
        self.lora_alpha = self.lora_rank if lora_alpha is None else lora_alpha

    def build_lora(self) -> None:
        """At the end of `build`: add the update if the constructor asked for one."""
        if self.lora_rank is not None:
            self.enable_lora(self.lora_rank, self.lora_alpha)

    def enable_lora(self, rank: int, lora_alpha: float | None = None, a_initializer: Any = "he_uniform",
                    b_initializer: Any = "zeros") -> None:  # fmt: skip
        """Freeze the matrix and train `a @ b * lora_alpha / rank`, which starts at zero, in its place.

        Raises: FailedPreconditionError if the layer has no weights yet, or an update already.
        Source: keras.layers.Dense.enable_lora.
        """
        if self._low_rank is not None:
            raise FailedPreconditionError(f"Layer {self.name!r} has a low-rank update already; it can have only one.")
        if getattr(self, "_kernel", None) is None:
            raise FailedPreconditionError(f"Layer {self.name!r} has no weights yet; call build() before enable_lora().")
        shape, regularizer = self._kernel.shape, self._kernel.regularizer
        first, second = self.lora_weight_names
        a = self.add_weight(first, (*shape[:-1], rank), initializers.get(a_initializer), regularizer=regularizer)
        b = self.add_weight(second, (rank, shape[-1]), initializers.get(b_initializer), regularizer=regularizer)
        self._kernel.trainable = False
        self._low_rank = (a, b)
        self.store_lora(rank, lora_alpha)

    @property
    def kernel(self) -> Any:
        """The matrix that `call` uses."""
        if self._low_rank is None:
            return self._kernel
        a, b = self._low_rank
        return self._kernel + ops.matmul(a, b) * (self.lora_alpha / self.lora_rank)

    def get_config(self) -> dict[str, Any]:
        """The arguments; those of LoRA only when it is in use, as Keras writes them."""
        config = super().get_config()
        if self.lora_rank is None:
            del config["lora_rank"], config["lora_alpha"]
        return config
