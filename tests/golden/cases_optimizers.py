"""The table of optimizers and schedules that recorder and test share. Values: class name and arguments.

A learning rate given as a pair is a schedule: its class name and arguments.
"""

import numpy as np

STEPS = 7
SHAPES = {"kernel": (4, 3), "bias": (3,), "cube": (2, 3, 2)}

OPTIMIZERS = {
    "sgd": ("SGD", {}),
    "sgd_momentum": ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    "sgd_nesterov": ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    "sgd_clipnorm": ("SGD", {"learning_rate": 0.1, "clipnorm": 0.5}),
    "sgd_clipvalue": ("SGD", {"learning_rate": 0.1, "clipvalue": 0.3}),
    "sgd_global_clipnorm": ("SGD", {"learning_rate": 0.1, "global_clipnorm": 0.7}),
    "sgd_weight_decay": ("SGD", {"learning_rate": 0.1, "momentum": 0.5, "weight_decay": 0.3}),
    "sgd_ema": ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.8}),
    "sgd_ema_overwrite": (
        "SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3},
    ),
    "sgd_loss_scale": ("SGD", {"learning_rate": 0.1, "loss_scale_factor": 8.0}),
    "rmsprop": ("RMSprop", {}),
    "rmsprop_momentum": ("RMSprop", {"learning_rate": 0.01, "momentum": 0.7, "rho": 0.8}),
    "rmsprop_centered": ("RMSprop", {"learning_rate": 0.01, "centered": True, "epsilon": 1e-3}),
    "rmsprop_all": ("RMSprop", {"learning_rate": 0.01, "centered": True, "momentum": 0.5, "weight_decay": 0.1}),
    "adam": ("Adam", {}),
    "adam_options": ("Adam", {"learning_rate": 0.05, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    "adam_amsgrad": ("Adam", {"learning_rate": 0.05, "beta_2": 0.5, "amsgrad": True}),
    "adam_accumulation": ("Adam", {"learning_rate": 0.05, "gradient_accumulation_steps": 3}),
    "adam_accumulation_clip": (
        "Adam", {"learning_rate": 0.05, "gradient_accumulation_steps": 2, "global_clipnorm": 0.1, "weight_decay": 0.1},
    ),
    "adam_accumulation_ema": (
        "Adam",
        {"learning_rate": 0.05, "gradient_accumulation_steps": 2, "use_ema": True, "ema_overwrite_frequency": 2,
         "ema_momentum": 0.7},
    ),
    "adam_schedule": ("Adam", {"learning_rate": ("ExponentialDecay", {
        "initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5, "staircase": True})}),
    "adam_schedule_accumulation": ("Adam", {"gradient_accumulation_steps": 2, "learning_rate": ("ExponentialDecay", {
        "initial_learning_rate": 0.1, "decay_steps": 2, "decay_rate": 0.5})}),
    "adamw": ("AdamW", {"learning_rate": 0.01}),
    "adamw_options": ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.5, "amsgrad": True}),
    "adagrad": ("Adagrad", {}),
    "adagrad_options": ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.0, "epsilon": 1e-3}),
    "adadelta": ("Adadelta", {}),
    "adadelta_options": ("Adadelta", {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-4}),
    "adamax": ("Adamax", {}),
    "adamax_options": ("Adamax", {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.8, "epsilon": 1e-3}),
    "nadam": ("Nadam", {}),
    "nadam_options": ("Nadam", {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.8, "epsilon": 1e-3}),
    "lion": ("Lion", {}),
    "lion_options": ("Lion", {"learning_rate": 0.05, "beta_1": 0.5, "beta_2": 0.6, "weight_decay": 0.1}),
    "lamb": ("Lamb", {}),
    "lamb_options": ("Lamb", {"learning_rate": 0.05, "beta_1": 0.7, "beta_2": 0.8, "epsilon": 1e-3}),
    "ftrl": ("Ftrl", {}),
    "ftrl_options": (
        "Ftrl",
        {"learning_rate": 0.1, "learning_rate_power": -0.7, "initial_accumulator_value": 0.3, "beta": 0.2,
         "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.1,
         "l2_shrinkage_regularization_strength": 0.2},
    ),
    "muon": ("Muon", {}),
    "muon_options": (
        "Muon",
        {"learning_rate": 0.1, "momentum": 0.5, "nesterov": False, "rms_rate": None, "weight_decay": 0.1, "ns_steps": 3,
         "adam_weight_decay": 0.2, "adam_lr_ratio": 0.5, "adam_beta_1": 0.7},
    ),
    "muon_excluded": ("Muon", {"learning_rate": 0.1, "exclude_layers": ["kern"], "adam_weight_decay": None}),
    "schedule_free": ("ScheduleFreeAdamW", {}),
    "schedule_free_options": (
        "ScheduleFreeAdamW",
        {"learning_rate": 0.1, "beta_2": 0.9, "epsilon": 1e-3, "warmup_steps": 3, "weight_decay": 0.2},
    ),
    "adafactor": ("Adafactor", {}),
    "adafactor_options": (
        "Adafactor",
        {"learning_rate": 0.6, "beta_2_decay": -0.5, "epsilon_2": 0.1, "clip_threshold": 0.5},
    ),
    "adafactor_fixed_step": ("Adafactor", {"learning_rate": 0.1, "relative_step": False}),
}  # fmt: skip

SCHEDULE_STEPS = (0, 1, 2, 3, 5, 9, 10, 11, 20, 25, 30, 31, 75)
SCHEDULES = {
    "exponential": ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9}),
    "exponential_staircase": (
        "ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9, "staircase": True},
    ),
    "inverse": ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    "inverse_staircase": (
        "InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5, "staircase": True},
    ),
    "polynomial": ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10}),
    "polynomial_power": (
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 30, "end_learning_rate": 0.01, "power": 0.5},
    ),
    "polynomial_cycle": ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "cycle": True}),
    "piecewise": ("PiecewiseConstantDecay", {"boundaries": [2, 10], "values": [0.1, 0.05, 0.01]}),
    "cosine": ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "alpha": 0.1}),
    "cosine_warmup": (
        "CosineDecay",
        {"initial_learning_rate": 0.0, "decay_steps": 20, "alpha": 0.1, "warmup_target": 0.2, "warmup_steps": 5},
    ),
    "cosine_warmup_none": (
        "CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 20, "warmup_target": 0.2, "warmup_steps": 0},
    ),
    "restarts": ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 8}),
    "restarts_options": (
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 7, "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.05},
    ),
    "restarts_even": (
        "CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 7, "t_mul": 1.0, "m_mul": 0.5},
    ),
}  # fmt: skip


def make(kind, optimizers):
    """The object of a table entry, with the classes of the module `optimizers`."""
    name, arguments = kind
    rate = arguments.get("learning_rate")
    if isinstance(rate, tuple):
        arguments = {**arguments, "learning_rate": getattr(optimizers.schedules, rate[0])(**rate[1])}
    return getattr(optimizers, name)(**arguments)


def values_and_gradients():
    """First values by name, and per step the gradients by name; of many sizes, some zero, to tell epsilons apart."""
    rng = np.random.default_rng(7)
    first = {name: rng.normal(size=shape).astype("float32") for name, shape in SHAPES.items()}
    gradients = []
    for _ in range(STEPS):
        sizes = {name: 10.0 ** rng.integers(-5, 1, size=shape) for name, shape in SHAPES.items()}
        gradients.append({
            name: np.where(rng.random(shape) < 0.15, 0, rng.normal(size=shape) * sizes[name]).astype("float32")
            for name, shape in SHAPES.items()
        })  # fmt: skip
    return first, gradients
