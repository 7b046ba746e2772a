"""Training: state, pure steps, the compiled loop, and the way from user data to batches."""
