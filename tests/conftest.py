"""Every test starts alike: fresh names, seed 1234, default settings; no test touches the user's files."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

# Before JAX is imported.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault(
    "CORNU_COMPILE_CACHE", "0"
)  # no test depends on what an earlier run left, none writes to the user's cache
for cap in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):
    os.environ.pop(cap, None)

# Large tables of which `make test` runs one case in so many, by turns; `make test-slow` runs the others.
THINNED = {
    "contract/test_layers.py": 2,
    "golden/test_categories.py": 3,
    "golden/test_graphs.py": 3,
    "golden/test_h5.py": 4,
    "golden/test_image_layers.py": 4,
    "golden/test_interop.py": 15,
    "golden/test_keras2_layers.py": 3,
    "golden/test_layers.py": 3,
    "golden/test_locally_connected.py": 2,
    "golden/test_nn.py": 3,
    "golden/test_ops.py": 2,
    "golden/test_random.py": 2,
    "golden/test_tf_io.py": 5,
    "golden/test_tf_linalg.py": 3,
    "golden/test_tf_math.py": 4,
    "golden/test_tf_nn.py": 3,
    "scripts/test_scripts.py": 4,
    "unit/layers/test_locally_connected.py": 2,
    "unit/layers/preprocessing/image/test_random_draws.py": 3,
    "unit/tf/autograph/test_programs.py": 2,
    "unit/tf/test_image.py": 2,
    "unit/tf/test_random.py": 2,
}

REPOSITORY = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what `THINNED` leaves for `make test-slow`."""
    seen: dict[str, int] = {}
    for item in items:
        place = item.path.relative_to(REPOSITORY / "tests").as_posix()
        if place in THINNED and hasattr(item, "callspec"):
            seen[place] = seen.get(place, -1) + 1
            if seen[place] % THINNED[place]:
                item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def fresh_state() -> Iterator[None]:
    """Reset what is global in Cornu before the test, and restore the settings after it."""
    from cornu._base import names
    from cornu.core import config, random_state, strict_dtypes

    settings = config.floatx(), config.epsilon(), config.image_data_format()
    names.reset()
    random_state.set_random_seed(1234)
    yield
    strict_dtypes.style.promotes = False
    config.set_style("keras3")
    for restore, value in zip((config.set_floatx, config.set_epsilon, config.set_image_data_format), settings):
        restore(value)


@pytest.fixture
def rng() -> np.random.Generator:
    """NumPy's generator with a fixed seed, for inputs."""
    return np.random.default_rng(20240607)


@pytest.fixture
def repository() -> Path:
    """The folder of the checkout."""
    return REPOSITORY


@pytest.fixture
def fresh_process():
    """Run Python code in a new interpreter: `fresh_process("import cornu") -> subprocess.CompletedProcess` (text)."""
    import subprocess

    def run(code: str, *, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess:
        paths = [str(REPOSITORY / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
        return subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, timeout=timeout,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **environment},
        )  # fmt: skip

    return run
