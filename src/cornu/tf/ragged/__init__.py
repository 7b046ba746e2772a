"""Ragged tensors: `tf.ragged`. Eager objects; left out are crosses."""

from cornu._base.suggest import attribute_error
from cornu.tf.ragged import operators
from cornu.tf.ragged.making import (
    constant,
    map_flat_values,
    row_splits_to_segment_ids,
    segment_ids_to_row_splits,
    stack_dynamic_partitions,
)
from cornu.tf.ragged.making import (
    ragged_range as range,
)
from cornu.tf.ragged.reductions import boolean_mask as boolean_mask
from cornu.tf.ragged.reductions import stack as stack
from cornu.tf.ragged.tensor import RaggedTensor as RaggedTensor

__getattr__ = attribute_error(__name__)
