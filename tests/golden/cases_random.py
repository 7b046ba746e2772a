"""What the recorder asks TensorFlow and tf.keras, and the test Cornu: random numbers of seeds.

A case is a list of calls `(function, arguments, options)` of `tf.random`, or of a `Generator` if it has a seed for one
(`g.normal`). With `compiled=True` all calls are made inside a compiled function, which is called twice.
"""

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np

Call = tuple[str, tuple, dict]


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    calls: list[Call]
    generator: Any = None
    compiled: bool = False


def _call(function: str, *args: Any, **options: Any) -> Call:
    return function, args, options


def _stateful() -> list[Case]:
    found = []
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        for function in ("uniform", "normal", "truncated_normal"):
            draw = _call(function, [7], dtype=dtype, seed=5)
            found.append(
                Case(
                    f"{function}_{dtype}_op_seed",
                    [_call("set_seed", 3), draw, draw, _call(function, [2, 3], dtype=dtype)],
                )
            )
            big = _call(function, [173, 61], dtype=dtype, seed=11)
            found.append(Case(f"{function}_{dtype}_large", [_call("set_seed", 2**40 + 5), big, big]))
    for function in ("uniform", "normal", "truncated_normal"):
        found.append(
            Case(f"{function}_million", [_call("set_seed", 42), _call(function, [1000, 1000]), _call(function, [3])])
        )
        found.append(Case(f"{function}_empty", [_call("set_seed", 42), _call(function, [0, 3]), _call(function, [])]))
    for dtype in ("int32", "int64"):
        draw = _call("uniform", [9], -3, 1000, dtype, 7)
        wide = _call("uniform", [500], -(2**31), 2**31 - 1, dtype=dtype)
        found.append(
            Case(f"integers_{dtype}", [_call("set_seed", -3), draw, draw, _call("uniform", [4], 5, 7, dtype), wide])
        )
    scaled = [
        _call("uniform", [4001], -1.7, 2.3, seed=1),
        _call("normal", [4001], 1.5, 2.3),
        _call("truncated_normal", [4001], 1.5, 2.3),
    ]
    found.append(Case("scaled", [_call("set_seed", 0), *scaled]))
    found.append(
        Case(
            "scaled_by_vectors",
            [
                _call("set_seed", 8),
                _call("normal", [2], [[1.0], [2.0]], [3.0, 4.0]),
                _call("uniform", [2], [1.0, 2.0], [3.0, 5.0]),
            ],
        )
    )
    found.append(
        Case(
            "scaled_float16",
            [
                _call("set_seed", 0),
                _call("normal", [301], 1.5, 2.3, "float16"),
                _call("uniform", [301], -1.5, 2.3, "bfloat16"),
            ],
        )
    )
    found.append(
        Case("zero_seeds", [_call("set_seed", 0), _call("uniform", [5], seed=0), _call("normal", [5], seed=-1)])
    )
    found.append(
        Case(
            "mixed_kinds",
            [
                _call("set_seed", 9),
                *[_call(f, [3], seed=2) for f in ("uniform", "normal", "uniform", "truncated_normal", "normal")],
            ],
        )
    )
    found.append(
        Case(
            "set_seed_begins_again",
            [
                _call("set_seed", 9),
                _call("uniform", [3], seed=2),
                _call("uniform", [3]),
                _call("set_seed", 9),
                _call("uniform", [3], seed=2),
                _call("uniform", [3]),
            ],
        )
    )
    logits = [[0.1, 0.5, -1.0], [2.0, 0.0, 1.0]]
    for samples in (1, 9, 20):
        draw = _call("categorical", logits, samples, seed=5)
        found.append(
            Case(
                f"categorical_{samples}",
                [_call("set_seed", 3), draw, draw, _call("categorical", logits, samples, "int32")],
            )
        )
    found.append(
        Case("categorical_infinite", [_call("set_seed", 3), _call("categorical", [[-np.inf, 0.0], [0.0, -np.inf]], 50)])
    )
    for size in (1, 2, 5, 10, 257):
        draw = _call("shuffle", np.arange(size), seed=5)
        found.append(
            Case(
                f"shuffle_{size}",
                [_call("set_seed", 3), draw, draw, _call("shuffle", np.arange(2.0 * size).reshape(size, 2))],
            )
        )
    for dtype in ("float16", "float32", "float64"):
        draw = _call("gamma", [60], [0.1, 0.5, 1.0, 2.0, 70.0], dtype=dtype, seed=5)
        found.append(Case(f"gamma_{dtype}", [_call("set_seed", 3), draw, draw]))
    found.append(Case("gamma_rate", [_call("set_seed", 3), _call("gamma", [50], [[0.5, 2.0]], [[3.0], [4.0]])]))
    for dtype in ("float32", "float64", "int32", "int64"):
        draw = _call("poisson", [60], [0.0, 0.3, 2.0, 9.5, 10.0, 50.0, 3000.0], dtype=dtype, seed=5)
        found.append(Case(f"poisson_{dtype}", [_call("set_seed", 3), draw, draw]))
    return found


def _stateless() -> list[Case]:
    found = []
    for seed in ([1, 2], [0, 0], [-1, 5], np.array([2**40, -7])):
        calls = [_call(f"stateless_{f}", [3, 67], seed) for f in ("uniform", "normal", "truncated_normal")]
        name = "_".join(map(str, np.asarray(seed).tolist()))
        found.append(Case(f"stateless_{name}", [*calls, _call("split", seed, 3), _call("fold_in", seed, 9)]))
    for dtype in ("float16", "bfloat16", "float64"):
        calls = [_call(f"stateless_{f}", [67], [4, 5], dtype=dtype) for f in ("uniform", "normal", "truncated_normal")]
        found.append(Case(f"stateless_{dtype}", calls))
    full = [_call("stateless_uniform", [9], [4, 5], None, None, d) for d in ("int32", "int64", "uint32", "uint64")]
    found.append(
        Case(
            "stateless_integers",
            [
                *full,
                _call("stateless_uniform", [9], [4, 5], -5, 50, "int64"),
                _call("stateless_uniform", [9], [4, 5], 2, 5),
            ],
        )
    )
    found.append(
        Case("stateless_categorical", [_call("stateless_categorical", [[0.1, 0.5, -1.0], [2.0, 0.0, 1.0]], 33, [1, 2])])
    )
    found.append(
        Case(
            "stateless_gamma",
            [_call("stateless_gamma", [40, 2], [1, 2], [2.0, 0.5]), _call("stateless_gamma", [40], [1, 2], 3.0, 2.0)],
        )
    )
    found.append(Case("stateless_poisson", [_call("stateless_poisson", [40, 2], [1, 2], [2.0, 50.0])]))
    found.append(
        Case(
            "stateless_binomial",
            [
                _call("stateless_binomial", [40, 4], [1, 2], [20.0, 30.0, 1000.0, 400.0], [0.3, 0.9, 0.4, 0.7]),
                _call("stateless_binomial", [3], [1, 2], [0.0, 5.0, 5.0], [0.5, 0.0, 1.0]),
            ],
        )
    )
    return found


def _generators() -> list[Case]:
    draws = [
        _call("g.normal", [5]),
        _call("g.uniform", [5], dtype="float64"),
        _call("g.uniform", [5], 0, 9, "int32"),
        _call("g.uniform_full_int", [5]),
        _call("g.truncated_normal", [17], 1.0, 2.0),
        _call("g.skip", 3),
        _call("g.make_seeds", 3),
        _call("g.binomial", [6], 20.0, 0.3),
        _call("g.binomial", [4, 2], [20.0, 1000.0], [0.3, 0.4], "float32"),
        _call("g.normal", [2]),
    ]
    return [Case(f"generator_{seed}", draws, generator=seed) for seed in (1234, -1, 2**63 - 1, (7,), (-1, -1, 5))]


def _compiled() -> list[Case]:
    draws = [
        _call("uniform", [5]),
        _call("normal", [5]),
        _call("uniform", [5], seed=9),
        _call("uniform", [5], seed=9),
        _call("truncated_normal", [9]),
        _call("uniform", [5], 0, 100, "int32"),
        _call("normal", [5], dtype="float64"),
        _call("shuffle", np.arange(9)),
        _call("categorical", [[0.1, 0.5, -1.0]], 9),
        _call("gamma", [3], [0.5, 2.0]),
        _call("poisson", [3], [0.5, 20.0]),
        _call("stateless_normal", [5], [1, 2]),
        _call("normal", [301], 1.5, 2.3),
        _call("uniform", [301], -1.7, 2.3),
    ]
    return [
        Case("function", [_call("set_seed", 4), *draws], compiled=True),
        Case("function_zero", [_call("set_seed", 0), *draws[:4]], compiled=True),
    ]


CASES = _stateful() + _stateless() + _generators() + _compiled()

# Initializer, options, shape, dtype.
INITIALIZERS: list[tuple[str, dict, tuple, str]] = [
    (name, {**options, "seed": 11}, shape, dtype)
    for name, options in [
        ("GlorotUniform", {}), ("GlorotNormal", {}), ("HeNormal", {}), ("HeUniform", {}), ("LecunNormal", {}),
        ("RandomNormal", {"mean": 0.3, "stddev": 0.7}), ("RandomUniform", {"minval": -2.0, "maxval": 3.0}),
        ("TruncatedNormal", {"stddev": 0.2}),
        ("VarianceScaling", {"scale": 2.0, "mode": "fan_out", "distribution": "untruncated_normal"}),
    ]
    for shape, dtype in [((5, 4), "float32"), ((3, 3, 8, 16), "float32"), ((6,), "float16"), ((5, 4), "float64")]
]  # fmt: skip


def digest(array: Any) -> list:
    """Dtype, shape, some entries and a hash of all bits of an array."""
    array = np.ascontiguousarray(array)
    kind, shape = array.dtype.name, list(array.shape)
    bits = (
        array.view(f"uint{8 * array.dtype.itemsize}")
        if array.ndim
        else array.reshape(1).view(f"uint{8 * array.dtype.itemsize}")
    )
    shown = [float(x) for x in array.reshape(-1)[:3]]
    return [kind, shape, shown, hashlib.sha256(bits.tobytes()).hexdigest()[:32]]


def outputs(case: Case, random: Any, generator: Any, compiled: Callable) -> list[np.ndarray]:
    """What a case gives with `random`, its generator if it has one, and `compiled`, which compiles a function."""

    def call(function: str, args: tuple, options: dict) -> Any:
        owner = generator if function.startswith("g.") else random
        return getattr(owner, function.removeprefix("g."))(*args, **options)

    if not case.compiled:
        found = [call(*each) for each in case.calls]
        found += [] if generator is None else [generator.state]
        return [each.numpy() for each in found if each is not None]
    call(*case.calls[0])
    function = compiled(lambda: [call(*each) for each in case.calls[1:]])
    return [each.numpy() for _ in range(2) for each in function()]


def model_weights(keras: Any) -> list:
    """Digests of the first weights of a model."""
    keras.utils.set_random_seed(5)
    layers = keras.layers
    model = keras.Sequential([
        layers.Dense(4, input_shape=(5,)),
        layers.Dropout(0.5),
        layers.Dense(3, kernel_initializer="he_normal"),
        layers.Dense(2, kernel_initializer="random_normal", bias_initializer="truncated_normal"),
    ])  # fmt: skip
    return [digest(np.asarray(weight)) for weight in model.get_weights()]
