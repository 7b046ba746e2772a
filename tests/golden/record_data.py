"""Record what tf.data does: `python tests/golden/record_data.py`, with tensorflow==2.21. Writes data.json beside itself."""

import base64
import json
import pathlib
import tempfile

import tensorflow as tf
from cases_data import CASES, RECORDS, SEED, SEEDED, observed

HERE = pathlib.Path(__file__).parent


def main():
    found = {}
    for name, case in CASES.items():
        if name != "global seed":
            found[name] = observed(case(tf.data))
    for name in SEEDED:
        tf.random.set_seed(SEED)
        found[f"{name}, seeded"] = observed(CASES[name](tf.data))
    tf.random.set_seed(SEED)
    pair = [CASES["global seed"](tf.data) for _ in range(2)]
    found["two under one seed"] = [observed(each)["passes"] for each in pair]
    found["records"] = {}
    for kind in ("", "GZIP", "ZLIB"):
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/records"
            with tf.io.TFRecordWriter(path, kind) as writer:
                for record in RECORDS:
                    writer.write(record)
            found["records"][kind] = base64.b64encode(pathlib.Path(path).read_bytes()).decode()
    (HERE / "data.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
