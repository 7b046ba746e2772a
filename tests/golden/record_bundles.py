"""Write checkpoints with TensorFlow's own ops: `python tests/golden/record_bundles.py`.

Output: `tests/golden/files/bundles`: `sharded` in three shards, with arrays of every dtype and variables in parts, and `graph`,
which a Saver of TensorFlow 1 wrote, with a partitioned variable.
"""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import tensorflow as tf
from cases_bundles import ARRAYS, GRAPH, PARTS

FOLDER = Path(__file__).parent / "files" / "bundles"
SHARDS = 3


def sharded() -> None:
    """Arrays and parts, in turn to each shard, which are then merged as savers on several machines do."""
    saved = [(name, "", tf.constant(array)) for name, array in ARRAYS.items()]
    for name, (array, parts) in PARTS.items():
        for part in parts:
            bounds = ":".join(f"{start},{length}" for start, length in part)
            piece = array[tuple(slice(start, start + length) for start, length in part)]
            saved.append((name, f"{' '.join(map(str, array.shape))} {bounds}", tf.constant(piece)))
    with tempfile.TemporaryDirectory() as folder:
        prefixes = [os.path.join(folder, f"part{k}") for k in range(SHARDS)]
        for k, prefix in enumerate(prefixes):
            names, slices, tensors = zip(*saved[k::SHARDS])
            tf.raw_ops.SaveV2(prefix=prefix, tensor_names=names, shape_and_slices=slices, tensors=tensors)
        tf.raw_ops.MergeV2Checkpoints(
            checkpoint_prefixes=prefixes, destination_prefix=str(FOLDER / "sharded"), delete_old_dirs=False
        )


def graph() -> None:
    """A graph of TensorFlow 1 with a partitioned variable."""
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        for name, array in GRAPH.items():
            cut = v1.fixed_size_partitioner(3) if name == "scope/table" else None
            v1.get_variable(name, array.shape, array.dtype, _constant(array), partitioner=cut)
        session.run(v1.global_variables_initializer())
        v1.train.Saver().save(session, str(FOLDER / "graph"), write_meta_graph=False, write_state=False)


def _constant(array):
    """An initializer that knows which part it is asked for."""

    def values(shape, dtype=None, partition_info=None):
        start = partition_info.var_offset if partition_info is not None else [0] * len(shape)
        return tf.constant(array[tuple(slice(a, a + n) for a, n in zip(start, shape))], dtype)

    return values


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    sharded()
    graph()
