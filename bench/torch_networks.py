"""The networks of `networks` by hand in PyTorch, trained with its usual settings for a processor: channels last, fused Adam."""

from bench.measure import first_and_steady
from bench.networks import WIDTHS, pictures


def race(torch, build, rows, batch_size, quick, epochs=2):
    """A straight loop over batches in their order."""
    fit, losses = loop(torch, build, 2 * batch_size if quick else rows, batch_size)
    return {**first_and_steady(fit, 1 if quick else epochs), "result": losses[0]}


def loop(torch, build, rows, batch_size):
    """The function that trains for so many epochs, and the list of losses that it fills."""
    torch.manual_seed(1)
    model = build(torch.nn).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, eps=1e-7, fused=True)
    x, y = pictures(rows)
    x = torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
    y = torch.from_numpy(y)
    criterion, losses = torch.nn.CrossEntropyLoss(), []

    def fit(epochs):
        for _ in range(epochs):
            total = right = torch.zeros(())
            for start in range(0, len(x), batch_size):
                rows, kinds = x[start : start + batch_size], y[start : start + batch_size]
                logits = model(rows)
                loss = criterion(logits, kinds)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
                total = total + loss.detach() * len(rows)
                right = right + (logits.detach().argmax(1) == kinds).sum()
            losses.append(total.item() / len(x))
            right.item()

    return fit, losses


def _block(nn, inputs, filters, size=3, stride=1, active=True):
    convolution = nn.Conv2d(inputs, filters, size, stride, size // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(filters), *([nn.ReLU(inplace=True)] if active else []))


def _head(nn, inputs, widths, active):
    parts, before = [nn.Flatten()], inputs
    for width in widths:
        parts += [nn.Linear(before, width), active()]
        before = width
    return [*parts, nn.Linear(before, 10)]


def baseline(nn):
    """One convolution and one hidden layer."""
    return nn.Sequential(_block(nn, 3, 6, 5), nn.MaxPool2d(2), *_head(nn, 16 * 16 * 6, (128,), nn.ReLU))


def lenet5(nn):
    """LeCun et al. 1998, with sigmoids."""
    parts = [nn.Conv2d(3, 6, 5), nn.Sigmoid(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.MaxPool2d(2)]
    return nn.Sequential(*parts, *_head(nn, 400, (120, 84), nn.Sigmoid))


def alexnet8(nn):
    """Krizhevsky et al. 2012, cut to small pictures."""
    first, second, *middle, last = WIDTHS["alexnet8"]
    parts, before = [], 3
    for filters in (first, second):
        parts += [nn.Conv2d(before, filters, 3), nn.BatchNorm2d(filters), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2)]
        before = filters
    for filters in (*middle, last):
        parts += [nn.Conv2d(before, filters, 3, padding=1), nn.ReLU(inplace=True)]
        before = filters
    return nn.Sequential(*parts, nn.MaxPool2d(3, 2), *_head(nn, before * 2 * 2, (2048, 2048), nn.ReLU))


def vgg16(nn):
    """Simonyan and Zisserman 2015."""
    parts, before = [], 3
    for filters, count in WIDTHS["vgg16"]:
        for _ in range(count):
            parts.append(_block(nn, before, filters))
            before = filters
        parts.append(nn.MaxPool2d(2))
    return nn.Sequential(*parts, *_head(nn, 512, (512, 512), nn.ReLU))


def inception10(nn):
    """Szegedy et al. 2015: a stem and four blocks of four branches."""
    import torch

    class Block(nn.Module):
        def __init__(self, inputs, filters, stride):
            super().__init__()
            one = lambda: _block(nn, inputs, filters, 1, stride)
            self.branches = nn.ModuleList([
                one(),
                nn.Sequential(one(), _block(nn, filters, filters, 3)),
                nn.Sequential(one(), _block(nn, filters, filters, 5)),
                nn.Sequential(nn.MaxPool2d(3, 1, 1), one()),
            ])  # fmt: skip

        def forward(self, x):
            return torch.cat([branch(x) for branch in self.branches], 1)

    parts, before, filters = [_block(nn, 3, 16)], 16, 16
    for number in range(4):
        parts.append(Block(before, filters, 1 + (number % 2 == 0)))
        before, filters = 4 * filters, filters * (1 + number % 2)
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, 10))


def resnet18(nn):
    """He et al. 2016."""

    class Block(nn.Module):
        def __init__(self, inputs, filters, stride):
            super().__init__()
            self.inner = nn.Sequential(
                _block(nn, inputs, filters, 3, stride), _block(nn, filters, filters, active=False)
            )
            self.shortcut = _block(nn, inputs, filters, 1, stride, active=False) if stride > 1 else nn.Identity()

        def forward(self, x):
            return (self.inner(x) + self.shortcut(x)).relu_()

    parts, before = [_block(nn, 3, 64)], 64
    for number, filters in enumerate((64, 64, 128, 128, 256, 256, 512, 512)):
        parts.append(Block(before, filters, 2 if number in (2, 4, 6) else 1))
        before = filters
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))
