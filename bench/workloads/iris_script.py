"""Three kinds of flowers: a whole script with a loop by hand, from the start of the process to its end."""

from bench import processes

TITLE = "the whole of a script: 500 epochs of 4 batches, accuracy after each, two pictures"
UNIT = "seconds per process"
ROUNDS = 3
TARGETS = {"tensorflow": 1.0}

with_cornu, with_tensorflow = processes.script("iris.py", lambda printed: float(printed.split()[-1]) > 0.9)
