"""What `record_tf_io.py` records from TensorFlow 2.21 and `test_tf_io.py` checks: files, records, texts, ragged tensors.

Each case is a line of Python with `tf` as TensorFlow's namespace; its result is compared as text and values.
"""

import base64

import numpy as np

STRINGS = [
    "tf.strings.length(['abc', 'é☃'], unit='UTF8_CHAR')",
    "tf.strings.length(['abc', 'é☃'])",
    "tf.strings.lower(['ABC É'])",
    "tf.strings.lower(['ABC É'], encoding='utf-8')",
    "tf.strings.upper(['abc é'], encoding='utf-8')",
    "tf.strings.join([['a', 'b'], '-', ['c', 'd']], '|')",
    "tf.strings.join([tf.ragged.constant([['A'], ['B', 'C']]), 'x'])",
    "tf.strings.split(['a b  c', ' d '])",
    "tf.strings.split('a b')",
    "tf.strings.split(['a,b,,c', ''], ',')",
    "tf.strings.split(['a,b,,c'], ',', maxsplit=1)",
    "tf.strings.split([['a b', 'c'], ['', 'd']])",
    "tf.strings.split(['a b  c d'], maxsplit=1)",
    "tf.strings.split(tf.ragged.constant([['a b'], ['c', 'd e']]))",
    "tf.strings.strip([' a\\n\\t', 'b '])",
    "tf.strings.substr(['hello', 'ab'], 1, 3)",
    "tf.strings.substr(['hello', 'abc'], [-3, -2], [2, 1])",
    "tf.strings.substr('h☃éllo', 1, 2, unit='UTF8_CHAR')",
    "tf.strings.substr('hello', [1, 2], [2, 3])",
    "tf.strings.reduce_join([['a', 'b'], ['c', 'd']], axis=0)",
    "tf.strings.reduce_join([['a', 'b'], ['c', 'd']], separator=',')",
    "tf.strings.reduce_join([['a', 'b'], ['c', 'd']], axis=[1, 0], separator=',')",
    "tf.strings.reduce_join([['a', 'b'], ['c', 'd']], axis=[0, 1], separator=',')",
    "tf.strings.reduce_join([['a', 'b'], ['c', 'd']], axis=-1, keepdims=True, separator='_')",
    "tf.strings.reduce_join(tf.ragged.constant([['A'], ['B', 'C'], []]), axis=-1, separator=' ')",
    "tf.strings.regex_replace(['a1b22', '<br />x'], r'(\\d+)|<br />', r'[\\1]')",
    "tf.strings.regex_replace('aaa', 'a', 'b', replace_global=False)",
    "tf.strings.regex_full_match(['abc', 'xabc'], 'a.c')",
    "tf.strings.regex_replace('aXé1', r'\\pL', '_')",
    "tf.strings.regex_replace('aXé1!', r'[\\p{L}\\d]', '_')",
    "tf.strings.regex_replace('a b!', '[[:punct:][:space:]]', '_')",
    "tf.strings.regex_replace('A b', '(?i)a', r'_\\0_')",
    "tf.strings.regex_replace('a]b', '[]]', '_')",
    "tf.strings.regex_replace('é b', r'\\w', '_')",
    "tf.strings.to_number(['1.5', '2e3', ' 3 ', 'inf', '0x10', '-.5'])",
    "tf.strings.to_number(['12', ' -5', '+3'], tf.int32)",
    "tf.strings.to_number(['1e-400', '0.1'], tf.float64)",
    "tf.strings.as_string([1, -2])",
    "tf.strings.as_string([1.5, 2e10, 1e-10, float('inf'), float('nan'), -float('inf')])",
    "tf.strings.as_string([1.5, 2.25], precision=1)",
    "tf.strings.as_string([1.5], scientific=True)",
    "tf.strings.as_string([1.5, 1e10, 1e-5, 123456789., 0.1], shortest=True)",
    "tf.strings.as_string([3, 12], width=5)",
    "tf.strings.as_string([3, 12], width=5, fill='0')",
    "tf.strings.as_string([3], width=5, fill='-')",
    "tf.strings.as_string([3, -3], fill='+')",
    "tf.strings.as_string([True, False])",
    "tf.strings.as_string(['a'])",
    "tf.strings.as_string([1.5], precision=2, scientific=True, width=12)",
    "tf.strings.as_string(tf.constant(1 + 2j))",
    "tf.strings.format('x {} y {}', (tf.constant([1, 2]), tf.constant('a')))",
    "tf.strings.format('{}', tf.constant([[1.5, 2], [3, 4]]))",
    "tf.strings.format('a{}', tf.range(10))",
    "tf.strings.format('a{}', tf.range(10), summarize=-1)",
    "tf.strings.format('{}', tf.zeros((7, 8)))",
    "tf.strings.format('%s b', tf.constant(3), placeholder='%s')",
    "tf.strings.format('{}', tf.constant([1e10, .1, 1e-7]))",
    "tf.strings.bytes_split(['abc', ''])",
    "tf.strings.bytes_split('ab')",
    "tf.strings.unicode_decode(['é☃a', ''], 'UTF-8')",
    "tf.strings.unicode_decode('é☃a', 'UTF-8')",
    "tf.strings.unicode_encode([233, 9731], 'UTF-8')",
    "tf.strings.unicode_encode(tf.ragged.constant([[233, 9731], [97]]), 'UTF-16-BE')",
    "tf.strings.unicode_encode([233, 0x110000], 'UTF-8')",
    "tf.strings.unicode_split(['é☃a', 'b'], 'UTF-8')",
    "tf.strings.unicode_decode_with_offsets(['é☃a'], 'UTF-8')",
    "tf.strings.unicode_split_with_offsets('é☃a', 'UTF-8')",
    "tf.strings.unicode_transcode('é☃a', 'UTF-8', 'UTF-16-BE')",
    "tf.strings.unicode_decode([b'a\\xffb'], 'UTF-8')",
    "tf.strings.unicode_decode([b'a\\xffb'], 'UTF-8', errors='ignore')",
    "tf.strings.unicode_decode([b'a\\xff\\x01b'], 'UTF-8', replace_control_characters=True, replacement_char=63)",
    "tf.strings.ngrams(['a', 'b', 'c', 'd'], 2)",
    "tf.strings.ngrams([['a', 'b', 'c']], [1, 2])",
    "tf.strings.ngrams(['a', 'b'], 3)",
    "tf.strings.ngrams(['a', 'b'], 3, preserve_short_sequences=True)",
    "tf.strings.ngrams(['a', 'b', 'c'], 2, pad_values=('<', '>'))",
    "tf.strings.ngrams(['a', 'b', 'c'], 3, pad_values='_', padding_width=1, separator='-')",
    "tf.strings.ngrams(['a', 'b'], [1, 3], preserve_short_sequences=True, pad_values='_')",
    "tf.strings.ngrams(tf.ragged.constant([['a', 'b', 'c'], ['d']]), 2)",
    "tf.strings.unsorted_segment_join(['a', 'b', 'c'], [0, 1, 0], 3, separator=',')",
    "tf.strings.to_hash_bucket(['a', '', 'abcdefgh', 'x' * 20], 2**40)",
    "tf.strings.to_hash_bucket_fast(['', 'abc', 'abcdefgh', 'x' * 20, 'y' * 40, 'z' * 64, 'w' * 65, 'v' * 300], 2**62)",
    "tf.strings.to_hash_bucket_strong(['', 'abc', 'abcdefgh', 'x' * 20], 2**62, [1, 2])",
]

RAW = [
    "tf.io.encode_base64([b'abc', b'', bytes(range(7)), bytes(range(250, 256))])",
    "tf.io.encode_base64([b'abc', bytes(range(7))], pad=True)",
    "tf.io.decode_base64(['YWJj', 'AAECAwQFBg', 'AAECAwQFBg=='])",
    "tf.io.decode_raw([b'abcd', b'efgh'], tf.uint16, little_endian=False)",
    "tf.io.decode_raw(b'abcdefgh', tf.float64)",
    "tf.io.decode_raw(b'abcde', tf.uint8, fixed_length=3)",
    "tf.io.decode_raw([b'abcde', b'f'], tf.uint16, fixed_length=8)",
    "tf.io.decode_csv(['1,2.5,a', '3,,\"b,c\"'], [[0], [1.5], ['x']])",
    "tf.io.decode_csv('1|NA|3', [[0], [9], tf.constant([], tf.int64)], field_delim='|', na_value='NA')",
    "tf.io.decode_csv('1,2,3', [[0], [0.]], select_cols=[0, 2])",
    "tf.io.decode_csv('a,\"b\"', [[''], ['']], use_quote_delim=False)",
    *(
        f"tf.io.serialize_tensor(tf.constant({x}))"
        for x in ("3", "2.5", "'abc'", "[1, 2]", "[[1.5, 2], [3, 4]]", "[True, False]", "['a', 'bc']")
    ),
    *(
        f"tf.io.parse_tensor(tf.io.serialize_tensor(tf.constant({x}, tf.{d})), tf.{d})"
        for x, d in (("[1, 2]", "int64"), ("[1.5, 2]", "float16"), ("[1.5, 2]", "bfloat16"), ("['a', 'bc']", "string"))
    ),
    # Values as their own fields, the last of which is repeated.
    *(
        f"tf.io.parse_tensor({bytes.fromhex(h)!r}, tf.{d})"
        for h, d in (
            ("0801120412020803 2a080000803f00000040", "float32"),
            ("080312041202080 33a03010502".replace(" ", ""), "int32"),
            ("0809120412020802 5001", "int64"),
            ("080a120412020802 5801", "bool"),
            ("0807120412020802 420161", "string"),
            ("080112041202080 2".replace(" ", ""), "float32"),
        )
    ),
]

RAGGED = [
    "A",
    "tf.ragged.constant([[1.5, 2], [3]])",
    "tf.ragged.constant([['a', 'bc'], []])",
    "T",
    "tf.ragged.constant([[[1, 2], [3, 4]], [[5, 6]]], ragged_rank=1)",
    "tf.ragged.constant([[[1, 2], [3, 4]], [[5, 6]]], inner_shape=(2,))",
    "tf.ragged.constant([list(range(100)), [1]])",
    "tf.ragged.constant([[i] for i in range(30)])",
    "tf.ragged.constant([[], [[]]])",
    "tf.ragged.constant([[1, 2]], dtype=tf.int64)",
    "tf.ragged.constant([[1, 2]], row_splits_dtype=tf.int32).row_splits",
    "A.row_splits",
    "A.values",
    "A.bounding_shape()",
    "A.nrows()",
    "A.row_lengths()",
    "A.value_rowids()",
    "A.to_tensor()",
    "A.row_starts()",
    "A.row_limits()",
    "T.nested_row_splits",
    "T.flat_values",
    "T.to_tensor()",
    "A.to_tensor(default_value=-1, shape=[None, 2])",
    "A.to_sparse()",
    "T.bounding_shape()",
    "T.row_lengths(axis=2)",
    "T.merge_dims(0, 1)",
    "T.merge_dims(1, 2)",
    "A.with_values([1.] * 6)",
    "A[0]",
    "A[3, 1]",
    "A[1:]",
    "A[:, 0:1]",
    "A[-1]",
    "A[:, :-1]",
    "A[::2]",
    "A[..., :1]",
    "T[0]",
    "T[0, 1]",
    "T[:, :1]",
    "T[2, 0, 0]",
    "T[:, :, :1]",
    "A[:, tf.newaxis, :1]",
    "A + 1",
    "A * A",
    "10 - A",
    "A / 2",
    "A > 2",
    "-A",
    "A + tf.constant([[1], [2], [3], [4]])",
    "T * 2 - T",
    "abs(-A)",
    "A == 3",
    "A ** 2 % 5",
    "T + tf.constant([[[10]], [[20]], [[30]]])",
    "tf.ragged.map_flat_values(lambda x: x * 2, A)",
    "tf.RaggedTensor.from_row_lengths([1, 2, 3], [2, 0, 1])",
    "tf.RaggedTensor.from_value_rowids([1, 2, 3], [0, 0, 3], nrows=5)",
    "tf.RaggedTensor.from_tensor([[1, 2, 0], [3, 0, 0]], padding=0)",
    "tf.RaggedTensor.from_tensor([[1, 2], [3, 4]], lengths=[1, 2])",
    "tf.RaggedTensor.from_tensor([[1, 2], [3, 4]])",
    "tf.RaggedTensor.from_sparse(A.to_sparse())",
    "tf.RaggedTensor.from_uniform_row_length([1, 2, 3, 4], 2)",
    "tf.RaggedTensor.from_nested_row_splits([1, 2, 3], [[0, 2, 3], [0, 1, 1, 3]])",
    "tf.RaggedTensor.from_row_starts([1, 2, 3], [0, 0, 2])",
    "tf.RaggedTensor.from_row_limits([1, 2, 3], [1, 1, 3])",
    "tf.ragged.range([1, 3, 0])",
    "tf.ragged.range([0, 5], [6, 3], [2, -1])",
    "tf.ragged.stack([[1, 2], [3]])",
    "tf.ragged.boolean_mask([[1, 2], [3, 4]], [[True, False], [True, True]])",
    "tf.concat([A, A], axis=1)",
    "tf.concat([A, A], 0)",
    "tf.concat([A, [[7], [8], [9], [10]]], 1)",
    "tf.stack([A, A], 0)",
    "tf.gather(A, [2, 0])",
    "tf.concat([T, T], 2)",
    "tf.expand_dims(A, 0)",
    "tf.expand_dims(A, 1)",
    "tf.expand_dims(A, 2)",
    "tf.cast(A, tf.float32)",
    "tf.size(A)",
    "tf.gather(A, [[2, 0], [1, 1]])",
    "tf.ragged.row_splits_to_segment_ids([0, 2, 2, 3])",
    "tf.ragged.segment_ids_to_row_splits([0, 0, 2])",
    "tf.ragged.stack_dynamic_partitions(['a', 'b', 'c', 'd'], [1, 0, 1, 3], 4)",
]

REDUCTIONS = [
    (kind, ragged, axis, keepdims)
    for kind in ("sum", "mean", "max", "min", "prod")
    for ragged, axis, keepdims in [
        ("A", 0, False),
        ("A", 1, False),
        ("A", 1, True),
        ("A", None, False),
        ("T", 1, False),
        ("T", 2, False),
        ("T", 0, False),
        ("T", -1, True),
    ]
]
REDUCTIONS += [(kind, "A > 2", axis, False) for kind in ("any", "all") for axis in (0, 1, None)]

SPARSE = [
    "S",
    "tf.sparse.to_dense(S)",
    "tf.sparse.to_dense(S, default_value=-1.)",
    "tf.sparse.from_dense([[0, 5], [7, 0]])",
    "tf.sparse.reorder(tf.sparse.SparseTensor([[1, 0], [0, 1]], [1., 2.], [2, 2]))",
    "tf.sparse.reduce_sum(S)",
    "tf.sparse.reduce_sum(S, axis=0)",
    "tf.sparse.reduce_sum(S, axis=1, keepdims=True)",
    "tf.sparse.reduce_max(S, axis=1)",
    "tf.sparse.sparse_dense_matmul(S, tf.ones((4, 2)))",
    "tf.sparse.sparse_dense_matmul(S, tf.ones((3, 2)), adjoint_a=True)",
    "tf.sparse.slice(S, [0, 1], [2, 3])",
    "tf.sparse.transpose(S)",
    "tf.sparse.reshape(S, [2, -1])",
    "tf.sparse.concat(1, [S, S])",
    "tf.sparse.concat(0, [S, S])",
    "tf.sparse.map_values(abs, S)",
    "tf.sparse.eye(2, 3)",
    "tf.sparse.retain(S, [True, False, True])",
    "tf.sparse.add(S, S)",
    "S * 2.",
    "tf.sparse.to_dense(tf.sparse.from_dense([['', 'a']]))",
    "tuple(S.shape)",
]


def setting(tf):
    """The names that the lines of Python use."""
    return {
        "tf": tf, "np": np,
        "A": tf.ragged.constant([[1, 2], [3], [], [4, 5, 6]]), "T": tf.ragged.constant([[[1, 2], [3]], [], [[4]]]),
        "S": tf.sparse.SparseTensor([[0, 1], [1, 0], [2, 3]], [1.0, -2.0, 3.0], [3, 4]),
    }  # fmt: skip


def example(train, **values):
    """A tf.train.Example of lists of bytes, floats and integers."""

    def feature(items):
        if items and isinstance(items[0], bytes):
            return train.Feature(bytes_list=train.BytesList(value=items))
        if items and isinstance(items[0], float):
            return train.Feature(float_list=train.FloatList(value=items))
        return train.Feature(int64_list=train.Int64List(value=items))

    return train.Example(features=train.Features(feature={name: feature(items) for name, items in values.items()}))


EXAMPLES = [
    {"a": [1, -2], "b": [b"x\xff\n"], "c": [1.0, 2.5, 1e-10]},
    {"a": [3, 4], "b": [b"y"], "c": [4.0], "d": [7]},
    {"a": [2**62, 0], "b": [b""], "c": [0.1]},
]
FEATURES = [
    ("a", "FixedLenFeature([2], tf.int64)"),
    ("b", "FixedLenFeature([], tf.string)"),
    ("c", "VarLenFeature(tf.float32)"),
    ("d", "FixedLenFeature([], tf.int64, default_value=-1)"),
    ("c", "FixedLenSequenceFeature([], tf.float32, allow_missing=True)"),
    ("c", "RaggedFeature(tf.float32)"),
    ("zz", "VarLenFeature(tf.int64)"),
    ("zz", "FixedLenSequenceFeature([2], tf.int64, allow_missing=True)"),
]


def texts(value):
    """A result as nested text that JSON holds."""
    if isinstance(value, (list, tuple)):
        return [texts(item) for item in value]
    if hasattr(value, "numpy") and not hasattr(value, "row_splits"):
        value = value.numpy()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, np.ndarray) and value.dtype == object:
        return [texts(item) for item in value.tolist()]
    if isinstance(value, (np.ndarray, np.generic)):
        return [
            str(value.dtype),
            np.asarray(value).astype(float).tolist() if value.dtype.kind in "fV" else value.tolist(),
        ]
    return str(value)
