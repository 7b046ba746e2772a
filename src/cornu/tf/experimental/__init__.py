"""`tf.experimental`. Source: tf.experimental."""

from cornu._base.suggest import attribute_error

__getattr__ = attribute_error(
    __name__,
    {"numpy": "cornu.tf.experimental.numpy", "dlpack": "cornu.tf.experimental.dlpack"},
)
