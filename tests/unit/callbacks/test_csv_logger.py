"""The file of metrics, as Keras writes it."""

import os

import numpy as np
import pytest

from cornu.callbacks import CSVLogger


def write(logger, *rows):
    logger.on_train_begin()
    for epoch, logs in enumerate(rows):
        logger.on_epoch_end(epoch, logs)
    logger.on_train_end()


def text(path):
    return path.read_bytes().decode()


def test_rows_and_later_validation(tmp_path):
    path = tmp_path / "new" / "log.csv"
    write(CSVLogger(path), {"mae": 0.25, "loss": 1.0}, {"loss": 0.5, "mae": 0.125, "val_loss": 2.0})
    assert text(path) == "epoch,loss,mae,val_loss,val_mae\r\n0,1.0,0.25,NA,NA\r\n1,0.5,0.125,2.0,NA\r\n"


def test_values_of_other_kinds(tmp_path):
    path = tmp_path / "log.csv"
    logs = {"b": 1.0, "a": np.array([1, 2]), "s": "str", "i": 3, "z": np.array(2.5), "val_b": 4.0}
    write(CSVLogger(path, separator=";"), logs)
    assert text(path) == 'epoch;a;b;i;s;val_b;z\r\n0;"""[1, 2]""";1.0;3;str;4.0;2.5\r\n'


def test_append_keeps_the_header_and_its_order(tmp_path):
    path = tmp_path / "log.csv"
    write(CSVLogger(path, append=True), {"loss": 1.0, "val_loss": 2.0})
    write(CSVLogger(path, append=True), {"loss": 3.0, "new": 9.0})
    assert text(path) == "epoch,loss,val_loss\r\n0,1.0,2.0\r\n0,3.0,NA\r\n"
    write(CSVLogger(path), {"loss": 5.0})
    assert text(path) == "epoch,loss,val_loss\r\n0,5.0,NA\r\n"


def test_a_row_is_on_disk_when_its_epoch_ends(tmp_path):
    path = tmp_path / "log.csv"
    logger = CSVLogger(path)
    logger.on_train_begin()
    logger.on_epoch_end(0, {"loss": 1.0})
    assert text(path).endswith("0,1.0,NA\r\n")
    logger.on_train_end()


def test_the_rows_of_another_run_stay_until_there_are_new_ones(tmp_path):
    path = tmp_path / "log.csv"
    write(CSVLogger(path), {"loss": 1.0})
    logger = CSVLogger(path)
    logger.on_train_begin()
    assert text(path) == "epoch,loss,val_loss\r\n0,1.0,NA\r\n"
    logger.on_epoch_end(0, {"mae": 2.0})
    logger.on_epoch_end(1, {"mae": 3.0})
    assert text(path) == "epoch,mae,val_mae\r\n0,2.0,NA\r\n1,3.0,NA\r\n"
    logger.on_train_end()
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_a_pipe_stays_a_pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write(CSVLogger(path), {"loss": 1.0})
    assert os.read(reader, 1000) == b"epoch,loss,val_loss\r\n0,1.0,NA\r\n"
    os.close(reader)
    assert path.is_fifo()
