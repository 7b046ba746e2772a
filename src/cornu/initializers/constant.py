"""Initializers without chance: constants, identity matrices, bases of the short-time Fourier transform."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.serialization import serialize
from cornu.core.tensor import Tensor
from cornu.initializers.base import INITIALIZERS, Initializer, finished, np_dtype


@INITIALIZERS.add(also_snake=True)
class Zeros(Initializer):
    """All zeros. Shape: any. Source: keras.initializers.Zeros."""

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        return finished(np.zeros(shape, np_dtype(dtype)), dtype)


@INITIALIZERS.add(also_snake=True)
class Ones(Initializer):
    """All ones. Shape: any. Source: keras.initializers.Ones."""

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        return finished(np.ones(shape, np_dtype(dtype)), dtype)


@INITIALIZERS.add(also_snake=True)
class Constant(Initializer):
    """One value everywhere.

    Args: `value`, a number, or an array that broadcasts to the shape asked for.
    Shape: any.
    Raises: InvalidArgumentError if the value does not broadcast.
    Source: keras.initializers.Constant.
    """

    def __init__(self, value: Any = 0.0):
        self.value = value

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        value = np.asarray(self.value)
        try:
            return finished(np.broadcast_to(value, tuple(shape)), dtype)
        except ValueError:
            raise InvalidArgumentError(
                f"Expected a value that broadcasts to the shape {tuple(shape)}; received one of shape {value.shape}."
            ) from None

    def get_config(self) -> dict[str, Any]:
        """The value, arrays as tagged lists."""
        return {"value": serialize(self.value)}


@INITIALIZERS.add("IdentityInitializer", also_snake=True)
class Identity(Initializer):
    """`gain` on the main diagonal, zero elsewhere.

    Shape: (rows, columns).
    Raises: InvalidArgumentError if the shape is not a matrix.
    Differs from Keras: the config keeps `gain`, where Keras 3.15 forgets it; one of 1.0 is left out, as Keras does.
    Source: keras.initializers.Identity.
    """

    def __init__(self, gain: float = 1.0):
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        if len(shape) != 2:
            raise InvalidArgumentError(
                f"Identity makes matrices and expects a shape of two dimensions; received {tuple(shape)}."
            )
        return finished(self.gain * np.eye(*shape, dtype=np_dtype(dtype)), dtype)

    def get_config(self) -> dict[str, Any]:
        """The gain, unless it is 1."""
        return {} if self.gain == 1.0 else {"gain": self.gain}


@INITIALIZERS.add("STFTInitializer", "stft")
class STFT(Initializer):
    """Windowed cosines (`side="real"`) or negative sines (`"imag"`) of the discrete Fourier transform.

    Entry `(n, 0, k)` is `window[n] * cos(2 pi n k / length)`, or `-sin`, with `length = 2 (frequencies - 1)`.

    Args:
        side: `"real"` or `"imag"`.
        window: name of a SciPy window, an array of `frame_length` values, or None for no window and no scaling.
        scaling: `"density"` divides the window by its root sum of squares, `"spectrum"` by its sum, None not at all.
        periodic: whether a named window is periodic rather than symmetric.
    Shape: (frame_length, 1, frequencies).
    Raises: InvalidArgumentError on an unknown option, window or shape.
    Source: keras.initializers.STFT.
    """

    def __init__(
        self, side: str = "real", window: Any = "hann", scaling: str | None = "density", periodic: bool = False
    ):
        if side not in ("real", "imag"):
            raise InvalidArgumentError(f"Expected `side` as 'real' or 'imag'; received {side!r}.")
        if scaling not in ("density", "spectrum", None):
            raise InvalidArgumentError(f"Expected `scaling` as 'density', 'spectrum' or None; received {scaling!r}.")
        self.side, self.window, self.scaling, self.periodic = side, window, scaling, periodic

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Tensor:
        if len(shape) != 3 or shape[1] != 1:
            raise InvalidArgumentError(f"Expected a shape (frame_length, 1, frequencies); received {tuple(shape)}.")
        frame_length, _, frequencies = shape
        turns = np.outer(np.arange(frame_length), np.arange(frequencies)) / (2 * (frequencies - 1))
        waves = np.cos(2 * np.pi * turns) if self.side == "real" else -np.sin(2 * np.pi * turns)
        return finished((self._scaled_window(frame_length)[:, None] * waves)[:, None, :], dtype)

    def _scaled_window(self, frame_length: int) -> np.ndarray:
        if self.window is None:
            return np.ones(frame_length)
        if isinstance(self.window, str):
            from scipy.signal import get_window  # a dependency of JAX, imported late because it takes long

            try:
                window = np.asarray(get_window(self.window, frame_length, fftbins=self.periodic))
            except ValueError as error:
                raise InvalidArgumentError(
                    f"Expected the name of a SciPy window; received {self.window!r}. ({error})"
                ) from None
        else:
            window = np.asarray(self.window)
        if window.shape != (frame_length,):
            raise InvalidArgumentError(f"Expected a window of {frame_length} values; received shape {window.shape}.")
        if self.scaling == "density":
            return window / np.sqrt(np.sum(window**2))
        return window / np.sum(window) if self.scaling == "spectrum" else window

    def get_config(self) -> dict[str, Any]:
        """The arguments, a window given as an array as a tagged list."""
        return {**super().get_config(), "window": serialize(self.window)}
