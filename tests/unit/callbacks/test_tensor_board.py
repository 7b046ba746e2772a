"""What is written for TensorBoard, and when."""

import numpy as np
import pytest
from tests.unit.io.test_event_file import events, fields

import cornu as keras
from cornu import layers
from cornu._base.errors import InvalidArgumentError
from cornu.callbacks import CallbackList, TensorBoard


def written(folder):
    """{tag: [steps]} and {tag: plug-in} of all event files of a folder."""
    steps, plugins = {}, {}
    for path in sorted(folder.glob("events*")):
        for event in events(path)[1:]:
            value = dict(fields(dict(fields(event[5]))[1]))
            tag = value[1].decode()
            steps.setdefault(tag, []).append(event.get(2, 0))
            plugins[tag] = dict(fields(dict(fields(value[9]))[1]))[1].decode()
    return steps, plugins


@pytest.fixture(scope="module")
def model():
    model = keras.Sequential(
        [keras.Input((4,)), layers.Embedding(5, 2, name="words"), layers.Flatten(), layers.Dense(3, name="out")],
        name="m",
    )
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture(scope="module")
def data():
    return np.arange(40).reshape(10, 4) % 5, np.arange(10) % 3


def test_tags_of_keras(model, data, tmp_path):
    x, y = data
    board = TensorBoard(tmp_path, histogram_freq=2, write_images=True, update_freq=2, write_steps_per_second=True)
    model.optimizer.iterations.assign(0)
    model.fit(
        x, y, batch_size=2, epochs=2, validation_data=(x, y), validation_batch_size=2, verbose=0, callbacks=[board]
    )
    steps, plugins = written(tmp_path / "train")
    scalars = {f"batch_{name}": [2, 4, 6, 8, 10] for name in ("accuracy", "loss", "steps_per_second")}
    scalars |= {f"epoch_{name}": [0, 1] for name in ("accuracy", "loss", "learning_rate", "steps_per_second")}
    weights = ("m/words/embeddings", "m/out/kernel", "m/out/bias")
    drawn = {f"{weight}/{kind}": [0] for weight in weights for kind in ("histogram", "image")}
    assert steps == {"keras": [0], **scalars, **drawn}
    assert {plugins[tag] for tag in scalars} == {"scalars"}
    assert plugins["keras"] == "graph_keras_model"
    assert (plugins["m/out/bias/histogram"], plugins["m/out/bias/image"]) == ("histograms", "images")
    steps, _ = written(tmp_path / "validation")
    assert steps == {
        "epoch_accuracy": [0, 1], "epoch_loss": [0, 1],
        "evaluation_accuracy_vs_iterations": [5, 10], "evaluation_loss_vs_iterations": [5, 10],
    }  # fmt: skip
    model.evaluate(x, y, batch_size=2, verbose=0, callbacks=[board])
    assert written(tmp_path / "validation")[0]["evaluation_loss_vs_iterations"] == [5, 10, 10]


def test_embeddings_and_profile(model, data, tmp_path):
    x, y = data
    board = TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata={"words": "words.tsv"}, profile_batch=(2, 3))
    model.fit(x, y, batch_size=2, verbose=0, callbacks=[board])
    assert (tmp_path / "projector_config.pbtxt").read_text() == (
        'embeddings {\n  tensor_name: "words/embeddings"\n  tensor_path: "words_embeddings.tsv"\n'
        '  metadata_path: "words.tsv"\n}\n'
    )
    table = np.loadtxt(tmp_path / "words_embeddings.tsv", delimiter="\t")
    np.testing.assert_allclose(table, np.asarray(model.get_layer("words").embeddings), rtol=1e-6)
    assert list((tmp_path / "train" / "plugins" / "profile").glob("*/*.xplane.pb"))


def test_only_what_needs_batches_wakes_the_loop():
    assert not CallbackList(TensorBoard()).listens_to_batches("train")
    assert CallbackList(TensorBoard(update_freq="batch")).listens_to_batches("train")
    assert CallbackList(TensorBoard(profile_batch=2)).listens_to_batches("train")


def test_bad_arguments(model):
    with pytest.raises(InvalidArgumentError, match="update_freq to be 'epoch', 'batch' or a positive number"):
        TensorBoard(update_freq=0)
    for wrong in (-1, (3, 2), "a,b", None):
        with pytest.raises(InvalidArgumentError, match="profile_batch must be a non-negative integer or 2-tuple"):
            TensorBoard(profile_batch=wrong)
    with pytest.raises(InvalidArgumentError, match=r"names 'wrods', but the Embedding layers are \['words'\].*words"):
        TensorBoard(embeddings_freq=1, embeddings_metadata={"wrods": "m.tsv"}).set_model(model)
