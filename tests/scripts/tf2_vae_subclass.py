# tf.keras 2.x: VAE as subclassed layers with a Sampling layer, add_loss in call and a train_step of its own.
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

tf.random.set_seed(7)
rng = np.random.RandomState(7)
t = rng.uniform(0, 1, (300, 1))
x_train = (0.5 + 0.4 * np.sin(2 * np.pi * (t + np.arange(10)[None] / 10))).astype("float32")


class Sampling(layers.Layer):
    def call(self, inputs):
        z_mean, z_log_var = inputs
        epsilon = tf.random.normal(shape=(tf.shape(z_mean)[0], tf.shape(z_mean)[1]))
        return z_mean + tf.exp(0.5 * z_log_var) * epsilon


class Encoder(layers.Layer):
    def __init__(self, latent_dim=2, name="encoder", **kwargs):
        super(Encoder, self).__init__(name=name, **kwargs)
        self.dense_proj = layers.Dense(24, activation="relu")
        self.dense_mean = layers.Dense(latent_dim)
        self.dense_log_var = layers.Dense(latent_dim)
        self.sampling = Sampling()

    def call(self, inputs):
        x = self.dense_proj(inputs)
        z_mean, z_log_var = self.dense_mean(x), self.dense_log_var(x)
        return z_mean, z_log_var, self.sampling((z_mean, z_log_var))


class VariationalAutoEncoder(keras.Model):
    def __init__(self, original_dim, **kwargs):
        super(VariationalAutoEncoder, self).__init__(**kwargs)
        self.encoder = Encoder()
        self.decoder = keras.Sequential(
            [layers.Dense(24, activation="relu"), layers.Dense(original_dim, activation="sigmoid")]
        )

    def call(self, inputs):
        z_mean, z_log_var, z = self.encoder(inputs)
        kl_loss = -0.5 * tf.reduce_mean(z_log_var - tf.square(z_mean) - tf.exp(z_log_var) + 1)
        self.add_loss(0.001 * kl_loss)
        return self.decoder(z)


vae = VariationalAutoEncoder(10)
vae.compile(optimizer=keras.optimizers.Adam(1e-2), loss=keras.losses.MeanSquaredError())
history = vae.fit(x_train, x_train, epochs=40, batch_size=50, verbose=0)
print(history.history["loss"][0], history.history["loss"][-1])
assert history.history["loss"][-1] < 0.3 * history.history["loss"][0]
vae(x_train[:3])
assert len(vae.losses) == 1

optimizer = tf.keras.optimizers.Adam(learning_rate=1e-2)
mse_loss_fn = tf.keras.losses.MeanSquaredError()
again = VariationalAutoEncoder(10)
dataset = tf.data.Dataset.from_tensor_slices(x_train).shuffle(buffer_size=300).batch(60)
losses = []
for epoch in range(20):
    loss_metric = tf.keras.metrics.Mean()
    for step, x_batch in enumerate(dataset):
        with tf.GradientTape() as tape:
            reconstructed = again(x_batch)
            loss = mse_loss_fn(x_batch, reconstructed)
            loss += sum(again.losses)
        grads = tape.gradient(loss, again.trainable_weights)
        optimizer.apply_gradients(zip(grads, again.trainable_weights))
        loss_metric(loss)
    losses.append(loss_metric.result().numpy())
assert losses[-1] < 0.5 * losses[0]
z_mean, z_log_var, z = again.encoder(x_train[:5])
assert z.shape == (5, 2)
assert again.decoder(tf.zeros((1, 2))).shape.as_list() == [1, 10]
