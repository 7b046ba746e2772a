"""Python control flow on tensors, compiled. Source: tf.autograph."""

import types

from cornu.tf.autograph.conversion import convert as convert
from cornu.tf.autograph.conversion import do_not_convert as do_not_convert
from cornu.tf.autograph.conversion import to_code as to_code
from cornu.tf.autograph.conversion import to_graph as to_graph
from cornu.tf.autograph.loops import set_loop_options as set_loop_options
from cornu.tf.autograph.verbosity import set_verbosity as set_verbosity
from cornu.tf.autograph.verbosity import trace as trace

experimental = types.SimpleNamespace(do_not_convert=do_not_convert, set_loop_options=set_loop_options)
