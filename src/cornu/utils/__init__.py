"""Small tools around models and data. Source: keras.utils."""

from cornu._base.suggest import attribute_error
from cornu.backend import clear_session as clear_session
from cornu.backend import is_keras_tensor as is_keras_tensor
from cornu.backend import standardize_dtype as standardize_dtype
from cornu.core.random_state import set_random_seed as set_random_seed
from cornu.core.registry import CustomObjectScope as CustomObjectScope
from cornu.core.registry import custom_object_scope as custom_object_scope
from cornu.core.registry import get_custom_objects as get_custom_objects
from cornu.core.registry import get_registered_name as get_registered_name
from cornu.core.registry import get_registered_object as get_registered_object
from cornu.core.registry import register_keras_serializable as register_keras_serializable
from cornu.core.serialization import deserialize_keras_object as deserialize_keras_object
from cornu.core.serialization import serialize_keras_object as serialize_keras_object
from cornu.training.adapters import pack_x_y_sample_weight as pack_x_y_sample_weight
from cornu.training.adapters import unpack_x_y_sample_weight as unpack_x_y_sample_weight
from cornu.training.progress import Progbar as Progbar
from cornu.training.py_dataset import PyDataset as PyDataset
from cornu.utils.numerical import normalize as normalize
from cornu.utils.numerical import to_categorical as to_categorical

Sequence = PyDataset

__getattr__ = attribute_error(__name__)
