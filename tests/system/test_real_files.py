"""Files of ten years of Keras load, by themselves or into their architecture, and reach the figures of the originals.

`KERAS_HOME` names Keras' cache with the data sets, and `models/` and `files/` with the files.
"""

import os
from pathlib import Path

import pytest
import real_files


@pytest.mark.slow
@pytest.mark.parametrize("file", real_files.FILES, ids=[file.path.replace("/", "-") for file in real_files.FILES])
def test_figures_of_the_originals_are_reached(file):
    folder = Path(os.environ.get("KERAS_HOME", ""), "models", file.path).parent
    if "KERAS_HOME" not in os.environ or not folder.is_dir():
        pytest.skip(f"KERAS_HOME names no folder that holds models/{file.path}")
    assert file.figure(real_files.loaded(file)) == pytest.approx(file.expected, rel=0, abs=file.tolerance)
