"""What SimpleRNN, LSTM, GRU and ConvLSTM share: an RNN that makes its own cell and has that cell's arguments."""

from typing import Any

from cornu._base.errors import InvalidArgumentError
from cornu.layers.input_spec import InputSpec
from cornu.layers.recurrent.rnn import RNN, of_cell


class CellRNN(RNN):
    """An RNN with a cell of its own, whose arguments it shows as its own."""

    ndim = 3  # rank of the inputs
    units = of_cell("units")
    activation = of_cell("activation")
    use_bias = of_cell("use_bias")
    kernel_initializer = of_cell("kernel_initializer")
    recurrent_initializer = of_cell("recurrent_initializer")
    bias_initializer = of_cell("bias_initializer")
    kernel_regularizer = of_cell("kernel_regularizer")
    recurrent_regularizer = of_cell("recurrent_regularizer")
    bias_regularizer = of_cell("bias_regularizer")
    kernel_constraint = of_cell("kernel_constraint")
    recurrent_constraint = of_cell("recurrent_constraint")
    bias_constraint = of_cell("bias_constraint")
    dropout = of_cell("dropout")
    recurrent_dropout = of_cell("recurrent_dropout")
    seed = of_cell("seed")

    @staticmethod
    def for_cell(common: dict[str, Any], name: str) -> dict[str, Any]:
        """The arguments of all layers that the cell shares with the layer."""
        return {"name": name, "dtype": common.get("dtype"), "trainable": common.get("trainable", True)}

    def start(
        self, cell: Any, return_sequences: bool, return_state: bool, go_backwards: bool, stateful: bool, unroll: bool,
        use_cudnn: Any, activity_regularizer: Any, common: dict[str, Any],
    ) -> None:  # fmt: skip
        """The rest of `__init__`. Raises: InvalidArgumentError on an unknown `use_cudnn`."""
        if use_cudnn not in ("auto", True, False, None):
            raise InvalidArgumentError(f"Expected use_cudnn as 'auto', True or False; received {use_cudnn!r}.")
        RNN.__init__(
            self, cell, return_sequences, return_state, go_backwards, stateful, unroll, activity_regularizer=activity_regularizer,
            **common,
        )  # fmt: skip
        self.input_spec = InputSpec(ndim=self.ndim)
        object.__setattr__(self, "use_cudnn", use_cudnn)

    def get_config(self):
        config = {"activity_regularizer": None, "unroll": self.unroll, **super().get_config()}
        config.pop("use_cudnn", None)
        return config


class GatedRNN(CellRNN):
    """A `CellRNN` with gates."""

    recurrent_activation = of_cell("recurrent_activation")
