"""Layers that resize, crop and change images, together with their labels, bounding boxes and segmentation masks."""
