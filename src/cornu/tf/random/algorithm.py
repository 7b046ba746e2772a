"""Names of random number generators. Source: tf.random.Algorithm."""

import enum
from typing import Any

from cornu._base.errors import InvalidArgumentError


class Algorithm(enum.Enum):
    """The generators that TensorFlow knows."""

    PHILOX = 1
    THREEFRY = 2
    AUTO_SELECT = 3


def checked_algorithm(alg: Any) -> Algorithm:
    """The algorithm of its name, number or enum member; AUTO_SELECT and None are Philox.

    Raises: InvalidArgumentError on another value.
    """
    found = None
    if alg is None or isinstance(alg, Algorithm):
        found = alg or Algorithm.PHILOX
    elif isinstance(alg, str):
        found = Algorithm.__members__.get(alg.upper())
    elif getattr(alg, "__index__", None) is not None and int(alg) in (1, 2, 3):
        found = Algorithm(int(alg))
    if found is None:
        raise InvalidArgumentError(f"Expected alg as 'philox', 'threefry' or 'auto_select'; received {alg!r}.")
    return Algorithm.PHILOX if found is Algorithm.AUTO_SELECT else found


def check_can_draw(alg: Any) -> None:
    """Raises: InvalidArgumentError unless it is Philox: as in TensorFlow on CPU, nothing is drawn with ThreeFry."""
    if checked_algorithm(alg) is not Algorithm.PHILOX:
        raise InvalidArgumentError(
            "Expected the algorithm 'philox' to draw numbers; received 'threefry', with which TensorFlow draws only on TPU. "
            "Use alg='philox' or 'auto_select'."
        )
