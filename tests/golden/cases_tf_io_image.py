"""What `record_tf_io.py` records from TensorFlow 2.21 and `test_tf_io.py` checks: pictures (tf.image)."""

import numpy as np

_R = np.random.RandomState(7)
A8 = _R.randint(0, 256, (9, 7, 3)).astype(np.uint8)
A16 = _R.randint(0, 65536, (5, 6, 3)).astype(np.uint16)
F = _R.rand(9, 7, 3).astype(np.float32)
B = _R.rand(2, 6, 8, 3).astype(np.float32)
G = _R.rand(2, 6, 8, 1).astype(np.float32)
BIG = _R.rand(2, 190, 181, 1).astype(np.float32)
BIG2 = np.clip(BIG + _R.randn(2, 190, 181, 1) * 0.1, 0, 1).astype(np.float32)
BOXES = np.array(
    [[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11], [1, 11.1, 0, 10.1], [0, 100, 1, 101]],
    np.float32,
)
SCORES = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3], np.float32)
MANY = np.concatenate([(c := _R.rand(40, 2)), c + 0.3 * _R.rand(40, 2)], 1).astype(np.float32)
MANY_SCORES = _R.permutation(40).astype(np.float32) / 40
CROPS = np.array([[0.1, 0.1, 0.9, 0.8], [0.9, 0, 0.2, 1], [-0.2, 0.3, 1.3, 0.7]], np.float32)
DRAWN = np.array([[[0.2, 0.25, 0.75, 0.8], [-0.2, 0.1, 0.5, 1.8]]] * 2, np.float32)
METHODS = ["bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic"]

# name of the function, arguments (arrays become tensors), options
CASES = [
    *(("resize", [A8, (5, 13)], {"method": m}) for m in METHODS),
    *(("resize", [B, (4, 3)], {"method": m, "antialias": True}) for m in METHODS),
    *(("resize", [F, (20, 15)], {"method": m, "antialias": a}) for m in ("bicubic", "lanczos3") for a in (False, True)),
    ("resize", [A8, (9, 7)], {}),
    ("resize", [A8, (5, 6)], {"preserve_aspect_ratio": True}),
    ("resize", [A8, (30, 15)], {"preserve_aspect_ratio": True, "method": "nearest"}),
    ("resize_with_pad", [A8, 7, 12], {}),
    ("resize_with_pad", [B, 10, 5], {"method": "nearest", "antialias": True}),
    ("resize_with_crop_or_pad", [A8, 4, 10], {}),
    ("resize_with_crop_or_pad", [B, 9, 5], {}),
    ("flip_left_right", [A8], {}),
    ("flip_up_down", [B], {}),
    ("transpose", [B], {}),
    *(("rot90", [A8], {"k": k}) for k in (0, 1, 2, 3, 5)),
    ("rot90", [B], {"k": 3}),
    ("crop_to_bounding_box", [A8, 2, 1, 4, 5], {}),
    ("pad_to_bounding_box", [B, 1, 2, 9, 12], {}),
    *(("central_crop", [A8], {"central_fraction": f}) for f in (0.3, 0.5, 0.87, 1.0)),
    ("crop_and_resize", [B, CROPS, np.array([0, 1, 1], np.int32), (4, 5)], {"extrapolation_value": 0.25}),
    ("crop_and_resize", [B, CROPS, np.array([0, 1, 1], np.int32), (3, 1)], {"method": "nearest"}),
    (
        "extract_patches",
        [B],
        {"sizes": [1, 3, 2, 1], "strides": [1, 2, 2, 1], "rates": [1, 1, 1, 1], "padding": "VALID"},
    ),
    (
        "extract_patches",
        [B],
        {"sizes": [1, 2, 2, 1], "strides": [1, 3, 3, 1], "rates": [1, 2, 2, 1], "padding": "SAME"},
    ),
    *(("adjust_brightness", [x, 0.2], {}) for x in (A8, F)),
    *(("adjust_contrast", [x, 1.7], {}) for x in (A8, B)),
    *(("adjust_saturation", [x, s], {}) for x in (A8, F) for s in (0.4, 2.5)),
    *(("adjust_hue", [x, d], {}) for x in (A8, F) for d in (0.1, -0.35)),
    *(("adjust_gamma", [x], {"gamma": 1.8, "gain": 0.9}) for x in (A8, F)),
    *(("rgb_to_grayscale", [x], {}) for x in (A8, F, A16)),
    ("grayscale_to_rgb", [G], {}),
    *((f, [F], {}) for f in ("rgb_to_hsv", "hsv_to_rgb", "rgb_to_yuv", "yuv_to_rgb", "rgb_to_yiq", "yiq_to_rgb")),
    *(("convert_image_dtype", [A8, d], {}) for d in ("float32", "float16", "uint16", "int8", "int32", "uint8")),
    *(("convert_image_dtype", [A16, d], {}) for d in ("uint8", "float32")),
    *(
        ("convert_image_dtype", [F * 1.4 - 0.2, d], {"saturate": s})
        for d in ("uint8", "int16", "int8")
        for s in (True,)
    ),
    ("convert_image_dtype", [np.array([0, 0.5, 1, 2, -1], np.float32), "int32"], {"saturate": True}),
    ("convert_image_dtype", [np.array([0, 100, 127, -128], np.int8), "uint8"], {"saturate": True}),
    *(("per_image_standardization", [x], {}) for x in (A8, B, np.ones((3, 3, 1), np.float32))),
    ("total_variation", [B], {}),
    ("total_variation", [F], {}),
    *((f, [BIG[:, :30, :33], BIG2[:, :30, :33], 1.0], {}) for f in ("psnr", "ssim")),
    (
        "ssim",
        [BIG[:, :30, :33], BIG2[:, :30, :33], 1.0],
        {"filter_size": 7, "filter_sigma": 1.0, "k1": 0.02, "return_index_map": True},
    ),
    *(
        (f, [(x * 255).astype(np.uint8)[:, :40, :40], (y * 255).astype(np.uint8)[:, :40, :40], 255], {})
        for f in ("psnr", "ssim")
        for x, y in [(BIG, BIG2)]
    ),
    ("ssim_multiscale", [BIG, BIG2, 1.0], {}),
    ("ssim_multiscale", [BIG[:, :45, :47], BIG2[:, :45, :47], 1.0], {"power_factors": (0.5, 0.3, 0.2)}),
    ("sobel_edges", [B], {}),
    ("image_gradients", [B], {}),
    ("non_max_suppression", [BOXES, SCORES, 3], {}),
    ("non_max_suppression", [BOXES, SCORES, 10], {"score_threshold": 0.4, "iou_threshold": 0.3}),
    ("non_max_suppression", [MANY, MANY_SCORES, 25], {"iou_threshold": 0.2}),
    ("non_max_suppression_with_scores", [BOXES, SCORES, 6], {"soft_nms_sigma": 0.5}),
    (
        "non_max_suppression_with_scores",
        [MANY, MANY_SCORES, 20],
        {"soft_nms_sigma": 0.3, "score_threshold": 0.2, "iou_threshold": 0.6},
    ),
    ("non_max_suppression_padded", [BOXES[[0, 1, 2, 3, 3, 5]], SCORES, 5], {"pad_to_max_output_size": True}),
    ("non_max_suppression_padded", [BOXES[[0, 1, 2, 3, 3, 5]], SCORES, 5], {}),
    (
        "non_max_suppression_padded",
        [np.stack([MANY, MANY * 2]), np.stack([MANY_SCORES, MANY_SCORES[::-1]]), 12],
        {"pad_to_max_output_size": True, "iou_threshold": 0.3},
    ),
    ("non_max_suppression_overlaps", [np.eye(3, dtype=np.float32), np.array([0.3, 0.2, 0.6], np.float32), 3], {}),
    ("combined_non_max_suppression", [BOXES[None, :, None], SCORES[None, :, None], 4, 5], {}),
    (
        "combined_non_max_suppression",
        [np.stack([BOXES, BOXES + 0.2], 1)[None], np.stack([SCORES, SCORES[::-1]], 1)[None], 3, 9],
        {"clip_boxes": False},
    ),
    (
        "combined_non_max_suppression",
        [np.stack([BOXES, BOXES + 0.2], 1)[None], np.stack([SCORES, SCORES[::-1]], 1)[None], 2, 9],
        {"pad_per_class": True, "score_threshold": 0.5},
    ),
    ("draw_bounding_boxes", [B, DRAWN, None], {}),
    ("draw_bounding_boxes", [np.zeros((2, 10, 12, 3), np.float32), DRAWN, np.array([[0.5, 0.2, 0.1]], np.float32)], {}),
    ("draw_bounding_boxes", [G, DRAWN, None], {}),
    ("extract_glimpse", [B, (3, 3), np.array([[-0.3, 0.2], [0, 0]], np.float32)], {"noise": "zero"}),
    (
        "extract_glimpse",
        [B, (3, 3), np.array([[0.3, 0.2], [0.5, 0.6]], np.float32)],
        {"noise": "zero", "centered": False},
    ),
    ("extract_glimpse", [B, (2, 4), np.array([[1, -2], [0, 1]], np.float32)], {"noise": "zero", "normalized": False}),
    (
        "extract_glimpse",
        [B, (3, 4), np.array([[3, 4], [0, 1]], np.float32)],
        {"noise": "zero", "normalized": False, "centered": False},
    ),
]

STATELESS = [
    ("stateless_random_flip_left_right", [A8]),
    ("stateless_random_flip_up_down", [A8]),
    ("stateless_random_flip_left_right", [np.concatenate([B, B])]),
    ("stateless_random_brightness", [A8, 0.3]),
    ("stateless_random_contrast", [F, 0.4, 1.6]),
    ("stateless_random_hue", [F, 0.2]),
    ("stateless_random_saturation", [F, 0.4, 1.6]),
    ("stateless_random_crop", [A8, (4, 3, 3)]),
]
