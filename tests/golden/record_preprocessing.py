"""Record Keras 2's preprocessing: `python tests/golden/record_preprocessing.py`, with tf_keras==2.21.0 (and SciPy, Pillow).

Writes preprocessing.npz (pictures, batches) and preprocessing.json (texts, sequences).
"""

import json
import pathlib
import random
import tempfile

import numpy as np
from cases_preprocessing import (
    DIRECTORIES,
    GENERATORS,
    PADDINGS,
    PREPROCESSING_FUNCTIONS,
    SENTENCE,
    SERIES,
    SKIPGRAMS,
    TOKENIZERS,
    pictures,
    text_results,
    tokenizer_results,
    transforms,
    write_pictures,
)
from tf_keras.preprocessing import image, sequence, text

HERE = pathlib.Path(__file__).parent


def flow_batches(options, call):
    """Three batches by `next` (the third starts an epoch) and batch 1 by number, and the generator's next number."""
    generator = image.ImageDataGenerator(**options, validation_split=0.3)
    x = pictures()
    if options.get("data_format") == "channels_first":
        x = x.transpose(0, 3, 1, 2)
    generator.fit(x, augment=True, seed=11)
    flow = generator.flow(x, np.arange(10) % 2, seed=5, **{"batch_size": 5, **call})
    found = [next(flow) for _ in range(3)]
    found.append(flow[0])
    return [part for batch in found for part in batch] + [np.random.rand()]


def main():
    arrays, notes = {}, {}
    for number, (options, call) in enumerate(GENERATORS):
        for place, part in enumerate(flow_batches(options, call)):
            arrays[f"g{number}_{place}"] = part
    for name, function in PREPROCESSING_FUNCTIONS.items():
        np.random.seed(3)
        generator = image.ImageDataGenerator(rotation_range=30, preprocessing_function=function, rescale=0.5)
        arrays[f"p_{name}"] = next(generator.flow(pictures(), batch_size=4))
    for name, function in transforms(image).items():
        np.random.seed(3)
        arrays[f"t_{name}"] = function()
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(folder, image)
        for number, (options, call) in enumerate(DIRECTORIES):
            np.random.seed(8)
            flow = image.ImageDataGenerator(**options).flow_from_directory(folder, **call)
            batch = next(flow)
            for place, part in enumerate(batch if isinstance(batch, tuple) else [batch]):
                arrays[f"d{number}_{place}"] = part
            notes[f"d{number}"] = [flow.class_indices, flow.filenames, flow.classes.tolist(), list(flow.image_shape)]
    notes["tokenizers"] = [tokenizer_results(text, options) for options in TOKENIZERS]
    notes["text"] = text_results(text)
    notes["paddings"] = []
    for rows, options in PADDINGS:
        found = sequence.pad_sequences(rows, **options)
        notes["paddings"].append([found.tolist(), str(found.dtype), list(found.shape)])
    notes["series"] = []
    for options in SERIES:
        np.random.seed(2)
        generator = sequence.TimeseriesGenerator(np.arange(40.0).reshape(20, 2), np.arange(20), **options)
        notes["series"].append([len(generator), [[part.tolist() for part in generator[i]] for i in range(len(generator))],
                                generator.get_config()])  # fmt: skip
    notes["table"] = sequence.make_sampling_table(12, 0.001).tolist()
    notes["skipgrams"] = []
    for options in SKIPGRAMS:
        random.seed(4)
        given = {
            **options,
            **({"sampling_table": sequence.make_sampling_table(10, 0.1)} if "sampling_table" in options else {}),
        }
        notes["skipgrams"].append(sequence.skipgrams(SENTENCE, 10, **given))
    np.savez_compressed(HERE / "preprocessing.npz", **arrays)
    (HERE / "preprocessing.json").write_text(json.dumps(notes, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
