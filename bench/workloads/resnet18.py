"""ResNet18 on 32x32x3 pictures."""

from bench import networks, torch_networks

TITLE = "ResNet18, 640 pictures of 32x32x3, batch 32, Adam, accuracy"
UNIT = "seconds per epoch"
ROUNDS = 3
TARGETS = dict.fromkeys(networks.RIVALS, 1.1)


def with_keras(keras, quick):
    """`fit`."""
    return networks.race(keras, networks.resnet18, 640, 32, quick)


with_keras_steps = with_keras


def with_torch(torch, quick):
    """The loop by hand."""
    return torch_networks.race(torch, torch_networks.resnet18, 640, 32, quick)
