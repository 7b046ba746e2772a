"""The formats: small valid files, ways to change them, and what reads them."""

import functools
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from tests.fuzz import mutations
from tests.fuzz.mutations import Files

import cornu
from cornu import layers, saving
from cornu.core import random_state
from cornu.data.records import TFRecordWriter, read_records
from cornu.io import state_file, tensor_bundle
from cornu.io.event_file import EventFile, field, histogram, scalar
from cornu.io.example import Example, Feature, FloatList, Int64List, read_example, read_sequence_example
from cornu.io.pickled_arrays import load_npz
from cornu.io.png import write_png
from cornu.io.protobuf import read_fields
from cornu.saving import keras2_export, tf_checkpoint
from cornu.tf.image.codecs import decode_image

_SUMMARY = 5  # the field of an event
Change = Callable[[Files, random.Random], Files]


class Format(NamedTuple):
    """`seed(folder)` writes `folder/NAME...`, one of `changes` makes another file of it, `read(folder/NAME)` reads that."""

    name: str  # of the files, without the ends that tell them apart
    share: int  # of a run's cases, in percent
    seeds: tuple[Callable[[Path], object], ...]
    changes: tuple[Change, ...]
    read: Callable[[Path], object]


def one(change: Callable[[bytes, random.Random], bytes]) -> Change:
    """A change of one of the files."""

    def mutate(files: Files, chance: random.Random) -> Files:
        name = chance.choice(sorted(files))
        return {**files, name: change(files[name], chance)}

    return mutate


def mlp() -> Any:
    """A small trained model with an optimizer's state."""
    random_state.set_random_seed(1)
    model = cornu.Sequential(
        [
            cornu.Input((4,)),
            layers.Dense(3, "relu", name="a"),
            layers.BatchNormalization(name="b"),
            layers.Dense(2, name="c"),
        ]
    )
    model.compile("adam", "mse", metrics=["mae"])
    model.optimizer.build(model.trainable_variables)
    return model


def graph() -> Any:
    """A functional model of many kinds of layers."""
    random_state.set_random_seed(1)
    x = cornu.Input((6, 4))
    y = layers.Bidirectional(layers.LSTM(2, return_sequences=True))(x)
    y = layers.Conv1D(3, 2, padding="causal")(y)
    y = layers.Concatenate()([layers.GlobalAveragePooling1D()(y), layers.Flatten()(x * 2.0)])
    model = cornu.Model(x, layers.Dense(1, kernel_regularizer="l2")(layers.Dropout(0.5)(y)))
    model.compile("sgd", "mse")
    return model


def words() -> Any:
    """A model with a vocabulary among its assets."""
    lookup = layers.StringLookup()
    lookup.adapt(np.array(["a", "b", "c"]))
    return cornu.Sequential([cornu.Input((2,), dtype="string"), lookup, layers.Embedding(5, 2), layers.Flatten()])


@functools.cache
def receiver() -> Any:
    """The model that weights are read into."""
    return mlp()


def saved(make: Callable[[], Any], name: str) -> Callable[[Path], object]:
    """A seed: a saved model."""
    return lambda folder: make().save(folder / name)


def weights(make: Callable[[], Any], name: str) -> Callable[[Path], object]:
    """A seed: saved weights."""
    return lambda folder: make().save_weights(folder / name)


def read_bundle(path: Path) -> None:
    """Every array, then the weights of a model."""
    receiver().load_weights(path)
    found = tensor_bundle.Bundle(path)
    for name in found:
        found[name]


def write_npz(folder: Path) -> None:
    """Numbers, text, and lists."""
    np.savez_compressed(
        folder / "x.npz", a=np.arange(12.0).reshape(3, 4), b=np.array(["x", "yz"]), c=np.array([[1, 2], [3]], object)
    )


def write_records(folder: Path) -> None:
    """Two examples."""
    numbers = Feature(int64_list=Int64List(value=[1, -2, 300]))
    example = Example(features={"feature": {"n": numbers, "f": Feature(float_list=FloatList(value=[1.5]))}})
    with TFRecordWriter(folder / "x") as file:
        for _ in range(2):
            file.write(example.SerializeToString())


def read_examples(path: Path) -> None:
    """The records as examples of both kinds and as messages."""
    for record in read_records(str(path)):
        read_example(record)
        read_sequence_example(record)
        str(Example.FromString(record))


def write_events(folder: Path) -> None:
    """A scalar and a histogram."""
    with EventFile(folder / "events") as file:
        file.write(scalar("loss", 1.5) + histogram("w", np.arange(9.0)), 1)
    file.path.rename(folder / "x")
    (folder / "events").rmdir()


def read_events(path: Path) -> None:
    """The events and the summaries inside of them."""
    for event in read_records(str(path)):
        for number, kind, value in read_fields(event):
            if number == _SUMMARY and kind == 2:
                [*read_fields(value)]


def write_shards(folder: Path) -> None:
    """Weights in several files."""
    mlp().save_weights(folder / "x.weights.json", max_shard_size=1e-7)


def change_shards(files: Files, chance: random.Random) -> Files:
    """The index, or one of the files, changed."""
    name = chance.choice(sorted(files))
    change = mutations.json_text if name.endswith(".json") else mutations.hdf5_tree
    return {**files, name: change(files[name], chance)}


def write_saved_model(folder: Path) -> None:
    """What Keras 2 notes of a model beside TensorFlow's graphs."""
    config = keras2_export.model_config(mlp()) | {"keras_version": "2.15.0", "build_input_shape": [None, 4]}
    node = field(3, "root") + field(4, "_tf_keras_sequential") + field(5, json.dumps(config))
    (folder / "keras_metadata.pb").write_bytes(field(1, node))


def change_notes(data: bytes, chance: random.Random) -> bytes:
    """The JSON text in these notes changed, or its surroundings."""
    if chance.random() < 0.3:
        return mutations.protobuf(data, chance)
    text = data[data.index(b"{") :]
    node = field(3, "root") + field(4, "_tf_keras_sequential") + field(5, mutations.json_text(text, chance))
    return field(1, node)


def write_backup(folder: Path) -> None:
    """A nest of arrays and numbers."""
    state_file.write_state(folder / "x", {"epoch": 3, "w": [np.ones((2, 3)), {"n": np.arange(4)}], "name": "é"})


def write_folder(folder: Path) -> None:
    """The file that names the last checkpoint."""
    tf_checkpoint.write_state(folder, "x-2", ["x-1", "x-2"])


_MODEL_MEMBERS = {
    "config.json": mutations.json_text,
    ".h5": lambda data, chance: chance.choice((mutations.hdf5_tree, mutations.blind))(data, chance),
    "metadata.json": mutations.json_text,
    ".txt": mutations.blind,
}
_MEMBERS = one(mutations.archive(_MODEL_MEMBERS))
_BLIND = one(mutations.blind)
_HDF5 = one(mutations.hdf5_tree)

FORMATS: dict[str, Format] = {
    "keras": Format(
        "x.keras", 8,
        (saved(mlp, "x.keras"), saved(graph, "x.keras"), saved(words, "x.keras")),
        (_BLIND, *[_MEMBERS] * 3, *[one(mutations.archive({"config.json": mutations.json_text}))] * 2),
        saving.load_model,
    ),
    "h5": Format(
        "x.h5", 8, (saved(mlp, "x.h5"), saved(graph, "x.h5")),
        (_BLIND, _BLIND, _HDF5, *[one(mutations.hdf5_text("model_config", "training_config"))] * 3),
        saving.load_model,
    ),
    "h5 weights": Format(
        "x.h5", 12, (weights(mlp, "x.h5"),), (_BLIND, _BLIND, _HDF5), lambda path: receiver().load_weights(path)
    ),
    "weights": Format(
        "x.weights.h5", 13, (weights(mlp, "x.weights.h5"),), (_BLIND, _BLIND, _HDF5), lambda path: receiver().load_weights(path)
    ),
    "ckpt": Format(
        "x.ckpt", 15, (weights(mlp, "x.ckpt"),),
        (_BLIND, mutations.bundle, mutations.graph_of_objects, mutations.table_blocks), read_bundle,
    ),
    "state": Format("checkpoint", 2, (write_folder,), (_BLIND,), lambda path: tf_checkpoint.latest_checkpoint(path.parent)),
    "npz": Format("x.npz", 9, (write_npz,), (_BLIND, *[one(mutations.archive({".npy": mutations.npy}))] * 3), load_npz),
    "backup": Format(
        "x", 6, (write_backup,), (_BLIND, one(mutations.archive({"state.json": mutations.json_text}))), state_file.read_state
    ),
    "records": Format("x", 8, (write_records,), (_BLIND, one(mutations.records)), read_examples),
    "events": Format("x", 3, (write_events,), (_BLIND, one(mutations.records)), read_events),
    "png": Format(
        "x", 6,
        (
            lambda folder: (folder / "x").write_bytes(write_png(np.arange(192, dtype="uint8").reshape(8, 8, 3))),
            lambda folder: (folder / "x").write_bytes(write_png(np.arange(128, dtype="uint16").reshape(8, 8, 2))),
        ),
        (_BLIND, one(mutations.png_chunks), one(mutations.png_chunks)), lambda path: decode_image(path.read_bytes()),
    ),
    "shards": Format(
        "x", 3, (write_shards,), (_BLIND, change_shards, change_shards),
        lambda path: receiver().load_weights(path.with_name("x.weights.json")),
    ),
    "SavedModel": Format(
        "", 3, (write_saved_model,), (_BLIND, *[one(change_notes)] * 3), lambda path: saving.load_model(path, compile=False)
    ),
    "safetensors": Format(
        "x.safetensors", 4, (weights(mlp, "x.safetensors"),), (_BLIND, one(mutations.safetensors)),
        lambda path: receiver().load_weights(path),
    ),
}  # fmt: skip
