# Keras 2.2: variational autoencoder with a Lambda for the sampling and add_loss for the two terms.
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, Lambda
from keras.losses import mse
from keras.models import Model

np.random.seed(11)
original_dim, latent_dim = 12, 2
angles = np.random.uniform(0, 2 * np.pi, 256)
x_train = np.stack([0.5 + 0.4 * np.cos(angles + k) for k in range(original_dim)], axis=1).astype("float32")


def sampling(args):
    z_mean, z_log_var = args
    batch = K.shape(z_mean)[0]
    dim = K.int_shape(z_mean)[1]
    epsilon = K.random_normal(shape=(batch, dim))
    return z_mean + K.exp(0.5 * z_log_var) * epsilon


inputs = Input(shape=(original_dim,), name="encoder_input")
x = Dense(32, activation="relu")(inputs)
z_mean = Dense(latent_dim, name="z_mean")(x)
z_log_var = Dense(latent_dim, name="z_log_var")(x)
z = Lambda(sampling, output_shape=(latent_dim,), name="z")([z_mean, z_log_var])
encoder = Model(inputs, [z_mean, z_log_var, z], name="encoder")
latent_inputs = Input(shape=(latent_dim,), name="z_sampling")
x = Dense(32, activation="relu")(latent_inputs)
outputs = Dense(original_dim, activation="sigmoid")(x)
decoder = Model(latent_inputs, outputs, name="decoder")
outputs = decoder(encoder(inputs)[2])
vae = Model(inputs, outputs, name="vae_mlp")

reconstruction_loss = mse(inputs, outputs)
reconstruction_loss *= original_dim
kl_loss = 1 + z_log_var - K.square(z_mean) - K.exp(z_log_var)
kl_loss = K.sum(kl_loss, axis=-1)
kl_loss *= -0.5
vae_loss = K.mean(reconstruction_loss + 0.01 * kl_loss)
vae.add_loss(vae_loss)
vae.compile(optimizer="adam")
history = vae.fit(x_train, epochs=60, batch_size=32, verbose=0)
print(history.history["loss"][0], history.history["loss"][-1])
assert history.history["loss"][-1] < 0.35 * history.history["loss"][0]

mean, log_var, sample = encoder.predict(x_train)
assert mean.shape == log_var.shape == sample.shape == (256, 2)
assert decoder.predict(mean).shape == (256, 12)
assert np.mean((decoder.predict(mean) - x_train) ** 2) < 0.03
