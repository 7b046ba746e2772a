"""Sales of yoghurt: a whole script with a loop by hand, from the start of the process to its end."""

from bench import processes

TITLE = "the whole of a script: 10,000 eager steps with `tf.where` as the loss"
UNIT = "seconds per process"
ROUNDS = 3
TARGETS = {"tensorflow": 1.0}

with_cornu, with_tensorflow = processes.script(
    "yoghurt.py", lambda printed: min(map(float, printed.split()[-2:])) > 1.0
)
