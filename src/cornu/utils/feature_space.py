"""FeatureSpace: rows of named columns of any kind as one vector, or one for each column."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from cornu import layers, ops, saving
from cornu._base import names
from cornu._base.catalog import Catalog
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core.symbolic import KerasTensor, is_symbolic
from cornu.core.tensor import Tensor
from cornu.layers.arguments import choice, positive_int
from cornu.layers.base import Layer
from cornu.layers.preprocessing.host_layer import text_tensor
from cornu.layers.preprocessing.lookup import Lookup
from cornu.utils.feature_kinds import Cross, Feature, read, written

UTILS = Catalog("utility", "keras.utils")


@UTILS.add()
class FeatureSpace(Layer):
    """Prepares columns: numbers are normalized, rescaled or cut into bins; texts and integers looked up or hashed.

    Args:
        features: Name of a column -> a feature (`FeatureSpace.float_normalized()`, ...) or its kind ("float_normalized").
        output_mode: "concat": one vector of everything, columns by name, then crosses; "dict": a tensor for each.
        crosses: `FeatureSpace.cross(names, crossing_dim)`, or tuples of names.
        crossing_dim, hashing_dim, num_discretization_bins: For crosses and kinds given without.

    Shape: a dict of (n,), (n, 1) or () -> (n, width) or (width,), or a dict of such.
    Raises: InvalidArgumentError for unknown kinds, columns and modes; FailedPreconditionError before `adapt`, if there
    is something to adapt.
    Example:
        space = FeatureSpace({"age": "float_normalized", "city": "string_categorical"})
        space.adapt(dataset_of_dicts)
        vectors = space({"age": [20, 30], "city": ["Rome", "Oslo"]})
    Source: keras.utils.FeatureSpace.
    """

    is_saved_alone = True

    # -- kinds of features

    @classmethod
    def cross(cls, feature_names: Any, crossing_dim: int, output_mode: str = "one_hot") -> Cross:
        """Combinations of features, hashed to `crossing_dim` bins."""
        return Cross(feature_names, crossing_dim, output_mode)

    @classmethod
    def feature(cls, dtype: str, preprocessor: Layer, output_mode: str) -> Feature:
        """A column prepared by a layer of yours."""
        return Feature(dtype, preprocessor, output_mode)

    @classmethod
    def float(cls, name: str | None = None) -> Feature:
        """Numbers as they are."""
        return Feature("float32", layers.Identity(dtype="float32", name=_layer_name("float", name)), "float")

    @classmethod
    def float_rescaled(cls, scale: Any = 1.0, offset: Any = 0.0, name: str | None = None) -> Feature:
        """Numbers times `scale`, plus `offset`."""
        layer = layers.Rescaling(scale=scale, offset=offset, name=_layer_name("float_rescaled", name))
        return Feature("float32", layer, "float")

    @classmethod
    def float_normalized(cls, name: str | None = None) -> Feature:
        """Numbers with mean 0 and variance 1."""
        layer = layers.Normalization(axis=-1, name=_layer_name("float_normalized", name))
        return Feature("float32", layer, "float")

    @classmethod
    def float_discretized(
        cls, num_bins: int | None, bin_boundaries: Any = None, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """Numbers as bins: with those boundaries, or `num_bins` of equally many numbers."""
        layer = layers.Discretization(
            num_bins=num_bins if bin_boundaries is None else None,
            bin_boundaries=bin_boundaries,
            name=_layer_name("float_discretized", name),
        )
        return Feature("float32", layer, output_mode)

    @classmethod
    def integer_categorical(
        cls, max_tokens: int | None = None, num_oov_indices: int = 1, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:  # fmt: skip
        """Integers that name categories, as indices of a vocabulary."""
        layer = layers.IntegerLookup(max_tokens, num_oov_indices, name=_layer_name("integer_categorical", name))
        return Feature("int32", layer, output_mode)

    @classmethod
    def string_categorical(
        cls, max_tokens: int | None = None, num_oov_indices: int = 1, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:  # fmt: skip
        """Texts that name categories, as indices of a vocabulary."""
        layer = layers.StringLookup(max_tokens, num_oov_indices, name=_layer_name("string_categorical", name))
        return Feature("string", layer, output_mode)

    @classmethod
    def string_hashed(cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Texts as bins by their hashes."""
        return Feature("string", layers.Hashing(num_bins, name=_layer_name("string_hashed", name)), output_mode)

    @classmethod
    def integer_hashed(cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Integers as bins by their hashes."""
        return Feature("int32", layers.Hashing(num_bins, name=_layer_name("integer_hashed", name)), output_mode)

    # -- the space

    def __init__(
        self, features: Mapping[str, Any], output_mode: str = "concat", crosses: Any = None, crossing_dim: int = 32,
        hashing_dim: int = 32, num_discretization_bins: int = 32, name: str | None = None,
    ):  # fmt: skip
        super().__init__(name=name, autocast=False)
        if not features:
            raise InvalidArgumentError("Expected features as a dict of columns; received none.")
        self.crossing_dim = positive_int("crossing_dim", crossing_dim)
        self.hashing_dim = positive_int("hashing_dim", hashing_dim)
        self.num_discretization_bins = positive_int("num_discretization_bins", num_discretization_bins)
        self.output_mode = choice("output_mode", output_mode, ("concat", "dict"))
        self.features = {column: self._feature(column, kind) for column, kind in features.items()}
        self.crosses = [self._cross(cross) for cross in crosses or ()]
        self.preprocessors = {column: feature.preprocessor for column, feature in self.features.items()}
        self.crossers = {
            cross.name: layers.HashedCrossing(cross.crossing_dim, name=cross.name) for cross in self.crosses
        }
        self.one_hot_encoders: dict[str, Layer] = {}
        self._is_adapted = not self._adaptable()
        self._inputs: dict[str, KerasTensor] | None = None
        self._encoded: Any = None

    def _feature(self, column: str, kind: Any) -> Feature:
        if isinstance(kind, Feature):
            return kind
        if isinstance(kind, dict):
            return read(Feature, kind)
        made = {
            "float": FeatureSpace.float, "float_rescaled": FeatureSpace.float_rescaled,
            "float_normalized": FeatureSpace.float_normalized,
            "float_discretized": lambda name: FeatureSpace.float_discretized(self.num_discretization_bins, name=name),
            "integer_categorical": lambda name: FeatureSpace.integer_categorical(name=name),
            "string_categorical": lambda name: FeatureSpace.string_categorical(name=name),
            "integer_hashed": lambda name: FeatureSpace.integer_hashed(self.hashing_dim, name=name),
            "string_hashed": lambda name: FeatureSpace.string_hashed(self.hashing_dim, name=name),
        }  # fmt: skip
        kind = choice(f"the kind of the feature {column!r}", kind, tuple(made))
        return made[kind](name=column)

    def _cross(self, cross: Any) -> Cross:
        cross = read(Cross, cross)
        made = cross if isinstance(cross, Cross) else Cross(cross, self.crossing_dim)
        unknown = [name for name in made.feature_names if name not in self.features]
        if unknown:
            raise InvalidArgumentError(
                f"Expected crosses of the features {sorted(self.features)}; received the unknown {unknown[0]!r}."
            )
        return made

    def _adaptable(self) -> list[str]:
        """The columns whose layers learn from data and have not learnt yet."""
        found = []
        for column, layer in self.preprocessors.items():
            if isinstance(layer, Lookup):
                wanted = not layer._is_fixed
            elif isinstance(layer, layers.Discretization):
                wanted = layer.num_bins is not None
            elif isinstance(layer, layers.Normalization):
                wanted = layer.input_mean is None
            else:
                wanted = hasattr(layer, "adapt")
            found += [column] if wanted else []
        return found

    def adapt(self, dataset: Any) -> None:
        """Let the layers learn from a dataset of dicts (rows or batches of rows), or a dict of arrays.

        Raises: InvalidTypeError if the elements are no dicts.
        """
        columns = self._adaptable()
        parts: dict[str, list[np.ndarray]] = {column: [] for column in columns}
        for row in [dataset] if isinstance(dataset, Mapping) else dataset:
            if not isinstance(row, Mapping):
                raise InvalidTypeError(f"Expected a dataset of dicts of columns; it gave {type(row).__name__}.")
            for column in columns:
                values = text_tensor(row[column])
                array = np.asarray(values._value)
                parts[column].append(array.reshape(-1, 1) if array.ndim < 2 else array)
        for column in columns:
            self.preprocessors[column].adapt(np.concatenate(parts[column]))
        self._is_adapted = True
        self.one_hot_encoders.clear()
        self._inputs = self._encoded = None
        self.get_encoded_features()

    def get_inputs(self) -> dict[str, KerasTensor]:
        """Symbolic columns to make a model of. Raises: FailedPreconditionError before `adapt`."""
        self._require_adapted()
        if self._inputs is None:
            inputs = {
                column: layers.Input(shape=(1,), dtype=feature.dtype, name=column)
                for column, feature in self.features.items()
            }
            object.__setattr__(self, "_inputs", inputs)
        return self._inputs  # type: ignore[return-value]

    def get_encoded_features(self) -> Any:
        """What the space makes of `get_inputs`. Raises: FailedPreconditionError before `adapt`."""
        inputs = self.get_inputs()
        if self._encoded is None:
            object.__setattr__(self, "_encoded", self._encode(inputs))
            self.built = True
        return self._encoded

    def _require_adapted(self) -> None:
        if not self._is_adapted:
            raise FailedPreconditionError(
                f"Call adapt(dataset) on {self.name!r} before using it: {self._adaptable()} learn from data."
            )

    def __call__(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        self._require_adapted()
        if not isinstance(data, Mapping):
            raise InvalidTypeError(f"Expected a dict of columns for {self.name!r}; received {type(data).__name__}.")
        if missing := [column for column in self.features if column not in data]:
            raise InvalidArgumentError(
                f"Expected the column {missing[0]!r} for {self.name!r}; received {sorted(data)}."
            )
        columns = {column: data[column] for column in self.features}
        if is_symbolic(columns):
            return self._encode(columns)
        tensors = {column: text_tensor(value) for column, value in columns.items()}
        is_single = all(not tensor.ndim for tensor in tensors.values())
        encoded = self._encode({column: _as_column(tensor) for column, tensor in tensors.items()})
        if not is_single:
            return encoded
        return {name: made[0] for name, made in encoded.items()} if isinstance(encoded, dict) else encoded[0]

    def call(self, data: Any) -> Any:
        """What the space makes of a dict of columns."""
        return self._encode(data)

    def build_from_config(self, config: dict) -> None:
        """Nothing is to be built: the layers learnt from data, and files hold what they learnt."""
        self.built = self._is_adapted = True

    def get_build_config(self) -> dict:
        """That of every column's layer."""
        return {column: layer.get_build_config() or {} for column, layer in self.preprocessors.items()}

    def _encode(self, columns: Mapping[str, Any]) -> Any:
        made = {column: self.preprocessors[column](columns[column]) for column in sorted(columns)}
        encoded = {column: self._encoded_as(column, value) for column, value in made.items()}
        for cross in sorted(self.crosses, key=lambda cross: cross.name):
            bins = self.crossers[cross.name]([made[name] for name in cross.feature_names])
            is_vector = cross.output_mode == "one_hot"
            encoded[cross.name] = self._vectors(cross.name, bins, cross.crossing_dim) if is_vector else bins
        if self.output_mode == "dict":
            return encoded
        for name, value in encoded.items():
            if not value.dtype.is_floating:
                raise InvalidArgumentError(
                    f"Expected vectors or floats to concatenate; the feature {name!r} gives {value.dtype.name}. "
                    "Use output_mode='one_hot' for it, or output_mode='dict' for the space."
                )
        return ops.concatenate(list(encoded.values()), axis=-1) if len(encoded) > 1 else next(iter(encoded.values()))

    def _encoded_as(self, column: str, value: Any) -> Any:
        feature = self.features[column]
        if feature.output_mode != "one_hot":
            return value
        layer = feature.preprocessor
        if isinstance(layer, Lookup):
            depth = layer.vocabulary_size()
        elif isinstance(layer, layers.Discretization):
            depth = len(layer.bin_boundaries or ()) + 1 if layer.num_bins is None else layer.num_bins
        elif isinstance(layer, (layers.Hashing, layers.CategoryEncoding)):
            depth = getattr(layer, "num_bins", None)
        else:
            depth = None
        if depth is None or value.dtype.is_floating:
            return value  # vectors already
        return self._vectors(column, value, depth)

    def _vectors(self, name: str, bins: Any, depth: int) -> Any:
        if name not in self.one_hot_encoders:
            self.one_hot_encoders[name] = layers.CategoryEncoding(depth, output_mode="one_hot")
        return self.one_hot_encoders[name](bins)

    # -- configs and files

    def get_config(self) -> dict[str, Any]:
        """The features with their layers, crosses and options."""
        return {
            "features": {column: written(feature) for column, feature in self.features.items()},
            "output_mode": self.output_mode,
            "crosses": [written(cross) for cross in self.crosses],
            "crossing_dim": self.crossing_dim,
            "hashing_dim": self.hashing_dim,
            "num_discretization_bins": self.num_discretization_bins,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "FeatureSpace":
        """A space from a config; vocabularies and means are not in it, a saved space has them."""
        return cls(**config)

    def save(self, filepath: Any) -> None:
        """Write the space to a `.keras` file, to be read by `keras.models.load_model`.

        Raises: FailedPreconditionError before `adapt`.
        """
        self.get_encoded_features()
        saving.save_model(self, filepath)


def _layer_name(kind: str, name: str | None) -> str:
    return f"{name or names.unique(kind)}_preprocessor"


def _as_column(tensor: Any) -> Any:
    if tensor.ndim > 1:
        return tensor
    shape = (-1, 1)
    value = tensor._value
    return Tensor(value.reshape(shape)) if isinstance(value, np.ndarray) else ops.reshape(tensor, shape)
