"""Layers that join several tensors into one, each with its function: Add and add, Concatenate and concatenate, ..."""
