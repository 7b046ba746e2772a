"""House prices around Boston, 1978. Source: keras.datasets.boston_housing; Harrison, Rubinfeld, 1978.

The column B describes the share of Black residents on the assumption that segregation raises prices; do not use the set
for anything but exercises.
"""

import numpy as np

from cornu.datasets.source import check_test_split, divided, fetch, shuffled
from cornu.io.pickled_arrays import load_npz

Pair = tuple[np.ndarray, np.ndarray]


def load_data(path: str = "boston_housing.npz", test_split: float = 0.2, seed: int = 113) -> tuple[Pair, Pair]:
    """506 districts. Shape: x float64 (404, 13) and (102, 13); y float64, the median price in 1,000 dollars.

    Args: `path`: the file's name in `$KERAS_HOME/datasets`, or a path of your own; `test_split`: the fraction kept for
    testing; `seed`: of the order of the rows.
    Returns: `(x_train, y_train), (x_test, y_test)`. Raises: NotFoundError if the file is neither cached nor to be had.
    """
    check_test_split(test_split)
    digest = "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"
    file = load_npz(fetch(path, "boston_housing.npz", digest))
    x, y = shuffled(seed, file["x"], file["y"])
    return divided(x, y, test_split)
