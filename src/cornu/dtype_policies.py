"""Dtype policies. Source: keras.dtype_policies, keras.mixed_precision."""

from cornu.core.dtype_policy import DTypePolicy as DTypePolicy
from cornu.core.dtype_policy import dtype_policy as dtype_policy
from cornu.core.dtype_policy import get as get
from cornu.core.dtype_policy import set_dtype_policy as set_dtype_policy

Policy = DTypePolicy
global_policy = dtype_policy
set_global_policy = set_dtype_policy
