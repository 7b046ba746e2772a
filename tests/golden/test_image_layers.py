"""Image layers give what Keras' gave: images, boxes, masks, configs. See `record_image_layers.py`."""

import inspect
import json
import pathlib

import numpy as np
import pytest
from cases_image_layers import BOX_FUNCTIONS, BOX_LABELS, BOXES, CASES, CONFIGS, images, masks

from cornu import layers
from cornu.utils import bounding_boxes

HERE = pathlib.Path(__file__).parent
ARRAYS = np.load(HERE / "image_layers.npz")
FACTS = json.loads((HERE / "image_layers.json").read_text())
DRAWN_SEED = {"random_crop_same", "random_crop_evaluation"}  # Keras draws one and writes it down


def plain(config, leave_out=()):
    """A config as JSON gives it back, without automatic names."""
    return json.loads(json.dumps({key: value for key, value in config.items() if key not in ("name", *leave_out)}))


def close(received, name):
    """Equal to what was recorded, up to rounding."""
    recorded = ARRAYS[name]
    received = np.asarray(received)
    assert received.shape == recorded.shape
    scale = max(1.0, float(np.abs(recorded).max()))
    np.testing.assert_allclose(received.astype("float64"), recorded.astype("float64"), rtol=1e-5, atol=1e-5 * scale)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_images_boxes_and_masks(case):
    extra = {"bounding_box_format": "xyxy"} if case.parts else {}
    layer = getattr(layers, case.layer)(**case.arguments, **extra)
    left_out = ("seed",) if case.key in DRAWN_SEED else ()
    assert plain(layer.get_config(), left_out) == plain(FACTS["cases"][case.key], left_out)
    x, boxes = images(case.data), {"boxes": BOXES, "labels": BOX_LABELS}
    if case.drawn is None:
        given = {"images": x, "bounding_boxes": boxes, "segmentation_masks": masks()} if case.parts else x
        out = layer(given, training=case.training)
        out = out if case.parts else {"images": out}
    else:
        out = {"images": layer.transform_images(x, case.drawn)}
        if case.parts:
            out["segmentation_masks"] = layer.transform_segmentation_masks(masks(), case.drawn)
            out["bounding_boxes"] = layer.transform_bounding_boxes(boxes, case.drawn)
    assert out["images"].dtype == ARRAYS[f"{case.key}/images"].dtype.name
    close(out["images"], f"{case.key}/images")
    if case.parts:
        close(out["segmentation_masks"], f"{case.key}/masks")
        close(out["bounding_boxes"]["boxes"], f"{case.key}/boxes")
        close(out["bounding_boxes"]["labels"], f"{case.key}/box_labels")


@pytest.mark.parametrize("number", range(len(BOX_FUNCTIONS)), ids=lambda n: f"{BOX_FUNCTIONS[n][0]}_{n}")
def test_functions_of_boxes(number):
    name, arguments = BOX_FUNCTIONS[number]
    made = getattr(bounding_boxes, name)(**arguments)
    for part, value in (made if isinstance(made, dict) else {"boxes": made}).items():
        close(value, f"function_{number}/{part}")


@pytest.mark.parametrize("row", range(len(CONFIGS)), ids=lambda row: CONFIGS[row][0])
def test_config_and_the_way_back(row):
    name, arguments = CONFIGS[row]
    layer = getattr(layers, name)(**arguments)
    assert plain(layer.get_config()) == plain(FACTS["configs"][row])
    again = layers.deserialize(json.loads(json.dumps(layers.serialize(layer))))
    assert plain(again.get_config()) == plain(layer.get_config())


@pytest.mark.parametrize("name", sorted(FACTS["defaults"]))
def test_defaults(name):
    parameters = inspect.signature(getattr(layers, name).__init__).parameters
    for argument, default in FACTS["defaults"][name]:
        if argument == "data_format" and argument not in parameters:
            continue  # the base takes it
        own = parameters[argument].default
        own = "required" if own is inspect.Parameter.empty else own
        assert json.loads(json.dumps(own)) == default, argument
