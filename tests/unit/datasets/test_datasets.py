"""The loaders on small files of the published formats, and on the real files where they are."""

import gzip
import hashlib
import os
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

from cornu import datasets
from cornu._base.errors import DataLossError, InvalidArgumentError, NotFoundError, UnsafeFileError
from cornu.datasets.word_indexes import encode

REAL = Path(os.environ.get("KERAS_HOME") or Path(__file__).resolve().parents[3] / "../shared/data").resolve()


@pytest.fixture
def real(monkeypatch):
    """KERAS_HOME with the real files; skips a test whose file is missing."""
    monkeypatch.setenv("KERAS_HOME", str(REAL))

    def need(name):
        if not (REAL / "datasets" / name).exists():
            pytest.skip(f"{name} is not in KERAS_HOME")

    return need


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets"


@pytest.fixture
def offline(monkeypatch):
    def refuse(*_, **__):
        raise TimeoutError("no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)


def md5(array):
    return hashlib.md5(np.ascontiguousarray(array)).hexdigest()


def test_mnist(real):
    real("mnist.npz")
    (x, y), (x_test, y_test) = datasets.mnist.load_data()
    assert (x.shape, x.dtype, y.shape) == ((60000, 28, 28), np.uint8, (60000,))
    assert (x_test.shape, y_test.tolist()[:5]) == ((10000, 28, 28), [7, 2, 1, 0, 4])
    assert datasets.mnist.load_data(str(REAL / "datasets" / "mnist.npz"))[0][1].tolist()[:5] == [5, 0, 4, 1, 9]


def test_fashion_mnist(real):
    real("fashion-mnist/train-images-idx3-ubyte.gz")
    (x, y), (x_test, y_test) = datasets.fashion_mnist.load_data()
    assert (x.shape, x.dtype, x_test.shape) == ((60000, 28, 28), np.uint8, (10000, 28, 28))
    assert np.bincount(y).tolist() == [6000] * 10
    assert y_test.tolist()[:5] == [9, 2, 1, 1, 6]


def test_housing(real):
    real("boston_housing.npz")
    (x, y), (x_test, _) = datasets.boston_housing.load_data()
    assert (x.shape, x_test.shape, y[:3].tolist()) == ((404, 13), (102, 13), [15.2, 42.3, 50.0])
    assert len(datasets.boston_housing.load_data(test_split=0.33, seed=5)[1][0]) == 167
    real("california_housing.npz")
    (x, y), (x_test, _) = datasets.california_housing.load_data()
    assert (x.shape, x.dtype, x_test.shape) == ((16512, 8), np.float32, (4128, 8))
    assert len(datasets.california_housing.load_data("small")[0][0]) == 480


def test_reuters(real):
    real("reuters.npz")
    (x, y), (x_test, _) = datasets.reuters.load_data(num_words=1000)
    assert (len(x), len(x_test), y.dtype) == (8982, 2246, np.int64)
    assert isinstance(x[0], list)
    assert max(map(max, x)) == 999
    assert (x[0][:6], y[0]) == ([1, 2, 2, 8, 43, 10], 3)
    assert datasets.reuters.get_word_index()["the"] == 1
    assert datasets.reuters.get_label_names()[3] == "earn"


@pytest.mark.slow
def test_imdb(real):
    real("imdb.npz")
    (x, y), (x_test, _) = datasets.imdb.load_data(num_words=10000)
    assert (len(x), len(x_test), y[:5].tolist()) == (25000, 25000, [1, 0, 0, 1, 0])
    assert x[0][:6] == [1, 14, 22, 16, 43, 530]
    assert datasets.imdb.get_word_index()["the"] == 1


def test_encoding():
    texts, labels = np.array([[1, 2, 3, 4], [5, 1], [2, 2, 2, 2, 9]], dtype=object), np.array([0, 1, 2])
    rows, found, places = encode(texts, labels, 7, 5, 6, 1, 2, 3)
    assert rows.tolist() == [[2, 2, 5, 6, 2], [2, 2, 2]]
    assert (found.tolist(), places.tolist()) == ([0, 1], [0, 1])
    assert encode(texts, labels, None, 0, None, None, None, 0)[0].tolist() == [[1, 2, 3, 4], [5, 1], [2, 2, 2, 2]]
    assert encode(texts, labels, 10, 0, None, None, 0, None)[0].tolist() == texts.tolist()
    with pytest.raises(InvalidArgumentError, match="no sequence was kept. Increase maxlen"):
        encode(texts, labels, None, 0, 2, 1, 2, 3)


def write_cifar(folder, names, labels):
    folder.mkdir(parents=True)
    for number, name in enumerate(names):
        batch = {b"data": np.full((2, 3072), number, np.uint8), **{key: [number, 1] for key in labels}}
        batch[b"data"][:, 1024:2048] = 200
        (folder / name).write_bytes(pickle.dumps(batch, protocol=2))


@pytest.mark.parametrize("place", ["cifar-10-batches-py-target/cifar-10-batches-py", "cifar-10-batches-py"])
def test_cifar10(home, place):
    write_cifar(home / place, [*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"], [b"labels"])
    (x, y), (x_test, y_test) = datasets.cifar10.load_data()
    assert (x.shape, x.dtype, y.tolist()) == (
        (10, 32, 32, 3),
        np.uint8,
        [[n // 2] if n % 2 == 0 else [1] for n in range(10)],
    )
    assert x[2, 3, 4].tolist() == [1, 200, 1]
    assert (x_test.shape, y_test.dtype, y_test.tolist()) == ((2, 32, 32, 3), np.uint8, [[5], [1]])


def test_cifar100(home):
    folder = home / "cifar-100-python-target/cifar-100-python"
    write_cifar(folder, ["train", "test"], [b"fine_labels", b"coarse_labels"])
    (x, y), (_, y_test) = datasets.cifar100.load_data(label_mode="coarse")
    assert (x.shape, y.dtype, y_test.tolist()) == ((2, 32, 32, 3), np.int64, [[1], [1]])
    with pytest.raises(InvalidArgumentError, match="label_mode"):
        datasets.cifar100.load_data("medium")
    (folder / "test").write_bytes(b"cos\nsystem\n(S'echo ran'\ntR.")
    with pytest.raises(UnsafeFileError, match="could run code"):
        datasets.cifar100.load_data()
    (folder / "test").unlink()
    with pytest.raises(DataLossError, match="is missing"):
        datasets.cifar100.load_data()


def test_idx_files(home):
    path = home / "x.gz"
    path.write_bytes(gzip.compress(b"\0\0\x08\x02\0\0\0\x02\0\0\0\x03" + bytes(range(6))))
    assert datasets.fashion_mnist.read_idx(str(path)).tolist() == [[0, 1, 2], [3, 4, 5]]
    path.write_bytes(gzip.compress(b"\0\0\x08\x02\0\0\0\x02\0\0\0\x03" + bytes(range(5))))
    with pytest.raises(DataLossError, match="not a whole IDX file"):
        datasets.fashion_mnist.read_idx(str(path))


@pytest.mark.parametrize(
    ("name", "file"),
    [("mnist", "mnist.npz"), ("cifar10", "cifar-10-batches-py-target_archive"), ("imdb", "imdb.npz"),
     ("fashion_mnist", "fashion-mnist/train-labels-idx1-ubyte.gz")],
)  # fmt: skip
def test_offline(name, file, home, offline):
    with pytest.raises(NotFoundError, match=f"URL fetch failure on .*put it at .*/datasets/{file}"):
        getattr(datasets, name).load_data()


def test_bad_arguments():
    with pytest.raises(InvalidArgumentError, match="test_split"):
        datasets.boston_housing.load_data(test_split=1.0)
    with pytest.raises(InvalidArgumentError, match="version"):
        datasets.california_housing.load_data("medium")
    with pytest.raises(TypeError, match="Unrecognized keyword"):
        datasets.imdb.load_data(words=3)


def test_root_is_lazy(fresh_process):
    found = fresh_process(
        "import cornu, sys; print('cornu.datasets' in sys.modules); print(cornu.datasets.mnist.__name__)"
    )
    assert found.stdout.split() == ["False", "cornu.datasets.mnist"], (found.stderr, sys.path)
