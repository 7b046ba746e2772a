"""TensorFlow 2's namespace on Cornu's ops: `import cornu.tf as tf`. Names are imported when they are first touched.

The table says where each name lives. Functions are rows over ops, or thin adapters, in the modules beside this one.
"""

from typing import Any

from cornu._base.suggest import attribute_error

_MODULES = {  # module beside this one: its names that stand at TensorFlow's root
    "arrays": """bitcast broadcast_to cast concat expand_dims pad parallel_stack repeat reshape reverse reverse_sequence roll
        saturate_cast split squeeze stack stop_gradient tile transpose unstack""",
    "indexing": """boolean_mask dynamic_partition dynamic_stitch gather gather_nd scatter_nd slice strided_slice
        tensor_scatter_nd_add tensor_scatter_nd_max tensor_scatter_nd_min tensor_scatter_nd_sub tensor_scatter_nd_update where""",
    "sorting": "argsort searchsorted sort unique unique_with_counts unravel_index",
    "creation": """constant convert_to_tensor eye fill linspace meshgrid one_hot ones ones_like range sequence_mask zeros
        zeros_like""",
    "shapes": "broadcast_dynamic_shape broadcast_static_shape ensure_shape rank shape shape_n size",
    "dtypes": """DType as_dtype bfloat16 bool complex complex128 complex64 double float16 float32 float64 half int16 int32 int64
        int8 string uint16 uint32 uint64 uint8""",
    "math": """abs acos acosh add add_n argmax argmin asin asinh atan atan2 atanh cos cosh cumsum divide equal exp floor greater
        greater_equal less less_equal logical_and logical_not logical_or maximum minimum multiply negative not_equal pow
        reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_sum round scalar_mul sigmoid
        sign sin sinh sqrt square subtract tan tanh truediv""",
    "linalg": "eig eigvals einsum matmul norm tensordot",
    "clipping": "clip_by_global_norm clip_by_norm clip_by_value",
    "histograms": "histogram_fixed_width histogram_fixed_width_bins",
    "variable": "Variable VariableAggregation VariableSynchronization",
    "module": "Module",
    "functions": "function",
    "control_flow": """Assert case cond control_dependencies custom_gradient foldl foldr group identity identity_n map_fn no_op
        numpy_function py_function recompute_grad scan switch_case vectorized_map while_loop""",
    "tensor_array": "TensorArray",
    "debugging": "assert_equal assert_greater assert_less assert_rank",
    "scopes": "device executing_eagerly get_current_name_scope init_scope inside_function is_symbolic_tensor name_scope",
    "strings": "as_string",
    "sparse": "SparseTensor",
    "sparse_spec": "SparseTensorSpec",
    "ragged": "RaggedTensor",
    "ragged.spec": "RaggedTensorSpec",
    "gradients": "UnconnectedGradients get_static_value grad_pass_through gradients hessians",
    "timing": "timestamp",
}
_SUBMODULES = """autograph bitwise compat config debugging distribute dtypes errors experimental image io linalg lookup math nest
    nn quantization ragged random raw_ops saved_model sets signal sparse strings summary sysconfig test train version"""
_LAZY = {
    **{name: f"cornu.tf.{module}:{name}" for module, names in _MODULES.items() for name in names.split()},
    **{name: f"cornu.tf.{name}" for name in _SUBMODULES.split()},
    **{name: f"cornu.{name}" for name in ["data", "initializers", "losses", "metrics", "optimizers"]},
    "GradientTape": "cornu.core.tape:GradientTape",
    "Tensor": "cornu.core.tensor:Tensor",
    "TensorShape": "cornu.core.shapes:TensorShape",
    "TensorSpec": "cornu.data.spec:TensorSpec",
    "constant_initializer": "cornu.initializers:Constant",
    "is_tensor": "cornu.core.tensor:is_tensor",
    "keras": "cornu",
    "ones_initializer": "cornu.initializers:Ones",
    "print": "cornu.tf.printing:print",
    "random_normal_initializer": "cornu.initializers:RandomNormal",
    "random_uniform_initializer": "cornu.initializers:RandomUniform",
    "realdiv": "cornu.tf.math:truediv",
    "zeros_initializer": "cornu.initializers:Zeros",
}
newaxis = None
__version__ = "2.15.1"  # the last TensorFlow that came with Keras 2, whose style this namespace has

__getattr__ = attribute_error(__name__, _LAZY)


def __dir__() -> list[Any]:
    return sorted({*globals(), *_LAZY})
