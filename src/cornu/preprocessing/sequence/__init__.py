"""Sequences as arrays and batches. Source: tf.keras.preprocessing.sequence."""

from cornu._base.suggest import attribute_error
from cornu.preprocessing.sequence.padding import pad_sequences as pad_sequences
from cornu.preprocessing.sequence.skipgrams import make_sampling_table as make_sampling_table
from cornu.preprocessing.sequence.skipgrams import skipgrams as skipgrams
from cornu.preprocessing.sequence.timeseries_generator import TimeseriesGenerator as TimeseriesGenerator

__getattr__ = attribute_error(__name__)
