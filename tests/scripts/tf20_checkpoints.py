# TensorFlow 2.0: tf.train.Checkpoint and CheckpointManager around an own loop, stopped and taken up again.
import os

import numpy as np
import tensorflow as tf


class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.l1 = tf.keras.layers.Dense(5)

    def call(self, x):
        return self.l1(x)


def toy_dataset():
    inputs = tf.range(10.0)[:, None]
    labels = inputs * 5.0 + tf.range(5.0)[None, :]
    return tf.data.Dataset.from_tensor_slices(dict(x=inputs, y=labels)).repeat().batch(2)


def train_step(net, example, optimizer):
    with tf.GradientTape() as tape:
        output = net(example["x"])
        loss = tf.reduce_mean(tf.abs(output - example["y"]))
    variables = net.trainable_variables
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


def train_and_checkpoint(net, ckpt, manager, opt, steps):
    status = ckpt.restore(manager.latest_checkpoint)
    if manager.latest_checkpoint:
        status.assert_existing_objects_matched()
        print("Restored from {}".format(manager.latest_checkpoint))
    else:
        print("Initializing from scratch.")
    start = int(ckpt.step)
    for example in toy_dataset().take(steps):
        loss = train_step(net, example, opt)
        ckpt.step.assign_add(1)
        if int(ckpt.step) % 10 == 0:
            manager.save()
    return start, float(loss)


def fresh():
    net, opt = Net(), tf.keras.optimizers.Adam(0.1)
    net(tf.zeros((1, 1)))
    ckpt = tf.train.Checkpoint(step=tf.Variable(1), optimizer=opt, net=net)
    return net, opt, ckpt, tf.train.CheckpointManager(ckpt, "./tf_ckpts", max_to_keep=3)


net, opt, ckpt, manager = fresh()
start, loss = train_and_checkpoint(net, ckpt, manager, opt, 50)
assert start == 1
assert [os.path.basename(path) for path in manager.checkpoints] == ["ckpt-3", "ckpt-4", "ckpt-5"]
assert not os.path.exists("./tf_ckpts/ckpt-2.index")
weights = [v.numpy() for v in net.trainable_variables]

again, opt2, ckpt2, manager2 = fresh()
ckpt2.restore(manager2.latest_checkpoint)
assert int(ckpt2.step) == 50
assert opt2.iterations.numpy() == 49
start, later = train_and_checkpoint(again, ckpt2, manager2, opt2, 200)
assert start == 50
assert later < loss

only_bias = tf.train.Checkpoint(bias=tf.Variable(tf.zeros([5])))
target = tf.Variable(tf.zeros([5]))
to_restore = tf.train.Checkpoint(bias=target)
fake_layer = tf.train.Checkpoint(l1=to_restore)
status = tf.train.Checkpoint(net=fake_layer).restore(manager2.latest_checkpoint)
assert np.abs(target.numpy()).max() > 0
names = [name for name, _ in tf.train.list_variables(tf.train.latest_checkpoint("./tf_ckpts/"))]
assert "net/l1/kernel/.ATTRIBUTES/VARIABLE_VALUE" in names
assert tf.train.load_variable("./tf_ckpts", "step/.ATTRIBUTES/VARIABLE_VALUE") == 250
again.save_weights("./plain/weights")
net.load_weights("./plain/weights")
np.testing.assert_array_equal(net.l1.kernel.numpy(), again.l1.kernel.numpy())
