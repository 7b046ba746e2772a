"""Files that Cornu's `tf.io` writes, read by TensorFlow 2.21 and compared.

    python tests/interop/check_tf_io.py path/to/python-with-tensorflow

Cornu runs in the interpreter that runs this script, TensorFlow in the other one. The exit status is 1 if anything differs.
The other way round is in tests/golden/test_tf_io.py, on files that TensorFlow wrote.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "golden"))
from cases_tf_io import EXAMPLES, example
from cases_tf_io_image import A8, A16

KINDS = ("", "GZIP", "ZLIB")


def write(tf, folder):
    for kind in KINDS:
        with tf.io.TFRecordWriter(f"{folder}/records{kind}", kind) as file:
            for values in EXAMPLES:
                file.write(example(tf.train, **values).SerializeToString())
    for channels in (1, 2, 3):
        tf.io.write_file(f"{folder}/{channels}.png", tf.io.encode_png(A8[..., :channels]))
        tf.io.write_file(f"{folder}/{channels}_deep.png", tf.io.encode_png(A16[..., :channels]))
    tf.io.write_file(f"{folder}/picture.jpg", tf.io.encode_jpeg(A8))
    tf.io.write_file(f"{folder}/tensor", tf.io.serialize_tensor(A16))


def read(tf, folder):
    """Whether each file holds what was put into it."""
    for kind in KINDS:
        records = tf.data.TFRecordDataset(f"{folder}/records{kind}", kind).as_numpy_iterator()
        yield [tf.train.Example.FromString(r) for r in records] == [example(tf.train, **values) for values in EXAMPLES]
    for channels in (1, 2, 3):
        for name, pixels in ((f"{channels}.png", A8), (f"{channels}_deep.png", A16)):
            found = tf.io.decode_png(tf.io.read_file(f"{folder}/{name}"), dtype=pixels.dtype).numpy()
            yield (found == pixels[..., :channels]).all()
    yield tf.io.read_file(f"{folder}/picture.jpg").numpy() == tf.io.encode_jpeg(A8).numpy()
    yield (tf.io.parse_tensor(tf.io.read_file(f"{folder}/tensor"), tf.uint16).numpy() == A16).all()


def main():
    if sys.argv[1:2] == ["read"]:
        import tensorflow

        found = list(read(tensorflow, sys.argv[2]))
        print(f"{sum(map(bool, found))} of {len(found)} files are equal")
        sys.exit(not all(found))
    import cornu.tf

    with tempfile.TemporaryDirectory() as folder:
        write(cornu.tf, folder)
        sys.exit(subprocess.run([sys.argv[1], __file__, "read", folder], check=False).returncode)


if __name__ == "__main__":
    main()
