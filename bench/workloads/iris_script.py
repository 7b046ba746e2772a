"""Three kinds of flowers: a whole script with a loop by hand, from the start of the process to its end."""

from bench import processes

TITLE = "the whole of a script: 500 epochs of 4 batches, accuracy after each, two pictures"
UNIT = "seconds per process"
ROUNDS = 3
TARGETS = {"tensorflow": 1.0}


def race(command, quick):
    """The processes, one after the other."""
    script = str(processes.SCRIPTS / "iris.py")
    return processes.race([*command, script], 1 if quick else 2, lambda printed: float(printed.split()[-1]) > 0.9)


def with_cornu(cornu, quick):
    """`cornu run`."""
    return race(processes.CORNU, quick)


def with_tensorflow(tf, quick):
    """`python`."""
    return race(processes.PLAIN, quick)
