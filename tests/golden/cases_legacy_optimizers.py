"""The legacy optimizers that recorder and test share: class name and arguments. Values and gradients: cases_optimizers.py."""

OPTIMIZERS = {
    "sgd": ("SGD", {"lr": 0.1, "decay": 0.1}),
    "sgd_nesterov": ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True, "clipnorm": 0.5}),
    "adam": ("Adam", {"lr": 0.05, "decay": 0.2}),
    "adam_options": ("Adam", {"learning_rate": 0.05, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3, "amsgrad": True}),
    "adam_epsilon_none": ("Adam", {"epsilon": None, "global_clipnorm": 0.5}),
    "rmsprop": ("RMSprop", {"lr": 0.01, "epsilon": 1e-3}),
    "rmsprop_centered": ("RMSprop", {"lr": 0.01, "epsilon": 1e-3, "centered": True}),
    "rmsprop_momentum": ("RMSprop", {"lr": 0.01, "epsilon": 1e-3, "momentum": 0.5, "decay": 0.1, "centered": True}),
    "adagrad": ("Adagrad", {"lr": 0.1, "epsilon": 1e-2}),
    "adadelta": ("Adadelta", {"lr": 1.0, "rho": 0.9, "epsilon": 1e-4, "clipvalue": 0.3}),
    "adamax": ("Adamax", {"lr": 0.05, "beta_1": 0.7, "beta_2": 0.8, "epsilon": 1e-3}),
    "nadam": ("Nadam", {"lr": 0.05}),
    "nadam_schedule": ("Nadam", {"lr": 0.05, "schedule_decay": 0.3, "beta_1": 0.7, "epsilon": 1e-3}),
    "ftrl": ("Ftrl", {"learning_rate": 0.1}),
    "ftrl_options": (
        "Ftrl",
        {"learning_rate": 0.1, "learning_rate_power": -0.7, "initial_accumulator_value": 0.3, "beta": 0.2,
         "l1_regularization_strength": 0.05, "l2_regularization_strength": 0.1,
         "l2_shrinkage_regularization_strength": 0.2},
    ),
}  # fmt: skip
