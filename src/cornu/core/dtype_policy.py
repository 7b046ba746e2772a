"""Dtype policies: what a layer computes in and what it keeps its variables in. Source: keras.DTypePolicy."""

from typing import Any

from cornu._base.catalog import Catalog
from cornu._base.errors import InvalidArgumentError
from cornu._base.suggest import did_you_mean
from cornu.core import config, dtypes

KERAS = Catalog("object", "keras")

_MIXED = {"mixed_float16": ("float16", "float32"), "mixed_bfloat16": ("bfloat16", "float32")}


@KERAS.add()
class DTypePolicy:
    """A dtype (`"float32"`) or a mixture (`"mixed_bfloat16"`: computes in bfloat16, keeps variables in float32).

    Raises: InvalidArgumentError if the name is neither.
    """

    def __init__(self, name: str | None = None, source_name: str | None = None):
        name = getattr(name, "_name", name)  # a policy stands for its name
        if isinstance(name, str) and name in _MIXED:
            self._name = name
            self.compute_dtype, self.variable_dtype = _MIXED[name]
            return
        try:
            self._name = dtypes.name(config.floatx() if name is None else name)
        except InvalidArgumentError:
            known = [*_MIXED, "float32", "float16", "bfloat16", "float64"]
            raise InvalidArgumentError(
                f"Expected a dtype such as 'float32' or a policy such as 'mixed_bfloat16'; received {name!r}."
                f"{did_you_mean(str(name), known)}"
            ) from None
        self.compute_dtype = self.variable_dtype = self._name

    @property
    def name(self) -> str:
        """The policy's name."""
        return self._name

    @property
    def quantization_mode(self) -> None:
        """None: the policy does not quantize."""
        return None

    def get_config(self) -> dict:
        """The name."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict) -> "DTypePolicy":
        """The policy of a config."""
        return cls(config["name"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'


@KERAS.add()
class FloatDTypePolicy(DTypePolicy):
    """A DTypePolicy under its older name, which files keep. Source: keras.FloatDTypePolicy."""

    def __init__(self, name: str | None = None):
        super().__init__(name)


_default: list[DTypePolicy] = []


def dtype_policy() -> DTypePolicy:
    """The policy of layers that get no dtype: floatx, unless `set_dtype_policy` was called."""
    return _default[0] if _default else DTypePolicy(config.floatx())


def set_dtype_policy(policy: Any) -> None:
    """Set the policy of layers made from now on: a name, a DTypePolicy, or None for floatx."""
    _default.clear()
    if policy is not None:
        _default.append(get(policy))


def get(identifier: Any) -> Any:
    """The policy meant by None, a name, a dtype, a serialized dict, a policy, or a map of them."""
    if identifier is None:
        return dtype_policy()
    if isinstance(identifier, DTypePolicy) or hasattr(identifier, "default_policy"):
        return identifier
    if isinstance(identifier, dict):
        if identifier.get("class_name") == "DTypePolicyMap":
            from cornu.core import serialization

            return serialization.deserialize({"module": "keras.dtype_policies", **identifier})
        described = identifier.get("config", identifier)
        if not isinstance(described, dict) or "name" not in described:
            raise InvalidArgumentError(
                f"Expected the config of a dtype policy, with its name; received {identifier!r}."
            )
        return DTypePolicy(described["name"])
    return DTypePolicy(identifier)
