"""Max and average pooling: over windows, over everything, and to a given size."""
