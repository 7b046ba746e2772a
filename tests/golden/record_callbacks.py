"""Records what Keras 3 callbacks print, save and remember. Run in an environment with keras and tensorflow."""

import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from cases_callbacks import record

if __name__ == "__main__":
    Path(__file__).with_name("callbacks.json").write_text(json.dumps(record(keras), indent=1, sort_keys=True) + "\n")
