# Keras 2.2: Tokenizer, pad_sequences, GloVe-like embedding matrix with trainable=False, 1D convolutions.
import numpy as np
from keras.initializers import Constant
from keras.layers import Conv1D, Dense, Embedding, GlobalMaxPooling1D, Input, MaxPooling1D
from keras.models import Model
from keras.preprocessing.sequence import pad_sequences
from keras.preprocessing.text import Tokenizer, text_to_word_sequence
from keras.utils import to_categorical

np.random.seed(42)
good = "good great fine lovely happy".split()
bad = "bad poor awful sad dull".split()
filler = "the film was a story of people and music".split()
texts, labels = [], []
for i in range(160):
    mood = good if i % 2 else bad
    words = list(np.random.choice(filler, 9)) + list(np.random.choice(mood, 2))
    np.random.shuffle(words)
    texts.append(" ".join(words).capitalize() + "!")
    labels.append(i % 2)

tokenizer = Tokenizer(num_words=15)
tokenizer.fit_on_texts(texts)
sequences = tokenizer.texts_to_sequences(texts)
word_index = tokenizer.word_index
assert set(word_index) == set(good + bad + filler)
assert max(max(s) for s in sequences) == 14
counts = [tokenizer.word_counts[w] for w in sorted(word_index, key=word_index.get)]
assert counts == sorted(counts, reverse=True)
assert text_to_word_sequence("Hello, big World!") == ["hello", "big", "world"]

tokenizer = Tokenizer(num_words=None, oov_token="<unk>")
tokenizer.fit_on_texts(texts)
assert tokenizer.texts_to_sequences(["unheard good"])[0] == [1, tokenizer.word_index["good"]]
matrix = tokenizer.texts_to_matrix(["good good film"], mode="count")
assert matrix[0, tokenizer.word_index["good"]] == 2
data = pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=12)
assert data.shape == (160, 12)
assert (data[:, 0] == 0).all()
targets = to_categorical(np.asarray(labels))
indices = np.arange(data.shape[0])
np.random.shuffle(indices)
data, targets = data[indices], targets[indices]

num_words = len(tokenizer.word_index) + 1
embedding_matrix = np.random.normal(0, 0.5, (num_words, 16))
embedding_layer = Embedding(
    num_words, 16, embeddings_initializer=Constant(embedding_matrix), input_length=12, trainable=False
)
sequence_input = Input(shape=(12,), dtype="int32")
x = embedding_layer(sequence_input)
x = Conv1D(24, 3, activation="relu", padding="same")(x)
x = MaxPooling1D(2)(x)
x = Conv1D(24, 3, activation="relu")(x)
x = GlobalMaxPooling1D()(x)
preds = Dense(2, activation="softmax")(x)
model = Model(sequence_input, preds)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["acc"])
history = model.fit(data, targets, batch_size=20, epochs=40, validation_split=0.2, verbose=0)
print(history.history["val_acc"][-1])
assert history.history["val_acc"][-1] > 0.9
np.testing.assert_allclose(embedding_layer.get_weights()[0], embedding_matrix, rtol=1e-6)
assert len(model.non_trainable_weights) == 1
