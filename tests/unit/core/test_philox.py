"""The Philox generator and the float32 functions that make normal numbers of it."""

import math

import jax
import jax.numpy as jnp
import numpy as np

from cornu.core import philox, single_precision


def test_published_blocks():
    # The known answers of the paper's authors (Random123, kat_vectors): counter and key of zeros, of ones, of pi's digits.
    zeros, ones = philox.state_of(0, 0), philox.state_of(2**64 - 1, 2**128 - 1)
    digits = philox.state_of(0x299F31D0A4093822, 0x0370734413198A2E85A308D3243F6A88)
    assert [hex(w) for w in philox.words(zeros, 4).tolist()] == ["0x6627e8d5", "0xe169c58d", "0xbc57ac4c", "0x9b00dbd8"]
    assert [hex(w) for w in philox.words(ones, 4).tolist()] == ["0x408f276d", "0x41c83b0e", "0xa20bc7c6", "0x6d5451fd"]
    assert [hex(w) for w in philox.words(digits, 4).tolist()] == [
        "0xd16cfe09",
        "0x94fdcceb",
        "0x5001e420",
        "0x24126ea1",
    ]


def test_blocks_follow_each_other_over_the_halves_of_the_counter():
    state = philox.state_of(9, 2**64 - 2)
    words = philox.words(state, 16)
    for block in range(4):
        assert words[4 * block : 4 * block + 4].tolist() == philox.words(philox.skipped(state, block), 4).tolist()
    assert philox.skipped(state, 3).tolist() == [1, 1, 9]
    assert np.asarray(philox.skipped(jnp.asarray(state), 3)).tolist() == [1, 1, 9]
    assert philox.skipped(philox.state_of(9, 2**128 - 1), 1).tolist() == [0, 0, 9]


def test_compiled_blocks_and_seeds_are_the_same():
    state = philox.state_of(2**63 + 5, 7 << 64)
    made = jax.jit(lambda s: philox.interleaved(philox.block_pairs(s, 3, jnp), jnp))(state)
    assert np.asarray(made).tolist() == philox.words(state, 12).tolist()
    for seed in ([1, 2], [-3, 2**40]):
        traced = jax.jit(philox.traced_from_seed_pair)(np.array(seed))
        assert np.asarray(traced).tolist() == philox.from_seed_pair(seed).tolist()


def test_many_seeds_give_the_blocks_of_each():
    pairs = np.array([[0, 0], [1, 2], [2**32 - 1, 7], [123456789, 2**32 - 1]], np.uint64)
    states = philox.from_seed_pairs(pairs)
    np.testing.assert_array_equal(states.T, [philox.from_seed_pair(pair) for pair in pairs])
    blocks = philox.interleaved(philox.encrypt(*states)).reshape(-1, 4)
    np.testing.assert_array_equal(blocks, [philox.words(state, 4) for state in states.T])


def test_single_precision_functions_are_rounded_as_in_double_precision():
    x = (np.arange(1, 2**23, 997, dtype=np.float64) * 2.0**-23).astype(np.float32)
    angle = (x * (2 * math.pi)).astype(np.float32)
    sin, cos = single_precision.sin_cos(angle)
    for found, exact in [
        (single_precision.log(x), np.log(x.astype(np.float64))),
        (sin, np.sin(angle.astype(np.float64))),
        (cos, np.cos(angle.astype(np.float64))),
    ]:
        assert found.dtype == np.float32
        assert (np.abs(found - exact) <= 0.9 * np.spacing(np.abs(exact).astype(np.float32))).all()
    compiled = jax.jit(lambda a, b: (single_precision.log(a, jnp), *single_precision.sin_cos(b, jnp)))(x, angle)
    assert all(np.array_equal(a, b) for a, b in zip(compiled, (single_precision.log(x), sin, cos), strict=True))
