"""The second start of a script that trains a large network, until its first step is done: what a compile cache is worth."""

from bench import processes

TITLE = "the whole of a script that trains ResNet18 for one step (32 pictures of 32x32x3), started for the second time"
UNIT = "seconds per process (first call: its first start)"
ROUNDS = 3
TARGETS = dict.fromkeys(("keras-tensorflow", "keras-jax", "keras-torch", "torch"), 1.0)
PROMISES = ("the second start takes at most a third of the first",)


def race(command, name):
    """Twice the same process; compile caches stay."""
    return processes.race([*command, str(processes.SCRIPTS / name)], 2, lambda printed: "loss" in printed)


def with_cornu(cornu, quick):
    """`cornu run`."""
    measured = race(processes.CORNU, "resnet18_keras.py")
    if measured["steady"] > measured["first"] / 3:
        measured["problems"].append(f"the second start takes {measured['steady'] / measured['first']:.2f} of the first")
    return measured


def with_keras(keras, quick):
    """`python`."""
    return race(processes.PLAIN, "resnet18_keras.py")


def with_torch(torch, quick):
    """`python`."""
    return race(processes.PLAIN, "resnet18_torch.py")
