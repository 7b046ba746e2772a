"""Unit tests on tensors. Source: tf.test."""

import tempfile
import unittest
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from cornu.core.tape import GradientTape
from cornu.core.tensor import convert_to_tensor, is_tensor


class TestCase(unittest.TestCase):
    """unittest's, with assertions on arrays. Source: tf.test.TestCase."""

    def evaluate(self, tensors: Any) -> Any:
        """The values as NumPy arrays."""
        return jax.tree.map(_host, tensors, is_leaf=is_tensor)

    def assertAllEqual(self, a: Any, b: Any, msg: str | None = None) -> None:
        """Fails unless shapes and all entries are equal."""
        np.testing.assert_array_equal(_host(a), _host(b), msg or "")

    def assertAllClose(self, a: Any, b: Any, rtol: float = 1e-6, atol: float = 1e-6, msg: str | None = None) -> None:
        """Fails unless all entries differ by at most `atol + rtol * abs(b)`; in lists and dicts too."""
        if isinstance(a, dict):
            self.assertEqual(a.keys(), b.keys(), msg)
            for key in a:
                self.assertAllClose(a[key], b[key], rtol, atol, msg)
            return
        np.testing.assert_allclose(_host(a), _host(b), rtol, atol, err_msg=msg or "")

    def assertAllGreater(self, a: Any, comparison_target: Any) -> None:
        """Fails unless every entry is greater."""
        self.assertTrue(bool(np.all(_host(a) > comparison_target)))

    def assertAllLess(self, a: Any, comparison_target: Any) -> None:
        """Fails unless every entry is less."""
        self.assertTrue(bool(np.all(_host(a) < comparison_target)))

    def assertAllInRange(self, target: Any, lower_bound: Any, upper_bound: Any) -> None:
        """Fails unless every entry lies between the bounds, both included."""
        values = _host(target)
        self.assertTrue(bool(np.all((values >= lower_bound) & (values <= upper_bound))))

    def assertShapeEqual(self, input_a: Any, input_b: Any, msg: str | None = None) -> None:
        """Fails unless the shapes are equal."""
        self.assertEqual(tuple(input_a.shape), tuple(input_b.shape), msg)

    def assertNear(self, f1: float, f2: float, err: float, msg: str | None = None) -> None:
        """Fails unless two numbers differ by at most `err`."""
        self.assertLessEqual(abs(float(f1) - float(f2)), err, msg)

    def get_temp_dir(self) -> str:
        """A folder for the test, gone when it ends."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name


def _host(value: Any) -> Any:
    return np.asarray(value)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the tests of the script."""
    unittest.main(argv=None if argv is None else list(argv))


def is_gpu_available(cuda_only: bool = False, min_cuda_compute_capability: Any = None) -> bool:
    """Whether there is a GPU."""
    return any(device.platform in ("gpu", "cuda", "rocm") for device in jax.devices())


def gpu_device_name() -> str:
    """`"/device:GPU:0"`, or nothing."""
    return "/device:GPU:0" if is_gpu_available() else ""


def is_built_with_cuda() -> bool:
    """Whether a GPU of NVIDIA can be used."""
    return any("cuda" in str(device).lower() for device in jax.devices())


is_built_with_gpu_support = is_gpu_available


def is_built_with_xla() -> bool:
    """True."""
    return True


def compute_gradient(f: Callable, x: Sequence[Any], delta: float | None = None) -> tuple[list[Any], list[Any]]:
    """The Jacobians of a function by its tape, and by differences of `delta` (default 1/1024), one for each argument."""
    points = [convert_to_tensor(each) for each in x]
    delta = delta or 1 / 1024
    symbolic, numeric = [], []
    for place, point in enumerate(points):
        with GradientTape(persistent=True) as tape:
            tape.watch(point)
            y = f(*points)
        size = int(np.prod(tuple(y.shape)))
        symbolic.append(_host(tape.jacobian(y, point)).reshape(size, -1))
        columns = []
        for entry in range(int(np.prod(tuple(point.shape)))):
            moved = []
            for sign in (1, -1):
                values = _host(point).astype(np.float64).reshape(-1).copy()
                values[entry] += sign * delta
                arguments = [*points]
                arguments[place] = convert_to_tensor(values.reshape(tuple(point.shape)), point.dtype)
                moved.append(_host(f(*arguments)).astype(np.float64).reshape(-1))
            columns.append((moved[0] - moved[1]) / (2 * delta))
        numeric.append(np.stack(columns, 1))
    return symbolic, numeric
