# Keras 2.2: many layers of shape and merging, exact values and shapes.
import numpy as np
from keras import layers
from keras.layers import (
    Add, Average, AveragePooling1D, Cropping1D, Cropping2D, Dot, Flatten, GlobalMaxPooling1D, Input, Lambda, Maximum,
    Multiply, Permute, RepeatVector, Reshape, Subtract, UpSampling1D, UpSampling2D, ZeroPadding1D, ZeroPadding2D,
)  # fmt: skip
from keras.layers.merge import add, concatenate, dot, maximum, multiply
from keras.models import Model

rng = np.random.RandomState(0)
a_in, b_in = Input(shape=(4, 3)), Input(shape=(4, 3))
a, b = rng.rand(2, 4, 3), rng.rand(2, 4, 3)


def check(layer_output, expected, inputs=(a_in, b_in), values=(a, b)):
    model = Model(list(inputs), layer_output)
    result = model.predict(list(values))
    assert result.shape == expected.shape, (result.shape, expected.shape)
    assert model.output_shape == (None,) + expected.shape[1:]
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=1e-6)


check(Add()([a_in, b_in]), a + b)
check(Subtract()([a_in, b_in]), a - b)
check(Multiply()([a_in, b_in]), a * b)
check(Average()([a_in, b_in]), (a + b) / 2)
check(Maximum()([a_in, b_in]), np.maximum(a, b))
check(Dot(axes=2)([a_in, b_in]), np.einsum("bik,bjk->bij", a, b))
check(Dot(axes=(1, 1), normalize=False)([a_in, b_in]), np.einsum("bki,bkj->bij", a, b))
check(concatenate([a_in, b_in], axis=1), np.concatenate([a, b], axis=1))
check(add([multiply([a_in, a_in]), maximum([a_in, b_in])]), a * a + np.maximum(a, b))
check(dot([Flatten()(a_in), Flatten()(b_in)], axes=1), (a * b).sum(axis=(1, 2))[:, None])

one, value = (a_in,), (a,)
check(Permute((2, 1))(a_in), a.transpose(0, 2, 1), one, value)
check(Reshape((2, 6))(a_in), a.reshape(2, 2, 6), one, value)
check(Reshape((-1, 2))(a_in), a.reshape(2, 6, 2), one, value)
check(ZeroPadding1D((1, 2))(a_in), np.pad(a, ((0, 0), (1, 2), (0, 0)), "constant"), one, value)
check(Cropping1D((1, 1))(a_in), a[:, 1:-1], one, value)
check(UpSampling1D(2)(a_in), a.repeat(2, axis=1), one, value)
check(AveragePooling1D(2)(a_in), a.reshape(2, 2, 2, 3).mean(axis=2), one, value)
check(GlobalMaxPooling1D()(a_in), a.max(axis=1), one, value)
check(Lambda(lambda t: t**2 + 1, output_shape=(4, 3))(a_in), a**2 + 1, one, value)
check(RepeatVector(3)(Flatten()(a_in)), np.stack([a.reshape(2, 12)] * 3, axis=1), one, value)

image_in, image = Input(shape=(4, 4, 2)), rng.rand(2, 4, 4, 2)
check(
    ZeroPadding2D(((1, 0), (0, 2)))(image_in),
    np.pad(image, ((0, 0), (1, 0), (0, 2), (0, 0)), "constant"),
    (image_in,),
    (image,),
)
check(Cropping2D(((1, 1), (0, 2)))(image_in), image[:, 1:-1, :-2], (image_in,), (image,))
check(UpSampling2D((2, 1))(image_in), image.repeat(2, axis=1), (image_in,), (image,))
check(
    layers.MaxPooling2D(pool_size=2, strides=None)(image_in),
    image.reshape(2, 2, 2, 2, 2, 2).max(axis=(2, 4)),
    (image_in,),
    (image,),
)
spread = layers.TimeDistributed(layers.Dense(2, use_bias=False, kernel_initializer="ones"))
check(spread(a_in), a.sum(axis=2, keepdims=True).repeat(2, axis=2), one, value)
both = layers.Bidirectional(
    layers.SimpleRNN(
        1, kernel_initializer="ones", recurrent_initializer="zeros", activation="linear", return_sequences=True
    ),
    merge_mode="sum",
)
check(both(a_in), 2 * a.sum(axis=2, keepdims=True), one, value)
