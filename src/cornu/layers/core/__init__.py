"""Dense, EinsumDense, embeddings, Identity, Lambda, Masking, and layers around JAX and Flax."""
