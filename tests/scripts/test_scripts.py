"""Programs as users of Keras 1, Keras 2 and TensorFlow 2 wrote them. Each asserts on numbers and runs unchanged."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "test_scripts")
SLOW = {"keras22_stateful_lstm", "tf20_attention_nmt", "tf2_text_generation", "tf2_vae_subclass"}
GENERATIONS = ("# Keras 1: ", "# Keras 2.2: ", "# tf.keras 2.", "# TensorFlow 2.")


# `cornu run SCRIPT` with a fixed seed, since most of the scripts seed NumPy only.
RUN = """
import sys
from cornu.cli import main
from cornu.core.random_state import set_random_seed
set_random_seed(7)
sys.exit(main(["run", sys.argv[1]]))
"""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in SCRIPTS]
)
def test_script_runs_and_its_assertions_hold(name, tmp_path, repository):
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(FOLDER / f"{name}.py")],
        cwd=tmp_path, capture_output=True, text=True, timeout=240,
        env={**os.environ, "PYTHONPATH": str(repository / "src")},
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-1500:] + run.stderr[-3000:]
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_names_its_generation_and_asserts(name):
    source = (FOLDER / f"{name}.py").read_text()
    assert source.startswith(GENERATIONS)
    nodes = list(ast.walk(ast.parse(source)))
    checks = [node for node in nodes if isinstance(node, ast.Assert)]
    checks += [node for node in nodes if isinstance(node, ast.Attribute) and node.attr.startswith("assert_")]
    assert len(checks) >= 3
    assert len(source.splitlines()) <= 130


def test_there_are_scripts_of_every_generation():
    openings = [(FOLDER / f"{name}.py").read_text().split(":")[0] for name in SCRIPTS]
    assert len(SCRIPTS) >= 40
    assert {opening.split(".")[0] for opening in openings} == {"# Keras 1", "# Keras 2", "# tf", "# TensorFlow 2"}
