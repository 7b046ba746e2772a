# tf.keras 2.x: characters by Embedding and stateful GRU, sampling with tf.random.categorical, StringLookup-free ids.
import numpy as np
import tensorflow as tf

tf.random.set_seed(13)
text = "the cat sat on the mat. " * 60
vocab = sorted(set(text))
char2idx = {u: i for i, u in enumerate(vocab)}
idx2char = np.array(vocab)
text_as_int = np.array([char2idx[c] for c in text])
seq_length, BATCH_SIZE = 20, 8
char_dataset = tf.data.Dataset.from_tensor_slices(text_as_int)
sequences = char_dataset.batch(seq_length + 1, drop_remainder=True)


def split_input_target(chunk):
    return chunk[:-1], chunk[1:]


dataset = sequences.map(split_input_target).shuffle(100).batch(BATCH_SIZE, drop_remainder=True)
assert dataset.element_spec[0].shape.as_list() == [8, 20]


def build_model(batch_size):
    return tf.keras.Sequential(
        [
            tf.keras.layers.Embedding(len(vocab), 8, batch_input_shape=[batch_size, None]),
            tf.keras.layers.GRU(32, return_sequences=True, stateful=True, recurrent_initializer="glorot_uniform"),
            tf.keras.layers.Dense(len(vocab)),
        ]
    )


def loss(labels, logits):
    return tf.keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)


model = build_model(BATCH_SIZE)
for input_example_batch, target_example_batch in dataset.take(1):
    predictions = model(input_example_batch)
    assert predictions.shape == (8, 20, len(vocab))
    first = loss(target_example_batch, predictions).numpy().mean()
assert abs(first - np.log(len(vocab))) < 0.3
model.compile(optimizer=tf.keras.optimizers.Adam(0.02), loss=loss)
callback = tf.keras.callbacks.ModelCheckpoint(filepath="./training/ckpt_{epoch}", save_weights_only=True)
history = model.fit(dataset, epochs=15, callbacks=[callback], verbose=0)
assert history.history["loss"][-1] < 0.5

model = build_model(batch_size=1)
model.load_weights(tf.train.latest_checkpoint("./training"))
model.build(tf.TensorShape([1, None]))
input_eval = tf.expand_dims([char2idx[s] for s in "the "], 0)
text_generated = []
model.reset_states()
for i in range(40):
    predictions = tf.squeeze(model(input_eval), 0) / 0.1
    predicted_id = tf.random.categorical(predictions, num_samples=1)[-1, 0].numpy()
    input_eval = tf.expand_dims([predicted_id], 0)
    text_generated.append(idx2char[predicted_id])
words = ("the " + "".join(text_generated)).split()[:-1]
print(words)
assert np.mean([word in "the cat sat on the mat.".split() for word in words]) > 0.7
