"""Mixed precision: computing in 16 bits, keeping variables in 32. Source: keras.mixed_precision."""

from cornu._base.suggest import attribute_error
from cornu.core.dtype_policy import DTypePolicy as DTypePolicy
from cornu.core.dtype_policy import dtype_policy as dtype_policy
from cornu.core.dtype_policy import set_dtype_policy as set_dtype_policy
from cornu.optimizers import LossScaleOptimizer as LossScaleOptimizer

Policy = DTypePolicy
global_policy = dtype_policy
set_global_policy = set_dtype_policy

__getattr__ = attribute_error(__name__)
