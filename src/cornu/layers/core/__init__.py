"""Dense, EinsumDense, Embedding, Identity, Lambda, Masking."""
