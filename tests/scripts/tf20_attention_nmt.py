# tf.keras 2.0: GRU encoder and decoder with Bahdanau attention, masked loss, greedy decoding.
import numpy as np
import tensorflow as tf

tf.random.set_seed(2)
rng = np.random.RandomState(2)
vocab, units, embedding_dim, length, BATCH = 8, 24, 12, 4, 25  # 0 pads, 1 starts
source = rng.randint(2, vocab, (200, length)).astype("int32")
target = np.concatenate([np.ones((200, 1)), (source[:, ::-1] - 2 + 1) % (vocab - 2) + 2], axis=1).astype("int32")
dataset = tf.data.Dataset.from_tensor_slices((source, target)).shuffle(200, seed=3).batch(BATCH, drop_remainder=True)


class Encoder(tf.keras.Model):
    def __init__(self):
        super(Encoder, self).__init__()
        self.embedding = tf.keras.layers.Embedding(vocab, embedding_dim)
        self.gru = tf.keras.layers.GRU(
            units, return_sequences=True, return_state=True, recurrent_initializer="glorot_uniform"
        )

    def call(self, x, hidden):
        output, state = self.gru(self.embedding(x), initial_state=hidden)
        return output, state

    def initialize_hidden_state(self):
        return tf.zeros((BATCH, units))


class BahdanauAttention(tf.keras.layers.Layer):
    def __init__(self, units):
        super(BahdanauAttention, self).__init__()
        self.W1 = tf.keras.layers.Dense(units)
        self.W2 = tf.keras.layers.Dense(units)
        self.V = tf.keras.layers.Dense(1)

    def call(self, query, values):
        hidden_with_time_axis = tf.expand_dims(query, 1)
        score = self.V(tf.nn.tanh(self.W1(values) + self.W2(hidden_with_time_axis)))
        attention_weights = tf.nn.softmax(score, axis=1)
        context_vector = tf.reduce_sum(attention_weights * values, axis=1)
        return context_vector, attention_weights


class Decoder(tf.keras.Model):
    def __init__(self):
        super(Decoder, self).__init__()
        self.embedding = tf.keras.layers.Embedding(vocab, embedding_dim)
        self.gru = tf.keras.layers.GRU(units, return_sequences=True, return_state=True)
        self.fc = tf.keras.layers.Dense(vocab)
        self.attention = BahdanauAttention(units)

    def call(self, x, hidden, enc_output):
        context_vector, attention_weights = self.attention(hidden, enc_output)
        x = self.embedding(x)
        x = tf.concat([tf.expand_dims(context_vector, 1), x], axis=-1)
        output, state = self.gru(x)
        return self.fc(tf.reshape(output, (-1, output.shape[2]))), state, attention_weights


encoder, decoder = Encoder(), Decoder()
optimizer = tf.keras.optimizers.Adam(0.01)
loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")


def loss_function(real, pred):
    mask = tf.math.logical_not(tf.math.equal(real, 0))
    loss_ = loss_object(real, pred)
    mask = tf.cast(mask, dtype=loss_.dtype)
    return tf.reduce_mean(loss_ * mask)


@tf.function
def train_step(inp, targ, enc_hidden):
    loss = 0
    with tf.GradientTape() as tape:
        enc_output, enc_hidden = encoder(inp, enc_hidden)
        dec_hidden = enc_hidden
        dec_input = tf.expand_dims([1] * BATCH, 1)
        for t in range(1, targ.shape[1]):
            predictions, dec_hidden, _ = decoder(dec_input, dec_hidden, enc_output)
            loss += loss_function(targ[:, t], predictions)
            dec_input = tf.expand_dims(targ[:, t], 1)
    batch_loss = loss / int(targ.shape[1])
    variables = encoder.trainable_variables + decoder.trainable_variables
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return batch_loss


losses = []
for epoch in range(25):
    total_loss = 0
    for batch, (inp, targ) in enumerate(dataset.take(8)):
        total_loss += train_step(inp, targ, encoder.initialize_hidden_state())
    losses.append(float(total_loss) / 8)
print(losses[0], losses[-1])
assert losses[-1] < 0.1 < losses[0]

enc_output, hidden = encoder(source[:BATCH], encoder.initialize_hidden_state())
dec_input, guessed = tf.ones((BATCH, 1), tf.int32), []
for t in range(length):
    predictions, hidden, weights = decoder(dec_input, hidden, enc_output)
    np.testing.assert_allclose(tf.reduce_sum(weights, axis=1), np.ones((BATCH, 1)), rtol=1e-5)
    ids = tf.argmax(predictions, axis=-1, output_type=tf.int32)
    guessed.append(ids.numpy())
    dec_input = ids[:, tf.newaxis]
assert np.mean(np.stack(guessed, 1) == target[:BATCH, 1:]) > 0.9
