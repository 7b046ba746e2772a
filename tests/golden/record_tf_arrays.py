"""Record what TensorFlow prints: `python tests/golden/record_tf_arrays.py` where tensorflow is installed."""

import json
import os
from pathlib import Path

os.environ["TF_USE_LEGACY_KERAS"] = "1"

import numpy as np
import tensorflow as tf
from cases_tf_arrays import CASES


def printed(expression: str) -> str:
    """The result's repr, or the kind of error."""
    try:
        return repr(eval(expression, {"tf": tf, "np": np}))
    except TypeError:
        return "TypeError"
    except IndexError:
        return "ValueError"
    except (ValueError, tf.errors.InvalidArgumentError):
        return "ValueError"


if __name__ == "__main__":
    results = {expression: printed(expression) for expression in CASES}
    Path(__file__).with_name("tf_arrays.json").write_text(json.dumps(results, indent=0))
    print(len(results), "recorded with TensorFlow", tf.__version__)
