"""Logs stay on the device until a value is read."""

import json
import pickle

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from cornu.core.tensor import Tensor
from cornu.training.logs import Logs


@pytest.fixture
def logs():
    return Logs(loss=jnp.float32(0.5), acc=Tensor(jnp.float32(0.25)), outputs=np.arange(3))


@pytest.fixture
def fetches(monkeypatch):
    count, fetch = [], jax.device_get
    monkeypatch.setattr("cornu.training.logs.jax.device_get", lambda tree: (count.append(1), fetch(tree))[1])
    return count


def test_names_cost_no_transfer(logs, fetches):
    assert "loss" in logs and len(logs) == 3 and list(logs.keys()) == ["loss", "acc", "outputs"] and bool(logs)
    assert fetches == []


READS = {
    "getitem": lambda logs: logs["loss"],
    "get": lambda logs: logs.get("loss"),
    "items": lambda logs: dict(logs.items())["loss"],
    "values": lambda logs: next(iter(logs.values())),
    "iter": lambda logs: next(logs[name] for name in logs),
    "dict": lambda logs: dict(logs)["loss"],
    "unpack": lambda logs: {**logs}["loss"],
    "copy": lambda logs: logs.copy()["loss"],
    "pop": lambda logs: logs.pop("loss"),
    "or": lambda logs: (logs | {})["loss"],
    "ror": lambda logs: ({} | logs)["loss"],
    "update_other": lambda logs: [other := {}, other.update(logs), other["loss"]][-1],
    "pickle": lambda logs: pickle.loads(pickle.dumps(logs))["loss"],
    "setdefault": lambda logs: logs.setdefault("loss", 9),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_each_way_of_reading_gives_python_floats_in_one_transfer(read, logs, fetches):
    value = read(logs)
    assert type(value) is float and value == 0.5
    assert len(fetches) == 1


def test_what_is_no_scalar_stays(logs):
    assert logs["outputs"].tolist() == [0, 1, 2]
    assert logs["acc"] == 0.25


def test_values_written_later_are_read_too(logs):
    assert logs["loss"] == 0.5
    logs["val_loss"] = jnp.float32(2.0)
    logs.update(more=jnp.float32(3.0))
    logs |= {"last": jnp.float32(4.0)}
    assert [type(logs[name]) for name in ("val_loss", "more", "last")] == [float] * 3
    assert logs.get("missing", 7) == 7


def test_prints_and_compares_as_a_dict():
    logs = Logs(loss=jnp.float32(0.5))
    assert repr(logs) == "{'loss': 0.5}"
    assert logs == {"loss": 0.5} and logs != {"loss": 1.0}
    assert json.dumps(logs) == '{"loss": 0.5}'
