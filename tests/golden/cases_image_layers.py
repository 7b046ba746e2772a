"""Image layers, what they are called on and, for random ones, what they are told to do; for the recorder and the test.

Nothing here imports a framework: layers are named, arguments are plain.
"""

from typing import Any, NamedTuple

import numpy as np

SHAPE = (2, 8, 10, 3)
POINTS = np.array([[[0, 0], [9, 0], [0, 7], [9, 7]]] * 2, "float32")
MOVED = np.array([[[0, 0], [8, 1], [1, 6], [9, 7]], [[1, 0.5], [9, 0], [0, 6], [7, 6]]], "float32")
BOXES = np.array([[[1, 1, 4, 5], [5, 2, 9, 7]], [[0, 0, 10, 8], [3, 3, 5, 6]]], "float32")
BOX_LABELS = np.array([[1, 2], [3, 4]])


class Case(NamedTuple):
    """One layer. `drawn`: what to do to the images in place of what would be drawn; `parts`: boxes and masks as well."""

    key: str
    layer: str
    arguments: dict[str, Any]
    drawn: dict[str, Any] | None = None
    data: str = "floats"
    parts: bool = False
    training: bool = True


def images(data: str) -> np.ndarray:
    """Pictures: floats, bytes, a single one, with channels first, with values from -1 to 1 or 0 to 1, whole, larger."""
    values = np.random.RandomState(5).uniform(0, 255, SHAPE)
    return {
        "floats": lambda: values.astype("float32"),
        "bytes": lambda: values.astype("uint8"),
        "single": lambda: values[0].astype("float32"),
        "first": lambda: values.transpose(0, 3, 1, 2).astype("float32"),
        "signed": lambda: (values / 127.5 - 1).astype("float32"),
        "unit": lambda: (values[:1] / 255).astype("float32"),
        "whole": lambda: np.floor(values).astype("float32"),
        "larger": lambda: np.floor(np.random.RandomState(6).uniform(0, 1, (1, 30, 41, 2)) ** 2 * 256).astype("float32"),
    }[data]()


def masks() -> np.ndarray:
    """Class numbers of pixels, as floats, which Keras asks for in places."""
    return np.random.RandomState(7).randint(0, 4, (*SHAPE[:3], 1)).astype("float32")


def _per_image(*values: Any, dtype: str = "float32") -> np.ndarray:
    return np.array(values, dtype).reshape(-1, 1, 1, 1)


def sized(
    key: str, layer: str, height: int, width: int, parts: bool = True, data: str = "floats", **options: Any
) -> Case:
    """A layer that makes images of one size."""
    return Case(key, layer, {"height": height, "width": width, **options}, None, data, parts)


def moving(key: str, layer: str, **arguments: Any) -> Case:
    """A layer that moves pixels, with its factors at one value."""
    return Case(key, layer, arguments, parts=True)


YES = np.array([True, True])
FIRST = np.array([True, False])
SHEAR = {"shear_factor": np.array([[0.2, 0.1], [-0.3, 0.25]], "float32"), "input_shape": SHAPE}
SEEN = {"apply_perspective": FIRST, "start_points": POINTS, "end_points": MOVED, "input_shape": SHAPE}
SEEN_BOTH = {**SEEN, "apply_perspective": YES}
CUT = np.zeros(SHAPE, bool)
CUT[0, 2:5, 3:7], CUT[1, :4, 6:] = True, True
ORDER = np.array([1, 0])

CASES = [
    sized("resizing", "Resizing", 4, 5),
    sized("resizing_up", "Resizing", 13, 17),
    sized("resizing_nearest", "Resizing", 5, 7, interpolation="nearest"),
    sized("resizing_lanczos3", "Resizing", 12, 15, interpolation="lanczos3"),
    sized("resizing_antialias", "Resizing", 4, 4, antialias=True),
    sized("resizing_crop", "Resizing", 4, 4, crop_to_aspect_ratio=True),
    sized("resizing_crop_tall", "Resizing", 9, 4, crop_to_aspect_ratio=True),
    sized("resizing_pad", "Resizing", 4, 4, pad_to_aspect_ratio=True, fill_value=7.0),
    sized("resizing_bytes", "Resizing", 4, 5, parts=False, data="bytes"),
    sized("resizing_single", "Resizing", 4, 5, parts=False, data="single"),
    sized("resizing_first", "Resizing", 4, 5, parts=False, data="first", data_format="channels_first"),
    sized("center_crop", "CenterCrop", 4, 5),
    sized("center_crop_odd", "CenterCrop", 5, 3),
    sized("center_crop_small", "CenterCrop", 12, 12, parts=False),
    sized("center_crop_first", "CenterCrop", 3, 4, parts=False, data="first", data_format="channels_first"),
    sized("random_crop_same", "RandomCrop", 8, 10),
    Case("random_crop_evaluation", "RandomCrop", {"height": 4, "width": 4}, training=False),
    Case("flip", "RandomFlip", {}, {"flips": _per_image(True, False, dtype="bool"), "input_shape": SHAPE}, parts=True),
    Case("flip_horizontal", "RandomFlip", {"mode": "horizontal"}, {"flips": _per_image(False, True, dtype="bool"), "input_shape": SHAPE}, parts=True),
    Case("flip_vertical", "RandomFlip", {"mode": "vertical"}, {"flips": _per_image(True, True, dtype="bool"), "input_shape": SHAPE}, parts=True),
    moving("translation", "RandomTranslation", height_factor=(0.25, 0.25), width_factor=(0.17, 0.17)),
    moving("translation_constant", "RandomTranslation", height_factor=(-0.3, -0.3), width_factor=(0.2, 0.2), fill_mode="constant", fill_value=9.0),
    moving("translation_nearest", "RandomTranslation", height_factor=(-0.3, -0.3), width_factor=(0.2, 0.2), fill_mode="nearest", interpolation="nearest"),
    moving("rotation", "RandomRotation", factor=(0.1, 0.1)),
    moving("rotation_constant", "RandomRotation", factor=(-0.2, -0.2), fill_mode="constant", fill_value=3.0),
    moving("rotation_wrap", "RandomRotation", factor=(0.07, 0.07), fill_mode="wrap"),
    Case("rotation_single", "RandomRotation", {"factor": (0.1, 0.1)}, data="single"),
    Case("rotation_first", "RandomRotation", {"factor": (0.1, 0.1), "data_format": "channels_first"}, data="first"),
    Case("rotation_evaluation", "RandomRotation", {"factor": 0.3}, training=False),
    moving("zoom_in", "RandomZoom", height_factor=(-0.2, -0.2)),
    moving("zoom_out", "RandomZoom", height_factor=(0.3, 0.3), width_factor=(0.1, 0.1)),
    moving("zoom_constant", "RandomZoom", height_factor=(0.5, 0.5), fill_mode="constant", fill_value=1.0),
    Case("shear", "RandomShear", {"x_factor": 0.5, "y_factor": 0.5}, SHEAR, parts=True),
    Case("shear_constant", "RandomShear", {"x_factor": 0.5, "fill_mode": "constant", "fill_value": 4.0}, SHEAR, parts=True),
    Case("perspective", "RandomPerspective", {}, SEEN, parts=True),
    Case("perspective_filled", "RandomPerspective", {"fill_value": 5.0, "interpolation": "nearest"}, SEEN_BOTH, parts=True),
    Case("contrast", "RandomContrast", {"factor": 0.5}, {"contrast_factor": _per_image(1.5, 0.4)}),
    Case("contrast_call", "RandomContrast", {"factor": (-0.3, 0.3), "value_range": (0, 200)}),
    Case("brightness", "RandomBrightness", {"factor": 0.5}, {"rgb_delta": _per_image(40.0, -60.5)}),
    Case("brightness_call", "RandomBrightness", {"factor": (0.2, 0.2), "value_range": (-1, 1)}, data="signed"),
    Case("hue", "RandomHue", {"factor": 0.5}, {"factor": np.array([0.3, -0.4], "float32")}),
    Case("hue_signed", "RandomHue", {"factor": 0.5, "value_range": (-1, 1)}, {"factor": np.array([0.3, -0.4], "float32")}, data="signed"),
    Case("saturation", "RandomSaturation", {"factor": 0.5}, {"factor": np.array([0.3, 0.9], "float32")}),
    Case("saturation_call", "RandomSaturation", {"factor": (0.45, 0.45)}),
    Case("saturation_grey", "RandomSaturation", {"factor": (0.0, 0.0)}),
    Case("jitter", "RandomColorJitter", {"brightness_factor": (0.1, 0.1), "contrast_factor": (-0.2, 0.2), "saturation_factor": (0.4, 0.4)}),
    Case("degeneration", "RandomColorDegeneration", {"factor": 0.5}, {"factor": _per_image(0.3, -0.4)}),
    Case("degeneration_first", "RandomColorDegeneration", {"factor": (0.4, 0.4), "data_format": "channels_first"}, data="first"),
    Case("grayscale", "RandomGrayscale", {"factor": 1.0}),
    Case("grayscale_bytes", "RandomGrayscale", {"factor": 1.0}, data="bytes"),
    Case("invert", "RandomInvert", {}, {"apply_inversion": FIRST}),
    Case("invert_call", "RandomInvert", {"factor": (1.0, 1.0), "value_range": (0, 300)}),
    Case("sharpness", "RandomSharpness", {"factor": 0.5}, {"factor": np.array([0.1, 0.9], "float32")}),
    Case("sharpness_call", "RandomSharpness", {"factor": (0.7, 0.7), "value_range": (-1, 1)}, data="signed"),
    Case("posterization", "RandomPosterization", {"factor": 4}, {"shift_factor": np.array([5, 2], "uint8")}),
    Case("posterization_signed", "RandomPosterization", {"factor": (3, 3), "value_range": (-1, 1)}, data="signed"),
    Case("erasing", "RandomErasing", {}, {"apply_erasing": FIRST, "batch_masks": CUT, "fill_value": np.full(SHAPE, 8.0, "float32")}),
    Case("blur", "RandomGaussianBlur", {"factor": (1.0, 1.0)}, {"should_apply_blur": FIRST, "blur_factor": np.array([0.7, 1.3], "float32")}),
    Case("blur_wide", "RandomGaussianBlur", {"kernel_size": 5, "value_range": (0, 200)}, {"should_apply_blur": YES, "blur_factor": np.array([2.0, 2.0], "float32")}),
    Case("auto_contrast", "AutoContrast", {}),
    Case("auto_contrast_signed", "AutoContrast", {"value_range": (-1, 1)}, data="signed"),
    Case("equalization", "Equalization", {}, data="larger"),
    Case("equalization_floats", "Equalization", {}, data="single"),
    Case("equalization_bins", "Equalization", {"bins": 16}, data="single"),
    Case("equalization_unit", "Equalization", {"value_range": (0, 1)}, data="unit"),
    Case("clahe", "ContrastLimitedAdaptiveHistogramEqualization", {"tile_grid_size": (2, 2)}, data="whole"),
    Case("clahe_larger", "ContrastLimitedAdaptiveHistogramEqualization", {}, data="larger"),
    Case("clahe_sharp", "ContrastLimitedAdaptiveHistogramEqualization", {"clip_limit": 1.5, "tile_grid_size": (3, 4)}, data="larger"),
    Case("clahe_unlimited", "ContrastLimitedAdaptiveHistogramEqualization", {"clip_limit": 0.0, "tile_grid_size": (1, 2)}, data="larger"),
    Case("clahe_bytes", "ContrastLimitedAdaptiveHistogramEqualization", {"tile_grid_size": (2, 2)}, data="bytes"),
    Case("solarization", "Solarization", {}),
    Case("solarization_drawn", "Solarization", {"addition_factor": 0.3, "threshold_factor": 0.5}, {"additions": _per_image(30.0, 0.0), "thresholds": _per_image(50.0, 200.0)}),
    Case("solarization_signed", "Solarization", {"value_range": (-1, 1)}, {"additions": _per_image(30.0, 0.0), "thresholds": _per_image(50.0, 200.0)}, data="signed"),
    Case("cut_mix", "CutMix", {}, {"permutation_order": ORDER, "batch_masks": CUT, "mix_weight": _per_image(0.3, 0.6)}),
    Case("mix_up", "MixUp", {}, {"permutation_order": ORDER, "mix_weight": np.array([0.3, 0.6], "float32")}),
    Case("max_boxes", "MaxNumBoundingBoxes", {"max_number": 1}, parts=True),
    Case("max_boxes_more", "MaxNumBoundingBoxes", {"max_number": 3}, parts=True),
]  # fmt: skip

CONFIGS = [
    ("RandomFlip", {"seed": 3, "bounding_box_format": "xywh"}),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": (0.1, 0.3)}),
    ("RandomRotation", {"factor": 0.2, "fill_mode": "wrap", "seed": 1}),
    ("RandomZoom", {"height_factor": 0.2}),
    ("RandomCrop", {"height": 3, "width": 4, "seed": 5}),
    ("RandomElasticTransform", {"scale": 0.5}),
    ("RandomErasing", {"scale": 0.1, "fill_value": 7.0}),
    ("RandomGaussianBlur", {"sigma": 0.5, "kernel_size": 5}),
    ("RandomColorJitter", {"hue_factor": 0.2, "seed": 4}),
    ("RandomGrayscale", {"factor": 0.3}),
    ("RandAugment", {"num_ops": 3, "factor": 0.4}),
    ("AugMix", {"all_ops": False, "num_chains": 2}),
    ("MixUp", {"alpha": 0.4}),
    ("CutMix", {"factor": (0.2, 0.5)}),
    ("ContrastLimitedAdaptiveHistogramEqualization", {"tile_grid_size": 4}),
    ("Solarization", {"addition_factor": 0.2, "threshold_factor": (0.1, 0.4)}),
]

ANCHORS = np.array([[1, 1, 5, 6], [2, 3, 8, 8]], "float32")
OTHERS = np.array([[2, 2, 5, 6], [0, 0, 3, 3], [-1, -1, -1, -1]], "float32")
DELTAS = np.array([[0.1, -0.2, 0.18, -0.5], [0.1, 0.3, 0.2, 0.29]], "float32")
WIDE = BOXES + np.array([-3, -2, 4, 3], "float32")
FORMATS = ("xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh")
STILL = {"angle": 0, "translate_x": 0, "translate_y": 0, "scale": 1, "shear_x": 0, "shear_y": 0}


def _moved(**numbers: Any) -> dict[str, Any]:
    per_image = {name: np.array([value, -0.5 * value if name != "scale" else value], "float32") for name, value in {**STILL, **numbers}.items()}  # fmt: skip
    return {"boxes": BOXES, **per_image, "height": 8, "width": 10}


BOX_FUNCTIONS = [
    *(("convert_format", {"boxes": BOXES, "source": "xyxy", "target": f, "height": 8, "width": 10}) for f in FORMATS),
    *(("convert_format", {"boxes": BOXES / 10, "source": f, "target": "xyxy", "height": 8, "width": 10}) for f in FORMATS),
    ("clip_to_image_size", {"bounding_boxes": {"boxes": WIDE, "labels": BOX_LABELS}, "height": 8, "width": 10}),
    ("clip_to_image_size", {"bounding_boxes": {"boxes": WIDE / 10, "labels": BOX_LABELS}, "bounding_box_format": "rel_xyxy"}),
    *(("affine_transform", _moved(**{name: value})) for name, value in (("angle", 30), ("translate_x", 0.1), ("translate_y", 0.2), ("scale", 1.5), ("shear_x", 10), ("shear_y", 5))),
    ("affine_transform", _moved(angle=20, translate_x=0.1, translate_y=0.05, scale=1.3, shear_x=10, shear_y=7)),
    ("affine_transform", {**_moved(angle=30, scale=1.2), "center_x": 0.2, "center_y": 0.3}),
    ("crop", {"boxes": BOXES, "top": 1, "left": 2, "height": 4, "width": 5}),
    ("pad", {"boxes": BOXES, "top": 1, "left": 2}),
    ("compute_iou", {"boxes1": BOXES[0], "boxes2": OTHERS, "bounding_box_format": "xyxy"}),
    ("compute_iou", {"boxes1": BOXES[0], "boxes2": OTHERS, "bounding_box_format": "xyxy", "use_masking": True, "mask_val": -5}),
    ("compute_iou", {"boxes1": BOXES, "boxes2": OTHERS, "bounding_box_format": "xywh"}),
    ("compute_iou", {"boxes1": BOXES / 10, "boxes2": BOXES / 9, "bounding_box_format": "rel_xyxy", "image_shape": (8, 10, 3)}),
    ("compute_ciou", {"boxes1": BOXES, "boxes2": BOXES[:, ::-1], "bounding_box_format": "xyxy"}),
    ("compute_ciou", {"boxes1": BOXES[0], "boxes2": OTHERS[:2], "bounding_box_format": "center_xywh"}),
    ("encode_box_to_deltas", {"anchors": ANCHORS, "boxes": BOXES[0], "anchor_format": "xyxy", "box_format": "xyxy"}),
    ("encode_box_to_deltas", {"anchors": ANCHORS, "boxes": BOXES, "anchor_format": "xywh", "box_format": "yxyx", "encoding_format": "center_xywh", "variance": [0.1, 0.1, 0.2, 0.2]}),
    ("encode_box_to_deltas", {"anchors": ANCHORS / 10, "boxes": BOXES[0] / 10, "anchor_format": "rel_xyxy", "box_format": "rel_xyxy", "image_shape": (8, 10, 3)}),
    ("decode_deltas_to_boxes", {"anchors": ANCHORS, "boxes_delta": DELTAS, "anchor_format": "xyxy", "box_format": "xyxy"}),
    ("decode_deltas_to_boxes", {"anchors": ANCHORS, "boxes_delta": DELTAS, "anchor_format": "xyxy", "box_format": "xywh", "encoded_format": "center_xywh", "variance": [0.1, 0.1, 0.2, 0.2]}),
    ("decode_deltas_to_boxes", {"anchors": ANCHORS / 10, "boxes_delta": DELTAS, "anchor_format": "rel_xyxy", "box_format": "rel_xyxy", "image_shape": (8, 10, 3)}),
]  # fmt: skip
