# TensorFlow 2.x: policy gradient (REINFORCE) on a bandit with a context, by tape and tf.random.categorical.
import numpy as np
import tensorflow as tf

tf.random.set_seed(11)
rng = np.random.RandomState(11)
policy = tf.keras.Sequential([tf.keras.layers.Dense(16, activation="tanh", input_shape=(2,)), tf.keras.layers.Dense(3)])
optimizer = tf.keras.optimizers.Adam(learning_rate=0.02)


def play(contexts, actions):
    best = np.where(contexts[:, 0] > 0, 0, np.where(contexts[:, 1] > 0, 1, 2))
    return (actions == best).astype("float32")


average = []
for episode in range(150):
    contexts = rng.uniform(-1, 1, (64, 2)).astype("float32")
    with tf.GradientTape() as tape:
        logits = policy(contexts)
        actions = tf.squeeze(tf.random.categorical(tf.stop_gradient(logits), 1), axis=1)
        rewards = play(contexts, actions.numpy())
        advantage = tf.constant(rewards - rewards.mean())
        log_probs = -tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
        entropy = -tf.reduce_sum(tf.nn.softmax(logits) * tf.nn.log_softmax(logits), axis=1)
        loss = -tf.reduce_mean(log_probs * advantage + 0.01 * entropy)
    grads = tape.gradient(loss, policy.trainable_variables)
    grads = [tf.clip_by_norm(g, 2.0) for g in grads]
    optimizer.apply_gradients(zip(grads, policy.trainable_variables))
    average.append(rewards.mean())
print(np.mean(average[:10]), np.mean(average[-20:]))
assert np.mean(average[:10]) < 0.55
assert np.mean(average[-20:]) > 0.75
contexts = np.array([[0.9, 0.1], [-0.9, 0.9], [-0.9, -0.9]], dtype="float32")
assert tf.argmax(policy(contexts), axis=1).numpy().tolist() == [0, 1, 2]
