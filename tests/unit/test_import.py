"""`import cornu` is quiet, touches no device and leaves alone what is slow and seldom needed."""

import subprocess
import sys

PROGRAM = """
import sys
import cornu
from jax._src import xla_bridge
assert not xla_bridge._backends, "a device was touched"
print(sorted({"h5py", "multiprocessing", "concurrent.futures", "cornu.saving", "matplotlib", "PIL"} & set(sys.modules)))
"""


def test_import_is_quiet_and_light():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", "[]")
