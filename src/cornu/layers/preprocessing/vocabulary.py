"""Vocabularies as they are given: files, special tokens in front, weights."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError, NotFoundError, UnsafeFileError
from cornu.core.serialization import is_loading_safely


def read_lines(path: str | os.PathLike) -> list[str]:
    """The lines of a vocabulary file.

    Raises: NotFoundError if there is no such file; UnsafeFileError if a file that is being loaded names it.
    """
    if is_loading_safely():
        raise UnsafeFileError(
            f"The file names the vocabulary file {os.fspath(path)!r}, which is not opened. Make the layer in code."
        )
    place = Path(path)
    if not place.is_file():
        raise NotFoundError(f"Expected a vocabulary file with a token on each line; there is no file {place}.")
    return place.read_text(encoding="utf-8").rstrip("\n").split("\n")


def without_specials(tokens: Sequence[Any], specials: Sequence[Any], named: dict[str, Any]) -> list[Any]:
    """The tokens without the special ones, which may stand in front, all of them and in order, or be left out.

    Args: named: the special tokens by name; None is none.
    Raises: InvalidArgumentError if one stands elsewhere, a token is there twice, or there are none.
    """
    if not len(tokens):
        raise InvalidArgumentError("Expected a vocabulary with at least one token; received an empty one.")
    kept = (
        list(tokens[len(specials) :]) if specials and list(tokens[: len(specials)]) == list(specials) else list(tokens)
    )
    for name, token in named.items():
        if token is not None and token in kept:
            raise InvalidArgumentError(
                f"Expected the {name} {_shown(token)!r} not in the vocabulary, or all special tokens in front of it, "
                f"{_shown(list(specials))}; received it at index {list(tokens).index(token)}."
            )
    repeated = [token for token, count in Counter(kept).items() if count > 1]
    if repeated:
        raise InvalidArgumentError(
            f"Expected every token once in the vocabulary; received several of {_shown(repeated[:10])}."
        )
    return kept


def _shown(token: Any) -> Any:
    if isinstance(token, list):
        return [_shown(item) for item in token]
    return token.decode(errors="replace") if isinstance(token, bytes) else token


def checked_weights(weights: Any, tokens: Sequence[Any]) -> np.ndarray:
    """The weights of the tokens as float32. Raises: InvalidArgumentError if there are more or fewer."""
    array = np.asarray(weights, "float32")
    if array.shape != (len(tokens),):
        raise InvalidArgumentError(
            f"Expected idf_weights with one number for each of the {len(tokens)} tokens; received shape {array.shape}."
        )
    return array
