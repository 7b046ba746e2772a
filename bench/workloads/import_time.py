"""What `import cornu` costs, next to `import jax` alone. Each round is a fresh interpreter."""

TITLE = "import in a fresh interpreter"
UNIT = "seconds per import"
ROUNDS = 15
TARGETS = {"jax": 1 / 1.3}
QUIET = True  # nothing may be written to stderr
PROMISES = ("stderr is empty", "no device was touched")


def with_cornu(cornu, quick):
    """The import was timed already; check that it left JAX without a backend."""
    from jax._src import xla_bridge

    touched = xla_bridge.backends_are_initialized()
    return {"problems": ["importing initialised a device backend"] if touched else []}


def with_jax(jax, quick):
    """The import was timed already."""
    return {}


def with_keras(keras, quick):
    """The import was timed already."""
    return {}
