"""`evaluate` of a small convolutional network on 10,000 pictures."""

from bench import networks
from bench.measure import seconds

TITLE = "evaluate of LeNet5 on 10,000 pictures of 32x32x3, default batch, loss and accuracy"
UNIT = "seconds per call"
ROUNDS = 3
TARGETS = dict.fromkeys(("keras-tensorflow", "keras-jax", "keras-torch", "tf-keras", "torch"), 1.3)
CALLS = 3


def with_keras(keras, quick):
    """`evaluate`."""
    model = networks.compiled(keras, networks.lenet5)
    x, y = networks.pictures(640 if quick else 10_000)
    found = []

    def run():
        found[:] = model.evaluate(x, y, verbose=0)

    first = seconds(run)
    return {"first": first, "steady": min(seconds(run) for _ in range(CALLS)), "result": found[0]}


with_tf_keras = with_keras


def with_torch(torch, quick):
    """The loop by hand, without gradients; its weights are PyTorch's."""
    from bench import torch_networks

    model = torch_networks.lenet5(torch.nn).to(memory_format=torch.channels_last).eval()
    x, y = networks.pictures(640 if quick else 10_000)
    x = torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
    y = torch.from_numpy(y)
    found = []

    @torch.inference_mode()
    def run():
        total = right = torch.zeros(())
        for at in range(0, len(x), 32):
            logits, kinds = model(x[at : at + 32]), y[at : at + 32]
            total = total + torch.nn.functional.cross_entropy(logits, kinds) * len(kinds)
            right = right + (logits.argmax(1) == kinds).sum()
        found[:] = [total.item() / len(x), right.item() / len(x)]

    first = seconds(run)
    return {"first": first, "steady": min(seconds(run) for _ in range(CALLS)), "result": found[0]}
