"""A script of two lines, from the shell's point of view: the whole process, started ten times."""

import resource
import statistics
import subprocess
import sys

from bench.measure import seconds

TITLE = 'the whole of `python -c "import tensorflow as tf; print(tf.add(1, 2))"`'
UNIT = "seconds per process"
ROUNDS = 3
TARGETS = {"tensorflow": 2.5}

CODE = "import tensorflow as tf; print(tf.add(1, 2))"
ANSWER = "tf.Tensor(3, shape=(), dtype=int32)"


def race(command, quick):
    """The processes, one after the other; the peak is that of the largest of them."""

    def one():
        done = subprocess.run([*command, CODE], capture_output=True, text=True, check=True)
        answers.append(done.stdout.strip())

    answers: list[str] = []
    times = [seconds(one) for _ in range(2 if quick else 10)]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    problems = [] if set(answers) == {ANSWER} else [f"printed {set(answers)}"]
    return {"first": times[0], "steady": statistics.median(times[1:]), "peak": peak, "problems": problems}


def with_cornu(cornu, quick):
    """`cornu run -c`."""
    return race([sys.executable, "-m", "cornu", "run", "-c"], quick)


def with_tensorflow(tf, quick):
    """`python -c`."""
    return race([sys.executable, "-c"], quick)
