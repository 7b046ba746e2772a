"""Cornu: an independent implementation of Keras on JAX/XLA.

`import cornu as keras` gives Keras' namespace: `cornu.Sequential`, `cornu.layers.Dense`, `cornu.ops.relu`, ...
"""

from cornu import activations as activations
from cornu import callbacks as callbacks
from cornu import constraints as constraints
from cornu import core as core  # first: it switches float64 support on
from cornu import initializers as initializers
from cornu import layers as layers
from cornu import losses as losses
from cornu import metrics as metrics
from cornu import models as models
from cornu import ops as ops
from cornu import optimizers as optimizers
from cornu import random as random
from cornu import regularizers as regularizers
from cornu._base.suggest import attribute_error
from cornu.core import config as config
from cornu.core.devices import device as device
from cornu.core.dtype_policy import DTypePolicy as DTypePolicy
from cornu.core.dtype_policy import FloatDTypePolicy as FloatDTypePolicy
from cornu.core.function import function as function
from cornu.core.operation import Operation as Operation
from cornu.core.remat import RematScope as RematScope
from cornu.core.remat import remat as remat
from cornu.core.stateless_scope import StatelessScope as StatelessScope
from cornu.core.symbolic import KerasTensor as KerasTensor
from cornu.core.symbolic_scope import SymbolicScope as SymbolicScope
from cornu.core.tape import GradientTape as GradientTape
from cornu.core.tensor import Tensor as Tensor
from cornu.core.tensor import convert_to_tensor as convert_to_tensor
from cornu.core.variable import Variable as Variable
from cornu.core.variable import name_scope as name_scope
from cornu.initializers import Initializer as Initializer
from cornu.layers import Input as Input
from cornu.layers import InputSpec as InputSpec
from cornu.layers import Layer as Layer
from cornu.losses import Loss as Loss
from cornu.metrics import Metric as Metric
from cornu.models import Functional as Functional
from cornu.models import Model as Model
from cornu.models import Sequential as Sequential
from cornu.models.function import Function as Function
from cornu.optimizers import Optimizer as Optimizer
from cornu.regularizers import Regularizer as Regularizer

__version__ = "0.1.0"


def version() -> str:
    """The version of this package. Source: keras.version."""
    return __version__


_LAZY = {  # imported when they are first touched
    "backend": "cornu.backend",
    "data": "cornu.data",
    "datasets": "cornu.datasets",
    "dtype_policies": "cornu.dtype_policies",
    "install": "cornu.shim:install",
    "load_ipython_extension": "cornu.shim:load_ipython_extension",
    "mixed_precision": "cornu.mixed_precision",
    "preprocessing": "cornu.preprocessing",
    "saving": "cornu.saving",
    "tf": "cornu.tf",
    "tree": "cornu.tree",
    "utils": "cornu.utils",
}


__getattr__ = attribute_error(__name__, _LAZY)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
