"""Bytes on disk to and from named NumPy arrays: archives, HDF5, atomic replacement. Nothing here imports JAX."""
