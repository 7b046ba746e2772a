"""Convolutions of sequences, images and volumes: plain, transposed, depthwise, separable."""
