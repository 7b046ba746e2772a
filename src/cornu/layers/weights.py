"""The weights of a layer: how they are made, listed, read, set, and written to files."""

from typing import Any

import numpy as np

from cornu import constraints, initializers, regularizers
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu.core import dtypes, fresh_arrays, late_values
from cornu.core.shapes import text
from cornu.core.variable import Variable
from cornu.layers.tracked import Tracked, once

_OLD_ARGUMENTS = {"synchronization", "use_resource", "getter", "collections", "experimental_autocast"}


class Weights(Tracked):
    """The part of a layer that makes and lists variables: its own, then those of the layers below."""

    built: bool
    name: str
    path: Any
    variable_dtype: Any
    _trainable: bool

    def add_weight(
        self,
        name: Any = None,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        autocast: bool = True,
        aggregation: str | None = None,
        overwrite_with_gradient: bool = False,
        **legacy: Any,
    ) -> Variable:
        """A new variable of this layer.

        Args:
            name: its name; a shape in this place (Keras 3's order) is understood too.
            shape: default `()`.
            initializer: default Glorot-uniform for floats, zeros otherwise.
            dtype: default the layer's variable dtype.
            trainable, regularizer, constraint: as for Variable.
            autocast: read in the compute dtype inside `call`.
        """
        if unknown := legacy.keys() - _OLD_ARGUMENTS:
            raise InvalidTypeError(f"add_weight got the unknown argument {sorted(unknown)[0]!r}.")
        if name is not None and not isinstance(name, str):
            if isinstance(shape, str) or callable(shape) or hasattr(shape, "get_config"):
                shape, initializer = None, shape
            name, shape = None, name
        dtype = self.variable_dtype if dtype is None else dtype
        if initializer is None:
            initializer = "glorot_uniform" if dtypes.is_float(dtype) else "zeros"
        shape = () if shape is None else tuple(shape) if not isinstance(shape, int) else (shape,)
        first_values = initializers.get(initializer)
        is_late = callable(first_values) and late_values.are_awaited(shape)
        variable = Variable(
            late_values.zeros if is_late else first_values,
            shape=shape,
            dtype=dtype,
            trainable=trainable,
            autocast=autocast,
            aggregation=aggregation,
            name=name,
            regularizer=regularizers.get(regularizer),
            constraint=constraints.get(constraint),
        )
        variable.overwrite_with_gradient = overwrite_with_gradient
        if is_late:
            late_values.expect(variable, lambda: first_values(shape, dtype=variable.dtype))
        self._track(variable)
        if not self._trainable:
            variable.trainable = False
        return variable

    def add_variable(self, *args: Any, **kwargs: Any) -> Variable:
        """Old name of `add_weight`."""
        return self.add_weight(*args, **kwargs)

    @property
    def variables(self) -> list[Variable]:
        """All state: weights, seed states and metric variables."""
        extra = []
        for layer in self._flatten_layers():
            extra += [generator.state for generator in layer._seed_generators]
            extra += [variable for metric in layer._metrics for variable in metric.variables]
        return once(self.weights + extra)

    @property
    def weights(self) -> list[Variable]:
        """The weights of this layer and those below: own trainable, own others, then layer by layer."""
        own = self._trainable_variables + self._non_trainable_variables
        return once(own + [variable for layer in self._layers for variable in layer.weights])

    @property
    def trainable_variables(self) -> list[Variable]:
        """What training updates. Empty if `trainable` is False."""
        if not self._trainable:
            return []
        own = [variable for variable in self._trainable_variables if variable.trainable]
        return once(own + [variable for layer in self._layers for variable in layer.trainable_variables])

    @property
    def trainable_weights(self) -> list[Variable]:
        """The same as `trainable_variables`."""
        return self.trainable_variables

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        trainable = set(map(id, self.trainable_variables))
        return [variable for variable in self.weights if id(variable) not in trainable]

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """All state that training does not differentiate."""
        trainable = set(map(id, self.trainable_variables))
        return [variable for variable in self.variables if id(variable) not in trainable]

    @property
    def metrics_variables(self) -> list[Variable]:
        """The variables of all metrics of this layer and those below."""
        return once([v for layer in self._flatten_layers() for metric in layer._metrics for v in metric.variables])

    @property
    def trainable(self) -> bool:
        """Whether training updates the variables; setting it sets it for all layers below."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        value = bool(value)
        object.__setattr__(self, "_trainable", value)
        for variable in self._trainable_variables:
            variable.trainable = value
        for layer in self._layers:
            layer.trainable = value

    def count_params(self) -> int:
        """The number of elements of all weights. Raises: FailedPreconditionError before `build`."""
        if not self.built:
            raise FailedPreconditionError(
                f"The parameters of {self.name!r} cannot be counted before it is built. Call it on data, call "
                "build(input_shape), or give an input shape."
            )
        return sum(int(np.prod(variable.shape)) for variable in self.weights)

    def get_weights(self) -> list[np.ndarray]:
        """The weights as NumPy arrays."""
        return [variable.numpy() for variable in self.weights]

    def set_weights(self, weights: list) -> None:
        """Set all weights from arrays in the order of `get_weights`.

        Raises: InvalidArgumentError if their number or a shape differs.
        """
        own = self.weights
        if len(own) != len(weights):
            raise InvalidArgumentError(
                f"Expected {len(own)} arrays for the weights of {self.name!r} ({', '.join(v.path for v in own) or 'none'}); "
                f"received {len(weights)}."
            )
        arrays = [np.asarray(weight) for weight in weights]
        for variable, array in zip(own, arrays, strict=True):
            if tuple(array.shape) != tuple(variable.shape):
                raise InvalidArgumentError(
                    f"Expected shape {text(variable.shape)} for the weight {variable.path!r} of {self.name!r}; "
                    f"received {text(array.shape)}."
                )
        for variable, array in zip(own, arrays, strict=True):
            variable.assign(array)

    def save_own_variables(self, store: Any) -> None:
        """Write the layer's own variables (not those of sublayers) into a dict-like store under "0", "1", ..."""
        for index, variable in enumerate(self._trainable_variables + self._non_trainable_variables):
            store[str(index)] = np.asarray(variable)

    def load_own_variables(self, store: Any) -> None:
        """Read what `save_own_variables` wrote.

        Raises: InvalidArgumentError naming the layer if the number or a shape differs.
        """
        own = self._trainable_variables + self._non_trainable_variables
        if len(store.keys()) != len(own):
            hint = "" if self.built else " The layer is not built: call the model on data or build it before loading."
            raise InvalidArgumentError(
                f"The layer {self.path!r} has {len(own)} variables, the file has {len(store.keys())} for it.{hint}"
            )
        for index, variable in enumerate(own):
            array = store[str(index)]
            if tuple(array.shape) != tuple(variable.shape):
                raise InvalidArgumentError(
                    f"Expected shape {text(variable.shape)} for {variable.path!r} of the layer {self.path!r}; "
                    f"the file has {text(array.shape)}."
                )
        for index, variable in enumerate(own):
            fresh_arrays.read(variable, store, str(index))
