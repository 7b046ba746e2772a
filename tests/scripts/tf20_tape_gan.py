# tf.keras 2.0: GAN in the manner of the tutorials, two tapes inside one tf.function.
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

tf.random.set_seed(5)
np.random.seed(5)
BATCH_SIZE, noise_dim = 32, 3
rows = np.random.normal(3.0, 0.5, size=(512, 1)).astype("float32")
train_dataset = tf.data.Dataset.from_tensor_slices(rows).shuffle(512, seed=1).batch(BATCH_SIZE)


def make_generator_model():
    model = tf.keras.Sequential()
    model.add(layers.Dense(16, use_bias=False, input_shape=(noise_dim,)))
    model.add(layers.BatchNormalization())
    model.add(layers.LeakyReLU())
    model.add(layers.Dense(1))
    assert model.output_shape == (None, 1)
    return model


def make_discriminator_model():
    model = tf.keras.Sequential()
    model.add(layers.Dense(16, input_shape=[1]))
    model.add(layers.LeakyReLU())
    model.add(layers.Dropout(0.1))
    model.add(layers.Dense(1))
    return model


generator, discriminator = make_generator_model(), make_discriminator_model()
cross_entropy = tf.keras.losses.BinaryCrossentropy(from_logits=True)


def discriminator_loss(real_output, fake_output):
    real_loss = cross_entropy(tf.ones_like(real_output), real_output)
    fake_loss = cross_entropy(tf.zeros_like(fake_output), fake_output)
    return real_loss + fake_loss


def generator_loss(fake_output):
    return cross_entropy(tf.ones_like(fake_output), fake_output)


generator_optimizer = tf.keras.optimizers.Adam(5e-3)
discriminator_optimizer = tf.keras.optimizers.Adam(5e-3)


@tf.function
def train_step(images):
    noise = tf.random.normal([BATCH_SIZE, noise_dim])
    with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
        generated_images = generator(noise, training=True)
        real_output = discriminator(images, training=True)
        fake_output = discriminator(generated_images, training=True)
        gen_loss = generator_loss(fake_output)
        disc_loss = discriminator_loss(real_output, fake_output)
    gradients_of_generator = gen_tape.gradient(gen_loss, generator.trainable_variables)
    gradients_of_discriminator = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
    generator_optimizer.apply_gradients(zip(gradients_of_generator, generator.trainable_variables))
    discriminator_optimizer.apply_gradients(zip(gradients_of_discriminator, discriminator.trainable_variables))
    return gen_loss, disc_loss


seed = tf.random.normal([200, noise_dim], seed=3)
before = float(tf.reduce_mean(generator(seed, training=False)))
np.testing.assert_allclose(float(discriminator_loss(tf.zeros((4, 1)), tf.zeros((4, 1)))), 2 * np.log(2), rtol=1e-5)
for epoch in range(12):
    for image_batch in train_dataset:
        gen_loss, disc_loss = train_step(image_batch)
after = float(tf.reduce_mean(generator(seed, training=False)))
print(before, after, gen_loss.numpy(), disc_loss.numpy())
assert abs(before) < 1.5
assert 1.8 < after < 4.2
assert 0.6 < float(disc_loss) < 2.0
assert int(generator_optimizer.iterations) == 12 * 16
