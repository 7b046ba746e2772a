"""Pictures changed at random while they are fed to training. Source: tf.keras.preprocessing.image.ImageDataGenerator."""

import os
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core import config
from cornu.preprocessing.image import affine
from cornu.preprocessing.image.dataframe_iterator import DataFrameIterator
from cornu.preprocessing.image.directory_iterator import DirectoryIterator
from cornu.preprocessing.image.numpy_array_iterator import NumpyArrayIterator
from cornu.preprocessing.image.random_transforms import apply_brightness_shift

_STILL = {"theta": 0.0, "tx": 0.0, "ty": 0.0, "shear": 0.0, "zx": 1.0, "zy": 1.0}  # parameters that move nothing


class ImageDataGenerator:
    """Makes batches of pictures, changed at random and standardized.

    Args:
        featurewise_center: subtract the mean of the data set (`fit` finds it). samplewise_center: the mean of each picture.
        featurewise_std_normalization: divide by the deviation of the data set; samplewise_std_normalization: of each picture.
        zca_whitening: decorrelate the pixels (`fit` finds how), with `zca_epsilon`.
        rotation_range: degrees. shear_range: degrees.
        width_shift_range, height_shift_range: below 1 a fraction of the size, from 1 pixels; an int: whole pixels less than it;
            a list: one of its entries, with either sign.
        brightness_range: (low, high), factors; needs Pillow.
        zoom_range: (low, high), or z for (1 - z, 1 + z); above 1 shows more.
        channel_shift_range: added to all values, within the picture's own range.
        fill_mode: what lies outside: `nearest`, `constant` (`cval`), `reflect`, `wrap`.
        horizontal_flip, vertical_flip: mirror half of the pictures.
        rescale: a factor; preprocessing_function: of one picture, before everything of the standardization.
        data_format: place of the channels. validation_split: fraction for `subset="validation"`.
        interpolation_order: 0 nearest pixel, 1 linear, 2 to 5 splines (these need SciPy). dtype: of the batches.
    Random numbers come from `np.random`, in Keras 2's order: the same seed gives the same pictures.
    Raises: InvalidArgumentError for bad ranges. Source: tf.keras.preprocessing.image.ImageDataGenerator.
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: tuple[float, float] | None = None,
        shear_range: float = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[np.ndarray], Any] | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: Any = None,
    ):
        self.featurewise_center, self.samplewise_center = featurewise_center, samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening, self.zca_epsilon = zca_whitening, zca_epsilon
        self.rotation_range, self.shear_range = rotation_range, shear_range
        self.width_shift_range, self.height_shift_range = width_shift_range, height_shift_range
        self.channel_shift_range = channel_shift_range
        self.fill_mode, self.cval, self.interpolation_order = fill_mode, cval, interpolation_order
        self.horizontal_flip, self.vertical_flip = horizontal_flip, vertical_flip
        self.rescale, self.preprocessing_function = rescale, preprocessing_function
        self.dtype = config.floatx() if dtype is None else dtype
        self.data_format = config.image_data_format() if data_format is None else data_format
        if self.data_format not in {"channels_last", "channels_first"}:
            raise InvalidArgumentError(
                '`data_format` should be `"channels_last"` (channel after row and column) or `"channels_first"` (channel '
                f"before row and column). Received: {data_format}"
            )
        first = self.data_format == "channels_first"
        self.channel_axis, self.row_axis, self.col_axis = (1, 2, 3) if first else (3, 1, 2)
        if validation_split and not 0 < validation_split < 1:
            raise InvalidArgumentError(
                f"`validation_split` must be strictly between 0 and 1.  Received: {validation_split}"
            )
        self._validation_split = validation_split
        self.zoom_range = self._zoom_pair(zoom_range)
        if brightness_range is not None and np.shape(brightness_range) != (2,):
            raise InvalidArgumentError(
                f"`brightness_range should be tuple or list of two floats. Received: {brightness_range}"
            )
        self.brightness_range = brightness_range
        if fill_mode not in affine.FILL_MODES:
            raise InvalidArgumentError(f"Expected fill_mode in {', '.join(affine.FILL_MODES)}; received {fill_mode!r}.")
        self.mean: Any = None
        self.std: Any = None
        self.zca_whitening_matrix: Any = None
        self._settle_conflicts()

    @staticmethod
    def _zoom_pair(zoom_range: Any) -> list[float]:
        if isinstance(zoom_range, (int, float)):
            return [1 - zoom_range, 1 + zoom_range]
        if np.shape(zoom_range) != (2,) or not all(isinstance(z, (int, float, np.number)) for z in zoom_range):
            raise InvalidArgumentError(
                f"`zoom_range` should be a float or a tuple or list of two floats. Received: {zoom_range}"
            )
        return [zoom_range[0], zoom_range[1]]

    def _settle_conflicts(self) -> None:
        """Whitening and deviations need centred values."""

        def override(name: str, other: str) -> None:
            warnings.warn(
                f"This ImageDataGenerator specifies `{name}`, which overrides setting of `{other}`.", stacklevel=4
            )

        if self.zca_whitening and not self.featurewise_center:
            self.featurewise_center = True
            override("zca_whitening", "featurewise_center")
        if self.zca_whitening and self.featurewise_std_normalization:
            self.featurewise_std_normalization = False
            override("zca_whitening", "featurewise_std_normalization")
        if self.featurewise_std_normalization and not self.featurewise_center:
            self.featurewise_center = True
            override("featurewise_std_normalization", "featurewise_center")
        if self.samplewise_std_normalization and not self.samplewise_center:
            self.samplewise_center = True
            override("samplewise_std_normalization", "samplewise_center")

    # -- sources ------------------------------------------------------------------------------------------------------------

    def flow(
        self, x: Any, y: Any = None, batch_size: int = 32, shuffle: bool = True, sample_weight: Any = None,
        seed: int | None = None, save_to_dir: str | os.PathLike | None = None, save_prefix: str = "", save_format: str = "png",
        ignore_class_split: bool = False, subset: str | None = None,
    ) -> NumpyArrayIterator:  # fmt: skip
        """Batches from arrays. Args and errors: as `NumpyArrayIterator`."""
        return NumpyArrayIterator(
            x, y, self, batch_size=batch_size, shuffle=shuffle, sample_weight=sample_weight, seed=seed,
            data_format=self.data_format, save_to_dir=save_to_dir, save_prefix=save_prefix, save_format=save_format,
            ignore_class_split=ignore_class_split, subset=subset, dtype=self.dtype,
        )  # fmt: skip

    def flow_from_directory(
        self, directory: str | os.PathLike, target_size: tuple[int, int] = (256, 256), color_mode: str = "rgb",
        classes: list[str] | None = None, class_mode: str | None = "categorical", batch_size: int = 32, shuffle: bool = True,
        seed: int | None = None, save_to_dir: str | os.PathLike | None = None, save_prefix: str = "", save_format: str = "png",
        follow_links: bool = False, subset: str | None = None, interpolation: str = "nearest", keep_aspect_ratio: bool = False,
    ) -> DirectoryIterator:  # fmt: skip
        """Batches from a folder with one folder per class. Args and errors: as `DirectoryIterator`."""
        return DirectoryIterator(
            directory, self, target_size=target_size, color_mode=color_mode, keep_aspect_ratio=keep_aspect_ratio,
            classes=classes, class_mode=class_mode, data_format=self.data_format, batch_size=batch_size, shuffle=shuffle,
            seed=seed, save_to_dir=save_to_dir, save_prefix=save_prefix, save_format=save_format, follow_links=follow_links,
            subset=subset, interpolation=interpolation, dtype=self.dtype,
        )  # fmt: skip

    def flow_from_dataframe(
        self, dataframe: Any, directory: str | os.PathLike | None = None, x_col: str = "filename", y_col: Any = "class",
        weight_col: str | None = None, target_size: tuple[int, int] = (256, 256), color_mode: str = "rgb",
        classes: Iterable[str] | None = None, class_mode: str | None = "categorical", batch_size: int = 32,
        shuffle: bool = True, seed: int | None = None, save_to_dir: str | os.PathLike | None = None, save_prefix: str = "",
        save_format: str = "png", subset: str | None = None, interpolation: str = "nearest", validate_filenames: bool = True,
        keep_aspect_ratio: bool = False,
    ) -> DataFrameIterator:  # fmt: skip
        """Batches from a table of file names and labels. Args and errors: as `DataFrameIterator`."""
        return DataFrameIterator(
            dataframe, directory, self, x_col=x_col, y_col=y_col, weight_col=weight_col, target_size=target_size,
            color_mode=color_mode, classes=classes, class_mode=class_mode, data_format=self.data_format,
            batch_size=batch_size, shuffle=shuffle, seed=seed, save_to_dir=save_to_dir, save_prefix=save_prefix,
            save_format=save_format, subset=subset, interpolation=interpolation, validate_filenames=validate_filenames,
            keep_aspect_ratio=keep_aspect_ratio, dtype=self.dtype,
        )  # fmt: skip

    # -- standardization ----------------------------------------------------------------------------------------------------

    def standardize(self, x: np.ndarray) -> np.ndarray:
        """One picture, preprocessed and normalized; floats are changed in place. Shape: unchanged."""
        if self.preprocessing_function:
            x = np.asarray(self.preprocessing_function(x))
        return self._normalized(x, axes=None)

    def _normalized(self, x: np.ndarray, axes: tuple[int, ...] | None) -> np.ndarray:
        """The arithmetic of `standardize`; a sample extends over `axes` (None: all)."""
        if x.dtype.kind != "f":
            x = x.astype(self.dtype)
        if self.rescale:
            x *= self.rescale
        if self.samplewise_center:
            x -= np.mean(x, axis=axes, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, axis=axes, keepdims=True) + 1e-6
        if self.featurewise_center and self._is_fitted(self.mean, "featurewise_center"):
            x -= self.mean
        if self.featurewise_std_normalization and self._is_fitted(self.std, "featurewise_std_normalization"):
            x /= self.std + 1e-6
        if self.zca_whitening and self._is_fitted(self.zca_whitening_matrix, "zca_whitening"):
            flat = x.reshape(-1, int(np.prod(x.shape[-3:])))
            x = (flat @ self.zca_whitening_matrix).reshape(x.shape).astype(x.dtype, copy=False)
        return x

    @staticmethod
    def _is_fitted(found: Any, name: str) -> bool:
        if found is None:
            warnings.warn(
                f"This ImageDataGenerator specifies `{name}`, but it hasn't been fit on any training data. Fit it first by "
                "calling `.fit(numpy_data)`.",
                stacklevel=4,
            )
        return found is not None

    def fit(self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Find what `featurewise_*` and `zca_whitening` need.

        Args: `x`: pictures; `augment`: on changed copies, `rounds` of each; `seed`: of the changes.
        Shape: (n, rows, columns, channels), or channels first. Raises: InvalidArgumentError for other ranks.
        """
        x = np.array(x, self.dtype)
        if x.ndim != 4:
            raise InvalidArgumentError(f"Input to `.fit()` should have rank 4. Got array with shape: {x.shape}")
        if (channels := x.shape[self.channel_axis]) not in {1, 3, 4}:
            warnings.warn(
                f'Expected input to be images (as Numpy array) following the data format convention "{self.data_format}" '
                f"(channels on axis {self.channel_axis}), i.e. expected either 1, 3 or 4 channels on axis "
                f"{self.channel_axis}. However, it was passed an array with shape {x.shape} ({channels} channels).",
                stacklevel=2,
            )
        if seed is not None:
            np.random.seed(seed)
        if augment:
            x = np.concatenate([self._changed(x.copy()) for _ in range(rounds)])
        kept = (0, self.row_axis, self.col_axis)
        if self.featurewise_center:
            self.mean = np.mean(x, axis=kept, keepdims=True)[0]
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=kept, keepdims=True)[0]
            x /= self.std + 1e-6
        if self.zca_whitening:
            flat = x.reshape(len(x), -1)
            _, s, directions = np.linalg.svd(
                flat / np.sqrt(len(flat))
            )  # directions beyond the rank are scaled by 1/sqrt(eps)
            scales = np.full(len(directions), self.zca_epsilon, x.dtype)
            scales[: len(s)] += s**2
            self.zca_whitening_matrix = (directions.T / np.sqrt(scales)) @ directions

    # -- changes ------------------------------------------------------------------------------------------------------------

    def get_random_transform(self, img_shape: tuple[int, ...], seed: int | None = None) -> dict[str, Any]:
        """Draw the parameters of a change: theta, tx, ty, shear, zx, zy, flips, channel_shift_intensity, brightness."""
        if seed is not None:
            np.random.seed(seed)
        drawn = {name: values[0].item() for name, values in self._draw(1, img_shape).items()}
        defaults = {name: int(value) for name, value in _STILL.items()}
        return {**defaults, "channel_shift_intensity": None, "brightness": None, **drawn}

    def apply_transform(self, x: np.ndarray, transform_parameters: dict[str, Any]) -> np.ndarray:
        """One picture, changed by those parameters (as `get_random_transform` names them; missing ones change nothing)."""
        given = {name: np.array([value]) for name, value in transform_parameters.items() if value is not None}
        return self._apply(np.asarray(x)[None], given)[0]

    def random_transform(self, x: np.ndarray, seed: int | None = None) -> np.ndarray:
        """One picture, changed at random. Shape: unchanged."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def _plan(self, shape: tuple[int, ...]) -> list[tuple[str, Any, Any, float]]:
        """What is drawn, in Keras' order: (name, low, high, factor), or (name, choices, None, factor)."""
        plan: list[tuple[str, Any, Any, float]] = []

        def symmetric(name: str, limit: float) -> None:
            plan.append((name, -limit, limit, 1.0))

        def shift(name: str, limits: Any, axis: int) -> None:
            factor = shape[axis - 1] if np.max(limits) < 1 else 1
            is_choice = np.ndim(limits) == 1 or isinstance(limits, (int, np.integer))
            plan.append((name, limits, None, factor) if is_choice else (name, -limits, limits, factor))

        if self.rotation_range:
            symmetric("theta", self.rotation_range)
        if np.any(self.height_shift_range):
            shift("tx", self.height_shift_range, self.row_axis)
        if np.any(self.width_shift_range):
            shift("ty", self.width_shift_range, self.col_axis)
        if self.shear_range:
            symmetric("shear", self.shear_range)
        if list(self.zoom_range) != [1, 1]:
            plan += [(name, self.zoom_range[0], self.zoom_range[1], 1.0) for name in ("zx", "zy")]
        plan += [("flip_horizontal", 0.0, 1.0, 1.0), ("flip_vertical", 0.0, 1.0, 1.0)]  # drawn in any case
        if self.channel_shift_range != 0:
            symmetric("channel_shift_intensity", self.channel_shift_range)
        if self.brightness_range is not None:
            plan.append(("brightness", *self.brightness_range, 1.0))
        return plan

    def _draw(self, count: int, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Parameters of `count` pictures: those that drawing them one by one would give."""
        plan = self._plan(shape)
        if any(high is None for _, _, high, _ in plan):
            values = np.array([[_draw_one(low, high) for _, low, high, _ in plan] for _ in range(count)], np.float64)
        else:
            low, high = (np.array([entry[place] for entry in plan]) for place in (1, 2))
            values = low + (high - low) * np.random.random_sample((count, len(plan)))
        found: dict[str, np.ndarray] = {
            name: values[:, place] * factor for place, (name, _, _, factor) in enumerate(plan)
        }
        found["flip_horizontal"] = (found["flip_horizontal"] < 0.5) & bool(self.horizontal_flip)
        found["flip_vertical"] = (found["flip_vertical"] < 0.5) & bool(self.vertical_flip)
        return found

    def _changed(self, batch: np.ndarray) -> np.ndarray:
        """Pictures of one size, each changed at random; may reuse `batch`."""
        return self._apply(batch, self._draw(len(batch), batch.shape[1:]))

    def _apply(self, batch: np.ndarray, drawn: dict[str, np.ndarray]) -> np.ndarray:
        first = self.data_format == "channels_first"
        if first:
            batch = np.moveaxis(batch, 1, -1)
        nothing = np.zeros(len(batch), bool)
        flip_columns, flip_rows = (
            drawn.get(name, nothing).astype(bool) for name in ("flip_horizontal", "flip_vertical")
        )
        if any(np.any(drawn.get(name, value) != value) for name, value in _STILL.items()):
            motion = (np.broadcast_to(np.float64(drawn.get(name, value)), len(batch)) for name, value in _STILL.items())
            batch = affine.warp(
                np.ascontiguousarray(batch), *affine.matrices(motion, *batch.shape[1:3]),
                self.fill_mode, self.cval, self.interpolation_order, flip_rows, flip_columns,
            )  # fmt: skip
        elif flip_columns.any() or flip_rows.any():
            batch = batch.copy()
            batch[flip_columns] = batch[flip_columns, :, ::-1]
            batch[flip_rows] = batch[flip_rows, ::-1]
        if "channel_shift_intensity" in drawn:
            least, largest = (f(batch, axis=(1, 2, 3), keepdims=True) for f in (np.min, np.max))
            shift = drawn["channel_shift_intensity"].astype(batch.dtype)[:, None, None, None]
            batch = np.clip(batch + shift, least, largest)
        if "brightness" in drawn:
            batch = np.stack([apply_brightness_shift(x, b, False) for x, b in zip(batch, drawn["brightness"].tolist())])
        return np.moveaxis(batch, -1, 1) if first else batch

    def _prepared(self, batch: np.ndarray) -> np.ndarray:
        """What an iterator gives for pictures of one size: changed, then standardized."""
        before = np.random.get_state()
        changed = self._changed(batch)
        if function := self.preprocessing_function:
            drawn = np.random.get_state()
            first = np.asarray(function(changed[0].copy()))
            if _same_state(drawn, np.random.get_state()):
                changed = np.stack([first, *(np.asarray(function(x)) for x in changed[1:])])
            else:  # the function draws numbers too: picture by picture, as Keras does
                np.random.set_state(before)
                changed = np.stack([np.asarray(function(self._changed(x[None])[0])) for x in batch])
        elif not changed.flags.writeable:
            changed = changed.copy()
        batch = changed
        return self._normalized(batch, axes=tuple(range(1, batch.ndim))).astype(self.dtype, copy=False)


def _draw_one(low: Any, high: Any) -> Any:
    """A number between two, or one of `low` with either sign."""
    if high is None:
        return np.random.choice(low) * np.random.choice([-1, 1])
    return np.random.uniform(low, high)


def _same_state(one: Any, other: Any) -> bool:
    """Whether NumPy's generator stands where it stood."""
    return one[2] == other[2] and np.array_equal(one[1], other[1])
