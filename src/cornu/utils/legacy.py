"""Names that Keras keeps for files of Keras 2. Source: keras.utils.legacy."""

from cornu.core.serialization import deserialize_keras_object as deserialize_keras_object
from cornu.core.serialization import serialize_keras_object as serialize_keras_object
