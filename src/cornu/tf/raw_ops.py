"""TensorFlow's operations by the names of its graph. Arguments go by name. Source: tf.raw_ops.

A row says which function of the namespace an operation is, and how its arguments are called there: `dimension:axis`.
"""

import functools
import importlib
from collections.abc import Callable
from typing import Any

from cornu._base.errors import InvalidTypeError
from cornu._base.suggest import attribute_error, did_you_mean

_TABLE = """
Abs math.abs x | Acos math.acos x | Acosh math.acosh x | Asin math.asin x | Asinh math.asinh x | Atan math.atan x
Atanh math.atanh x | Ceil math.ceil x | Cos math.cos x | Cosh math.cosh x | Digamma math.digamma x | Erf math.erf x
Erfc math.erfc x | Erfinv math.erfinv x | Exp math.exp x | Expm1 math.expm1 x | Floor math.floor x
Inv math.reciprocal x | IsFinite math.is_finite x | IsInf math.is_inf x | IsNan math.is_nan x | Lgamma math.lgamma x
Log math.log x | Log1p math.log1p x | LogicalNot math.logical_not x | Neg math.negative x
Reciprocal math.reciprocal x | Rint math.rint x | Round math.round x | Rsqrt math.rsqrt x | Sigmoid math.sigmoid x
Sign math.sign x | Sin math.sin x | Sinh math.sinh x | Sqrt math.sqrt x | Square math.square x | Tan math.tan x
Tanh math.tanh x

Add math.add x y | AddV2 math.add x y | AddN math.add_n inputs | Atan2 math.atan2 y x | Div math.truediv x y
DivNoNan math.divide_no_nan x y | Equal math.equal x y | FloorDiv math.floordiv x y | FloorMod math.floormod x y
Greater math.greater x y | GreaterEqual math.greater_equal x y | Less math.less x y | LessEqual math.less_equal x y
LogicalAnd math.logical_and x y | LogicalOr math.logical_or x y | Maximum math.maximum x y | Minimum math.minimum x y
Mul math.multiply x y | MulNoNan math.multiply_no_nan x y | NotEqual math.not_equal x y | Pow math.pow x y
RealDiv math.truediv x y | SquaredDifference math.squared_difference x y | Sub math.subtract x y
Xdivy math.xdivy x y | Xlogy math.xlogy x y

All math.reduce_all input:input_tensor axis keep_dims:keepdims
Any math.reduce_any input:input_tensor axis keep_dims:keepdims
Max math.reduce_max input:input_tensor axis keep_dims:keepdims
Mean math.reduce_mean input:input_tensor axis keep_dims:keepdims
Min math.reduce_min input:input_tensor axis keep_dims:keepdims
Prod math.reduce_prod input:input_tensor axis keep_dims:keepdims
Sum math.reduce_sum input:input_tensor axis keep_dims:keepdims | ArgMax math.argmax input dimension:axis output_type
ArgMin math.argmin input dimension:axis output_type | Cumsum math.cumsum x axis exclusive reverse
Cumprod math.cumprod x axis exclusive reverse | TopKV2 math.top_k input k sorted
ClipByValue clipping.clip_by_value t clip_value_min clip_value_max

MatMul linalg.matmul a b transpose_a transpose_b | BatchMatMulV2 linalg.matmul x:a y:b adj_x:adjoint_a adj_y:adjoint_b
Cholesky linalg.cholesky input | MatrixDeterminant linalg.det input | MatrixInverse linalg.inv input adjoint
MatrixSolve linalg.solve matrix rhs adjoint | MatrixDiagPartV2 linalg.diag_part input k padding_value

BroadcastTo arrays.broadcast_to input shape | Cast arrays.cast x DstT:dtype | ConcatV2 arrays.concat values axis
ExpandDims arrays.expand_dims input axis | GatherNd indexing.gather_nd params indices
GatherV2 indexing.gather params indices axis batch_dims | Pack arrays.stack values axis
Pad arrays.pad input:tensor paddings | PadV2 arrays.pad input:tensor paddings constant_values
Reshape arrays.reshape tensor shape | ReverseV2 arrays.reverse tensor axis
ScatterNd indexing.scatter_nd indices updates shape | SelectV2 indexing.where condition t:x e:y
Slice indexing.slice input:input_ begin size | Split arrays.split axis value num_split:num_or_size_splits
Squeeze arrays.squeeze input axis | StopGradient arrays.stop_gradient input
TensorScatterAdd indexing.tensor_scatter_nd_add tensor indices updates
TensorScatterUpdate indexing.tensor_scatter_nd_update tensor indices updates | Tile arrays.tile input multiples
Transpose arrays.transpose x:a perm | Unique sorting.unique x out_idx | Unpack arrays.unstack value num axis
Where indexing.where condition

Fill creation.fill dims value | LinSpace creation.linspace start stop num
OneHot creation.one_hot indices depth on_value off_value axis | OnesLike creation.ones_like x:input
Range creation.range start limit delta | ZerosLike creation.zeros_like x:input | Rank shapes.rank input
Shape shapes.shape input out_type | Size shapes.size input out_type | Identity control_flow.identity input

AvgPool nn.avg_pool value:input ksize strides padding data_format | BiasAdd nn.bias_add value bias data_format
Conv2D nn.conv2d input filter:filters strides padding data_format dilations
DepthwiseConv2dNative nn.depthwise_conv2d input filter strides padding data_format | Elu nn.elu features
L2Loss nn.l2_loss t | LeakyRelu nn.leaky_relu features alpha | LogSoftmax nn.log_softmax logits
MaxPool nn.max_pool input ksize strides padding data_format | Relu nn.relu features | Relu6 nn.relu6 features
Selu nn.selu features | Softmax nn.softmax logits | Softplus math.softplus features | Softsign nn.softsign features
"""
_ROWS = {row.split()[0]: row.split()[1:] for line in _TABLE.splitlines() for row in line.split("|") if row.strip()}


@functools.cache
def _operation(name: str) -> Callable:
    """The operation of that name, as a function of arguments by name."""
    path, *parameters = _ROWS[name]
    module, _, attribute = path.rpartition(".")
    names = {raw: own or raw for raw, _, own in (parameter.partition(":") for parameter in parameters)}

    def operation(*args: Any, name: str | None = None, **kwargs: Any) -> Any:
        if args:
            raise InvalidTypeError(
                f"{title} takes its arguments by name ({', '.join(names)}); received {len(args)} by place."
            )
        if unknown := [given for given in kwargs if given not in names]:
            raise InvalidTypeError(
                f"{title} got the unknown argument {unknown[0]!r}.{did_you_mean(unknown[0], names)} It takes {', '.join(names)}."
            )
        function = getattr(importlib.import_module(f"cornu.tf.{module}"), attribute)
        return function(**{names[given]: value for given, value in kwargs.items()})

    title = operation.__name__ = operation.__qualname__ = name
    operation.__doc__ = f"`tf.{path}` with the arguments {', '.join(names)}."
    return operation


_missing = attribute_error(__name__, dict.fromkeys(_ROWS, ""))


def __getattr__(name: str) -> Any:
    return _operation(name) if name in _ROWS else _missing(name)


def __dir__() -> list[str]:
    return sorted(_ROWS)
