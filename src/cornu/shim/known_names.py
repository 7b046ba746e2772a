"""The public names of TensorFlow and Keras, so that an error can say whether a missing one exists there."""

from functools import cache
from importlib import resources


def is_known(name: str) -> bool:
    """Whether TensorFlow 2 or Keras has a public name, such as `tensorflow.math.xlogy` or `keras.layers.Dense`."""
    module, _, attribute = name.rpartition(".")
    return attribute in _names().get(module, ())


@cache
def _names() -> dict[str, frozenset[str]]:
    """Module -> its names. The file has a line for each: the module, a colon, the names. `docs/names.py` writes it."""
    text = resources.files("cornu.shim").joinpath("names.txt").read_text(encoding="ascii")
    lines = (line.partition(": ") for line in text.splitlines() if ": " in line)
    return {module: frozenset(names.split()) for module, _, names in lines}
