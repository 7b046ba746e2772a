"""Programs in the manner of published courses, on real data: they reach the losses and accuracies printed there.

`KERAS_HOME` names the folder with the data: Keras' own cache (`datasets/mnist.npz`, ...) and `files/` for the two tables.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).with_name("documents")

# (program with its arguments, the file it needs, {figure: (least, most)}).
DOCUMENTS = [
    ("imdb_binary", "datasets/imdb.npz",
     {"training_accuracy": (0.98, 1), "best_validation_accuracy": (0.87, 0.9), "epoch_of_least_validation_loss": (2, 6),
      "test_accuracy": (0.86, 0.9), "agreement": (0.86, 0.9)}),
    ("reuters_topics", "datasets/reuters.npz", {"validation_accuracy": (0.74, 0.86), "test_accuracy": (0.72, 0.84)}),
    ("boston_folds", "datasets/boston_housing.npz", {"mean_absolute_error": (2.0, 2.8)}),
    ("mnist_dense sequential", "datasets/mnist.npz",
     {"parameters": (101770, 101770), "loss": (0.028, 0.068), "sparse_categorical_accuracy": (0.977, 0.993),
      "val_loss": (0.048, 0.098), "val_sparse_categorical_accuracy": (0.97, 0.985)}),
    ("mnist_dense class", "datasets/mnist.npz",
     {"parameters": (101770, 101770), "loss": (0.028, 0.068), "sparse_categorical_accuracy": (0.979, 0.994),
      "val_loss": (0.048, 0.098), "val_sparse_categorical_accuracy": (0.97, 0.985)}),
    ("mnist_cnn", "datasets/mnist.npz",
     {"parameters": (600810, 600810), "accuracy": (0.955, 0.995), "loss": (0.0, 0.134), "test_accuracy": (0.97, 1)}),
    ("stock SimpleRNN", "files/SH600519.csv",
     {"loss": (0, 0.0021), "root_mean_squared_error": (0, 150), "best_is_loaded": (0.999, 1.001)}),
    ("stock LSTM", "files/SH600519.csv",
     {"parameters": (98741, 98741), "loss": (0, 0.0021), "root_mean_squared_error": (0, 150), "best_is_loaded": (0.999, 1.001)}),
    ("stock GRU", "files/SH600519.csv",
     {"parameters": (74621, 74621), "loss": (0, 0.0021), "root_mean_squared_error": (0, 150), "best_is_loaded": (0.999, 1.001)}),
    ("letters onehot 1", None,
     {"parameters": (47, 47), "sparse_categorical_accuracy": (0.8, 1), "loss": (0, 0.65), "right_letters": (0.8, 1)}),
    ("letters onehot 4", None,
     {"parameters": (47, 47), "sparse_categorical_accuracy": (0.8, 1), "loss": (0, 0.65), "right_letters": (0.8, 1)}),
    ("letters embedding 1", None,
     {"parameters": (48, 48), "sparse_categorical_accuracy": (0.8, 1), "loss": (0, 0.95), "right_letters": (0.8, 1)}),
    ("letters embedding 4", None,
     {"parameters": (468, 468), "sparse_categorical_accuracy": (0.9, 1), "loss": (0, 0.55), "right_letters": (0.9, 1)}),
    ("iris_tape", None, {"first_loss": (0.2821, 0.2822), "loss": (0.0322, 0.0324), "test_accuracy": (1, 1)}),
    ("dots_tape plain", "files/dot.csv", {"loss": (0, 0.053), "share_of_red": (0.1, 0.5), "accuracy": (0.9, 1)}),
    ("dots_tape l2", "files/dot.csv", {"loss": (0.06, 0.19), "share_of_red": (0.1, 0.5), "accuracy": (0.85, 1)}),
]  # fmt: skip


def needs(file: str | None) -> None:
    home = os.environ.get("KERAS_HOME")
    if file is not None and (home is None or not (Path(home) / file).is_file()):
        pytest.skip(f"KERAS_HOME names no folder that holds {file}")


@pytest.mark.slow
@pytest.mark.parametrize("command, file, expected", DOCUMENTS, ids=[row[0].replace(" ", "-") for row in DOCUMENTS])
def test_documents_figures_are_reached(command, file, expected, tmp_path, repository):
    needs(file)
    program, *arguments = command.split()
    if program == "iris_tape":
        pytest.importorskip("sklearn")
    run = subprocess.run(
        [sys.executable, "-m", "cornu", "run", str(PROGRAMS / f"{program}.py"), *arguments],
        cwd=tmp_path, capture_output=True, text=True, timeout=840,
        env={**os.environ, "PYTHONPATH": str(repository / "src")},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    figures = {name: float(value) for name, value in re.findall(r"^figure (\w+) (\S+)$", run.stdout, re.MULTILINE)}
    print(command, figures)
    assert {
        name: figures.get(name) for name, (least, most) in expected.items() if not least <= figures[name] <= most
    } == {}
