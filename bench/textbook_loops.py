"""What the loops by hand of `workloads/*_tape.py` share: Cornu under TensorFlow's name, and the clock."""

import contextlib
import io
from collections.abc import Callable
from typing import Any

from bench.measure import seconds


def tensorflow_of(cornu: Any) -> Any:
    """Cornu as a script under `cornu run` gets it."""
    cornu.install()
    import tensorflow

    return tensorflow


def timed(loop: Callable[[int], float], epochs: int, wanted: Callable[[float], bool]) -> dict[str, Any]:
    """The first epoch, then `epochs` of them from the beginning; what the loop prints is formatted and dropped.

    Args:
        loop: trains from the beginning for so many epochs; returns what it reached.
        wanted: says whether that is what the loop should reach.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        first = seconds(lambda: loop(1))
        loop(3)
        reached: list[float] = []
        steady = seconds(lambda: reached.append(loop(epochs))) / epochs
    problems = [] if wanted(reached[0]) else [f"ended at {reached[0]}"]
    return {"first": first, "steady": steady, "result": reached[0], "problems": problems}
