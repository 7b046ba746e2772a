# Keras 2.2: encoder-decoder of LSTMs with return_state, teacher forcing and a decoding loop with its own models.
import numpy as np
from keras.layers import LSTM, Dense, Input
from keras.models import Model

np.random.seed(12)
tokens = "\t\nabcd"  # start, end, letters
index = {char: i for i, char in enumerate(tokens)}
words = ["".join(np.random.choice(list("abcd"), 3)) for _ in range(200)]
targets = ["\t" + word[::-1] + "\n" for word in words]


def one_hot(texts, length):
    out = np.zeros((len(texts), length, len(tokens)), dtype="float32")
    for i, text in enumerate(texts):
        for t, char in enumerate(text):
            out[i, t, index[char]] = 1.0
    return out


encoder_input_data = one_hot(words, 3)
decoder_input_data = one_hot([t[:-1] for t in targets], 4)
decoder_target_data = one_hot([t[1:] for t in targets], 4)

latent_dim = 32
encoder_inputs = Input(shape=(None, len(tokens)))
encoder = LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]
decoder_inputs = Input(shape=(None, len(tokens)))
decoder_lstm = LSTM(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(len(tokens), activation="softmax")
decoder_outputs = decoder_dense(decoder_outputs)
model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
model.optimizer.lr = 0.01
history = model.fit([encoder_input_data, decoder_input_data], decoder_target_data, batch_size=20, epochs=60, verbose=0)
print(history.history["loss"][-1])
assert history.history["loss"][-1] < 0.15

encoder_model = Model(encoder_inputs, encoder_states)
state_inputs = [Input(shape=(latent_dim,)), Input(shape=(latent_dim,))]
outputs, h, c = decoder_lstm(decoder_inputs, initial_state=state_inputs)
decoder_model = Model([decoder_inputs] + state_inputs, [decoder_dense(outputs), h, c])


def decode(sequence):
    states = encoder_model.predict(sequence, verbose=0)
    char, decoded = "\t", ""
    while len(decoded) < 6:
        output, h, c = decoder_model.predict([one_hot([char], 1)] + states, verbose=0)
        assert output.shape == (1, 1, len(tokens))
        char = tokens[int(np.argmax(output[0, -1]))]
        if char == "\n":
            break
        decoded += char
        states = [h, c]
    return decoded


right = sum(decode(encoder_input_data[i : i + 1]) == words[i][::-1] for i in range(20))
print(right, "of 20")
assert right >= 18
