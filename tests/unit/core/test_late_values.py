"""Large weights that a file brings are not drawn first; those that it does not bring are."""

import numpy as np

import cornu
from cornu.core.late_values import values_follow


def draws(monkeypatch):
    drawn = []
    original = cornu.initializers.GlorotUniform.__call__

    def call(self, shape, dtype=None):
        drawn.append(tuple(shape))
        return original(self, shape, dtype=dtype)

    monkeypatch.setattr(cornu.initializers.GlorotUniform, "__call__", call)
    return drawn


def test_loading_draws_no_large_weights(monkeypatch, tmp_path):
    model = cornu.Sequential([cornu.Input((600,)), cornu.layers.Dense(600), cornu.layers.Dense(3)])
    model.save(tmp_path / "model.keras")
    drawn = draws(monkeypatch)
    loaded = cornu.models.load_model(tmp_path / "model.keras")
    assert drawn == [(600, 3)]
    for wanted, found in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_what_is_not_assigned_gets_its_first_values(monkeypatch):
    drawn = draws(monkeypatch)
    with values_follow():
        layers = [
            cornu.layers.Dense(600, kernel_initializer=cornu.initializers.GlorotUniform(seed=1)) for _ in range(2)
        ]
        for layer in layers:
            layer.build((None, 600))
        layers[0].kernel.assign(np.full((600, 600), 2.0))
        assert drawn == [] and not np.any(layers[1].kernel)
    assert drawn == [(600, 600)] and np.all(np.asarray(layers[0].kernel) == 2)
    again = cornu.initializers.GlorotUniform(seed=1)((600, 600))
    np.testing.assert_array_equal(layers[1].kernel, again)
