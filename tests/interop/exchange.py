"""One process of the exchange: build, train and save every architecture with one library, or load what another one saved.

    python exchange.py write cornu keras FOLDER            # files that are meant for `keras`
    python exchange.py read keras cornu FOLDER OUT         # `keras` reads what `cornu` wrote into FOLDER

The library's process needs nothing of the others. Beside each file lies `ARCHITECTURE.npz`, what the writer predicts and
where its next step leads; OUT gets the same of every file as `ARCHITECTURE + ENDING.npz`, or an `.error`, which ends in
`.step` if only the step failed.
"""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "golden"))
import cases_interop as cases

WHOLE, WEIGHTS = (".keras", ".h5"), (".weights.h5", ".ckpt")
ENDINGS = {"keras": (".keras", ".h5", ".weights.h5"), "tf_keras": (".keras", ".h5", ".weights.h5", ".ckpt")}


def library(name: str, partner: str) -> Any:
    """The module to build with. Cornu takes the style of the library it exchanges files with."""
    if name == "cornu":
        import cornu

        cornu.config.set_style("tf2" if partner == "tf_keras" else "keras3")
        return cornu
    if name == "keras":
        import keras

        return keras
    import tf_keras

    return tf_keras


def is_whole(name: str, ending: str) -> bool:
    """Whether the file holds the model, and not its weights alone."""
    return ending == ".keras" or (ending == ".h5" and not cases.ARCHITECTURES[name].is_subclassed)


def write(name: str, partner: str, folder: Path) -> None:
    """Save every architecture in every format."""
    keras = library(name, partner)
    for case in cases.ARCHITECTURES:
        with attempt(folder / f"{case}.error"):
            keras.utils.set_random_seed(5)
            model = trained(case, keras)
            for ending in ENDINGS[partner]:
                if ending == ".h5" and name == "keras" and not is_whole(case, ending):
                    continue  # Keras 3 writes no weights in this format
                with attempt(folder / f"{case}{ending}.error"):
                    save = model.save if is_whole(case, ending) else model.save_weights
                    save(str(folder / f"{case}{ending}"))
            values = fresh_step(case, keras, model) if cases.ARCHITECTURES[case].is_subclassed else {}
            values |= cases.predictions(case, model) | cases.next_step(case, model)
            np.savez(folder / f"{case}.npz", **values)


def trained(case: str, keras: Any) -> Any:
    """The architecture after three steps."""
    model = cases.compiled(case, keras)
    for _ in range(3):
        model.train_on_batch(*cases.ARCHITECTURES[case].data())
    return model


def fresh_step(case: str, keras: Any, model: Any) -> dict[str, np.ndarray]:
    """Where the next step leads if the optimizer starts anew, as after reading weights alone."""
    again = cases.compiled(case, keras)
    again.predict(cases.ARCHITECTURES[case].data()[0], verbose=0)
    again.set_weights(model.get_weights())
    return {f"fresh {key}": value for key, value in cases.next_step(case, again).items()}


def read(name: str, partner: str, folder: Path, out: Path) -> None:
    """Load every file, and record what it predicts and where the next step leads."""
    keras = library(name, partner)
    for case in cases.ARCHITECTURES:
        cases.compiled(case, keras)  # registers the classes
        for ending in ENDINGS[name if name != "cornu" else partner]:
            path = folder / f"{case}{ending}"
            if name == partner and ending != ".h5":
                continue  # what the originals make of their own files matters where they refuse them
            if not path.exists() and not path.with_name(f"{path.name}.index").exists():
                continue
            with attempt(out / f"{case}{ending}.error"):
                model = loaded(case, ending, keras, path)
                values = cases.predictions(case, model)
                with attempt(out / f"{case}{ending}.step"):
                    values |= cases.next_step(case, model)
                np.savez(out / f"{case}{ending}.npz", **values)


def loaded(case: str, ending: str, keras: Any, path: Path) -> Any:
    """The model of a file, or the architecture with the weights of the file."""
    if is_whole(case, ending):
        return keras.models.load_model(str(path))
    model = cases.compiled(case, keras)
    if ending != ".ckpt":  # what a checkpoint holds waits for the variables
        model.predict(cases.ARCHITECTURES[case].data()[0], verbose=0)
    if ending == ".weights.h5":
        model.optimizer.build(model.trainable_variables)
    model.load_weights(str(path))
    return model


@contextmanager
def attempt(path: Path) -> Iterator[None]:
    """Write the error of the block to a file instead of raising it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except Exception as error:
        path.write_text("".join(traceback.format_exception(error)))


if __name__ == "__main__":
    action, own, other, *folders = sys.argv[1:]
    {"write": write, "read": read}[action](own, other, *map(Path, folders))
