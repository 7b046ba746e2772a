"""Points in the plane: a whole script with a loop by hand, from the start of the process to its end."""

from bench import processes

TITLE = "the whole of a script: 400 epochs of 10 batches, an L2 penalty, 3,600 points predicted one by one, a picture"
UNIT = "seconds per process"
ROUNDS = 3
TARGETS = {"tensorflow": 1.0}

with_cornu, with_tensorflow = processes.script(
    "dots.py", lambda printed: float(printed.split("loss ")[-1].split()[0]) < 0.35
)
