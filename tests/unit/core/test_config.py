"""Settings."""

import logging

import jax
import numpy as np
import pytest

from cornu import Sequential, config, layers


@pytest.fixture
def restored():
    yield
    config._limits.clear()
    config.enable_interactive_logging()
    config.enable_traceback_filtering()


def test_limits_of_epochs_and_steps(restored, monkeypatch):
    model = Sequential([layers.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((8, 1), "float32")
    assert config.max_epochs() is None and config.max_steps_per_epoch() is None
    monkeypatch.setenv("KERAS_MAX_EPOCHS", "3")
    assert config.max_epochs() == 3
    config.set_max_epochs(2)
    config.set_max_steps_per_epoch(1)
    assert len(model.fit(x, x, epochs=5, batch_size=2, verbose=0).epoch) == 2
    assert int(model.optimizer.iterations) == 2
    assert model.predict(x, batch_size=2, verbose=0).shape == (2, 1)
    config.set_max_epochs(None)
    assert config.max_epochs() is None
    for wrong in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="Expected max_epochs to be a positive integer or None; received"):
            config.set_max_epochs(wrong)


def test_progress_goes_to_logging(restored, capsys, caplog):
    model = Sequential([layers.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    config.disable_interactive_logging()
    with caplog.at_level(logging.INFO, logger="cornu"):
        model.fit(np.ones((2, 1)), np.ones((2, 1)), epochs=2)
    assert capsys.readouterr().out == ""
    assert "Epoch 1/2" in caplog.text and "loss:" in caplog.text and not config.is_interactive_logging_enabled()


def test_switches(restored):
    config.disable_traceback_filtering()
    assert not config.is_traceback_filtering_enabled() and jax.config.jax_traceback_filtering == "off"
    config.enable_traceback_filtering()
    assert jax.config.jax_traceback_filtering == "auto"
    config.set_backend("jax")
    with pytest.raises(ValueError, match="Expected the backend 'jax', Cornu's only engine; received 'tensorflow'"):
        config.set_backend("tensorflow")


def test_a_change_of_epsilon_reaches_compiled_models():
    model = Sequential([layers.Input((1,)), layers.Lambda(lambda x: x * 0 + config.epsilon())])
    x = np.ones((1, 1), "float32")
    assert model.predict(x, verbose=0).item() == pytest.approx(1e-7)
    config.set_epsilon(0.25)
    assert model.predict(x, verbose=0).item() == 0.25
