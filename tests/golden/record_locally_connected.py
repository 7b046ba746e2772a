"""Record what LocallyConnected1D and LocallyConnected2D of Keras 2 do: outputs, weights after a step, configs, shapes.

Run `python tests/golden/record_locally_connected.py` with tf_keras==2.21.0; it writes `locally_connected.npz` and
`locally_connected.json` beside itself.
"""

import json
import pathlib

import numpy as np
import tf_keras as keras
from cases_locally_connected import CASES, INITIAL, data_of, weights_of

HERE = pathlib.Path(__file__).parent


def made(rank, **arguments):
    """The layer of that rank."""
    return getattr(keras.layers, f"LocallyConnected{rank}D")(**arguments)


def record(key, case, arrays):
    """Outputs and trained weights into `arrays`; the rest as JSON."""
    keras.backend.clear_session()
    layer = made(case.rank, **case.arguments)
    config = layer.get_config()
    model = keras.Sequential([keras.Input(case.shape[1:]), layer])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    weights = [[weight.name.split("/")[-1].removesuffix(":0"), list(weight.shape)] for weight in layer.weights]
    model.set_weights(weights_of([shape for _, shape in weights]))
    x = data_of(case, case.shape)
    outputs = model.predict(x, verbose=0)
    loss = model.train_on_batch(x, data_of(case, outputs.shape))
    arrays[f"{key}/out"] = outputs
    arrays |= {f"{key}/{n}": weight for n, weight in enumerate(model.get_weights())}
    return {"config": config, "weights": weights, "output_shape": model.output_shape, "loss": float(loss)}


def spread(rank, implementation, shape):
    """Deviation and limits of the first kernel."""
    layer = made(rank, filters=8, kernel_size=3, implementation=implementation)
    layer.build(shape)
    kernel = layer.get_weights()[0]
    return [float(kernel.std()), float(kernel.min()), float(kernel.max())]


def main():
    """Write both files."""
    keras.utils.set_random_seed(0)
    arrays = {}
    facts = {"cases": {key: record(key, case, arrays) for key, case in CASES.items()}}
    facts["initial"] = [spread(*row) for row in INITIAL]
    np.savez_compressed(HERE / "locally_connected.npz", **arrays)
    (HERE / "locally_connected.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
