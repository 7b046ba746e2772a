"""Model files whose configs ask for more than a model: code, other files, enormous weights, classes of other names."""

import base64
import functools
import json
import marshal
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import h5py

import cornu
from cornu import layers
from cornu.io.archive import write_archive


class Case(NamedTuple):
    """`make(folder, canary)` writes files and gives the path that `load` reads, which raises `error` with text like `match`."""

    make: Callable[[Path, Path], Path]
    load: str
    error: str
    match: str


def harmless() -> cornu.Model:
    """A small model."""
    model = cornu.Sequential(
        [cornu.Input((4,)), layers.Dense(3, activation="relu", name="dense"), layers.Dense(2, name="dense_1")]
    )
    model.compile("adam", "mse", metrics=["mae"])
    return model


@functools.cache
def _written_once(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path, model = Path(folder, name), harmless()
        model.save_weights(path) if name.endswith(".weights.h5") else model.save(path)
        return path.read_bytes()


def saved(folder: Path, name: str) -> Path:
    """The model, or its weights, in a file of that name."""
    (folder / name).write_bytes(_written_once(name))
    return folder / name


def rewritten(path: Path, **members: bytes | None) -> Path:
    """The archive with members replaced or left out; underscores in their names stand for dots."""
    with zipfile.ZipFile(path) as archive:
        contents: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    contents |= {name.replace("_", "."): content for name, content in members.items()}
    with open(path, "wb") as file:
        write_archive(file, [(name, content) for name, content in contents.items() if content is not None])
    return path


def in_archive(change: Callable[[dict, Path], dict | None]) -> Callable[[Path, Path], Path]:
    """A `.keras` file whose config is what `change(config, canary)` makes of a harmless one."""

    def make(folder: Path, canary: Path) -> Path:
        path = saved(folder, "model.keras")
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
        return rewritten(path, config_json=json.dumps(change(config, canary) or config).encode())

    return make


def in_hdf5(change: Callable[[dict, Path], dict | None]) -> Callable[[Path, Path], Path]:
    """The same for an `.h5` file."""

    def make(folder: Path, canary: Path) -> Path:
        path = saved(folder, "model.h5")
        with h5py.File(path, "a") as file:
            config = json.loads(file.attrs["model_config"])
            file.attrs["model_config"] = json.dumps(change(config, canary) or config)
        return path

    return make


def first_dense(config: dict) -> dict:
    """The description of the first layer that is no input."""
    return next(layer for layer in config["config"]["layers"] if layer["class_name"] == "Dense")


def layer(described: Callable[[Path], dict]) -> Callable[[dict, Path], None]:
    """Puts a layer in the place of the first one."""
    return lambda config, canary: first_dense(config).update(described(canary))


def argument(name: str, value: Callable[[Path], Any]) -> Callable[[dict, Path], None]:
    """Gives the first layer an argument."""
    return lambda config, canary: first_dense(config)["config"].__setitem__(name, value(canary))


def compiled(name: str, value: Callable[[Path], Any]) -> Callable[[dict, Path], None]:
    """Gives `compile` an argument."""
    return lambda config, canary: config["compile_config"].__setitem__(name, value(canary))


def bytecode(canary: Path) -> dict:
    """A lambda that would open the canary, as Keras 3 writes it."""
    code = compile(f"lambda x: open({str(canary)!r}).read()", "x", "eval").co_consts[0]
    return {
        "class_name": "__lambda__",
        "config": {"code": base64.b64encode(marshal.dumps(code)).decode(), "defaults": None, "closure": None},
    }


def lambda_layer(canary: Path, **more: Any) -> dict:
    """A Lambda layer of that code."""
    config = {
        "name": "evil",
        "trainable": True,
        "dtype": "float32",
        "function": bytecode(canary),
        "arguments": {},
        **more,
    }
    return {"module": "keras.layers", "class_name": "Lambda", "config": config, "registered_name": None}


def keras_2_lambda(canary: Path) -> dict:
    """The same as Keras 2 writes it."""
    code = bytecode(canary)["config"]["code"]
    config = {"name": "evil", "function": [code, None, None], "function_type": "lambda", "module": "builtins"}
    return {"class_name": "Lambda", "config": config}


def thing(module: str | None, name: str, registered: str | None = None, /, **config: Any) -> dict:
    """A described object."""
    return {"module": module, "class_name": name, "config": config, "registered_name": registered}


def function(name: str, module: str = "builtins") -> dict:
    """A described function."""
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def torch_module(canary: Path) -> dict:
    """A pickled PyTorch module."""
    pickled = b"cos\nsystem\n(S'touch " + str(canary).encode() + b"'\ntR."
    module = {"class_name": "__bytes__", "config": {"value": base64.b64encode(pickled).decode()}}
    return thing("keras.layers", "TorchModuleWrapper", module=module, name="torch")


def switched_off(config: dict, canary: Path) -> None:
    """A list in which a call that lets code run stands before the code."""
    config["config"]["layers"][1:1] = [
        thing("keras.config", "enable_unsafe_deserialization"),
        thing("keras.src.saving.serialization_lib", "SafeModeScope", safe_mode=False),
        lambda_layer(canary),
    ]


UNKNOWN = "not known here"
_GADGETS = {
    "os.system": thing("os", "system", command="true"),
    "builtins.exec": thing("builtins", "exec", source="1"),
    "subprocess.Popen": thing("subprocess", "Popen", args=["true"]),
    "importlib.import_module": thing("importlib", "import_module", name="antigravity"),
    "registered name": thing("os", "system", "os.system", command="true"),
    "keras.utils.get_file": thing("keras.utils", "get_file", fname="x", origin="http://127.0.0.1:9/x"),
    "keras.src.utils.file_utils": thing(
        "keras.src.utils.file_utils", "get_file", fname="x", origin="http://127.0.0.1:9/"
    ),
    "keras.saving.load_model": thing("keras.saving", "load_model", filepath="x"),
    "keras.models.load_model": thing("keras.models", "load_model", filepath="x"),
    "keras.config": thing("keras.config", "enable_unsafe_deserialization"),
    "keras.callbacks.CSVLogger": thing("keras.callbacks", "CSVLogger", filename="x.csv"),
    "cornu.cli.main": thing("cornu.cli", "main", argv=["run", "x"]),
    "cornu.core.lambdas": thing("cornu.core.lambdas", "load", config={}),
    "tensorflow.io.read_file": thing("tensorflow.io", "read_file", filename="x"),
    "tensorflow.keras.utils.get_file": thing("tensorflow.keras.utils", "get_file", fname="x", origin="http://x"),
    "numpy.load": thing("numpy", "load", file="x", allow_pickle=True),
    "a method": thing("keras.layers", "Dense.from_config", config={}),
    "a private name": thing("keras.layers", "__init__", config={}),
}
_FUNCTIONS = (
    "system",
    "eval",
    "exec",
    "__import__",
    "get_file",
    "load_model",
    "enable_unsafe_deserialization",
    "os.system",
)

CASES: dict[str, Case] = {
    "lambda in .keras": Case(in_archive(layer(lambda_layer)), "model", "UnsafeFileError", "safe_mode=False"),
    "lambda in .h5": Case(in_hdf5(layer(keras_2_lambda)), "model", "UnsafeFileError", "safe_mode=False"),
    "lambda of Keras 3 in .h5": Case(in_hdf5(layer(lambda_layer)), "model", "UnsafeFileError", "safe_mode=False"),
    "lambda as an activation": Case(
        in_archive(argument("activation", bytecode)), "model", "UnsafeFileError", "safe_mode=False"
    ),
    "lambda as an initializer": Case(
        in_archive(argument("kernel_initializer", bytecode)), "model", "UnsafeFileError", "safe_mode=False"
    ),
    "lambda as the loss": Case(in_archive(compiled("loss", bytecode)), "model", "UnsafeFileError", "safe_mode=False"),
    "lambda in JSON": Case(in_archive(layer(lambda_layer)), "json", "UnsafeFileError", "safe_mode=False"),
    "lambda that asks for leave": Case(
        in_archive(layer(lambda canary: lambda_layer(canary, safe_mode=False))),
        "model",
        "UnsafeFileError",
        "safe_mode=False",
    ),
    "safe mode switched off first": Case(in_archive(switched_off), "model", "NotFoundError", UNKNOWN),
    "safe mode in the config": Case(
        in_archive(lambda config, canary: {**config, "safe_mode": False, **lambda_layer(canary)}),
        "model",
        "UnsafeFileError",
        "safe_mode=False",
    ),
    "torch module in .keras": Case(
        in_archive(layer(torch_module)), "model", "FailedPreconditionError", "TorchModuleWrapper cannot hold"
    ),
    "torch module in .h5": Case(
        in_hdf5(layer(torch_module)), "model", "FailedPreconditionError", "TorchModuleWrapper cannot hold"
    ),
    "SavedModel layer": Case(
        in_archive(layer(lambda canary: thing("keras.layers", "TFSMLayer", filepath=str(canary)))),
        "model",
        "FailedPreconditionError",
        "TFSMLayer cannot run",
    ),
    "Flax module": Case(
        in_archive(layer(lambda canary: thing("keras.layers", "FlaxLayer", module={"x": 1}))),
        "model",
        "(FailedPrecondition|InvalidType)Error",
        "Flax, which is not installed|flax.linen.Module",
    ),
    **{
        f"layer {name}": Case(in_archive(layer(lambda _, thing=thing: thing)), "model", "NotFoundError", UNKNOWN)
        for name, thing in _GADGETS.items()
    },
    **{
        f"model {name}": Case(in_archive(lambda *_, thing=thing: thing), "model", "NotFoundError", UNKNOWN)
        for name, thing in _GADGETS.items()
    },
    **{
        f"in .h5 {name}": Case(in_hdf5(layer(lambda _, thing=thing: thing)), "model", "NotFoundError", UNKNOWN)
        for name, thing in _GADGETS.items()
    },
    **{
        f"activation {name}": Case(
            in_archive(argument("activation", lambda _, name=name: function(name))), "model", "NotFoundError", UNKNOWN
        )
        for name in _FUNCTIONS
    },
    **{
        f"metric {name}": Case(
            in_archive(compiled("metrics", lambda _, name=name: [function(name, "os")])),
            "model",
            "NotFoundError",
            UNKNOWN,
        )
        for name in _FUNCTIONS
    },
    **{
        f"{kind} from a {what}": Case(
            in_archive(
                layer(lambda canary, kind=kind, form=form: thing("keras.layers", kind, vocabulary=form % canary))
            ),
            "model",
            "UnsafeFileError",
            "is not opened",
        )
        for kind in ("StringLookup", "IntegerLookup", "TextVectorization")
        for what, form in (("path", "%s"), ("URL", "file://%s"), ("far URL", "http://127.0.0.1:9%s"))
    },
    "vocabulary path in .h5": Case(
        in_hdf5(layer(lambda canary: thing("keras.layers", "StringLookup", vocabulary=str(canary)))),
        "model",
        "UnsafeFileError",
        "is not opened",
    ),
    "vocabulary path inside a wrapper": Case(
        in_archive(
            layer(
                lambda canary: thing(
                    "keras.layers", "Pipeline", layers=[thing("keras.layers", "StringLookup", vocabulary=str(canary))]
                )
            )
        ),
        "model",
        "UnsafeFileError",
        "is not opened",
    ),
    "weights of 8 PiB": Case(
        in_archive(argument("units", lambda _: 1 << 49)), "model", "UnsafeFileError", "far beyond"
    ),
    "weights of 8 PiB in .h5": Case(
        in_hdf5(argument("units", lambda _: 1 << 49)), "model", "UnsafeFileError", "far beyond"
    ),
    "weights of 400 MB": Case(
        in_archive(argument("units", lambda _: 20_000_000)), "model", "UnsafeFileError", "far beyond"
    ),
    "registered name of another class": Case(
        in_archive(lambda config, _: first_dense(config).update(registered_name="tests>Spoofed")),
        "registered",
        "UnsafeFileError",
        "a class of yours",
    ),
    "registered name of a function": Case(
        in_archive(layer(lambda canary: thing("tests", "called", "tests>called", path=str(canary)))),
        "registered",
        "Invalid(Argument|Type)Error",
        "",
    ),
    "YAML": Case(
        lambda folder, canary: _written(folder / "model.yaml", b"!!python/object/apply:os.system ['true']\n"),
        "yaml",
        "UnsafeFileError",
        "YAML can name code",
    ),
    "YAML named .keras": Case(
        lambda folder, canary: _written(folder / "model.keras", b"!!python/object/apply:os.system ['true']\n"),
        "model",
        "DataLossError",
        "not a whole zip archive",
    ),
    "nested too deep": Case(
        lambda folder, canary: rewritten(saved(folder, "a.keras"), config_json=b'{"a":' * 100_000),
        "model",
        "DataLossError",
        "no JSON text",
    ),
    "objects nested too deep": Case(
        in_archive(lambda config, _: _nested(config, 300)), "model", "(InvalidArgument|DataLoss)Error", "config"
    ),
}


def _nested(config: dict, depth: int) -> dict:
    for _ in range(depth):
        config = thing("keras", "Sequential", layers=[config])
    return config


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
