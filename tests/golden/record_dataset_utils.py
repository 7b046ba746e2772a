"""Record data sets of files: `KERAS_BACKEND=tensorflow python tests/golden/record_dataset_utils.py`, with keras==3.15.0.

Writes dataset_utils.npz (the elements) and dataset_utils.json (names of classes, how many elements).
"""

import json
import pathlib
import tempfile

import keras
import numpy as np
from cases_dataset_utils import parts_of, results, write_files

HERE = pathlib.Path(__file__).parent


def main():
    arrays, notes = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        write_files(folder, keras.utils.save_img)
        for name, make in results(keras.utils, folder).items():
            keras.utils.set_random_seed(1234)
            made = make()
            parts = parts_of(made)
            for d, e, p, array in parts:
                arrays[f"{name}_{d}_{e}_{p}"] = array
            notes[name] = [len(parts), getattr(made, "class_names", None)]
    np.savez_compressed(HERE / "dataset_utils.npz", **arrays)
    (HERE / "dataset_utils.json").write_text(json.dumps(notes, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
