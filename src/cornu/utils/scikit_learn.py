"""Models as estimators of scikit-learn, which is not imported here. Source: tf.keras.wrappers.scikit_learn of Keras 2.

estimator = KerasClassifier(build_fn=make_model, units=8, epochs=20, verbose=0)
GridSearchCV(estimator, {"units": [4, 8], "batch_size": [16, 32]}).fit(x, y)
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cornu import losses
from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import did_you_mean
from cornu.callbacks import History
from cornu.core.shapes import text
from cornu.models import Model
from cornu.utils.np_utils import to_categorical

_DATA = {"self", "x", "y"}
_METHODS: tuple[Callable, ...] = (Model.fit, Model.predict, Model.evaluate)
_QUEUES = {"max_queue_size", "workers", "use_multiprocessing"}  # which they take without naming them
_ACCURACIES = ("accuracy", "acc", "sparse_categorical_accuracy", "categorical_accuracy", "binary_accuracy")


class BaseWrapper:
    """What KerasClassifier and KerasRegressor share: parameters, and a model that every `fit` makes afresh.

    Args:
        build_fn: makes a compiled model: a function, or an object with `__call__`. None: the class itself has `__call__`.
        sk_params: arguments of `build_fn`, and of the model's `fit`, `predict` and `evaluate`. Those given to a method of the
            estimator come before them.

    Raises: InvalidArgumentError on a parameter that none of them has; InvalidTypeError if nothing makes a model.
    """

    _estimator_type: str | None = None  # as scikit-learn up to 1.5 asks for it
    model: Any

    def __init__(self, build_fn: Callable[..., Any] | None = None, **sk_params: Any):
        self.build_fn = build_fn
        self.sk_params: dict[str, Any] = {}
        self.set_params(**sk_params)

    def check_params(self, params: Mapping[str, Any]) -> None:
        """Raises: InvalidArgumentError if a name is none of `build_fn`, `fit`, `predict` or `evaluate`."""
        own = _arguments(self._builder())
        known = own.union(*map(_arguments, _METHODS))
        if unknown := [name for name in params if name not in known]:
            listed = f"those of build_fn ({', '.join(sorted(own))})" if own else "no argument, as build_fn has none"
            raise InvalidArgumentError(
                f"{type(self).__name__}: expected {listed}, or an argument of fit, predict or evaluate; received "
                f"{unknown[0]!r}.{did_you_mean(unknown[0], known)}"
            )

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """`build_fn` and the parameters. Args: deep: has no meaning here."""
        return {"build_fn": self.build_fn, **self.sk_params}

    def set_params(self, **params: Any) -> "BaseWrapper":
        """Change parameters, or `build_fn`. Returns: the estimator. Raises: InvalidArgumentError on unknown ones."""
        self.build_fn = params.pop("build_fn", self.build_fn)
        if "nb_epoch" in params and "nb_epoch" not in _arguments(self._builder()):
            params["epochs"] = params.pop("nb_epoch")  # as Keras 1 says
        self.check_params(params)
        self.sk_params.update(params)
        return self

    def filter_sk_params(self, fn: Callable[..., Any], override: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Those of the parameters that `fn` has as arguments, and what overrides them."""
        known = _arguments(fn)
        return {name: value for name, value in self.sk_params.items() if name in known} | dict(override or {})

    def fit(self, x: Any, y: Any, **kwargs: Any) -> History:
        """Make a model and train it.

        Args: kwargs: arguments of the model's `fit`. Shape: x (rows, features), y (rows,) or (rows, outputs).
        Returns: what the model's `fit` gives.
        """
        build = self._builder()
        model = build(**self.filter_sk_params(build))
        if not isinstance(model, Model):
            raise InvalidTypeError(
                f"{type(self).__name__}: expected build_fn to return a compiled model; it returned {type(model).__name__}."
            )
        self.model = model
        return model.fit(x, self._targets(y), **self.filter_sk_params(Model.fit, kwargs))

    def _targets(self, y: Any) -> np.ndarray:
        """`y` as the model is trained on it."""
        return np.asarray(y)

    def _builder(self) -> Callable[..., Any]:
        build = getattr(self, "__call__", None) if self.build_fn is None else self.build_fn  # noqa: B004 the method itself
        if callable(build) and not isinstance(build, Model):
            return build
        received = "a model" if isinstance(build, Model) else repr(self.build_fn)
        raise InvalidTypeError(
            f"{type(self).__name__}: expected build_fn as a function that makes a compiled model; received {received}. Pass a "
            "function, so that every fit begins afresh, or give the class a __call__ method."
        )

    def _fitted(self, method: str) -> Any:
        if not self.__sklearn_is_fitted__():
            raise FailedPreconditionError(f"Call fit(x, y) of the {type(self).__name__} before {method}().")
        return self.model

    def __sklearn_is_fitted__(self) -> bool:
        return "model" in vars(self)

    def __sklearn_tags__(self) -> Any:
        from sklearn import utils  # from 1.6 on it asks for these

        kind = self._estimator_type
        return utils.Tags(
            estimator_type=kind,
            target_tags=utils.TargetTags(required=True),
            classifier_tags=utils.ClassifierTags() if kind == "classifier" else None,
            regressor_tags=utils.RegressorTags() if kind == "regressor" else None,
        )


class KerasClassifier(BaseWrapper):
    """A classifier: labels of any kind, numbered for the model, and as one-hot rows if its loss wants these.

    Attributes:
        classes_: the labels in order, of one-hot rows their columns. n_classes_: how many there are.

    Source: tf.keras.wrappers.scikit_learn.KerasClassifier of Keras 2.
    """

    _estimator_type = "classifier"

    def fit(self, x: Any, y: Any, **kwargs: Any) -> History:
        """Make a model and train it.

        Args: kwargs: arguments of the model's `fit`. Shape: x (rows, features), y (rows,), (rows, 1) or one-hot rows.
        Returns: what the model's `fit` gives. Raises: InvalidArgumentError if `y` has another shape.
        """
        y = np.asarray(y)
        if y.ndim not in (1, 2):
            raise InvalidArgumentError(
                f"KerasClassifier: expected y as labels of shape (rows,) or one-hot rows; received shape {text(y.shape)}."
            )
        self.classes_ = np.arange(y.shape[1]) if _is_one_hot(y) else np.unique(y)
        self.n_classes_ = len(self.classes_)
        return super().fit(x, y, **kwargs)

    def predict(self, x: Any, **kwargs: Any) -> np.ndarray:
        """The label of every row. Shape: (rows,), and (rows, 1) of a model with one output, as Keras 2 gave it."""
        model = self._fitted("predict")
        outputs = np.asarray(model.predict(x, **self.filter_sk_params(Model.predict, kwargs)))
        numbers = outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs > 0.5).astype("int32")
        return self.classes_[numbers]

    def predict_proba(self, x: Any, **kwargs: Any) -> np.ndarray:
        """The outputs as probabilities of the classes. Shape: (rows, classes), of a model with one output (rows, 2)."""
        model = self._fitted("predict_proba")
        outputs = np.asarray(model.predict(x, **self.filter_sk_params(Model.predict, kwargs)))
        return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """The accuracy. Raises: InvalidArgumentError if the model was compiled without it."""
        model = self._fitted("score")
        options = self.filter_sk_params(Model.evaluate, kwargs) | {"return_dict": True}
        values = model.evaluate(x, self._targets(y), **options)
        for name in _ACCURACIES:
            if name in values:
                return float(values[name])
        raise InvalidArgumentError(
            f"KerasClassifier: expected a model that measures accuracy; it has {', '.join(values)}. "
            "Pass metrics=['accuracy'] to compile."
        )

    def _targets(self, y: Any) -> np.ndarray:
        y = np.asarray(y)
        if _is_one_hot(y):
            return y
        labels = y.ravel()
        if strange := sorted(set(labels.tolist()) - set(self.classes_.tolist())):
            raise InvalidArgumentError(
                f"KerasClassifier: expected the labels it was fitted on, {self.classes_.tolist()}; received {strange[0]!r}."
            )
        numbers = np.searchsorted(self.classes_, labels)
        loss = self.model.loss
        is_categorical = isinstance(loss, losses.CategoricalCrossentropy) or loss in (
            "categorical_crossentropy",
            losses.categorical_crossentropy,
        )
        return to_categorical(numbers, self.n_classes_) if is_categorical else numbers


class KerasRegressor(BaseWrapper):
    """A regressor, whose score is the loss with its sign changed, so that more is better.

    Source: tf.keras.wrappers.scikit_learn.KerasRegressor of Keras 2.
    """

    _estimator_type = "regressor"

    def predict(self, x: Any, **kwargs: Any) -> np.ndarray:
        """The predictions. Shape: (rows,), of a model with several outputs (rows, outputs)."""
        model = self._fitted("predict")
        outputs = np.asarray(model.predict(x, **self.filter_sk_params(Model.predict, kwargs)))
        return outputs[..., 0] if outputs.shape[-1] == 1 else outputs

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """Minus the mean loss."""
        options = self.filter_sk_params(Model.evaluate, kwargs) | {"return_dict": True}
        return -float(self._fitted("score").evaluate(x, self._targets(y), **options)["loss"])


def _arguments(function: Callable[..., Any]) -> set[str]:
    """The names of a function's arguments, without the data."""
    parameters = inspect.signature(function).parameters.values()
    named = {
        parameter.name
        for parameter in parameters
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    }
    return (named | _QUEUES if function in _METHODS else named) - _DATA


def _is_one_hot(y: np.ndarray) -> bool:
    return y.ndim == 2 and y.shape[1] > 1
