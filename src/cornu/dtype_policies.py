"""Dtype policies. Source: keras.dtype_policies."""

from cornu._base.suggest import attribute_error
from cornu.core.dtype_policy import DTypePolicy as DTypePolicy
from cornu.core.dtype_policy import get as get

FloatDTypePolicy = DTypePolicy

__getattr__ = attribute_error(__name__)
