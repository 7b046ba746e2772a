"""What prepares data for a model, in the manner of Keras 2. Source: tf.keras.preprocessing."""

from cornu._base.suggest import attribute_error
from cornu.preprocessing import image as image
from cornu.preprocessing import sequence as sequence
from cornu.preprocessing import text as text

_LAZY = {  # these bring cornu.data
    "image_dataset_from_directory": "cornu.preprocessing.image_dataset:image_dataset_from_directory",
    "text_dataset_from_directory": "cornu.preprocessing.text_dataset:text_dataset_from_directory",
    "timeseries_dataset_from_array": "cornu.preprocessing.timeseries_dataset:timeseries_dataset_from_array",
}

__getattr__ = attribute_error(__name__, _LAZY)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
