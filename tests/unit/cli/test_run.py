import subprocess
import sys


def cornu(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "cornu", *arguments], capture_output=True, text=True, **options)


def script(folder, text: str) -> str:
    path = folder / "script.py"
    path.write_text(text)
    return str(path)


def test_a_script_sees_its_arguments_and_its_folder(tmp_path):
    (tmp_path / "neighbour.py").write_text("value = 7\n")
    path = script(
        tmp_path,
        "import sys, neighbour, keras\nprint(__name__, sys.argv[1:], neighbour.value, __file__)\nsys.exit(3)\n",
    )
    done = cornu("run", path, "-x", "--report")
    assert done.stdout.split() == ["__main__", "['-x',", "'--report']", "7", path]
    assert done.returncode == 3


def test_code_and_modules(tmp_path):
    assert cornu("run", "-c", "import tensorflow as tf; print(tf.add(1, 2).numpy())").stdout == "3\n"
    (tmp_path / "mine.py").write_text("import keras, sys; print(keras.layers.Dense.__name__, sys.argv[1:])\n")
    assert cornu("run", "-m", "mine", "a", cwd=tmp_path).stdout == "Dense ['a']\n"


def test_the_traceback_begins_in_the_script(tmp_path):
    done = cornu("run", script(tmp_path, "model = 1\nprint(modle)\n"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path}/script.py", line 2, in <module>',
    ]
    assert done.stderr.rstrip().endswith("NameError: name 'modle' is not defined. Did you mean: 'model'?")


def test_the_report_lists_what_is_missing():
    done = cornu("run", "--report", "-c", "import tensorflow as tf\nhasattr(tf, 'contrib'), hasattr(tf.nn, 'rellu')")
    assert done.stderr.splitlines() == [
        "cornu run: these names were asked for and not found:", "  tensorflow.contrib", "  tensorflow.nn.rellu",
    ]  # fmt: skip
    assert "every name that the script asked for was found" in cornu("run", "--report", "-c", "import keras").stderr


def test_names_that_numpy_took_away():
    done = cornu(
        "run",
        "-c",
        "import numpy as np\nprint(np.int is int, np.float(2), np.NaN, int(np.array([3])), float(np.ones((1, 1))))",
    )
    assert done.stdout == "True 2.0 nan 3 1.0\n"
    assert done.stderr.count("UserWarning: np.int is gone") == 1
    assert "has no attribute 'bool_x'" in cornu("run", "-c", "import numpy as np\nnp.bool_x").stderr


def test_conversions_otherwise_stay_pythons():
    code = "print(int('7'), int(2.5), float('nan'), int('ff', 16), isinstance(3, int))\nint('x')"
    done = cornu("run", "-c", code)
    assert done.stdout == "7 2 nan 255 True\n"
    assert "ValueError: invalid literal for int()" in done.stderr


def test_bad_command_lines():
    assert "there is no file 'nothing.py'" in cornu("run", "nothing.py").stderr
    assert cornu("run", "nothing.py").returncode == 2
    assert "expected a script" in cornu("run").stderr
    assert "invalid choice: 'rnu'" in cornu("rnu").stderr


def test_info():
    lines = cornu("info").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["cornu", "python", "jax", "numpy", "devices", "compiled"]


def test_a_module_is_run_as_a_script_is(tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (tmp_path / "pkg" / "other.py").write_text("value = 7\n")
    program = "import numpy as np\nfrom .other import value\nprint(__name__, __package__, value, int(np.array([3])))\n"
    for name in ("__main__", "part"):
        (tmp_path / "pkg" / f"{name}.py").write_text(program)
    for module in ("pkg", "pkg.part"):
        assert cornu("run", "-m", module, cwd=tmp_path).stdout == "__main__ pkg 7 3\n"
    done = cornu("run", "-m", "pkg.missing", cwd=tmp_path)
    assert done.returncode == 1
    assert "No module named pkg.missing" in done.stderr


def test_convolutions_of_keras_1_mean_their_kernel_in_keras_and_their_strides_in_tf_keras():
    program = (
        "from keras.layers import Convolution2D\nfrom keras.layers.convolutional import Convolution2D as Again\n"
        "from tensorflow.keras.layers import Convolution2D as Today\nfrom tensorflow.keras.layers import Conv2D\n"
        "for kind in (Convolution2D, Again, Today, Conv2D):\n"
        "    layer = kind(32, 3, 2)\n    print(layer.kernel_size, layer.strides)\n"
    )
    assert cornu("run", "-c", program).stdout.splitlines() == ["(3, 2) (1, 1)"] * 2 + ["(3, 3) (2, 2)"] * 2
