"""`tf.nn`: activations, losses, convolutions, pooling and what else neural networks are made of."""

from cornu._base.suggest import attribute_error
from cornu.tf.math.arithmetic import log_softmax, sigmoid, softmax, softplus, softsign, tanh
from cornu.tf.math.counting import approx_max_k, approx_min_k, in_top_k, top_k
from cornu.tf.math.reductions import l2_normalize, zero_fraction
from cornu.tf.nn import experimental
from cornu.tf.nn.activations import crelu, elu, gelu, leaky_relu, relu, relu6, selu, silu, swish
from cornu.tf.nn.alignments import (
    collapse_repeated,
    ctc_beam_search_decoder,
    ctc_greedy_decoder,
    ctc_loss,
    ctc_unique_labels,
)
from cornu.tf.nn.blocks import depth_to_space, space_to_batch, space_to_depth, with_space_to_batch
from cornu.tf.nn.candidate_sampling import (
    all_candidate_sampler,
    compute_accidental_hits,
    fixed_unigram_candidate_sampler,
    learned_unigram_candidate_sampler,
)
from cornu.tf.nn.cell_wrappers import RNNCellDeviceWrapper, RNNCellDropoutWrapper, RNNCellResidualWrapper
from cornu.tf.nn.convolutions import (
    atrous_conv2d,
    atrous_conv2d_transpose,
    conv1d,
    conv1d_transpose,
    conv2d,
    conv2d_transpose,
    conv3d,
    conv3d_transpose,
    conv_transpose,
    convolution,
    depthwise_conv2d,
    depthwise_conv2d_backprop_filter,
    depthwise_conv2d_backprop_input,
    dilation2d,
    erosion2d,
    separable_conv2d,
)
from cornu.tf.nn.crossentropies import (
    compute_average_loss,
    l2_loss,
    log_poisson_loss,
    scale_regularization_loss,
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
    weighted_cross_entropy_with_logits,
)
from cornu.tf.nn.dropouts import dropout
from cornu.tf.nn.embeddings import embedding_lookup, embedding_lookup_sparse, safe_embedding_lookup_sparse
from cornu.tf.nn.fractional_pools import fractional_avg_pool, fractional_max_pool
from cornu.tf.nn.normalizations import (
    batch_norm_with_global_normalization,
    batch_normalization,
    bias_add,
    local_response_normalization,
    lrn,
    moments,
    normalize_moments,
    sufficient_statistics,
    weighted_moments,
)
from cornu.tf.nn.pools import (
    avg_pool,
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    max_pool,
    max_pool1d,
    max_pool2d,
    max_pool3d,
    max_pool_with_argmax,
    pool,
)
from cornu.tf.nn.regression import isotonic_regression
from cornu.tf.nn.sampled_losses import nce_loss, sampled_softmax_loss

__getattr__ = attribute_error(__name__)
