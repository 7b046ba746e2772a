"""A whole script: ResNet18 is built, compiled and trained for one step."""

import keras
from bench import networks

model = networks.compiled(keras, networks.resnet18)
x, y = networks.pictures(32)
print("loss", model.train_on_batch(x, y)[0])
