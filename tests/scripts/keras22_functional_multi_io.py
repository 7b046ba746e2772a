# Keras 2.2: functional model of two inputs and two outputs, loss weights by name, layers from their old modules.
import numpy as np
from keras.layers import Concatenate, Dense, Embedding, Input, LSTM
from keras.models import Model
from keras.utils import plot_model  # imported, as scripts do, and not used

np.random.seed(0)
main_input = Input(shape=(10,), dtype="int32", name="main_input")
x = Embedding(output_dim=8, input_dim=50, input_length=10)(main_input)
lstm_out = LSTM(8)(x)
auxiliary_output = Dense(1, activation="sigmoid", name="aux_output")(lstm_out)
auxiliary_input = Input(shape=(5,), name="aux_input")
x = Concatenate()([lstm_out, auxiliary_input])
x = Dense(16, activation="relu")(x)
main_output = Dense(1, activation="sigmoid", name="main_output")(x)
model = Model(inputs=[main_input, auxiliary_input], outputs=[main_output, auxiliary_output])
model.compile(
    optimizer="rmsprop",
    loss={"main_output": "binary_crossentropy", "aux_output": "binary_crossentropy"},
    loss_weights={"main_output": 1.0, "aux_output": 0.2},
    metrics={"main_output": ["accuracy"]},
)

headlines = np.random.randint(1, 50, size=(200, 10))
extra = np.random.randn(200, 5)
labels = (extra[:, 0] + extra[:, 1] > 0).astype("float32")
late = (headlines[:, -1] > 25).astype("float32")
history = model.fit(
    {"main_input": headlines, "aux_input": extra},
    {"main_output": labels, "aux_output": late},
    epochs=12,
    batch_size=20,
    verbose=0,
)
h = history.history
for main, aux, total in zip(h["main_output_loss"], h["aux_output_loss"], h["loss"]):
    assert abs(main + 0.2 * aux - total) < 1e-4
assert h["main_output_loss"][-1] < 0.9 * h["main_output_loss"][0]
assert "main_output_accuracy" in h or "main_output_acc" in h

values = model.evaluate([headlines, extra], [labels, late], verbose=0)
assert dict(zip(model.metrics_names, values))["loss"] == values[0]
assert len(values) == 4
first, second = model.predict([headlines, extra])
assert first.shape == second.shape == (200, 1)
assert model.input_names == ["main_input", "aux_input"]
assert model.output_names == ["main_output", "aux_output"]
