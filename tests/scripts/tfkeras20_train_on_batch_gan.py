# tf.keras 2.0: GAN trained by train_on_batch, the discriminator frozen inside the combined model.
import numpy as np
from tensorflow.keras.layers import BatchNormalization, Dense, Input, LeakyReLU
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import Adam

np.random.seed(10)
latent_dim = 4


def real_rows(n):
    t = np.random.uniform(-1, 1, (n, 1))
    return np.hstack([t, t**2 + 2.0])


def build_generator():
    model = Sequential()
    model.add(Dense(16, input_dim=latent_dim))
    model.add(LeakyReLU(alpha=0.2))
    model.add(BatchNormalization(momentum=0.8))
    model.add(Dense(2))
    noise = Input(shape=(latent_dim,))
    return Model(noise, model(noise))


def build_discriminator():
    model = Sequential()
    model.add(Dense(16, input_dim=2))
    model.add(LeakyReLU(alpha=0.2))
    model.add(Dense(1, activation="sigmoid"))
    row = Input(shape=(2,))
    return Model(row, model(row))


optimizer = Adam(0.005, 0.5)
discriminator = build_discriminator()
discriminator.compile(loss="binary_crossentropy", optimizer=Adam(0.005, 0.5), metrics=["accuracy"])
generator = build_generator()
z = Input(shape=(latent_dim,))
discriminator.trainable = False
combined = Model(z, discriminator(generator(z)))
combined.compile(loss="binary_crossentropy", optimizer=optimizer)
assert len(combined.trainable_weights) == len(generator.trainable_weights) == 6

batch = 32
valid, fake = np.ones((batch, 1)), np.zeros((batch, 1))
far = abs(generator.predict(np.random.normal(0, 1, (200, latent_dim)))[:, 1].mean() - 2.33)
for epoch in range(200):
    gen_rows = generator.predict(np.random.normal(0, 1, (batch, latent_dim)), verbose=0)
    d_real = discriminator.train_on_batch(real_rows(batch), valid)
    d_fake = discriminator.train_on_batch(gen_rows, fake)
    d_loss = 0.5 * np.add(d_real, d_fake)
    before = discriminator.get_weights()
    g_loss = combined.train_on_batch(np.random.normal(0, 1, (batch, latent_dim)), valid)
    assert all((a == b).all() for a, b in zip(before, discriminator.get_weights()))
print("%d [D loss: %f, acc.: %.2f%%] [G loss: %f]" % (epoch, d_loss[0], 100 * d_loss[1], g_loss))
assert d_loss.shape == (2,)
assert 0.2 < d_loss[0] < 1.2
near = abs(generator.predict(np.random.normal(0, 1, (200, latent_dim)))[:, 1].mean() - 2.33)
assert near < 0.9 < far
