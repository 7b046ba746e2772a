"""Writes what TensorBoard shows."""

import json
import os
import time
from pathlib import Path
from typing import Any, Literal

import jax
import numpy as np

from cornu._base.errors import CornuError, InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.callbacks.callback import Callback
from cornu.io import event_file
from cornu.io.atomic import write_bytes
from cornu.io.event_file import EventFile

_PICTURES = 3  # of one weight at most


class TensorBoard(Callback):
    """Writes metrics, weights and profiles to `log_dir`, for `tensorboard --logdir log_dir`. TensorFlow is not needed.

    Metrics of training go to `train/`, those of validation and evaluation to `validation/`: `epoch_loss`, ... by epoch,
    `batch_loss`, ... by batch, and `evaluation_loss_vs_iterations`, ... by steps of the optimizer.

    Args:
        log_dir: a folder; made if it is missing.
        histogram_freq: epochs between two histograms of all weights; 0 for none.
        write_graph: write the model's config, drawn as the conceptual graph (tag `keras`).
        write_images: with the histograms, write the weights as pictures.
        write_steps_per_second: write how fast training is.
        update_freq: `"epoch"`, `"batch"`, or batches between two writings of the batch metrics.
        profile_batch: the batch, or the first and last batch, counted from 1, of which a profile is taken; 0 for none.
        embeddings_freq: epochs between two writings of the Embedding layers' weights for the projector; 0 for none.
        embeddings_metadata: the file with the labels of the embeddings; a dict by layer name if there are several.
    Raises: InvalidArgumentError on unknown values, and on names in embeddings_metadata that no Embedding layer has.
    Source: keras.callbacks.TensorBoard.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: int | Literal["epoch", "batch"] = "epoch",
        profile_batch: int | tuple[int, int] | str = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: str | dict[str, str] | None = None,
    ):
        super().__init__()
        is_count = isinstance(update_freq, int) and not isinstance(update_freq, bool) and update_freq > 0
        if update_freq not in ("epoch", "batch") and not is_count:
            raise InvalidArgumentError(
                f"Expected update_freq to be 'epoch', 'batch' or a positive number of batches; received {update_freq!r}."
            )
        self.log_dir, self.histogram_freq, self.write_graph = os.fspath(log_dir), histogram_freq, write_graph
        self.write_images, self.write_steps_per_second = write_images, write_steps_per_second
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self.embeddings_freq, self.embeddings_metadata = embeddings_freq, embeddings_metadata
        self.profile_batch = profile_batch
        self._first_profiled, self._last_profiled = _batch_range(profile_batch)
        self._files: dict[str, EventFile] = {}
        self._steps = 0  # batches of training so far
        self._in_fit = self._profiling = False
        self._epoch_start = self._batch_start = (0, 0.0)  # steps, seconds
        if self.update_freq != "epoch" or self._first_profiled:  # only then must training come back after every batch
            self.on_train_batch_begin = self._before_batch
            self.on_train_batch_end = self._after_batch

    def set_model(self, model: Any) -> None:
        """Take the model; its config is written at the start of a run."""
        super().set_model(model)
        if self.embeddings_freq:
            self._check_metadata()

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self._in_fit, self._steps = True, 0
        self._batch_start = (0, time.perf_counter())
        if self.write_graph and (config := _config_of(self.model)):
            self._file("train").write(event_file.keras_graph(config), 0)

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        self._in_fit = False
        self._stop_profile()
        self._close()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch_start = (self._iterations(), time.perf_counter())

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        logs = dict(logs or {})
        rate = getattr(self.model.optimizer, "learning_rate", None)
        if rate is not None:
            logs.setdefault("learning_rate", float(np.asarray(rate)))
        train = {f"epoch_{name}": value for name, value in logs.items() if not name.startswith("val_")}
        if self.write_steps_per_second:
            train["epoch_steps_per_second"] = _rate(self._epoch_start, self._iterations())
        self._write("train", train, epoch)
        validation = {f"epoch_{name[4:]}": value for name, value in logs.items() if name.startswith("val_")}
        self._write("validation", validation, epoch)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self._write_embeddings()
        for file in self._files.values():
            file.flush()

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        values = {f"evaluation_{name}_vs_iterations": value for name, value in (logs or {}).items()}
        self._write("validation", values, self._iterations())
        if not self._in_fit:
            self._close()

    def _before_batch(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        if self._steps + 1 == self._first_profiled and not self._profiling:
            jax.profiler.start_trace(os.path.join(self.log_dir, "train"))
            self._profiling = True

    def _after_batch(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._steps += 1
        if self._profiling and self._steps >= self._last_profiled:
            self._stop_profile()
        if self.update_freq == "epoch" or self._steps % int(self.update_freq):
            return
        values = {f"batch_{name}": value for name, value in (logs or {}).items()}
        if self.write_steps_per_second:
            values["batch_steps_per_second"] = _rate(self._batch_start, self._steps)
            self._batch_start = (self._steps, time.perf_counter())
        self._write("train", values, self._steps)

    def _stop_profile(self) -> None:
        if self._profiling:
            self._profiling = False
            jax.block_until_ready([variable.value._value for variable in self.model.weights])
            jax.profiler.stop_trace()

    def state(self) -> dict[str, Any]:
        return {"steps": self._steps}

    def restore(self, state: dict[str, Any]) -> None:
        self._steps = state["steps"]

    # -- files

    def _iterations(self) -> int:
        iterations = getattr(getattr(self.model, "optimizer", None), "iterations", None)
        return 0 if iterations is None else int(np.asarray(iterations))

    def _file(self, run: str) -> EventFile:
        if run not in self._files:
            self._files[run] = EventFile(os.path.join(self.log_dir, run))
        return self._files[run]

    def _close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _write(self, run: str, values: dict[str, Any], step: int) -> None:
        for tag, value in values.items():
            if np.ndim(value) == 0:
                self._file(run).write(event_file.scalar(tag, float(value)), step)

    def _write_weights(self, epoch: int) -> None:
        file = self._file("train")
        for weight in self.model.weights:
            values = np.asarray(weight)
            if values.dtype.kind not in "fiub" and values.dtype.name != "bfloat16":
                continue
            values = values.astype(np.float64)
            path = weight.path.removesuffix(":0")
            file.write(event_file.histogram(f"{path}/histogram", values), epoch)
            if self.write_images and (pictures := _as_pictures(values)) is not None:
                file.write(event_file.images(f"{path}/image", pictures), epoch)

    # -- embeddings

    def _embeddings(self) -> dict[str, Any]:
        """The Embedding layers by name."""
        layers = getattr(self.model, "_flatten_layers", list)()
        return {layer.name: layer for layer in layers if hasattr(layer, "embeddings") and hasattr(layer, "input_dim")}

    def _check_metadata(self) -> None:
        found = self._embeddings()
        if isinstance(self.embeddings_metadata, dict):
            for name in self.embeddings_metadata:
                if name not in found:
                    raise InvalidArgumentError(
                        f"embeddings_metadata names {name!r}, but the Embedding layers are {sorted(found)}."
                        f"{did_you_mean(name, found)}"
                    )

    def _write_embeddings(self) -> None:
        """The weights as text, and a config that tells the projector where they are."""
        folder = Path(self.log_dir)
        folder.mkdir(parents=True, exist_ok=True)
        entries = []
        for name, layer in self._embeddings().items():
            table = np.asarray(layer.embeddings).astype(np.float64)
            file = f"{name.replace('/', '_')}_embeddings.tsv"
            text = "\n".join("\t".join(f"{value:.8g}" for value in row) for row in table) + "\n"
            write_bytes(folder / file, text.encode())
            given = self.embeddings_metadata
            metadata = given.get(name) if isinstance(given, dict) else given
            lines = [("tensor_name", f"{name}/embeddings"), ("tensor_path", file)]
            lines += [("metadata_path", os.fspath(metadata))] if metadata else []
            body = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in lines)
            entries.append(f"embeddings {{\n{body}}}\n")
        if entries:
            write_bytes(folder / "projector_config.pbtxt", "".join(entries).encode())


def _batch_range(given: Any) -> tuple[int, int]:
    """The first and last batch of `profile_batch`; (0, 0) for none."""
    parts = given
    if isinstance(given, str):
        parts = given.split(",")
    elif not isinstance(given, (list, tuple)):
        parts = [given, given]
    try:
        first, last = (int(part) for part in (parts if len(parts) == 2 else [*parts, *parts]))
    except (TypeError, ValueError):
        first, last = -1, -1
    if first < 0 or last < first:
        raise InvalidArgumentError(
            "profile_batch must be a non-negative integer or 2-tuple of positive integers. A pair of positive integers "
            f"signifies a range of batches to profile. Found: {given!r}"
        )
    return first, last


def _rate(start: tuple[int, float], steps: int) -> float:
    return (steps - start[0]) / max(time.perf_counter() - start[1], 1e-9)


def _config_of(model: Any) -> str | None:
    """The model's JSON; None for models that have none, such as subclassed ones without a config."""
    try:
        return model.to_json()
    except (AttributeError, TypeError, CornuError):
        return None


def _as_pictures(values: np.ndarray) -> np.ndarray | None:
    """Weights as grey pictures: vectors upright, matrices lying down, kernels a picture per filter; None for more axes."""
    values = np.squeeze(values)
    if values.ndim == 1 and values.size:
        pictures = values[None, :, None]
    elif values.ndim == 2:
        pictures = (values.T if values.shape[0] > values.shape[1] else values)[None]
    elif values.ndim == 3:
        pictures = np.moveaxis(values, -1, 0)[:_PICTURES]
    else:
        return None
    low, high = pictures.min(), pictures.max()
    return np.round((pictures - low) / (high - low if high > low else 1) * 255).astype(np.uint8)
