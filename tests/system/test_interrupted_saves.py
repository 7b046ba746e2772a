"""A process killed while it saves leaves a file that loads: the one from before, or the new one."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import cornu

SAVING = """
import sys
import numpy as np
import cornu

path, start = sys.argv[1], int(sys.argv[2])
model = cornu.Sequential([cornu.Input((1100,)), cornu.layers.Dense(1100)])  # 5 MB
print("ready", flush=True)
for number in range(start, start + 1000):
    model.set_weights([np.full(w.shape, number, "float32") for w in model.get_weights()])
    model.save(path)
    print(number, flush=True)
"""


def test_a_killed_save_leaves_a_loadable_file(tmp_path):
    path, chance, last = tmp_path / "model.keras", random.Random(3), 0
    for _ in range(int(os.environ.get("CORNU_KILLED_SAVES", "3"))):
        command = [sys.executable, "-c", SAVING, str(path), str(last + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            for _ in range(3):  # ready, and two saves
                line = child.stdout.readline()
            time.sleep(chance.uniform(0, 0.15))
            child.send_signal(signal.SIGKILL)
            done = [int(line), *map(int, child.stdout.read().split())]
        weights = cornu.saving.load_model(path).get_weights()
        number = int(weights[0].flat[0])
        assert all(np.all(values == number) for values in weights)
        assert number in (done[-1], done[-1] + 1)  # renamed, but not printed any more
        last = number
    assert all(Path(name).name.startswith((".", "model.keras")) for name in os.listdir(tmp_path))
