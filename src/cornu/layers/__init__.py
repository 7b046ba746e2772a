"""The layers, as in keras.layers."""

from collections.abc import Mapping
from typing import Any

from cornu._base.suggest import attribute_error
from cornu.core import serialization
from cornu.layers.activations.activation import Activation as Activation
from cornu.layers.activations.elu import ELU as ELU
from cornu.layers.activations.leaky_relu import LeakyReLU as LeakyReLU
from cornu.layers.activations.prelu import PReLU as PReLU
from cornu.layers.activations.relu import ReLU as ReLU
from cornu.layers.activations.softmax import Softmax as Softmax
from cornu.layers.activations.thresholded_relu import ThresholdedReLU as ThresholdedReLU
from cornu.layers.attention.additive_attention import AdditiveAttention as AdditiveAttention
from cornu.layers.attention.attention import Attention as Attention
from cornu.layers.attention.group_query_attention import GroupedQueryAttention as GroupQueryAttention
from cornu.layers.attention.multi_head_attention import MultiHeadAttention as MultiHeadAttention
from cornu.layers.base import Layer as Layer
from cornu.layers.catalog import LAYERS as LAYERS
from cornu.layers.convolution.conv import Conv1D as Conv1D
from cornu.layers.convolution.conv import Conv2D as Conv2D
from cornu.layers.convolution.conv import Conv3D as Conv3D
from cornu.layers.convolution.conv_transpose import Conv1DTranspose as Conv1DTranspose
from cornu.layers.convolution.conv_transpose import Conv2DTranspose as Conv2DTranspose
from cornu.layers.convolution.conv_transpose import Conv3DTranspose as Conv3DTranspose
from cornu.layers.convolution.depthwise_conv import DepthwiseConv1D as DepthwiseConv1D
from cornu.layers.convolution.depthwise_conv import DepthwiseConv2D as DepthwiseConv2D
from cornu.layers.convolution.locally_connected import LocallyConnected1D as LocallyConnected1D
from cornu.layers.convolution.locally_connected import LocallyConnected2D as LocallyConnected2D
from cornu.layers.convolution.separable_conv import SeparableConv1D as SeparableConv1D
from cornu.layers.convolution.separable_conv import SeparableConv2D as SeparableConv2D
from cornu.layers.core.dense import Dense as Dense
from cornu.layers.core.einsum_dense import EinsumDense as EinsumDense
from cornu.layers.core.embedding import Embedding as Embedding
from cornu.layers.core.flax_layer import FlaxLayer as FlaxLayer
from cornu.layers.core.foreign_layers import TFSMLayer as TFSMLayer
from cornu.layers.core.foreign_layers import TorchModuleWrapper as TorchModuleWrapper
from cornu.layers.core.identity import Identity as Identity
from cornu.layers.core.input_layer import Input as Input
from cornu.layers.core.input_layer import InputLayer as InputLayer
from cornu.layers.core.jax_layer import JaxLayer as JaxLayer
from cornu.layers.core.lambda_layer import Lambda as Lambda
from cornu.layers.core.masking import Masking as Masking
from cornu.layers.core.reversible_embedding import ReversibleEmbedding as ReversibleEmbedding
from cornu.layers.core.wrapper import Wrapper as Wrapper
from cornu.layers.input_spec import InputSpec as InputSpec
from cornu.layers.merging.concatenate import Concatenate as Concatenate
from cornu.layers.merging.concatenate import concatenate as concatenate
from cornu.layers.merging.dot import Dot as Dot
from cornu.layers.merging.dot import dot as dot
from cornu.layers.merging.merge import Add as Add
from cornu.layers.merging.merge import Average as Average
from cornu.layers.merging.merge import Maximum as Maximum
from cornu.layers.merging.merge import Minimum as Minimum
from cornu.layers.merging.merge import Multiply as Multiply
from cornu.layers.merging.merge import Subtract as Subtract
from cornu.layers.merging.merge import add as add
from cornu.layers.merging.merge import average as average
from cornu.layers.merging.merge import maximum as maximum
from cornu.layers.merging.merge import minimum as minimum
from cornu.layers.merging.merge import multiply as multiply
from cornu.layers.merging.merge import subtract as subtract
from cornu.layers.normalization.batch_normalization import BatchNormalization as BatchNormalization
from cornu.layers.normalization.group_normalization import GroupNormalization as GroupNormalization
from cornu.layers.normalization.layer_normalization import LayerNormalization as LayerNormalization
from cornu.layers.normalization.rms_normalization import RMSNormalization as RMSNormalization
from cornu.layers.normalization.spectral_normalization import SpectralNormalization as SpectralNormalization
from cornu.layers.normalization.unit_normalization import UnitNormalization as UnitNormalization
from cornu.layers.pooling.adaptive_pooling import AdaptiveAveragePooling1D as AdaptiveAveragePooling1D
from cornu.layers.pooling.adaptive_pooling import AdaptiveAveragePooling2D as AdaptiveAveragePooling2D
from cornu.layers.pooling.adaptive_pooling import AdaptiveAveragePooling3D as AdaptiveAveragePooling3D
from cornu.layers.pooling.adaptive_pooling import AdaptiveMaxPooling1D as AdaptiveMaxPooling1D
from cornu.layers.pooling.adaptive_pooling import AdaptiveMaxPooling2D as AdaptiveMaxPooling2D
from cornu.layers.pooling.adaptive_pooling import AdaptiveMaxPooling3D as AdaptiveMaxPooling3D
from cornu.layers.pooling.global_pooling import GlobalAveragePooling1D as GlobalAveragePooling1D
from cornu.layers.pooling.global_pooling import GlobalAveragePooling2D as GlobalAveragePooling2D
from cornu.layers.pooling.global_pooling import GlobalAveragePooling3D as GlobalAveragePooling3D
from cornu.layers.pooling.global_pooling import GlobalMaxPooling1D as GlobalMaxPooling1D
from cornu.layers.pooling.global_pooling import GlobalMaxPooling2D as GlobalMaxPooling2D
from cornu.layers.pooling.global_pooling import GlobalMaxPooling3D as GlobalMaxPooling3D
from cornu.layers.pooling.pooling import AveragePooling1D as AveragePooling1D
from cornu.layers.pooling.pooling import AveragePooling2D as AveragePooling2D
from cornu.layers.pooling.pooling import AveragePooling3D as AveragePooling3D
from cornu.layers.pooling.pooling import MaxPooling1D as MaxPooling1D
from cornu.layers.pooling.pooling import MaxPooling2D as MaxPooling2D
from cornu.layers.pooling.pooling import MaxPooling3D as MaxPooling3D
from cornu.layers.preprocessing.category_encoding import CategoryEncoding as CategoryEncoding
from cornu.layers.preprocessing.discretization import Discretization as Discretization
from cornu.layers.preprocessing.hashed_crossing import HashedCrossing as HashedCrossing
from cornu.layers.preprocessing.hashing import Hashing as Hashing
from cornu.layers.preprocessing.image.aug_mix import AugMix as AugMix
from cornu.layers.preprocessing.image.auto_contrast import AutoContrast as AutoContrast
from cornu.layers.preprocessing.image.center_crop import CenterCrop as CenterCrop
from cornu.layers.preprocessing.image.contrast_limited_adaptive_histogram_equalization import (
    ContrastLimitedAdaptiveHistogramEqualization as ContrastLimitedAdaptiveHistogramEqualization,
)
from cornu.layers.preprocessing.image.cut_mix import CutMix as CutMix
from cornu.layers.preprocessing.image.equalization import Equalization as Equalization
from cornu.layers.preprocessing.image.max_num_bounding_boxes import MaxNumBoundingBoxes as MaxNumBoundingBoxes
from cornu.layers.preprocessing.image.mix_up import MixUp as MixUp
from cornu.layers.preprocessing.image.rand_augment import RandAugment as RandAugment
from cornu.layers.preprocessing.image.random_brightness import RandomBrightness as RandomBrightness
from cornu.layers.preprocessing.image.random_color_degeneration import (
    RandomColorDegeneration as RandomColorDegeneration,
)
from cornu.layers.preprocessing.image.random_color_jitter import RandomColorJitter as RandomColorJitter
from cornu.layers.preprocessing.image.random_contrast import RandomContrast as RandomContrast
from cornu.layers.preprocessing.image.random_crop import RandomCrop as RandomCrop
from cornu.layers.preprocessing.image.random_elastic_transform import RandomElasticTransform as RandomElasticTransform
from cornu.layers.preprocessing.image.random_erasing import RandomErasing as RandomErasing
from cornu.layers.preprocessing.image.random_flip import RandomFlip as RandomFlip
from cornu.layers.preprocessing.image.random_gaussian_blur import RandomGaussianBlur as RandomGaussianBlur
from cornu.layers.preprocessing.image.random_grayscale import RandomGrayscale as RandomGrayscale
from cornu.layers.preprocessing.image.random_hue import RandomHue as RandomHue
from cornu.layers.preprocessing.image.random_invert import RandomInvert as RandomInvert
from cornu.layers.preprocessing.image.random_perspective import RandomPerspective as RandomPerspective
from cornu.layers.preprocessing.image.random_posterization import RandomPosterization as RandomPosterization
from cornu.layers.preprocessing.image.random_rotation import RandomRotation as RandomRotation
from cornu.layers.preprocessing.image.random_saturation import RandomSaturation as RandomSaturation
from cornu.layers.preprocessing.image.random_sharpness import RandomSharpness as RandomSharpness
from cornu.layers.preprocessing.image.random_shear import RandomShear as RandomShear
from cornu.layers.preprocessing.image.random_size import RandomHeight as RandomHeight
from cornu.layers.preprocessing.image.random_size import RandomWidth as RandomWidth
from cornu.layers.preprocessing.image.random_translation import RandomTranslation as RandomTranslation
from cornu.layers.preprocessing.image.random_zoom import RandomZoom as RandomZoom
from cornu.layers.preprocessing.image.resizing import Resizing as Resizing
from cornu.layers.preprocessing.image.solarization import Solarization as Solarization
from cornu.layers.preprocessing.integer_lookup import IntegerLookup as IntegerLookup
from cornu.layers.preprocessing.mel_spectrogram import MelSpectrogram as MelSpectrogram
from cornu.layers.preprocessing.normalization import Normalization as Normalization
from cornu.layers.preprocessing.pipeline import Pipeline as Pipeline
from cornu.layers.preprocessing.rescaling import Rescaling as Rescaling
from cornu.layers.preprocessing.stft_spectrogram import STFTSpectrogram as STFTSpectrogram
from cornu.layers.preprocessing.string_lookup import StringLookup as StringLookup
from cornu.layers.preprocessing.text_vectorization import TextVectorization as TextVectorization
from cornu.layers.recurrent.abstract_rnn_cell import AbstractRNNCell as AbstractRNNCell
from cornu.layers.recurrent.bidirectional import Bidirectional as Bidirectional
from cornu.layers.recurrent.conv_lstm import ConvLSTM1D as ConvLSTM1D
from cornu.layers.recurrent.conv_lstm import ConvLSTM2D as ConvLSTM2D
from cornu.layers.recurrent.conv_lstm import ConvLSTM3D as ConvLSTM3D
from cornu.layers.recurrent.gru import GRU as GRU
from cornu.layers.recurrent.gru_cell import GRUCell as GRUCell
from cornu.layers.recurrent.lstm import LSTM as LSTM
from cornu.layers.recurrent.lstm_cell import LSTMCell as LSTMCell
from cornu.layers.recurrent.rnn import RNN as RNN
from cornu.layers.recurrent.simple_rnn import SimpleRNN as SimpleRNN
from cornu.layers.recurrent.simple_rnn_cell import SimpleRNNCell as SimpleRNNCell
from cornu.layers.recurrent.stacked_rnn_cells import StackedRNNCells as StackedRNNCells
from cornu.layers.recurrent.time_distributed import TimeDistributed as TimeDistributed
from cornu.layers.regularization.activity_regularization import ActivityRegularization as ActivityRegularization
from cornu.layers.regularization.alpha_dropout import AlphaDropout as AlphaDropout
from cornu.layers.regularization.dropout import Dropout as Dropout
from cornu.layers.regularization.gaussian_dropout import GaussianDropout as GaussianDropout
from cornu.layers.regularization.gaussian_noise import GaussianNoise as GaussianNoise
from cornu.layers.regularization.spatial_dropout import SpatialDropout1D as SpatialDropout1D
from cornu.layers.regularization.spatial_dropout import SpatialDropout2D as SpatialDropout2D
from cornu.layers.regularization.spatial_dropout import SpatialDropout3D as SpatialDropout3D
from cornu.layers.reshaping.cropping import Cropping1D as Cropping1D
from cornu.layers.reshaping.cropping import Cropping2D as Cropping2D
from cornu.layers.reshaping.cropping import Cropping3D as Cropping3D
from cornu.layers.reshaping.flatten import Flatten as Flatten
from cornu.layers.reshaping.permute import Permute as Permute
from cornu.layers.reshaping.repeat_vector import RepeatVector as RepeatVector
from cornu.layers.reshaping.reshape import Reshape as Reshape
from cornu.layers.reshaping.up_sampling import UpSampling1D as UpSampling1D
from cornu.layers.reshaping.up_sampling import UpSampling2D as UpSampling2D
from cornu.layers.reshaping.up_sampling import UpSampling3D as UpSampling3D
from cornu.layers.reshaping.zero_padding import ZeroPadding1D as ZeroPadding1D
from cornu.layers.reshaping.zero_padding import ZeroPadding2D as ZeroPadding2D
from cornu.layers.reshaping.zero_padding import ZeroPadding3D as ZeroPadding3D

Convolution1D, Convolution2D, Convolution3D = Conv1D, Conv2D, Conv3D
Convolution1DTranspose, Convolution2DTranspose = Conv1DTranspose, Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D
MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D
GlobalMaxPool1D, GlobalMaxPool2D, GlobalMaxPool3D = GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D
GlobalAvgPool1D, GlobalAvgPool2D = GlobalAveragePooling1D, GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
CuDNNLSTM, CuDNNGRU = LSTM, GRU


def get(identifier: Any) -> Any:
    """The layer that a name, class, config or layer means.

    Raises: InvalidArgumentError naming the nearest known names.
    """
    return serialization.resolve(LAYERS, identifier)


def serialize(layer: Layer) -> dict[str, Any]:
    """The layer as JSON-able data. Source: keras.layers.serialize."""
    return serialization.serialize(layer)


def deserialize(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """The layer that `serialize` described. Source: keras.layers.deserialize.

    Raises: NotFoundError naming the nearest known names.
    """
    with serialization.custom_object_scope(custom_objects or {}):
        return serialization.resolve(LAYERS, config)


__getattr__ = attribute_error(__name__)
