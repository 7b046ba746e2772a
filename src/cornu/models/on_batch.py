"""`train_on_batch` and `test_on_batch`: one step on one batch."""

from typing import Any

import jax

from cornu._base.errors import TracedValueError
from cornu.core.transfer import to_device
from cornu.models import host_part
from cornu.models.epochs import as_tensors, in_order, plain_logs
from cornu.models.preparing import give_up_compiling, prepare
from cornu.models.step_programs import flags_for, logs_of, step_program
from cornu.training.adapters import adapt
from cornu.training.logs import Logs
from cornu.training.outputs import is_leaf


def rows_of(x: Any) -> int:
    """How many rows the data of a batch has, 1 if that cannot be seen."""
    leaves = jax.tree.leaves(x, is_leaf=is_leaf)
    shape = getattr(leaves[0], "shape", ()) if leaves else ()
    if shape:
        return max(int(shape[0]), 1)
    return max(len(x), 1) if hasattr(x, "__len__") else 1


def run_on_batch(
    model: Any, mode: str, x: Any, y: Any, sample_weight: Any, class_weight: Any, return_dict: bool, reset_metrics: bool
) -> Any:
    """One compiled step, or one of Python; the loss, [loss, *metrics], or a dict of them."""
    data = adapt(
        x, y, sample_weight, batch_size=rows_of(x), class_weight=class_weight,
        output_names=getattr(model, "output_names", None), mode="fit" if mode == "train" else "evaluate",
        allow_text=host_part.has_host_layers(model),
    )  # fmt: skip
    data.data = host_part.read_batch(model, data.data)
    prepare(model, data.data, mode)
    if reset_metrics:
        model.reset_metrics()
    with flags_for(model, mode):
        logs = None
        if not model.run_eagerly:
            try:
                logs = step_program(model, mode)(data.rows, jax.tree.map(to_device, data.data), None, 0, 1)
            except TracedValueError as error:
                give_up_compiling(model, error)
        if logs is None:
            logs = logs_of(model, f"{mode}_step", as_tensors(data.data))
    logs = dict(Logs(model._in_shown_order(plain_logs(logs))).items())
    return logs if return_dict else in_order(logs, model)
