"""Messages that records hold, checkpoints, moving averages. Source: tf.train."""

from cornu._base.suggest import attribute_error
from cornu.io.example import BytesList as BytesList
from cornu.io.example import Example as Example
from cornu.io.example import Feature as Feature
from cornu.io.example import FeatureList as FeatureList
from cornu.io.example import FeatureLists as FeatureLists
from cornu.io.example import Features as Features
from cornu.io.example import FloatList as FloatList
from cornu.io.example import Int64List as Int64List
from cornu.io.example import SequenceExample as SequenceExample
from cornu.tf.checkpoints import Checkpoint as Checkpoint
from cornu.tf.checkpoints import CheckpointManager as CheckpointManager
from cornu.tf.checkpoints import get_checkpoint_state as get_checkpoint_state
from cornu.tf.checkpoints import latest_checkpoint as latest_checkpoint
from cornu.tf.checkpoints import list_variables as list_variables
from cornu.tf.checkpoints import load_checkpoint as load_checkpoint
from cornu.tf.checkpoints import load_variable as load_variable
from cornu.tf.moving_average import ExponentialMovingAverage as ExponentialMovingAverage

__getattr__ = attribute_error(__name__)
