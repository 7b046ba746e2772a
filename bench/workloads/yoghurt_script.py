"""Sales of yoghurt: a whole script with a loop by hand, from the start of the process to its end."""

from bench import processes

TITLE = "the whole of a script: 10,000 eager steps with `tf.where` as the loss"
UNIT = "seconds per process"
ROUNDS = 3
TARGETS = {"tensorflow": 1.0}


def race(command, quick):
    """The processes, one after the other."""
    script = str(processes.SCRIPTS / "yoghurt.py")
    return processes.race(
        [*command, script], 1 if quick else 2, lambda printed: min(map(float, printed.split()[-2:])) > 1.0
    )


def with_cornu(cornu, quick):
    """`cornu run`."""
    return race(processes.CORNU, quick)


def with_tensorflow(tf, quick):
    """`python`."""
    return race(processes.PLAIN, quick)
