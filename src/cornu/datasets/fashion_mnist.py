"""Pictures of clothes, in the format of MNIST. Source: keras.datasets.fashion_mnist; Xiao, Rasul, Vollgraf, 2017."""

import gzip

import numpy as np

from cornu._base.errors import DataLossError
from cornu.datasets.source import fetch

Pair = tuple[np.ndarray, np.ndarray]

_FILES = {
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
}


def load_data() -> tuple[Pair, Pair]:
    """70,000 grey pictures of ten kinds of clothes. Shape: as MNIST.

    Returns: `(x_train, y_train), (x_test, y_test)`, uint8. Raises: NotFoundError if a file is neither cached nor to be had.
    """
    y_train, x_train, y_test, x_test = (
        read_idx(fetch(name, name, digest, "datasets/fashion-mnist")) for name, digest in _FILES.items()
    )
    return (x_train, y_train), (x_test, y_test)


def read_idx(path: str) -> np.ndarray:
    """An array of bytes from a compressed IDX file: magic (0, 0, 8, rank), sizes as big-endian int32, values."""
    with gzip.open(path) as file:
        content = file.read()
    rank = content[3] if content[:3] == b"\0\0\x08" else 0
    shape = tuple(int.from_bytes(content[4 * k : 4 * k + 4], "big") for k in range(1, rank + 1))
    if not rank or len(content) != 4 + 4 * rank + int(np.prod(shape)):
        raise DataLossError(f"{path} is not a whole IDX file of bytes. Delete it and load it again.")
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape).copy()
