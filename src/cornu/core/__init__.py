"""The engine: tensors, variables, `@op` dispatch, tape, symbolic graphs, compiled functions, random state."""

import jax as _jax

from cornu.core.heap import keep_freed_pages as _keep_freed_pages

_keep_freed_pages()
_jax.config.update("jax_enable_x64", True)  # every dtype is chosen explicitly, so float64 exists when asked for
_jax.config.update("jax_traceback_filtering", "quiet_remove_frames")  # our errors end with our sentence
