"""Models: Sequential, functional and subclassed. Source: keras.models."""

from cornu._base.suggest import attribute_error
from cornu.models.functional import Functional as Functional
from cornu.models.model import Model as Model
from cornu.models.model import model_from_json as model_from_json
from cornu.models.model import model_from_yaml as model_from_yaml
from cornu.models.sequential import Sequential as Sequential

_LAZY = {
    "clone_model": "cornu.models.cloning:clone_model",
    "load_model": "cornu.saving:load_model",
    "save_model": "cornu.saving:save_model",
}
__getattr__ = attribute_error(__name__, _LAZY)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
