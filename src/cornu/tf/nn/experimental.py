"""`tf.nn.experimental`."""

from cornu._base.suggest import attribute_error
from cornu.tf.nn.dropouts import general_dropout as general_dropout
from cornu.tf.nn.dropouts import stateless_dropout as stateless_dropout

__getattr__ = attribute_error(__name__)
