"""The points of `dots_tape` with an L2 penalty on both kernels."""

from bench.textbook_loops import tensorflow_of
from bench.workloads.dots_tape import ROUNDS as ROUNDS
from bench.workloads.dots_tape import TARGETS as TARGETS
from bench.workloads.dots_tape import UNIT as UNIT
from bench.workloads.dots_tape import race

TITLE = "GradientTape by hand, 400 epochs of 10 batches (2 -> 11 -> 1), squared error and an L2 penalty"
DECAY = 0.03


def with_cornu(cornu, quick):
    """Cornu under TensorFlow's name."""
    return race(tensorflow_of(cornu), quick, DECAY)


def with_tensorflow(tf, quick):
    """TensorFlow, eager."""
    return race(tf, quick, DECAY)
