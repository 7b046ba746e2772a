"""Record Keras' category, word and sound layers: `python tests/golden/record_categories.py` with keras==3.15.0, tensorflow.

Writes categories.json (outputs, vocabularies, configs), categories.npz (spectrograms) and files of `categories_files`. The
files in `categories_files/written_here` are read too, and what Keras predicts with them is recorded; make them with

    python -c "import sys; sys.path.append('tests/golden'); import cornu, cases_categories as cases; cases.write(cornu, FOLDER)"
"""

import json
from pathlib import Path

import cases_categories as cases
import keras
import numpy as np

HERE = Path(__file__).parent
FILES = HERE / "categories_files"


def plain(value):
    """Outputs as JSON: values, dtype, shape."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    array = np.asarray(value)
    if array.dtype == object:
        array = np.array([item.decode() for item in array.reshape(-1)]).reshape(array.shape)
    dtype = "string" if array.dtype.kind == "U" else array.dtype.name
    return {"values": array.tolist(), "dtype": dtype, "shape": list(array.shape)}


def case_notes(name):
    """What a case gives."""
    kind, arguments, inputs, *adaptation = cases.CASES[name]
    layer = getattr(keras.layers, kind)(**arguments, name=name)
    if adaptation:
        data, rows = adaptation
        layer.adapt(np.array(data) if rows is None else cases.dataset(keras, data, rows))
    notes = {"output": plain(layer(inputs)), "config": layer.get_config()}
    if hasattr(layer, "get_vocabulary"):
        notes["vocabulary"] = plain(np.array(layer.get_vocabulary()))["values"]
        notes["tokens"] = plain(np.array(layer.get_vocabulary(include_special_tokens=False)))["values"]
        notes["size"] = layer.vocabulary_size()
    return notes


def main():
    """Record everything."""
    FILES.mkdir(exist_ok=True)
    notes = {"cases": {name: case_notes(name) for name in cases.CASES}}
    notes["crossings"] = {}
    for name, (arguments, features) in cases.CROSSINGS.items():
        layer = keras.layers.HashedCrossing(**arguments, name=name)
        given = [keras.ops.convert_to_tensor(feature) for feature in features]
        notes["crossings"][name] = {"output": plain(layer(given)), "config": layer.get_config()}
    arrays = {}
    for number, arguments in enumerate(cases.SPECTROGRAMS):
        x = cases.sound(2)
        x = x.transpose(0, 2, 1) if arguments.get("data_format") == "channels_first" else x
        made = keras.layers.STFTSpectrogram(**arguments, name="stft")(x[:, :400] if x.shape[1] > 2 else x[..., :400])
        arrays[f"stft{number}"] = np.asarray(made)[:1]
        config = keras.layers.STFTSpectrogram(**arguments, name="stft").get_config()
        notes.setdefault("stft", []).append(config)
    for number, arguments in enumerate(cases.MEL_SPECTROGRAMS):
        layer = keras.layers.MelSpectrogram(**arguments, name="mel")
        arrays[f"mel{number}"] = np.asarray(layer(cases.sound()[..., 0]))
        notes.setdefault("mel", []).append(layer.get_config())
    notes["spaces"] = {}
    for name, build in cases.SPACES.items():
        keras.utils.clear_session()
        space = build(keras)
        space.adapt(cases.dataset(keras, cases.COLUMNS))
        row = {column: values[1] for column, values in cases.COLUMNS.items()}
        notes["spaces"][name] = {
            "output": plain(space(cases.COLUMNS)),
            "row": plain(space(row)),
            "config": space.get_config(),
        }
    keras.utils.clear_session()
    cases.write(keras, FILES)
    notes["files"], notes["files read by keras"] = {}, {}
    inputs = {name: x for name, (_, x) in cases.models(keras).items()} | {"space": cases.COLUMNS}
    for key, folder in (("files", FILES), ("files read by keras", FILES / "written_here")):
        for path in sorted(folder.glob("*.keras")):
            model = keras.saving.load_model(path)
            call = model.predict if hasattr(model, "predict") else model
            given = cases.as_text(keras, inputs[path.stem]) if hasattr(model, "predict") else inputs[path.stem]
            notes[key][path.stem] = plain(np.asarray(call(given)).astype("float32")[:, :3].round(5))
            print(path.name, path.stat().st_size)
    (HERE / "categories.json").write_text(json.dumps(notes, default=list) + "\n")
    np.savez_compressed(HERE / "categories.npz", **arrays)


if __name__ == "__main__":
    main()
