"""Write how Keras writes ops in functional configs: `python tests/golden/record_graphs.py` with keras==3.15.0 installed.

Output: `tests/golden/graphs.json.gz`. Expressions that Keras cannot write are left out.
"""

import gzip
import json
from pathlib import Path

import cases_graphs as cases
import keras

TARGET = Path(__file__).parent / "graphs.json.gz"


def main() -> None:
    """Record every expression."""
    recorded = {}
    for key, (expression, values) in cases.every().items():
        keras.backend.clear_session()
        try:
            config = keras.saving.serialize_keras_object(cases.graph(keras, expression, values))["config"]
        except Exception as error:  # whatever Keras raises
            print(key, "|", type(error).__name__)
            continue
        recorded[key] = cases.entries(config)
    with open(TARGET, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
        file.write(json.dumps(recorded).encode())


if __name__ == "__main__":
    main()
