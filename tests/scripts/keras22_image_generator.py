# Keras 2.2: ImageDataGenerator with flow, a transformation fixed by a seed, and flow_from_directory.
import os

import numpy as np
from keras.layers import Conv2D, Dense, GlobalAveragePooling2D
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator, array_to_img, img_to_array, load_img

np.random.seed(14)
images = np.random.rand(40, 16, 16, 3).astype("float32") * 60
labels = np.arange(40) % 2
images[labels == 1, :, :, 0] += 120

datagen = ImageDataGenerator(
    rescale=1.0 / 255, rotation_range=20, width_shift_range=0.1, horizontal_flip=True, zoom_range=0.1
)
flow = datagen.flow(images, labels, batch_size=10, seed=1)
x, y = next(flow)
assert x.shape == (10, 16, 16, 3)
assert y.shape == (10,)
assert 0 <= x.min() <= x.max() <= 1
assert len(flow) == 4
again, _ = next(datagen.flow(images, labels, batch_size=10, seed=1))
np.testing.assert_allclose(again, x, atol=1e-5)

standard = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
standard.fit(images)
rows = next(standard.flow(images, batch_size=40, shuffle=False))
np.testing.assert_allclose(rows.mean(axis=(0, 1, 2)), 0, atol=1e-3)
np.testing.assert_allclose(rows.std(axis=(0, 1, 2)), 1, atol=1e-3)

model = Sequential(
    [
        Conv2D(6, (3, 3), activation="relu", input_shape=(16, 16, 3)),
        GlobalAveragePooling2D(),
        Dense(1, activation="sigmoid"),
    ]
)
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.optimizer.lr = 0.02
model.fit_generator(flow, steps_per_epoch=4, epochs=12, verbose=0)
accuracy = model.evaluate(images / 255, labels, verbose=0)[1]
assert accuracy > 0.95

for label, kind in enumerate(["blue", "red"]):
    os.makedirs(os.path.join("pictures", kind))
    for i, image in enumerate(images[labels == label][:6]):
        array_to_img(image, scale=False).save(os.path.join("pictures", kind, "%d.png" % i))
again = img_to_array(load_img("pictures/red/0.png", target_size=(8, 8)))
assert again.shape == (8, 8, 3)
files = ImageDataGenerator(rescale=1.0 / 255).flow_from_directory(
    "pictures", target_size=(16, 16), batch_size=4, class_mode="binary", shuffle=False
)
assert files.class_indices == {"blue": 0, "red": 1}
assert files.samples == 12
assert files.classes.tolist() == [0] * 6 + [1] * 6
predicted = model.predict_generator(files, steps=3)
assert ((predicted.ravel() > 0.5) == files.classes).all()
