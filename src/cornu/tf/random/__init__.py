"""Random numbers, the same as TensorFlow's on CPU. Source: tf.random."""

from cornu._base.suggest import attribute_error
from cornu.tf.random import experimental as experimental
from cornu.tf.random.algorithm import Algorithm as Algorithm
from cornu.tf.random.candidates import log_uniform_candidate_sampler as log_uniform_candidate_sampler
from cornu.tf.random.candidates import uniform_candidate_sampler as uniform_candidate_sampler
from cornu.tf.random.generator import Generator as Generator
from cornu.tf.random.generator import create_rng_state as create_rng_state
from cornu.tf.random.generator import get_global_generator as get_global_generator
from cornu.tf.random.generator import set_global_generator as set_global_generator
from cornu.tf.random.stateful import categorical as categorical
from cornu.tf.random.stateful import gamma as gamma
from cornu.tf.random.stateful import normal as normal
from cornu.tf.random.stateful import poisson as poisson
from cornu.tf.random.stateful import set_seed as set_seed
from cornu.tf.random.stateful import shuffle as shuffle
from cornu.tf.random.stateful import truncated_normal as truncated_normal
from cornu.tf.random.stateful import uniform as uniform
from cornu.tf.random.stateless import fold_in as fold_in
from cornu.tf.random.stateless import split as split
from cornu.tf.random.stateless import stateless_binomial as stateless_binomial
from cornu.tf.random.stateless import stateless_categorical as stateless_categorical
from cornu.tf.random.stateless import stateless_gamma as stateless_gamma
from cornu.tf.random.stateless import stateless_normal as stateless_normal
from cornu.tf.random.stateless import stateless_poisson as stateless_poisson
from cornu.tf.random.stateless import stateless_truncated_normal as stateless_truncated_normal
from cornu.tf.random.stateless import stateless_uniform as stateless_uniform

__getattr__ = attribute_error(__name__)
