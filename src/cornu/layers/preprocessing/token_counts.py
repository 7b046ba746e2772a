"""Counts of tokens, of which a vocabulary is made."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np


class TokenCounts:
    """How often tokens occur, and in how many rows. Args: by_row: whether rows are looked at at all."""

    def __init__(self, by_row: bool):
        self.counts, self.rows_with, self.rows, self.by_row = Counter(), Counter(), 0, by_row

    def add(self, rows: list[list[Any]]) -> None:
        """Count the tokens of rows of any length."""
        self.rows += len(rows)
        for row in rows:
            self.counts.update(row)
            if self.by_row:
                self.rows_with.update(set(row))

    def ranked(self, excluded: Iterable[Any], most: int | None) -> list[Any]:
        """The tokens, the most frequent first, of equally frequent ones the last in the alphabet; `most` of them at most."""
        left_out = set(excluded)
        found = [(count, token) for token, count in self.counts.items() if token not in left_out]
        return [token for _, token in sorted(found, reverse=True)[:most]]

    def inverse_document_frequency(self, tokens: list[Any]) -> np.ndarray:
        """`log(1 + rows / (1 + rows with the token))`: small for tokens that many rows contain. Shape: (tokens,), float32."""
        containing = np.array([self.rows_with[token] for token in tokens], "float64")
        return np.log(1 + self.rows / (1 + containing)).astype("float32")
