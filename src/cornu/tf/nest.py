"""Nested structures: lists, tuples, dicts of anything. Source: tf.nest."""

from cornu.tree import assert_same_structure as assert_same_structure
from cornu.tree import flatten as flatten
from cornu.tree import is_nested as is_nested
from cornu.tree import map_structure as map_structure
from cornu.tree import pack_sequence_as as pack_sequence_as
