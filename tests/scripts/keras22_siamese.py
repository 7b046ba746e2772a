# Keras 2.2: siamese network with a shared base, Lambda distance and contrastive loss.
import numpy as np
from keras import backend as K
from keras.layers import Dense, Dropout, Input, Lambda
from keras.models import Model
from keras.optimizers import RMSprop

np.random.seed(1)


def euclidean_distance(vects):
    x, y = vects
    sum_square = K.sum(K.square(x - y), axis=1, keepdims=True)
    return K.sqrt(K.maximum(sum_square, K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    margin = 1
    square_pred = K.square(y_pred)
    margin_square = K.square(K.maximum(margin - y_pred, 0))
    return K.mean(y_true * square_pred + (1 - y_true) * margin_square)


def accuracy(y_true, y_pred):
    return K.mean(K.equal(y_true, K.cast(y_pred < 0.5, y_true.dtype)))


centres = np.random.randn(3, 10) * 2
labels = np.random.randint(0, 3, (2, 300))
rows = centres[labels] + 0.3 * np.random.randn(2, 300, 10)
same = (labels[0] == labels[1]).astype("float32")

input_a, input_b = Input(shape=(10,)), Input(shape=(10,))
base_in = Input(shape=(10,))
x = Dense(16, activation="relu")(base_in)
x = Dropout(0.1)(x)
base_network = Model(base_in, Dense(8, activation="relu")(x))
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)(
    [base_network(input_a), base_network(input_b)]
)
model = Model([input_a, input_b], distance)
assert model.count_params() == base_network.count_params() == 10 * 16 + 16 + 16 * 8 + 8
model.compile(loss=contrastive_loss, optimizer=RMSprop(lr=0.003), metrics=[accuracy])
model.fit([rows[0], rows[1]], same, batch_size=30, epochs=60, verbose=0)
y_pred = model.predict([rows[0], rows[1]])
acc = np.mean((y_pred.ravel() < 0.5) == same)
print("* Accuracy: %0.2f%%" % (100 * acc))
assert acc > 0.93
twins = model.predict([rows[0], rows[0]])
np.testing.assert_allclose(twins, np.sqrt(K.epsilon()), rtol=1e-3)
