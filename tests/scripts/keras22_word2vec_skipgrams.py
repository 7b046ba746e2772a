# Keras 2.2: skip-grams and negative sampling, two embeddings joined by Dot, trained by train_on_batch.
import numpy as np
from keras.layers import Activation, Dot, Embedding, Input, Reshape
from keras.models import Model
from keras.preprocessing.sequence import make_sampling_table, skipgrams

np.random.seed(23)
topics = [list(range(1, 7)), list(range(7, 13))]
texts = [list(np.random.choice(topics[i % 2], 12)) for i in range(60)]
vocab_size, dim = 13, 6

table = make_sampling_table(vocab_size, sampling_factor=1e-2)
assert table.shape == (13,)
assert (np.diff(table[1:]) >= 0).all()
couples, labels = skipgrams([1, 2, 3], vocab_size, window_size=1, negative_samples=0.0, shuffle=False)
assert couples == [[1, 2], [2, 1], [2, 3], [3, 2]]
assert labels == [1, 1, 1, 1]

word, context = Input(shape=(1,), dtype="int32"), Input(shape=(1,), dtype="int32")
target = Embedding(vocab_size, dim, name="words")(word)
other = Embedding(vocab_size, dim, name="contexts")(context)
similarity = Reshape((1,))(Dot(axes=2)([target, other]))
model = Model([word, context], Activation("sigmoid")(similarity))
assert model.output_shape == (None, 1)
model.compile(loss="binary_crossentropy", optimizer="adam")
model.optimizer.lr = 0.03
losses = []
for epoch in range(6):
    loss = 0.0
    for text in texts:
        pairs, y = skipgrams(text, vocab_size, window_size=3, negative_samples=1.0)
        pairs, y = np.array(pairs, dtype="int32"), np.array(y, dtype="int32")
        loss += model.train_on_batch([pairs[:, 0], pairs[:, 1]], y)
    losses.append(loss / len(texts))
print(losses)
assert losses[-1] < losses[0] - 0.08
words = model.get_layer("words").get_weights()[0]
contexts = model.get_layer("contexts").get_weights()[0]
scores = words.dot(contexts.T)
same = np.mean([scores[a, b] for topic in topics for a in topic for b in topic])
cross = np.mean([scores[a, b] for a in topics[0] for b in topics[1]])
assert same > cross + 0.5
