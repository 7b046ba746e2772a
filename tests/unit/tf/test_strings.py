"""Texts: what is refused, and what pipelines do with them."""

import numpy as np
import pytest

import cornu.tf as tf
from cornu._base.errors import InvalidArgumentError, InvalidTypeError
from cornu.io.hashing import farmhash64, murmurhash64, siphash


@pytest.mark.parametrize("call, sentence", [
    (lambda s: s.length("a", unit="x"), "unit"),
    (lambda s: s.length([1]), "Expected text"),
    (lambda s: s.substr("a", 3, 1), "out of range"),
    (lambda s: s.regex_replace("a", "(", "b"), "Invalid pattern"),
    (lambda s: s.regex_replace("a", "a", r"\2"), "asks for group 2"),
    (lambda s: s.to_number("abc"), "could not correctly convert string: abc"),
    (lambda s: s.to_number("1.5", tf.int64), "could not correctly convert"),
    (lambda s: s.to_number("99999999999", tf.int32), "could not correctly convert"),
    (lambda s: s.as_string([3], precision=2), "precision not supported"),
    (lambda s: s.as_string([1.5], scientific=True, shortest=True), "both scientific and shortest"),
    (lambda s: s.as_string([3], fill="ab"), "one or fewer"),
    (lambda s: s.format("{} {}", 3), "expects 2 tensors"),
    (lambda s: s.unicode_decode([b"a\xff"], "UTF-8", errors="strict"), "Invalid formatting"),
    (lambda s: s.unicode_decode(["a"], "no-such"), "input encoding"),
    (lambda s: s.ngrams(["a"], 0), "greater than 0"),
    (lambda s: s.unsorted_segment_join(["a"], [3], 2), "exceed num_segments"),
    (lambda s: s.to_hash_bucket_fast(["a"], 0), "at least 1"),
    (lambda s: s.to_hash_bucket_strong(["a"], 2, [1]), "2 elements"),
    (lambda s: s.join([["a"], ["b", "c"]]), "one shape"),
])  # fmt: skip
def test_refuses(call, sentence):
    with pytest.raises((InvalidArgumentError, InvalidTypeError), match=sentence):
        call(tf.strings)


def test_path_to_label():
    names = np.array(["cats", "dogs"])
    parts = tf.strings.split("data/dogs/3.png", "/")
    assert parts[-2].numpy() == b"dogs"
    assert (parts[-2] == names).numpy().tolist() == [False, True]
    assert parts[1:].numpy().tolist() == [b"dogs", b"3.png"]


def test_texts_in_pipelines():
    data = tf.data.Dataset.from_tensor_slices(["A b", "c"]).map(lambda x: tf.strings.lower(x)).batch(2)
    assert [batch.numpy().tolist() for batch in data] == [[b"a b", b"c"]]


def test_hashes_of_published_vectors():
    key = (0x0706050403020100, 0x0F0E0D0C0B0A0908)  # Aumasson & Bernstein, appendix A
    assert siphash(bytes(range(15)), key) == 0xA129CA6149BE45E5
    assert farmhash64(b"") == 0x9AE16A3B2F90404F
    assert len({farmhash64(b"x" * n) for n in range(300)}) == 300
    assert len({murmurhash64(b"x" * n) for n in range(300)}) == 300
