# Keras 2.2: dense autoencoder whose encoder and decoder share layers with it.
import numpy as np
from keras import regularizers
from keras.layers import Dense, Input
from keras.models import Model

np.random.seed(5)
basis = np.random.rand(3, 24)
codes = np.random.rand(300, 3)
x_train = codes.dot(basis)
x_train = (x_train / x_train.max()).astype("float32")

encoding_dim = 6
input_img = Input(shape=(24,))
encoded = Dense(encoding_dim, activation="relu", activity_regularizer=regularizers.l1(1e-7))(input_img)
decoded = Dense(24, activation="sigmoid")(encoded)
autoencoder = Model(input_img, decoded)
encoder = Model(input_img, encoded)
encoded_input = Input(shape=(encoding_dim,))
decoder_layer = autoencoder.layers[-1]
decoder = Model(encoded_input, decoder_layer(encoded_input))

autoencoder.compile(optimizer="adadelta", loss="binary_crossentropy")
autoencoder.compile(optimizer="adam", loss="mse")
before = autoencoder.evaluate(x_train, x_train, verbose=0)
autoencoder.fit(
    x_train, x_train, epochs=120, batch_size=16, shuffle=True, validation_data=(x_train, x_train), verbose=0
)
after = autoencoder.evaluate(x_train, x_train, verbose=0)
print(before, after)
assert after < 0.008 < before

encoded_imgs = encoder.predict(x_train)
decoded_imgs = decoder.predict(encoded_imgs)
assert encoded_imgs.shape == (300, 6)
assert encoded_imgs.mean() >= 0
np.testing.assert_allclose(decoded_imgs, autoencoder.predict(x_train), rtol=1e-4, atol=1e-6)
