"""Points in the plane: a whole script with a loop by hand, from the start of the process to its end."""

from bench import processes

TITLE = "the whole of a script: 400 epochs of 10 batches, an L2 penalty, 3,600 points predicted one by one, a picture"
UNIT = "seconds per process"
ROUNDS = 3
TARGETS = {"tensorflow": 1.0}


def race(command, quick):
    """The processes, one after the other."""
    script = str(processes.SCRIPTS / "dots.py")
    return processes.race(
        [*command, script], 1 if quick else 2, lambda printed: float(printed.split("loss ")[-1].split()[0]) < 0.35
    )


def with_cornu(cornu, quick):
    """`cornu run`."""
    return race(processes.CORNU, quick)


def with_tensorflow(tf, quick):
    """`python`."""
    return race(processes.PLAIN, quick)
