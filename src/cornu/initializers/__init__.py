"""First values of weights. Source: keras.initializers."""

from typing import Any

import numpy as np

from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.core.tensor import is_tensor
from cornu.initializers.base import INITIALIZERS as INITIALIZERS
from cornu.initializers.base import Initializer as Initializer
from cornu.initializers.base import RandomInitializer as RandomInitializer
from cornu.initializers.constant import STFT as STFT
from cornu.initializers.constant import Constant as Constant
from cornu.initializers.constant import Identity as Identity
from cornu.initializers.constant import Ones as Ones
from cornu.initializers.constant import Zeros as Zeros
from cornu.initializers.orthogonal import Orthogonal as Orthogonal
from cornu.initializers.random import RandomNormal as RandomNormal
from cornu.initializers.random import RandomUniform as RandomUniform
from cornu.initializers.random import TruncatedNormal as TruncatedNormal
from cornu.initializers.scaling import GlorotNormal as GlorotNormal
from cornu.initializers.scaling import GlorotUniform as GlorotUniform
from cornu.initializers.scaling import HeNormal as HeNormal
from cornu.initializers.scaling import HeUniform as HeUniform
from cornu.initializers.scaling import LecunNormal as LecunNormal
from cornu.initializers.scaling import LecunUniform as LecunUniform
from cornu.initializers.scaling import VarianceScaling as VarianceScaling

IdentityInitializer, OrthogonalInitializer, STFTInitializer = Identity, Orthogonal, STFT
zeros, ones, constant, identity, stft = Zeros, Ones, Constant, Identity, STFT
random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
variance_scaling, orthogonal = VarianceScaling, Orthogonal
glorot_normal, glorot_uniform = GlorotNormal, GlorotUniform
he_normal, he_uniform, lecun_normal, lecun_uniform = HeNormal, HeUniform, LecunNormal, LecunUniform

INITIALIZERS.put((), zero=Zeros, one=Ones)


def get(identifier: Any) -> Any:
    """The initializer that is meant: None, a name, a config, a class, an object, a function, or an array of values.

    Raises: InvalidArgumentError naming the nearest known names.
    """
    if isinstance(identifier, np.ndarray) or is_tensor(identifier):
        return Constant(identifier)
    return serialization.resolve(INITIALIZERS, identifier)


def serialize(initializer: Any) -> Any:
    """The initializer as JSON-able data."""
    return serialization.serialize(initializer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """The initializer that `serialize` described, or of that name."""
    with serialization.custom_object_scope(custom_objects or {}):
        return serialization.resolve(INITIALIZERS, config)


__getattr__ = attribute_error(__name__)
