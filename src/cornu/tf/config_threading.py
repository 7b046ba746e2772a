"""Numbers of threads. XLA takes as many as there are processors; a wish is kept and given back. Source: tf.config.threading."""

_threads = {"inter": 0, "intra": 0}


def get_inter_op_parallelism_threads() -> int:
    """The wished number of threads between ops; 0 leaves it to the system."""
    return _threads["inter"]


def set_inter_op_parallelism_threads(num_threads: int) -> None:
    """Keep the wish. XLA's own pool has one thread for every processor the process may use (see `taskset`)."""
    _threads["inter"] = int(num_threads)


def get_intra_op_parallelism_threads() -> int:
    """The wished number of threads inside of an op; 0 leaves it to the system."""
    return _threads["intra"]


def set_intra_op_parallelism_threads(num_threads: int) -> None:
    """Keep the wish. XLA's own pool has one thread for every processor the process may use (see `taskset`)."""
    _threads["intra"] = int(num_threads)
