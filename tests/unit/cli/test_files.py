"""`cornu inspect` and `cornu convert`: what they print, and their exit status."""

import json

import numpy as np
import pytest

import cornu
from cornu import layers
from cornu.cli import main
from cornu.cli.inspect import bytes_in_words, shown
from cornu.io import safetensors


@pytest.fixture
def file(tmp_path):
    model = cornu.Sequential([cornu.Input((4,)), layers.Dense(3, activation="relu", name="first")], name="m")
    model.compile("sgd", "mse")
    model.save(tmp_path / "a.keras")
    return tmp_path / "a.keras"


def test_inspect(file, capsys):
    assert main(["inspect", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == str(file) and lines[1] == "  kind       Keras model (.keras)"
    assert lines[2].startswith("  written by Keras 3.15.0, by cornu, 20")
    assert lines[4:6] == ["  model      Sequential 'm', 2 layers", "  compiled   SGD (learning rate 0.01), loss mse"]
    rows = [line.split() for line in lines]
    assert ["first", "Dense", "units=3,", "activation=relu,", "use_bias=True"] in rows
    assert ["layers/dense/vars/0", "(4,", "3)", "float32"] in rows
    assert lines[-1].startswith("2 arrays, 15 values; of optimizers and metrics 2 arrays, 2 values")


def test_inspect_as_json(file, capsys):
    assert main(["inspect", "--json", str(file)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["model"]["layers"][1]["arguments"]["units"] == 3
    assert found["arrays"][0] == {
        "name": "layers/dense/vars/0", "shape": [4, 3], "dtype": "float32", "is_training_state": False,
    }  # fmt: skip


def test_convert(file, tmp_path, capsys):
    assert main(["convert", str(file), str(tmp_path / "a.safetensors")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"read   {file}: Keras model (.keras), Keras 3.15.0, by cornu; "
        "2 arrays, 15 values; of optimizers and metrics 2 arrays, 2 values",
        f"wrote  {tmp_path / 'a.safetensors'}: safetensors weights, cornu; 2 arrays, 15 values",
        "match  2 arrays were read again and are equal",
        "left out: the state of the optimizer and of metrics (2 arrays)",
    ]
    arguments = ["convert", str(tmp_path / "a.safetensors"), str(tmp_path / "b.h5"), "--architecture", str(file)]
    assert main(arguments) == 0 and main(arguments) == 1
    assert capsys.readouterr().err.startswith(f"cornu convert: {tmp_path / 'b.h5'} exists. Pass")
    assert main([*arguments, "--overwrite"]) == 0


@pytest.mark.parametrize("command", [["inspect"], ["convert", "--overwrite"]])
def test_failures_are_one_sentence(command, tmp_path, capsys):
    (tmp_path / "a.keras").write_bytes(b"PK\x03\x04 cut")
    arguments = [*command, str(tmp_path / "a.keras"), *([str(tmp_path / "b.h5")] if command[0] == "convert" else [])]
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1
    assert printed.err.startswith(f"cornu {command[0]}: {tmp_path / 'a.keras'} is not a whole zip archive")


def test_names_in_a_file_do_not_reach_the_terminal_as_they_are(tmp_path, capsys):
    safetensors.write(tmp_path / "a", {"\x1b[31mred\n": np.zeros(1)})
    assert main(["inspect", str(tmp_path / "a")]) == 0
    assert r"\x1b[31mred\n" in capsys.readouterr().out
    assert shown("a\ud800") == r"a\ud800"


def test_sizes_in_words():
    assert [bytes_in_words(n) for n in (0, 999, 1000, 1_234_567, 5 * 10**15)] == [
        "0 bytes", "999 bytes", "1.0 kB", "1.2 MB", "5000.0 TB",
    ]  # fmt: skip
