"""House prices in California, 1990. Source: keras.datasets.california_housing; Pace, Barry, 1997."""

from typing import Literal

import numpy as np

from cornu._base.errors import InvalidArgumentError
from cornu.datasets.source import check_test_split, divided, fetch, shuffled
from cornu.io.pickled_arrays import load_npz

Pair = tuple[np.ndarray, np.ndarray]


def load_data(
    version: Literal["large", "small"] = "large",
    path: str = "california_housing.npz",
    test_split: float = 0.2,
    seed: int = 113,
) -> tuple[Pair, Pair]:
    """20,640 districts. Shape: x float32 (16512, 8) and (4128, 8); y float32, the median price in dollars.

    Args: `version`: `"small"` for 600 districts near San Francisco; `path`: the file's name in `$KERAS_HOME/datasets`, or a path
    of your own; `test_split`: the fraction kept for testing; `seed`: of the order of the rows.
    Returns: `(x_train, y_train), (x_test, y_test)`. Raises: NotFoundError if the file is neither cached nor to be had.
    """
    check_test_split(test_split)
    if version not in {"large", "small"}:
        raise InvalidArgumentError(f"Argument `version` should be one of `small`, `large`. Received: version={version}")
    digest = "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"
    file = load_npz(fetch(path, "california_housing.npz", digest))
    x, y = file["x"], file["y"]
    if version == "small":
        x, y = x[:600], y[:600]
    x, y = shuffled(seed, x, y)
    return divided(x, y, test_split)
