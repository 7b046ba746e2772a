import subprocess
import sys
import textwrap

import pytest

from cornu.shim import aliases, known_names

IMPORTS = """
import importlib.util
import cornu
cornu.install(force=True)
import tensorflow as tf, keras, tf_keras
import tensorflow.keras.layers as deep
from tensorflow.keras import layers, models
from tensorflow.keras.layers import Dense
from tensorflow.python.keras.layers import Dense as python_dense
from tensorflow.compat.v2.keras.layers import Dense as compat_dense
from keras.layers.core import Dense as core_dense
from keras.layers.convolutional import Conv2D
from keras.layers.recurrent import LSTM
from keras.engine import Layer
from keras.engine.topology import Layer as older_layer
from keras.optimizers import adam_v2
from keras.utils.np_utils import to_categorical
from keras.utils import np_utils
from keras.wrappers.scikit_learn import KerasClassifier
from keras.layers.advanced_activations import ThresholdedReLU
from keras.models import *
from keras.preprocessing.image import ImageDataGenerator
from tensorflow.python.framework import ops, dtypes
assert deep is layers and tf.keras.layers is layers
assert Dense is python_dense is compat_dense is core_dense is cornu.layers.Dense is tf_keras.layers.Dense
assert Layer is older_layer is cornu.Layer and Conv2D is cornu.layers.Conv2D and LSTM is cornu.layers.LSTM
assert adam_v2.Adam is cornu.optimizers.Adam and Sequential is cornu.Sequential
assert np_utils.to_categorical is to_categorical
assert tf.keras.wrappers.scikit_learn.KerasClassifier is KerasClassifier
assert ThresholdedReLU is tf.keras.layers.ThresholdedReLU is cornu.layers.ThresholdedReLU
assert tf.losses.MeanSquaredError is tf.keras.losses.MeanSquaredError is cornu.losses.MeanSquaredError
assert ops.convert_to_tensor(1).dtype is dtypes.int32
assert importlib.util.find_spec("tensorflow").origin == "cornu"
assert importlib.import_module("keras.layers").Dense is Dense
assert tf.__version__.startswith("2.") and keras.__version__
assert "Dense" in dir(keras.layers) and "core" not in dir(keras)
print("fine")
"""


def python(code: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True)


def test_imports_of_all_generations_give_the_same_classes():
    done = python(IMPORTS)
    assert done.stdout == "fine\n", done.stderr


def test_install_and_uninstall():
    done = python("""
        import sys, cornu
        from cornu import shim
        cornu.install(force=True)
        import tensorflow
        assert shim.is_installed() and cornu.config.style() == "tf2"
        cornu.install()  # again: nothing to do
        assert sum(type(f).__name__ == "Finder" for f in sys.meta_path) == 1
        shim.uninstall()
        assert "tensorflow" not in sys.modules and not shim.is_installed()
        sys.modules["keras"] = sys
        try:
            cornu.install()
        except cornu._base.errors.FailedPreconditionError as error:
            print(error)
    """)
    assert "expected that tensorflow and keras are not imported; keras is" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "code, sentence",
    [
        ("import tensorflow as tf; tf.reduce_meen", "Did you mean 'reduce_mean'"),
        ("import keras; keras.layers.MaxPolling", "'MaxPooling2D'"),
        ("from keras.layers import Droupout", "Did you mean 'Dropout'"),
        ("import keras.layers; keras.layers.Recurrent", "use RNN, SimpleRNN, LSTM or GRU"),
        ("from keras.layers.core import Highway", "use Dense layers with a Multiply of a sigmoid gate"),
        ("from keras.utils.training_utils import multi_gpu_model", "which trains on one device here"),
        ("import tensorflow as tf; tf.Session", "ops run at once"),
        ("import tensorflow as tf; tf.mlir", "TensorFlow has it, Cornu does not."),
        ("import keras; keras.zzzzzz", "TensorFlow does not have it either."),
        ("import keras.model", "Did you mean 'keras.models'"),
        ("import tensorflow.contrib", "ended with TensorFlow 1"),
        ("from keras import applications", "no pretrained models"),
        ("import keras.core", "No module named 'keras.core'"),
    ],
)
def test_missing_names_are_explained(code, sentence):
    done = python(f"import cornu; cornu.install(force=True)\n{code}")
    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]


def test_the_hook_leaves_other_packages_alone():
    done = python("import cornu; cornu.install(force=True); import json, kerasish")
    assert "No module named 'kerasish'" in done.stderr


def test_the_notebook_extension():
    assert python(
        "import cornu; cornu.load_ipython_extension(None); import keras; print(keras.Model is cornu.Model)"
    ).stdout == ("True\n")


def test_every_alias_leads_somewhere():
    for name, today in aliases._MOVED.items():
        assert aliases.targets(name), f"{name} -> {today}"


def test_names_that_tensorflow_has():
    assert known_names.is_known("tensorflow.math.xlogy") and known_names.is_known("keras.layers.Dense")
    assert not known_names.is_known("tensorflow.math.xlogyy")


def test_names_of_keras_1():
    done = python("""
        import cornu
        cornu.install(force=True)
        from keras.constraints import maxnorm, nonneg, unitnorm
        from keras.layers import merge
        from keras.preprocessing.sequence import skipgrams
        from keras.regularizers import activity_l1, l1l2
        import keras, tensorflow as tf
        assert maxnorm(m=3).max_value == 3 and l1l2 is keras.regularizers.l1_l2 and activity_l1 is keras.regularizers.l1
        assert skipgrams([1, 2], 3, window_size=1, negative_samples=0, shuffle=False)[0] == [[1, 2], [2, 1]]
        assert merge([tf.ones(2), tf.ones(2)], mode="sum").numpy().tolist() == [2, 2]
        assert tf.newaxis is None
        try:
            keras.layers.core()
        except TypeError as error:
            print(error)
    """)
    assert done.stdout == "'keras.layers.core' is a module; expected one of the functions or classes in it.\n", (
        done.stderr
    )
