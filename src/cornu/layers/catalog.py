"""The catalog of layers, apart from the package so that every family can be imported on its own."""

from cornu._base.catalog import Catalog

LAYERS = Catalog("layer", "keras.layers")
