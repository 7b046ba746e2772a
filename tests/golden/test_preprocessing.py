"""Pictures, texts and sequences become what tf_keras 2.21 made of them, for the same seeds."""

import json
import pathlib
import random

import numpy as np
import pytest
from cases_preprocessing import (
    DIRECTORIES,
    GENERATORS,
    PADDINGS,
    PREPROCESSING_FUNCTIONS,
    SENTENCE,
    SERIES,
    SKIPGRAMS,
    TOKENIZERS,
    pictures,
    text_results,
    tokenizer_results,
    transforms,
    write_pictures,
)

from cornu.preprocessing import image, sequence, text

pytest.importorskip("PIL")
HERE = pathlib.Path(__file__).parent
RECORDED = np.load(HERE / "preprocessing.npz")
NOTES = json.loads((HERE / "preprocessing.json").read_text())


def same(found, key):
    expected = RECORDED[key]
    assert np.asarray(found).dtype == expected.dtype
    assert np.shape(found) == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("number", range(len(GENERATORS)))
@pytest.mark.filterwarnings("ignore:This ImageDataGenerator")
def test_generator(number):
    options, call = GENERATORS[number]
    if options.get("interpolation_order", 1) > 1:
        pytest.importorskip("scipy")
    generator = image.ImageDataGenerator(**options, validation_split=0.3)
    x = pictures()
    if options.get("data_format") == "channels_first":
        x = x.transpose(0, 3, 1, 2)
    generator.fit(x, augment=True, seed=11)
    flow = generator.flow(x, np.arange(10) % 2, seed=5, **{"batch_size": 5, **call})
    found = [next(flow) for _ in range(3)]
    found.append(flow[0])
    for place, part in enumerate([part for batch in found for part in batch]):
        same(part, f"g{number}_{place}")
    assert np.random.rand() == RECORDED[f"g{number}_8"]  # as many numbers were drawn


@pytest.mark.parametrize("name", PREPROCESSING_FUNCTIONS)
def test_preprocessing_function(name):
    np.random.seed(3)
    function = PREPROCESSING_FUNCTIONS[name]
    generator = image.ImageDataGenerator(rotation_range=30, preprocessing_function=function, rescale=0.5)
    same(next(generator.flow(pictures(), batch_size=4)), f"p_{name}")


@pytest.mark.parametrize("name", transforms(image))
def test_transform(name):
    if name == "affine_order_2":
        pytest.importorskip("scipy")
    np.random.seed(3)
    same(transforms(image)[name](), f"t_{name}")


@pytest.mark.parametrize("number", range(len(DIRECTORIES)))
def test_directory(number, tmp_path):
    write_pictures(tmp_path, image)
    options, call = DIRECTORIES[number]
    np.random.seed(8)
    flow = image.ImageDataGenerator(**options).flow_from_directory(tmp_path, **call)
    batch = next(flow)
    for place, part in enumerate(batch if isinstance(batch, tuple) else [batch]):
        same(part, f"d{number}_{place}")
    assert [flow.class_indices, flow.filenames, flow.classes.tolist(), list(flow.image_shape)] == NOTES[f"d{number}"]


@pytest.mark.parametrize("number", range(len(TOKENIZERS)))
def test_tokenizer(number):
    found, expected = json.loads(json.dumps(tokenizer_results(text, TOKENIZERS[number]))), NOTES["tokenizers"][number]
    tables = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
    for results in (found, expected):
        results["config"].update({name: json.loads(results["config"][name]) for name in tables})
    np.testing.assert_allclose(np.array(found.pop("matrices")), np.array(expected["matrices"]), rtol=1e-12)
    assert found == {key: value for key, value in expected.items() if key != "matrices"}


def test_text_functions():
    assert text_results(text) == NOTES["text"]


@pytest.mark.parametrize("number", range(len(PADDINGS)))
def test_padding(number):
    rows, options = PADDINGS[number]
    found = sequence.pad_sequences(rows, **options)
    assert [found.tolist(), str(found.dtype), list(found.shape)] == NOTES["paddings"][number]


@pytest.mark.parametrize("number", range(len(SERIES)))
def test_timeseries_generator(number):
    np.random.seed(2)
    generator = sequence.TimeseriesGenerator(np.arange(40.0).reshape(20, 2), np.arange(20), **SERIES[number])
    batches = [[part.tolist() for part in generator[i]] for i in range(len(generator))]
    assert [len(generator), batches, generator.get_config()] == NOTES["series"][number]
    assert json.loads(generator.to_json())["class_name"] == "TimeseriesGenerator"


def test_sampling_table():
    np.testing.assert_allclose(sequence.make_sampling_table(12, 0.001), NOTES["table"], rtol=1e-12)


@pytest.mark.parametrize("number", range(len(SKIPGRAMS)))
def test_skipgrams(number):
    options = dict(SKIPGRAMS[number])
    if "sampling_table" in options:
        options["sampling_table"] = sequence.make_sampling_table(10, 0.1)
    random.seed(4)
    assert [list(part) for part in sequence.skipgrams(SENTENCE, 10, **options)] == NOTES["skipgrams"][number]
