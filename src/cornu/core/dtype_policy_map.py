"""Dtype policies by the paths of layers."""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, Self

from cornu._base.catalog import Catalog
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.core import dtype_policy, serialization
from cornu.core.dtype_policy import DTypePolicy

DTYPE_POLICIES = Catalog("dtype policy", "keras.dtype_policies")


@DTYPE_POLICIES.add()
class DTypePolicyMap(MutableMapping):
    """Paths or patterns of paths, each with its policy: `layers.MultiHeadAttention(2, 8, dtype=policy_map)`.

    A key that is the path itself counts first, then the pattern that matches the whole path, then the default.

    Args:
        default_policy: a policy or its name; None for the one of new layers.
        policy_map: policies, or their names, by path or pattern.

    Raises: InvalidTypeError if `policy_map` is no dict; InvalidArgumentError for a key that is there already, a pattern that
        cannot be read, and a path that several patterns match. Source: keras.dtype_policies.DTypePolicyMap.
    """

    def __init__(self, default_policy: Any = None, policy_map: Mapping[str, Any] | None = None):
        if policy_map is not None and not isinstance(policy_map, Mapping):
            raise InvalidTypeError(
                f"Expected policy_map as a dict from paths to policies; received {policy_map!r} of type "
                f"{type(policy_map).__name__}."
            )
        self._default = None if default_policy is None else _policy(default_policy)
        self._by_path: dict[str, DTypePolicy] = {}
        for path, policy in (policy_map or {}).items():
            self[path] = policy

    @property
    def default_policy(self) -> DTypePolicy:
        """The policy of paths that nothing matches."""
        return dtype_policy.dtype_policy() if self._default is None else self._default

    @property
    def name(self) -> str:
        """`map_` and the name of the default."""
        return f"map_{self.default_policy.name}"

    @property
    def compute_dtype(self) -> str:
        """That of the default."""
        return self.default_policy.compute_dtype

    @property
    def variable_dtype(self) -> str:
        """That of the default."""
        return self.default_policy.variable_dtype

    @property
    def quantization_mode(self) -> None:
        """None: the default does not quantize."""
        return self.default_policy.quantization_mode

    def match(self, path: str) -> DTypePolicy | None:
        """The policy of a path; None if only the default is left."""
        if path in self._by_path:
            return self._by_path[path]
        matching = [key for key in self._by_path if re.fullmatch(key, path)]
        if len(matching) > 1:
            raise InvalidArgumentError(
                f"Expected at most one key that matches the path {path!r}; {matching} do. Make the patterns narrower."
            )
        return self._by_path[matching[0]] if matching else None

    def __getitem__(self, path: str) -> DTypePolicy:
        return self.match(path) or self.default_policy

    def __setitem__(self, path: str, policy: Any) -> None:
        if path in self._by_path:
            raise InvalidArgumentError(
                f"The key {path!r} has the policy {self._by_path[path]} already. Delete it first."
            )
        try:
            re.compile(path)
        except re.error as error:
            raise InvalidArgumentError(
                f"Expected a path or a regular expression; received {path!r}: {error}."
            ) from None
        self._by_path[path] = _policy(policy)

    def __delitem__(self, path: str) -> None:
        del self._by_path[path]

    def __contains__(self, path: object) -> bool:
        return path in self._by_path

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_path)

    def __len__(self) -> int:
        return len(self._by_path)

    def __repr__(self) -> str:
        pairs = [(path, policy.name) for path, policy in self._by_path.items()]
        return f"<DTypePolicyMap default_policy={self.default_policy.name}, mapping={pairs}>"

    def get_config(self) -> dict[str, Any]:
        """The arguments, the policies serialized."""
        return {
            "default_policy": None if self._default is None else serialization.serialize(self._default),
            "policy_map": {path: serialization.serialize(policy) for path, policy in self._by_path.items()},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """A map made from what `get_config` returned."""
        return cls(**config)


def _policy(policy: Any) -> DTypePolicy:
    found = dtype_policy.get(policy)
    if isinstance(found, DTypePolicyMap):
        raise InvalidArgumentError("Expected a policy of one kind inside of a DTypePolicyMap; received another map.")
    return found
