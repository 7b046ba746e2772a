"""A script of two lines, from the shell's point of view: the whole process, started ten times."""

from bench import processes

TITLE = 'the whole of `python -c "import tensorflow as tf; print(tf.add(1, 2))"`'
UNIT = "seconds per process"
ROUNDS = 3
TARGETS = {"tensorflow": 2.5}

CODE = "import tensorflow as tf; print(tf.add(1, 2))"
ANSWER = "tf.Tensor(3, shape=(), dtype=int32)"


def race(command, quick):
    """The processes, one after the other."""
    return processes.race([*command, "-c", CODE], 2 if quick else 10, lambda printed: printed == ANSWER)


def with_cornu(cornu, quick):
    """`cornu run -c`."""
    return race(processes.CORNU, quick)


def with_tensorflow(tf, quick):
    """`python -c`."""
    return race(processes.PLAIN, quick)
