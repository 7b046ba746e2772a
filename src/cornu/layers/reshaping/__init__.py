"""Flatten, Reshape, Permute, RepeatVector, and padding, cropping and upsampling of images."""
