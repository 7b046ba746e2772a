"""Small tools around models and data. Source: keras.utils."""

from cornu._base.suggest import attribute_error
from cornu.core.random_state import set_random_seed as set_random_seed
from cornu.training.adapters import pack_x_y_sample_weight as pack_x_y_sample_weight
from cornu.training.adapters import unpack_x_y_sample_weight as unpack_x_y_sample_weight
from cornu.training.progress import Progbar as Progbar
from cornu.training.py_dataset import PyDataset as PyDataset
from cornu.utils.numerical import normalize as normalize
from cornu.utils.numerical import to_categorical as to_categorical

Sequence = PyDataset

__getattr__ = attribute_error(__name__)
