"""Earlier names of what is in `tf.random`, and the stateless shuffle. Source: tf.random.experimental."""

from cornu._base.suggest import attribute_error
from cornu.tf.random.algorithm import Algorithm as Algorithm
from cornu.tf.random.generator import Generator as Generator
from cornu.tf.random.generator import create_rng_state as create_rng_state
from cornu.tf.random.generator import get_global_generator as get_global_generator
from cornu.tf.random.generator import set_global_generator as set_global_generator
from cornu.tf.random.stateless import fold_in, split
from cornu.tf.random.stateless import stateless_shuffle as stateless_shuffle

stateless_fold_in, stateless_split = fold_in, split
__getattr__ = attribute_error(__name__)
