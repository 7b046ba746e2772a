"""Pipelines of data. Source: tf.data."""

from cornu._base.suggest import attribute_error
from cornu.data.dataset import Dataset as Dataset
from cornu.data.file_datasets import FixedLengthRecordDataset as FixedLengthRecordDataset
from cornu.data.file_datasets import TextLineDataset as TextLineDataset
from cornu.data.file_datasets import TFRecordDataset as TFRecordDataset
from cornu.data.iterator import DatasetIterator as Iterator
from cornu.data.iterator import NumpyIterator as NumpyIterator
from cornu.data.options import Options as Options
from cornu.data.options import ThreadingOptions as ThreadingOptions
from cornu.data.records import TFRecordWriter as TFRecordWriter
from cornu.data.spec import DatasetSpec as DatasetSpec
from cornu.data.spec import TensorSpec as TensorSpec
from cornu.data.step import AUTOTUNE as AUTOTUNE
from cornu.data.step import INFINITE as INFINITE_CARDINALITY
from cornu.data.step import UNKNOWN as UNKNOWN_CARDINALITY

__getattr__ = attribute_error(__name__, {"experimental": "cornu.data.experimental"})
