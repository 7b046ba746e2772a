"""Batch, layer, group, root-mean-square and unit normalization."""
