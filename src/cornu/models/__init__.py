"""Models: Sequential, functional and subclassed. Source: keras.models."""

from typing import Any

from cornu.models.functional import Functional as Functional
from cornu.models.model import Model as Model
from cornu.models.model import model_from_json as model_from_json
from cornu.models.sequential import Sequential as Sequential


def __getattr__(name: str) -> Any:
    if name in ("load_model", "save_model"):
        from cornu import saving

        return getattr(saving, name)
    if name in ("clone_model",):
        from cornu.models.cloning import clone_model

        return clone_model
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
