"""From texts to rows of tokens: standardizing, splitting, n-grams. Texts are bytes in UTF-8; only ASCII letters have cases."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.core.tensor import Tensor
from cornu.layers.preprocessing.host_layer import encoded

_PUNCTUATION = b"!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'"

STANDARDIZERS: dict[str, Callable[[bytes], bytes]] = {
    "lower_and_strip_punctuation": lambda text: text.lower().translate(None, _PUNCTUATION),
    "lower": lambda text: text.lower(),
    "strip_punctuation": lambda text: text.translate(None, _PUNCTUATION),
}
SPLITTERS: dict[str, Callable[[bytes], list[bytes]]] = {
    "whitespace": lambda text: text.split(),
    "character": lambda text: [letter.encode() for letter in text.decode("utf-8", "replace")],
}


def with_ngrams(tokens: Sequence[bytes], sizes: tuple[int, ...]) -> list[bytes]:
    """Runs of neighbouring tokens, joined by blanks: all of the first size, then of the next."""
    return [
        b" ".join(tokens[start : start + size]) for size in sizes for start in range(len(tokens) - size + 1) if size > 0
    ]


def call_on_text(function: Callable, texts: np.ndarray) -> Any:
    """What a user's function of text tensors gives: an array, or a list of rows if they have different lengths."""
    made = function(Tensor(texts))
    if hasattr(made, "to_list") and not isinstance(made, Tensor):  # rows of different lengths
        return [[_bytes(token) for token in row] for row in made.to_list()]
    if isinstance(made, (list, tuple)):
        return [[_bytes(token) for token in np.asarray(row, object).reshape(-1)] for row in made]
    return encoded(np.asarray(made))


def _bytes(token: Any) -> bytes:
    return token.encode() if isinstance(token, str) else bytes(token)


def padded(rows: list[Any], length: int | None, fill: Any, dtype: Any) -> np.ndarray:
    """Rows as one array, filled up or cut to `length`, by default that of the longest. Shape: (rows, length)."""
    width = max(map(len, rows), default=0) if length is None else length
    array = np.full((len(rows), width), fill, dtype)
    for place, row in enumerate(rows):
        kept = row[:width]
        array[place, : len(kept)] = kept
    return array


def ngram_sizes(value: Any) -> tuple[int, ...] | None:
    """None, sizes up to an integer, or those of a tuple. Raises: InvalidArgumentError otherwise."""
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return tuple(range(1, value + 1))
    if isinstance(value, (tuple, list)) and all(isinstance(size, int) and not isinstance(size, bool) for size in value):
        return tuple(value)
    raise InvalidArgumentError(f"Expected ngrams as None, an integer or a tuple of integers; received {value!r}.")
