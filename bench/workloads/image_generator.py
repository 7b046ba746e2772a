"""Random rotations, shifts, zooms and flips of pictures, as the textbooks' ImageDataGenerator makes them."""

import time

import numpy as np

TITLE = "ImageDataGenerator.flow: rotation, shifts, zoom, flip of 28x28x1, 32x32x3 and 150x150x3 pictures, batch 32"
UNIT = "seconds per 1,000 pictures"
ROUNDS = 3
TARGETS = {"tf-keras": 3.0}

SHAPES = ((28, 28, 1, 3_200), (32, 32, 3, 3_200), (150, 150, 3, 320))  # rows, columns, channels, pictures
BATCH = 32


def run(generator_class, quick):
    """Seconds per 1,000 pictures, the geometric mean over the sizes; `result` is a pixel's mean."""
    seconds, first, means = [], 0.0, []
    for rows, columns, channels, count in SHAPES:
        count = 64 if quick else count
        pictures = (255 * np.random.default_rng(0).random((count, rows, columns, channels))).astype("float32")
        generator = generator_class(
            rescale=1 / 255, rotation_range=45, width_shift_range=0.15, height_shift_range=0.15, horizontal_flip=True,
            zoom_range=0.5,
        )  # fmt: skip
        flow = generator.flow(pictures, np.arange(count), batch_size=BATCH, seed=1)
        start = time.perf_counter()
        next(flow)
        first += time.perf_counter() - start
        start = time.perf_counter()
        for _ in range(count // BATCH):
            batch, _ = next(flow)
        seconds.append(1000 * (time.perf_counter() - start) / count)
        means.append(float(batch.mean()))
    return {"steady": float(np.exp(np.mean(np.log(seconds)))), "first": first, "result": float(np.mean(means))}


def with_cornu(cornu, quick):
    """Cornu's."""
    return run(cornu.preprocessing.image.ImageDataGenerator, quick)


def with_tf_keras(tf_keras, quick):
    """Keras 2's."""
    return run(tf_keras.preprocessing.image.ImageDataGenerator, quick)
