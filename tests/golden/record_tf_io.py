"""Record pictures, files, records, texts, ragged tensors: `python tests/golden/record_tf_io.py`, with tensorflow==2.21.0.

Writes tf_io.npz (pictures), tf_io.json (the rest) and files under files/tf_io/ that TensorFlow wrote.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf
from cases_tf_io import (
    EXAMPLES,
    FEATURES,
    RAGGED,
    RAW,
    REDUCTIONS,
    SPARSE,
    STRINGS,
    example,
    setting,
    texts,
)
from cases_tf_io_image import A8, A16, CASES, STATELESS

HERE = pathlib.Path(__file__).parent
FILES = HERE / "files" / "tf_io"


def tensors(arguments):
    return [tf.constant(a) if isinstance(a, np.ndarray) else a for a in arguments]


def main():
    arrays, notes = {}, {}
    for number, (name, arguments, options) in enumerate(CASES):
        found = getattr(tf.image, name)(*tensors(arguments), **options)
        for part, value in enumerate(found if isinstance(found, (tuple, list)) else [found]):
            arrays[f"image_{number}_{part}"] = np.asarray(value)
    for number, (name, arguments) in enumerate(STATELESS):
        arrays[f"stateless_{number}"] = getattr(tf.image, name)(*tensors(arguments), seed=(3, 8)).numpy()
        tf.random.set_seed(5)
        arrays[f"stateful_{number}"] = getattr(tf.image, name.removeprefix("stateless_"))(
            *tensors(arguments), seed=9
        ).numpy()
    for line in [*STRINGS, *RAW, *RAGGED, *SPARSE]:
        notes[line] = texts(eval(line, setting(tf)))
    for kind, ragged, axis, keepdims in REDUCTIONS:
        found = getattr(tf, f"reduce_{kind}")(eval(ragged, setting(tf)), axis=axis, keepdims=keepdims)
        notes[f"{kind} {ragged} {axis} {keepdims}"] = texts(found)
    serialized = [example(tf.train, **values).SerializeToString() for values in EXAMPLES]
    for name, feature in FEATURES:
        spec = {name: eval(f"tf.io.{feature}", {"tf": tf})}
        notes[f"many {name} {feature}"] = texts(tf.io.parse_example(serialized, spec)[name])
        notes[f"one {name} {feature}"] = texts(tf.io.parse_single_example(serialized[0], spec)[name])
    (HERE / "tf_io.json").write_text(json.dumps(notes, indent=0, sort_keys=True) + "\n")
    np.savez_compressed(HERE / "tf_io.npz", **arrays)
    write_files(serialized)


def write_files(serialized):
    FILES.mkdir(parents=True, exist_ok=True)
    for kind in ("", "GZIP", "ZLIB"):
        with tf.io.TFRecordWriter(str(FILES / f"examples{kind}.tfrecord"), tf.io.TFRecordOptions(kind)) as file:
            for record in serialized:
                file.write(record)
    pictures = {
        "rgb.png": tf.io.encode_png(A8),
        "deep.png": tf.io.encode_png(A16),
        "grey.png": tf.io.encode_png(A8[..., :1]),
        "alpha.png": tf.io.encode_png(np.concatenate([A8, A8[..., :1]], -1)),
        "rgb.jpg": tf.io.encode_jpeg(A8, quality=90),
        "grey.jpg": tf.io.encode_jpeg(A8[..., :1], "grayscale", quality=80, progressive=True, xmp_metadata="note"),
        "plain.jpg": tf.io.encode_jpeg(A8, chroma_downsampling=False, density_unit="cm", x_density=3, y_density=7),
    }
    for name, data in pictures.items():
        tf.io.write_file(str(FILES / name), data)


if __name__ == "__main__":
    main()
