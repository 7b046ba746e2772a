"""History.plot: curves, the best epoch, and what cannot be drawn."""

import pytest

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.callbacks import History


@pytest.fixture
def history():
    made = History()
    made.history = {
        "accuracy": [0.5, 0.7, 0.9], "loss": [3.0, 2.0, 1.0], "val_accuracy": [0.4, 0.8, 0.6],
        "val_loss": [3.0, 2.5, float("nan")], "learning_rate": [0.1, 0.1, 0.01],
    }  # fmt: skip
    return made


def test_curves_and_best_epochs(history, tmp_path):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    figure = history.plot(path=tmp_path / "curves.png", title="A run")
    drawn = {axes.get_title(): axes for axes in figure.axes if axes.get_title()}
    assert list(drawn) == ["loss", "accuracy", "learning_rate"]
    labels = {name: [text.get_text() for text in axes.get_legend().get_texts()] for name, axes in drawn.items()}
    assert labels == {
        "loss": ["training", "validation", "best: 2.5, epoch 2"],
        "accuracy": ["training", "validation", "best: 0.8, epoch 2"],
        "learning_rate": ["training"],
    }
    assert list(drawn["loss"].lines[0].get_xdata()) == [1, 2, 3]
    assert figure.get_suptitle() == "A run"
    assert (tmp_path / "curves.png").stat().st_size > 1000
    assert [axes.get_title() for axes in history.plot("accuracy").axes] == ["accuracy"]
    plt.close("all")


def test_what_cannot_be_drawn_is_said(history):
    with pytest.raises(FailedPreconditionError, match="There is nothing to draw: the history is empty"):
        History().plot()
    with pytest.raises(
        InvalidArgumentError, match="Expected names of the history; received 'acuracy'. Did you mean 'acc"
    ):
        history.plot(["acuracy"])
