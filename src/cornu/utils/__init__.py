"""Small tools around models and data. Source: keras.utils."""

from cornu._base.suggest import attribute_error
from cornu.backend import clear_session as clear_session
from cornu.backend import is_keras_tensor as is_keras_tensor
from cornu.backend import standardize_dtype as standardize_dtype
from cornu.core.config import disable_interactive_logging as disable_interactive_logging
from cornu.core.config import enable_interactive_logging as enable_interactive_logging
from cornu.core.config import is_interactive_logging_enabled as is_interactive_logging_enabled
from cornu.core.random_state import set_random_seed as set_random_seed
from cornu.core.registry import CustomObjectScope as CustomObjectScope
from cornu.core.registry import custom_object_scope as custom_object_scope
from cornu.core.registry import get_custom_objects as get_custom_objects
from cornu.core.registry import get_registered_name as get_registered_name
from cornu.core.registry import get_registered_object as get_registered_object
from cornu.core.registry import register_keras_serializable as register_keras_serializable
from cornu.core.serialization import deserialize_keras_object as deserialize_keras_object
from cornu.core.serialization import serialize_keras_object as serialize_keras_object
from cornu.training.batch_form import pack_x_y_sample_weight as pack_x_y_sample_weight
from cornu.training.batch_form import unpack_x_y_sample_weight as unpack_x_y_sample_weight
from cornu.training.progress import Progbar as Progbar
from cornu.training.py_dataset import PyDataset as PyDataset
from cornu.utils.numerical import normalize as normalize
from cornu.utils.numerical import to_categorical as to_categorical

Sequence = PyDataset

_LAZY = {  # imported when they are first touched
    "Config": "cornu.utils.config:Config",
    "CrossValidation": "cornu.utils.cross_validation:CrossValidation",
    "FeatureSpace": "cornu.utils.feature_space:FeatureSpace",
    "GeneratorEnqueuer": "cornu.utils.enqueuers:GeneratorEnqueuer",
    "OrderedEnqueuer": "cornu.utils.enqueuers:OrderedEnqueuer",
    "SequenceEnqueuer": "cornu.utils.enqueuers:SequenceEnqueuer",
    "audio_dataset_from_directory": "cornu.preprocessing.audio_dataset:audio_dataset_from_directory",
    "array_to_img": "cornu.preprocessing.image:array_to_img",
    "bounding_boxes": "cornu.utils.bounding_boxes",
    "cross_validate": "cornu.utils.cross_validation:cross_validate",
    "get_file": "cornu.datasets.get_file:get_file",
    "get_source_inputs": "cornu.utils.source_inputs:get_source_inputs",
    "image_dataset_from_directory": "cornu.preprocessing.image_dataset:image_dataset_from_directory",
    "img_to_array": "cornu.preprocessing.image:img_to_array",
    "legacy": "cornu.utils.legacy",
    "load_img": "cornu.preprocessing.image:load_img",
    "model_to_dot": "cornu.utils.plotting:model_to_dot",
    "np_utils": "cornu.utils.np_utils",
    "pad_sequences": "cornu.preprocessing.sequence:pad_sequences",
    "plot_confusion_matrix": "cornu.utils.plotting:plot_confusion_matrix",
    "plot_model": "cornu.utils.plotting:plot_model",
    "save_img": "cornu.preprocessing.image:save_img",
    "split_dataset": "cornu.utils.splitting:split_dataset",
    "text_dataset_from_directory": "cornu.preprocessing.text_dataset:text_dataset_from_directory",
    "timeseries_dataset_from_array": "cornu.preprocessing.timeseries_dataset:timeseries_dataset_from_array",
    "to_ordinal": "cornu.utils.np_utils:to_ordinal",
}

__getattr__ = attribute_error(__name__, _LAZY)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
