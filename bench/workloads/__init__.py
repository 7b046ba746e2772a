"""One workload per file; see `bench/README.md` for what a file holds."""
