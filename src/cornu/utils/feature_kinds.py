"""What a FeatureSpace is told about its columns: features, and crosses of features."""

from typing import Any

from cornu import layers
from cornu._base.errors import InvalidArgumentError
from cornu.core import dtypes, serialization
from cornu.layers.arguments import choice, positive_int
from cornu.layers.base import Layer

# Where Keras' files say that these classes are.
MODULE = "keras.src.layers.preprocessing.feature_space"
_IDENTITY = "TFDIdentity"


class Feature:
    """A column: its dtype, the layer that prepares it, and whether integers become vectors.

    Args:
        dtype: Of the column: "float32", "int32", "string".
        preprocessor: A layer; lookups, Normalization and Discretization are adapted by the FeatureSpace.
        output_mode: "int", "one_hot" or "float".
    """

    def __init__(self, dtype: str, preprocessor: Layer, output_mode: str):
        self.output_mode = choice("output_mode", output_mode, ("int", "one_hot", "float"))
        self.dtype = dtypes.name(dtype)
        self.preprocessor = serialization.deserialize(preprocessor) if isinstance(preprocessor, dict) else preprocessor

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {
            "dtype": self.dtype,
            "preprocessor": _serialized(self.preprocessor),
            "output_mode": self.output_mode,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Feature":
        """A feature from a config."""
        given = config["preprocessor"]
        if isinstance(given, dict) and given.get("class_name") == _IDENTITY:
            own = {name: given["config"][name] for name in ("name", "dtype", "trainable") if name in given["config"]}
            return cls(config["dtype"], layers.Identity(**own), config["output_mode"])
        return cls(config["dtype"], serialization.deserialize(given), config["output_mode"])


class Cross:
    """The combinations of several features, hashed to `crossing_dim` bins. Args: output_mode: "int" or "one_hot"."""

    def __init__(self, feature_names: Any, crossing_dim: int, output_mode: str = "one_hot"):
        self.output_mode = choice("output_mode", output_mode, ("int", "one_hot"))
        self.feature_names = tuple(feature_names)
        self.crossing_dim = positive_int("crossing_dim", crossing_dim)

    @property
    def name(self) -> str:
        """The names of the features, joined by `_X_`."""
        return "_X_".join(self.feature_names)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {
            "feature_names": self.feature_names,
            "crossing_dim": self.crossing_dim,
            "output_mode": self.output_mode,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Cross":
        """A cross from a config."""
        return cls(**config)


def written(thing: Feature | Cross) -> dict[str, Any]:
    """A feature or cross as Keras' files describe it."""
    name = type(thing).__name__
    return {"module": MODULE, "class_name": name, "config": thing.get_config(), "registered_name": name}


def read(kind: type, value: Any) -> Any:
    """A feature or cross from what `written` gave; anything else as it is."""
    if isinstance(value, dict) and "class_name" in value:
        if value["class_name"] != kind.__name__:
            raise InvalidArgumentError(
                f"Expected the config of a {kind.__name__}; received one of {value['class_name']}."
            )
        return kind.from_config(value["config"])
    return value


def _serialized(layer: Layer) -> dict[str, Any]:
    data = serialization.serialize(layer)
    if isinstance(layer, layers.Identity):
        data = {**data, "module": MODULE, "class_name": _IDENTITY, "registered_name": _IDENTITY}
    return data
