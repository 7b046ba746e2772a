# TensorFlow 2.x: tf.image in an augmenting pipeline, files of PNG, exact values where nothing is random.
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(5)
image = rng.randint(0, 256, (6, 8, 3)).astype("uint8")
np.testing.assert_array_equal(tf.image.flip_left_right(image), image[:, ::-1])
np.testing.assert_array_equal(tf.image.flip_up_down(image), image[::-1])
np.testing.assert_array_equal(tf.image.rot90(image), np.rot90(image))
np.testing.assert_array_equal(tf.image.transpose(image), image.transpose(1, 0, 2))
np.testing.assert_array_equal(tf.image.crop_to_bounding_box(image, 1, 2, 3, 4), image[1:4, 2:6])
np.testing.assert_array_equal(tf.image.resize_with_crop_or_pad(image, 4, 4), image[1:5, 2:6])
np.testing.assert_array_equal(
    tf.image.pad_to_bounding_box(image, 1, 1, 8, 10), np.pad(image, ((1, 1), (1, 1), (0, 0)), "constant")
)
floats = tf.image.convert_image_dtype(image, tf.float32)
np.testing.assert_allclose(floats, image / 255.0, rtol=1e-6)
np.testing.assert_allclose(tf.image.adjust_brightness(floats, 0.1), image / 255.0 + 0.1, rtol=1e-5)
grey = tf.image.rgb_to_grayscale(floats)
np.testing.assert_allclose(grey[..., 0], (image / 255.0) @ [0.2989, 0.587, 0.114], rtol=1e-3)
standard = tf.image.per_image_standardization(floats).numpy()
assert abs(standard.mean()) < 1e-5
assert abs(standard.std() - 1) < 1e-3
np.testing.assert_array_equal(
    tf.image.resize(image, [12, 16], method="nearest"), image.repeat(2, axis=0).repeat(2, axis=1)
)
half = tf.image.resize(tf.cast(image, tf.float32), [3, 4])
np.testing.assert_allclose(half, image.reshape(3, 2, 4, 2, 3).mean(axis=(1, 3)), rtol=1e-4)

tf.io.write_file("picture.png", tf.io.encode_png(image))
raw = tf.io.read_file("picture.png")
np.testing.assert_array_equal(tf.io.decode_png(raw, channels=3), image)
np.testing.assert_array_equal(tf.image.decode_image(raw), image)


def augment(picture, label):
    picture = tf.cast(picture, tf.float32) / 255.0
    picture = tf.image.resize_with_crop_or_pad(picture, 10, 10)
    picture = tf.image.random_crop(picture, size=[8, 8, 3])
    picture = tf.image.random_flip_left_right(picture)
    picture = tf.image.random_brightness(picture, max_delta=0.1)
    picture = tf.image.random_contrast(picture, 0.9, 1.1)
    return tf.clip_by_value(picture, 0.0, 1.0), label


tf.random.set_seed(3)
pictures = rng.randint(0, 100, (60, 8, 8, 3)).astype("uint8")
labels = np.arange(60) % 2
pictures[labels == 1] += 120
train = tf.data.Dataset.from_tensor_slices((pictures, labels)).shuffle(60).map(augment).batch(20)
for x, y in train.take(1):
    assert x.shape == (20, 8, 8, 3)
    assert 0 <= float(tf.reduce_min(x)) <= float(tf.reduce_max(x)) <= 1
model = tf.keras.Sequential(
    [tf.keras.layers.GlobalAveragePooling2D(input_shape=(8, 8, 3)), tf.keras.layers.Dense(1, activation="sigmoid")]
)
model.compile(tf.keras.optimizers.Adam(0.5), "binary_crossentropy", metrics=["accuracy"])
history = model.fit(train, epochs=20, verbose=0)
assert history.history["accuracy"][-1] > 0.9
