"""Pictures of models and confusion matrices; those of training are in tests/unit/callbacks/test_history_plot.py."""

import re
import shutil

import numpy as np
import pytest

import cornu
from cornu import layers, utils
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError
from cornu.utils import plotting

OPTIONS = {"show_shapes": True, "show_dtype": True, "show_layer_names": True, "show_layer_activations": True,
           "show_trainable": True}  # fmt: skip


@pytest.fixture(scope="module")
def model():
    first, second = layers.Input((4,), name="first"), layers.Input((4,), name="second")
    shared = layers.Dense(3, activation="relu", name="shared")
    inner = cornu.Sequential([layers.Input((3,)), layers.Dense(2, name="deep")], name="inner")
    inner.layers[0].trainable = False
    joined = layers.Add(name="joined")([shared(first), shared(second)])
    return cornu.Model([first, second], inner(joined * 2))


def text_of(model, tmp_path, **options):
    utils.plot_model(model, tmp_path / "model.dot", **options)
    return (tmp_path / "model.dot").read_text()


def boxes_and_arrows(text):
    """Names in the order of the boxes, and pairs of names for the arrows."""
    names = dict(re.findall(r"^(layer\d+) \[label=.*?<b>(\w+)</b>", text, re.MULTILINE))
    arrows = re.findall(r"^(layer\d+) -> (layer\d+);", text, re.MULTILINE)
    return list(names.values()), {(names[a], names[b]) for a, b in arrows}


def test_every_layer_has_a_box_and_every_tensor_an_arrow(model, tmp_path):
    boxes, arrows = boxes_and_arrows(text_of(model, tmp_path, show_layer_names=True))
    assert sorted(boxes) == ["first", "inner", "joined", "multiply", "second", "shared"]
    assert arrows == {("first", "shared"), ("second", "shared"), ("shared", "joined"), ("joined", "multiply"),
                      ("multiply", "inner")}  # fmt: skip
    boxes, _ = boxes_and_arrows(text_of(model, tmp_path))
    assert sorted(boxes) == ["Add", "Dense", "InputLayer", "InputLayer", "Multiply", "Sequential"]


def test_options_are_written_into_the_boxes(model, tmp_path):
    text = text_of(model, tmp_path, **OPTIONS, rankdir="LR", dpi=50, splines="curved", expand_nested=True)
    boxes, arrows = boxes_and_arrows(text)
    assert "inner" not in boxes
    assert ("multiply", "deep") in arrows
    for part in ("rankdir=LR;", "dpi=50;", 'splines="curved";', 'label="inner";', "Activation: <b>relu</b>",
                 "Input shape: <b>[(None, 3), (None, 3)]</b>", "Output shape: <b>(None, 2)</b>",
                 "Output dtype: <b>float32</b>", ">Trainable<", ">Non-trainable<"):  # fmt: skip
        assert part in text
    plain = text_of(model, tmp_path)
    assert not any(part in plain for part in ("shape:", "dtype:", "Activation", "rainable"))


def test_part_of_a_model(model, tmp_path):
    boxes, arrows = boxes_and_arrows(text_of(model, tmp_path, show_layer_names=True, layer_range=["joined", "inner"]))
    assert boxes == ["joined", "multiply", "inner"]
    assert arrows == {("joined", "multiply"), ("multiply", "inner")}


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it(model, tmp_path):
    utils.plot_model(model, tmp_path / "model.png", **OPTIONS, expand_nested=True, dpi=40)
    assert (tmp_path / "model.png").read_bytes().startswith(b"\x89PNG")
    utils.plot_model(model, tmp_path / "model.svg")
    assert b"<svg" in (tmp_path / "model.svg").read_bytes()
    with pytest.raises(InvalidArgumentError, match="Graphviz could not draw 'model.nothing'"):
        utils.plot_model(model, tmp_path / "model.nothing")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pydot's parser
def test_pydot_gets_the_same_graph(model):
    pytest.importorskip("pydot")
    made = utils.model_to_dot(model, show_shapes=True)
    assert len(made.get_edges()) == 5
    cluster = utils.model_to_dot(model, subgraph=True)
    assert len(cluster.get_nodes()) == 6
    assert len(cluster.get_edges()) == 5


def test_what_cannot_be_drawn_is_said(model, tmp_path, monkeypatch):
    with pytest.raises(FailedPreconditionError, match="Expected a model with layers to draw; 'empty' has none"):
        utils.plot_model(cornu.Sequential([], name="empty"))
    with pytest.raises(InvalidArgumentError, match="Expected rankdir as one of TB, LR, BT, RL; received 'up'"):
        utils.plot_model(model, rankdir="up")
    with pytest.raises(InvalidArgumentError, match="layer_range to name layers of .* Did you mean 'joined'"):
        utils.plot_model(model, layer_range=["joind", "inner"])
    monkeypatch.setattr(plotting.shutil, "which", lambda name: None)
    with pytest.raises(FailedPreconditionError, match="needs the program `dot` of Graphviz"):
        utils.plot_model(model, tmp_path / "model.png")


def test_confusion_matrix_counts_and_saves(tmp_path):
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    truth, probabilities = np.eye(3)[[0, 1, 2, 2]], np.array([[0.9, 0, 0.1], [0, 1, 0], [0, 0.6, 0.4], [0, 0, 1]])
    figure = utils.plot_confusion_matrix(truth, probabilities, labels=["a", "b", "c"], path=tmp_path / "matrix.png")
    (axes,) = figure.axes
    assert {(text.get_position(), text.get_text()) for text in axes.texts} == {
        ((0, 0), "1"), ((1, 1), "1"), ((1, 2), "1"), ((2, 2), "1"),
    }  # fmt: skip
    assert axes.get_title() == "3 of 4 right"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b", "c"]
    assert (tmp_path / "matrix.png").stat().st_size > 1000
    own = plt.subplots()[1]
    assert utils.plot_confusion_matrix([0, 1], np.array([[0.2], [0.7]]), ax=own, title="Mine") is own.figure
    assert own.get_title() == "Mine"
    plt.close("all")
    with pytest.raises(InvalidArgumentError, match="same length, at least 1; received 2 and 1"):
        utils.plot_confusion_matrix([0, 1], [0])
    with pytest.raises(InvalidArgumentError, match="Expected classes from 0 to 1, one for each label; received 0 to 2"):
        utils.plot_confusion_matrix([0, 2], [0, 1], labels=["a", "b"])
