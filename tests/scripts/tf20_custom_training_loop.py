# tf.keras 2.0: subclassed model, metrics objects, tf.function train and test steps, as the "expert" quickstart does.
import numpy as np
import tensorflow as tf
from tensorflow.keras import Model
from tensorflow.keras.layers import Conv2D, Dense, Flatten

tf.random.set_seed(1)
rng = np.random.RandomState(1)
x_train = rng.rand(256, 8, 8).astype("float32")
y_train = rng.randint(0, 3, 256)
for image, label in zip(x_train, y_train):
    image[label * 2 : label * 2 + 3] += 1.0
x_train = x_train[..., tf.newaxis]
train_ds = tf.data.Dataset.from_tensor_slices((x_train[:192], y_train[:192])).shuffle(1000).batch(32)
test_ds = tf.data.Dataset.from_tensor_slices((x_train[192:], y_train[192:])).batch(32)


class MyModel(Model):
    def __init__(self):
        super(MyModel, self).__init__()
        self.conv1 = Conv2D(8, 3, activation="relu")
        self.flatten = Flatten()
        self.d1 = Dense(32, activation="relu")
        self.d2 = Dense(3)

    def call(self, x):
        x = self.conv1(x)
        x = self.flatten(x)
        x = self.d1(x)
        return self.d2(x)


model = MyModel()
loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(learning_rate=0.003)
train_loss = tf.keras.metrics.Mean(name="train_loss")
train_accuracy = tf.keras.metrics.SparseCategoricalAccuracy(name="train_accuracy")
test_loss = tf.keras.metrics.Mean(name="test_loss")
test_accuracy = tf.keras.metrics.SparseCategoricalAccuracy(name="test_accuracy")


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        predictions = model(images, training=True)
        loss = loss_object(labels, predictions)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    train_loss(loss)
    train_accuracy(labels, predictions)


@tf.function
def test_step(images, labels):
    predictions = model(images, training=False)
    test_loss(loss_object(labels, predictions))
    test_accuracy(labels, predictions)


for epoch in range(8):
    for metric in (train_loss, train_accuracy, test_loss, test_accuracy):
        metric.reset_states()
    for images, labels in train_ds:
        train_step(images, labels)
    for test_images, test_labels in test_ds:
        test_step(test_images, test_labels)
    template = "Epoch {}, Loss: {}, Accuracy: {}, Test Loss: {}, Test Accuracy: {}"
    print(
        template.format(
            epoch + 1,
            train_loss.result(),
            train_accuracy.result() * 100,
            test_loss.result(),
            test_accuracy.result() * 100,
        )
    )
assert train_loss.result().numpy() < 0.4
assert test_accuracy.result() > 0.85
assert optimizer.iterations.numpy() == 8 * 6
logits = tf.concat([model(x) for x, _ in test_ds], axis=0)
labels = tf.concat([y for _, y in test_ds], axis=0)
by_hand = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), tf.cast(labels, tf.int64)), tf.float32))
np.testing.assert_allclose(by_hand, test_accuracy.result(), rtol=1e-6)
