"""Which of Cornu's modules stands behind a module of TensorFlow or Keras. Tables of strings; nothing is imported here."""

import importlib.util
from functools import cache

# The beginning of a name -> what it is the same as. The longest that fits is taken, until none does.
_PREFIXES = {
    "keras.api": "keras",
    "keras.api._v1.keras": "keras",
    "keras.api._v2.keras": "keras",
    "keras.src": "keras",
    "tensorflow.compat.v1.keras": "keras",
    "tensorflow.compat.v2": "tensorflow",
    "tensorflow.compat.v2.keras": "keras",
    "tensorflow.initializers": "keras.initializers",
    "tensorflow.keras": "keras",
    "tensorflow.keras.experimental": "keras.experimental",
    "tensorflow.losses": "keras.losses",
    "tensorflow.metrics": "keras.metrics",
    "tensorflow.optimizers": "keras.optimizers",
    "tensorflow.python.keras": "keras",
    "tensorflow.python.keras.api._v2.keras": "keras",
    "tf_keras": "keras",
    "tf_keras.api": "keras",
    "tf_keras.src": "keras",
}

# Modules of older generations whose contents moved: under which parent they were, and the names of Keras today that hold them.
_GROUPS = {
    ("keras.layers", "keras.layers"): """
        activation activations advanced_activations attention convolutional convolutional_recurrent core cudnn_recurrent
        dense_attention embeddings experimental experimental.preprocessing kernelized local locally_connected merge merging
        multi_head_attention noise normalization normalization_v2 pooling preprocessing preprocessing.image_preprocessing
        preprocessing.text_vectorization recurrent recurrent_v2 regularization reshaping rnn serialization wrappers""",
    ("keras", "keras.models keras.layers keras"): """
        engine engine.base_layer engine.base_layer_v1 engine.functional engine.input_layer engine.input_spec
        engine.keras_tensor engine.network engine.sequential engine.topology engine.training engine.training_v1
        legacy.layers topology models.sequential models.functional models.model""",
    ("keras.utils", "keras.utils keras"): """
        all_utils audio_dataset conv_utils control_flow_util data_utils dataset_utils dataset_creator generic_utils
        image_dataset image_utils io_utils layer_utils multi_gpu_utils text_dataset tf_utils timeseries_dataset
        training_utils vis_utils visualize_util kernelized_utils version_utils""",
    ("keras", "keras.optimizers keras.optimizers.schedules"): """
        optimizer_v1 optimizer_v2 optimizer_v2.adadelta optimizer_v2.adagrad optimizer_v2.adam optimizer_v2.adamax
        optimizer_v2.ftrl optimizer_v2.gradient_descent optimizer_v2.nadam optimizer_v2.optimizer_v2 optimizer_v2.rmsprop
        optimizers.optimizer_v2 optimizers.adadelta_v2 optimizers.adagrad_v2 optimizers.adam_v2 optimizers.adamax_v2
        optimizers.ftrl_v2 optimizers.gradient_descent_v2 optimizers.nadam_v2 optimizers.rmsprop_v2
        optimizers.experimental""",
}
_MOVED = {
    **{f"{parent}.{name}": today for (parent, today), names in _GROUPS.items() for name in names.split()},
    "keras.optimizer_v2.learning_rate_schedule": "keras.optimizers.schedules",
    "keras.optimizers.learning_rate_schedule": "keras.optimizers.schedules",
    "keras.optimizers.optimizer_v2.learning_rate_schedule": "keras.optimizers.schedules",
    "keras.callbacks.callbacks": "keras.callbacks",
    "keras.callbacks.experimental": "keras.callbacks",
    "keras.callbacks.tensorboard_v1": "keras.callbacks",
    "keras.callbacks.tensorboard_v2": "keras.callbacks",
    "keras.callbacks_v1": "keras.callbacks",
    "keras.experimental": "keras.optimizers.schedules keras.layers keras.models",
    "keras.initializers.initializers_v1": "keras.initializers",
    "keras.initializers.initializers_v2": "keras.initializers",
    "keras.losses.losses": "keras.losses",
    "keras.metrics.experimental": "keras.metrics",
    "keras.metrics.metrics": "keras.metrics",
    "keras.mixed_precision.experimental": "keras.mixed_precision",
    "keras.mixed_precision.policy": "keras.mixed_precision",
    "keras.mixed_precision.loss_scale_optimizer": "keras.mixed_precision",
    "keras.np_utils": "keras.utils.np_utils",
    "keras.objectives": "keras.losses",
    "keras.saving.hdf5_format": "keras.saving keras.models",
    "keras.saving.legacy": "keras.saving",
    "keras.saving.object_registration": "keras.saving",
    "keras.saving.save": "keras.saving keras.models",
    "keras.saving.saving_lib": "keras.saving",
    "keras.saving.serialization_lib": "keras.saving",
    "keras.utils.losses_utils": "keras.losses",
    "keras.wrappers.scikit_learn": "cornu.utils.scikit_learn",
    "tensorflow.python.client.device_lib": "cornu.tf.device_lib",
    "tensorflow.python.data": "cornu.data",
    "tensorflow.python.eager.backprop": "cornu.tf",
    "tensorflow.python.eager.context": "cornu.tf cornu.tf.config",
    "tensorflow.python.framework.constant_op": "cornu.tf",
    "tensorflow.python.framework.dtypes": "cornu.tf.dtypes",
    "tensorflow.python.framework.errors": "cornu.tf.errors",
    "tensorflow.python.framework.ops": "cornu.tf cornu.tf.scopes",
    "tensorflow.python.framework.random_seed": "cornu.tf.random",
    "tensorflow.python.framework.tensor_shape": "cornu.tf",
    "tensorflow.python.framework.tensor_spec": "cornu.tf",
    "tensorflow.python.framework.tensor_util": "cornu.tf",
    "tensorflow.python.ops.array_ops": "cornu.tf",
    "tensorflow.python.ops.clip_ops": "cornu.tf",
    "tensorflow.python.ops.control_flow_ops": "cornu.tf",
    "tensorflow.python.ops.image_ops": "cornu.tf.image",
    "tensorflow.python.ops.init_ops": "keras.initializers",
    "tensorflow.python.ops.linalg_ops": "cornu.tf.linalg",
    "tensorflow.python.ops.math_ops": "cornu.tf cornu.tf.math",
    "tensorflow.python.ops.nn": "cornu.tf.nn",
    "tensorflow.python.ops.nn_ops": "cornu.tf.nn",
    "tensorflow.python.ops.random_ops": "cornu.tf.random",
    "tensorflow.python.ops.variables": "cornu.tf",
    "tensorflow.python.platform.gfile": "cornu.tf.io.gfile",
    "tensorflow.python.platform.tf_logging": "cornu.tf.compat.v1_logging",
    "tensorflow.python.util.nest": "cornu.tf.nest",
}

# Packages without contents of their own: parts of the names above.
_FOLDERS = {name.rpartition(".")[0] for name in _MOVED if name.startswith("tensorflow.python.")} | {
    "tensorflow.python",
    "tensorflow.python.framework",
    "tensorflow.python.ops",
    "keras.legacy",
    "keras.wrappers",
    "keras.api._v2",
    "keras.api._v1",
}

# Modules of Cornu's that Keras does not have.
HOUSE = frozenset(
    {"cli", "core", "data", "io", "keras2_backend", "install", "load_ipython_extension", "shim", "tf", "training"}
)

_GONE = {
    "tensorflow.contrib": "tensorflow.contrib ended with TensorFlow 1; its parts live on in tf.keras and tf.data",
    "tensorflow.examples": "tensorflow.examples ended with TensorFlow 1; MNIST is in tf.keras.datasets.mnist",
    "keras.applications": "Cornu has no pretrained models; build the network from keras.layers",
    "tensorflow.lite": "Cornu does not convert models for TensorFlow Lite",
    "tensorflow.estimator": "tf.estimator ended with TensorFlow 2.15; use tf.keras",
    "tensorflow.feature_column": "tf.feature_column is superseded by keras.layers and keras.utils.FeatureSpace",
}

# Names of older generations: what takes their place.
_SUPERSEDED = {
    "keras.layers.Highway": "Dense layers with a Multiply of a sigmoid gate",
    "keras.layers.MaxoutDense": "a Dense layer and keras.layers.Maximum",
    "keras.layers.Merge": "Add, Concatenate, Multiply or another of the merging layers",
    "keras.layers.Recurrent": "RNN, SimpleRNN, LSTM or GRU",
    "keras.layers.TimeDistributedDense": "TimeDistributed(Dense(...)), or just Dense",
    "keras.models.Graph": "keras.models.Model of the functional API",
    "keras.utils.multi_gpu_model": "the model itself, which trains on one device here",
    "tensorflow.ConfigProto": "tf.compat.v1.ConfigProto, or tf.config.experimental.set_memory_growth",
    "tensorflow.GPUOptions": "tf.config.experimental.set_memory_growth",
    "tensorflow.InteractiveSession": "nothing: ops run at once in TensorFlow 2",
    "tensorflow.Session": "nothing: ops run at once in TensorFlow 2; call the function instead of `sess.run`",
    "tensorflow.all_variables": "model.variables",
    "tensorflow.assign": "variable.assign(value)",
    "tensorflow.assign_add": "variable.assign_add(value)",
    "tensorflow.get_variable": "tf.Variable",
    "tensorflow.global_variables_initializer": "nothing: variables have their values when they are made",
    "tensorflow.initialize_all_variables": "nothing: variables have their values when they are made",
    "tensorflow.log": "tf.math.log",
    "tensorflow.mul": "tf.multiply",
    "tensorflow.placeholder": "tf.keras.Input, or an argument of a function",
    "tensorflow.random_normal": "tf.random.normal",
    "tensorflow.random_uniform": "tf.random.uniform",
    "tensorflow.reset_default_graph": "tf.keras.backend.clear_session",
    "tensorflow.set_random_seed": "tf.random.set_seed",
    "tensorflow.sub": "tf.subtract",
    "tensorflow.to_float": "tf.cast(x, tf.float32)",
    "tensorflow.to_int32": "tf.cast(x, tf.int32)",
    "tensorflow.train.AdamOptimizer": "tf.keras.optimizers.Adam",
    "tensorflow.train.GradientDescentOptimizer": "tf.keras.optimizers.SGD",
    "tensorflow.train.Saver": "tf.train.Checkpoint, or model.save_weights",
    "tensorflow.truncated_normal": "tf.random.truncated_normal",
}

# Names of older generations that are spelled differently today.
_RESPELLED = {
    "keras.constraints.nonneg": "non_neg",
    "keras.constraints.unitnorm": "unit_norm",
    "keras.regularizers.activity_l1": "l1",
    "keras.regularizers.activity_l2": "l2",
    "keras.regularizers.l1l2": "l1_l2",
}

# Modules that were functions too, and where the function is.
_FUNCTIONS = {"keras.layers.merge": "cornu.layers.merging.by_mode"}

# Names that Keras up to 2.2 reads otherwise than tf.keras and Keras 3 do.
_KERAS_1 = {
    "AtrousConvolution1D", "AtrousConvolution2D", "Convolution1D", "Convolution2D", "Convolution3D", "Deconvolution2D",
    "LocallyConnected2D", "SeparableConvolution2D",
}  # fmt: skip


def keras_1_module(module: str, name: str) -> str | None:
    """Where a name lies that has a meaning of its own in stand-alone Keras."""
    is_own = module.startswith("keras.") and name in _KERAS_1 and "cornu.layers" in (targets(module) or ())
    return "cornu.layers.convolution.keras_1" if is_own else None


def respelled(name: str) -> str | None:
    """Today's spelling of the last part of a name."""
    return _RESPELLED.get(canonical(name))


def function_behind(name: str) -> str | None:
    """The module of the function of that name, for a module that can be called."""
    return _FUNCTIONS.get(canonical(name))


def successor(name: str) -> str | None:
    """What takes the place of a name of an older generation, wherever that had it: `keras.layers.core.Highway`."""
    module, _, last = canonical(name).rpartition(".")
    places = module, *_MOVED.get(module, "").split()
    return next((_SUPERSEDED[f"{place}.{last}"] for place in places if f"{place}.{last}" in _SUPERSEDED), None)


def canonical(name: str) -> str:
    """The name of today's Keras or TensorFlow for a module's name: `tf_keras.layers` is `keras.layers`."""
    changed = True
    while changed:
        changed = False
        for length in range(name.count(".") + 1, 0, -1):
            head = ".".join(name.split(".")[:length])
            if head in _PREFIXES:
                name, changed = _PREFIXES[head] + name[len(head) :], True
                break
    return name


@cache
def targets(name: str) -> tuple[str, ...] | None:
    """Cornu's modules that hold the contents of a module, first come first served; () for a mere folder, None without any."""
    plain = canonical(name)
    if plain in _MOVED:
        return tuple(found for moved in _MOVED[plain].split() for found in targets(moved) or ())
    root, _, rest = plain.partition(".")
    if root == "cornu":
        return (plain,) if _exists(plain) else None
    own = {"keras": "cornu", "tensorflow": "cornu.tf"}.get(root)
    if root == "keras" and rest.partition(".")[0] in HOUSE:
        return None
    if own and not rest:
        return (own,)
    if own and _exists(f"{own}.{rest}"):
        return (f"{own}.{rest}",)
    return () if plain in _FOLDERS or name in _FOLDERS else None


def gone(name: str) -> str | None:
    """Why a module that once was there is not any more."""
    plain = canonical(name)
    return next((why for head, why in _GONE.items() if plain == head or plain.startswith(f"{head}.")), None)


def _exists(name: str) -> bool:
    """Whether Cornu has such a public module, looked for without importing it."""
    if any(part.startswith("_") for part in name.split(".")):
        return False
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
