"""A dataset of sounds from a folder. Source: keras.utils.audio_dataset_from_directory."""

import os
import wave
from collections.abc import Sequence
from typing import Any

import numpy as np

from cornu._base.errors import DataLossError, InvalidArgumentError
from cornu.data import TensorSpec
from cornu.preprocessing.labelled_files import datasets


def audio_dataset_from_directory(
    directory: str | os.PathLike,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    sampling_rate: int | None = None,
    output_sequence_length: int | None = None,
    ragged: bool = False,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    verbose: bool = True,
) -> Any:
    """Batches of sounds (and labels) from `directory/CLASS/**/*.wav`; attributes `class_names`, `file_paths`.

    Args:
        labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset: as for pictures.
        sampling_rate: samples per second to convert to (linear interpolation); None leaves them as they are.
        output_sequence_length: cut or fill every sound to so many samples; None fills each batch to its longest.
    Shape: float32 (batch, samples, channels), -1 to 1.
    Raises: InvalidArgumentError for bad options; DataLossError for files that are no PCM sound; NotFoundError if there are none.
    """
    if ragged:
        raise InvalidArgumentError(
            "Expected ragged=False: batches are arrays. Use batch_size=None for sounds of their own lengths, or filled batches."
        )
    for name, value in (("sampling_rate", sampling_rate), ("output_sequence_length", output_sequence_length)):
        if value is not None and (not isinstance(value, int) or value <= 0):
            raise InvalidArgumentError(f"`{name}` should be higher than 0. Received: {name}={value}")

    def read(path: str) -> np.ndarray:
        x, rate = read_wav(path)
        if sampling_rate is not None and rate != sampling_rate:
            count = round(len(x) * sampling_rate / rate)
            places = np.arange(count) * (rate / sampling_rate)
            x = np.stack([np.interp(places, np.arange(len(x)), channel) for channel in x.T], -1).astype(np.float32)
        if output_sequence_length is not None:
            x = x[:output_sequence_length]
            x = np.pad(x, ((0, output_sequence_length - len(x)), (0, 0)))
        return x

    return datasets(
        read, directory, (".wav",), "audio", labels, label_mode, class_names, batch_size, shuffle, seed, validation_split,
        subset, follow_links, "tf", verbose, TensorSpec((output_sequence_length, None), "float32"),
    )  # fmt: skip


def read_wav(path: str) -> tuple[np.ndarray, int]:
    """A PCM file's samples as float32 in -1 to 1, and how many there are per second. Shape: (samples, channels).

    Raises: DataLossError if it is no PCM WAV file.
    """
    try:
        with wave.open(path, "rb") as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            content = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise DataLossError(f"{path} is not a PCM WAV file: {error}. Convert it to 16-bit PCM.") from None
    if width == 1:  # the only width without a sign
        x = (np.frombuffer(content, np.uint8).astype(np.float32) - 128) / 128
    else:
        parts = np.frombuffer(content[: len(content) // width * width], np.uint8).reshape(-1, width)
        wide = np.zeros((len(parts), 4), np.uint8)
        wide[:, 4 - width :] = parts
        x = (wide.view("<i4")[:, 0] / 2**31).astype(np.float32)
    return x[: len(x) // channels * channels].reshape(-1, channels), rate
