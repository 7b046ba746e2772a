"""Datasets that read files: lines of text, TFRecords, records of equal length."""

from collections.abc import Callable
from typing import Any

from cornu.data import combining, files, mapping
from cornu.data.dataset import Dataset
from cornu.data.step import Step


class TextLineDataset(Dataset):
    """The lines of text files, as bytes without line ends.

    Args: file names, or a dataset of them; `compression_type` is '', 'GZIP' or 'ZLIB'.
    Source: tf.data.TextLineDataset.
    """

    def __init__(
        self, filenames: Any, compression_type: Any = None, buffer_size: Any = None, num_parallel_reads: Any = None,
        name: str | None = None,
    ):  # fmt: skip
        read = files.lines(compression_type)
        self._step = _reading(filenames, read, "TextLineDataset", "_TextLineDataset", num_parallel_reads)


class TFRecordDataset(Dataset):
    """The records of TFRecord files, as bytes. Checksums are verified.

    Args: file names, or a dataset of them; `compression_type` is '', 'GZIP' or 'ZLIB'.
    Source: tf.data.TFRecordDataset.
    """

    def __init__(
        self, filenames: Any, compression_type: Any = None, buffer_size: Any = None, num_parallel_reads: Any = None,
        name: str | None = None,
    ):  # fmt: skip
        read = files.tf_records(compression_type)
        self._step = _reading(filenames, read, "TFRecordDataset", "_TFRecordDataset", num_parallel_reads)


class FixedLengthRecordDataset(Dataset):
    """Records of equal length from binary files, as bytes. Source: tf.data.FixedLengthRecordDataset."""

    def __init__(
        self, filenames: Any, record_bytes: Any, header_bytes: Any = None, footer_bytes: Any = None, buffer_size: Any = None,
        compression_type: Any = None, num_parallel_reads: Any = None, name: str | None = None,
    ):  # fmt: skip
        read = files.fixed_length(record_bytes, header_bytes, footer_bytes, compression_type)
        self._step = _reading(
            filenames, read, "FixedLengthRecordDataset", "_FixedLengthRecordDataset", num_parallel_reads
        )


def _reading(filenames: Any, read: Callable, title: str, printed: str, parallel: Any) -> Step:
    """A step that reads files one after the other, or `parallel` of them in turn."""
    if parallel is None:
        return files.Files(filenames, read, title, printed)
    names = filenames if isinstance(filenames, Dataset) else Dataset.from_tensor_slices(files.path_list(filenames))
    each = lambda name: Dataset(files.Files(name, read, title, printed))
    cycle = mapping.threads(parallel)
    return combining.Interleave(names._step, each, cycle, None, parallel)
