"""Whole files as text. Source: tf.io.read_file, write_file, matching_files."""

import glob
import os

import numpy as np

from cornu._base.errors import InvalidArgumentError, NotFoundError
from cornu.io.atomic import write_bytes
from cornu.tf.host_values import tensor, text_array, text_of


def read_file(filename, name=None):
    """The bytes of a file as text. Shape: () -> (). Raises: NotFoundError. Source: tf.io.read_file."""
    path = os.fsdecode(text_of(filename, "filename"))
    try:
        with open(path, "rb") as file:
            return tensor(text_array(file.read()))
    except FileNotFoundError:
        raise NotFoundError(f"{path}; No such file or directory. Expected the path of a file to read.") from None
    except OSError as error:
        raise InvalidArgumentError(f"{path} cannot be read: {error.strerror}.") from None


def write_file(filename, contents, name=None):
    """Write text to a file, whole or not at all; folders that are missing are made. Source: tf.io.write_file."""
    path = os.fsdecode(text_of(filename, "filename"))
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    write_bytes(path, text_of(contents, "contents"))


def matching_files(pattern, name=None):
    """Paths of the files that match any of the patterns, sorted. Shape: any -> (files,). Source: tf.io.matching_files."""
    found = {path for one in text_array(pattern).reshape(-1) for path in glob.glob(os.fsdecode(one))}
    names = np.array([os.fsencode(path) for path in sorted(found) if os.path.exists(path)], object)
    return tensor(names)
