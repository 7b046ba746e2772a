"""A whole script: ResNet18 is built and trained for one step."""

import torch
from bench import torch_networks

fit, losses = torch_networks.loop(torch, torch_networks.resnet18, 32, 32)
fit(1)
print("loss", losses[0])
