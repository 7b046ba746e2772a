"""Record in which order tf-keras' `fit` goes through rows: `python tests/golden/record_fit_orders.py` with tf-keras==2.21.0."""

import json
from pathlib import Path

import cases_fit_orders as cases
import tensorflow as tf
import tf_keras

if __name__ == "__main__":
    notes = {
        name: {str(seed): cases.orders(tf, tf_keras, seed, *fit) for seed in cases.SEEDS}
        for name, fit in cases.FITS.items()
    }
    Path(__file__).with_name("fit_orders.json").write_text(json.dumps(notes) + "\n")
