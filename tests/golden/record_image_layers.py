"""Record what the image layers of Keras do: images, boxes, masks, configs, default arguments.

Run `KERAS_BACKEND=tensorflow python tests/golden/record_image_layers.py` in an environment with keras==3.15.0; it writes
`image_layers.npz` and `image_layers.json` beside itself.
"""

import copy
import inspect
import json
import pathlib

import keras
import numpy as np
from cases_image_layers import BOX_FUNCTIONS, BOX_LABELS, BOXES, CASES, CONFIGS, images, masks

HERE = pathlib.Path(__file__).parent


def record(case, arrays):
    """What comes out, into `arrays`, and the config."""
    extra = {"bounding_box_format": "xyxy"} if case.parts else {}
    layer = getattr(keras.layers, case.layer)(**case.arguments, **extra)
    x = images(case.data)
    boxes = {"boxes": BOXES.copy(), "labels": BOX_LABELS.copy()}
    if case.drawn is None:
        given = {"images": x, "bounding_boxes": boxes, "segmentation_masks": masks()} if case.parts else x
        out = layer(given, training=case.training)
        out = out if case.parts else {"images": out}
    else:
        drawn = copy.deepcopy(case.drawn)
        out = {"images": layer.transform_images(x, drawn)}
        if case.parts:
            out["segmentation_masks"] = layer.transform_segmentation_masks(masks(), drawn)
            out["bounding_boxes"] = layer.transform_bounding_boxes(boxes, drawn)
    arrays[f"{case.key}/images"] = np.asarray(out["images"])
    if case.parts:
        arrays[f"{case.key}/masks"] = np.asarray(out["segmentation_masks"])
        arrays[f"{case.key}/boxes"] = np.asarray(out["bounding_boxes"]["boxes"])
        arrays[f"{case.key}/box_labels"] = np.asarray(out["bounding_boxes"]["labels"])
    return layer.get_config()


def defaults(name):
    """Default arguments of a class, in order."""
    parameters = inspect.signature(getattr(keras.layers, name).__init__).parameters.values()
    shown = [p for p in parameters if p.name not in ("self", "name") and p.kind is p.POSITIONAL_OR_KEYWORD]
    return [[p.name, "required" if p.default is p.empty else p.default] for p in shown]


def main():
    """Write both files."""
    arrays = {}
    facts = {
        "cases": {case.key: record(case, arrays) for case in CASES},
        "configs": [getattr(keras.layers, name)(**arguments).get_config() for name, arguments in CONFIGS],
        "defaults": {name: defaults(name) for name in sorted({case.layer for case in CASES} | {c[0] for c in CONFIGS})},
    }
    for number, (name, arguments) in enumerate(BOX_FUNCTIONS):
        made = getattr(keras.utils.bounding_boxes, name)(**copy.deepcopy(arguments))
        for part, value in (made if isinstance(made, dict) else {"boxes": made}).items():
            arrays[f"function_{number}/{part}"] = np.asarray(value)
    np.savez_compressed(HERE / "image_layers.npz", **arrays)
    (HERE / "image_layers.json").write_text(json.dumps(facts))


if __name__ == "__main__":
    main()
