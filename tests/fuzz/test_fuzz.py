"""A short run of the fuzzer; `make fuzz` is the long one."""

from collections import Counter

import pytest
from tests.fuzz import runs
from tests.fuzz.cases import judge, make_corpus, mutated
from tests.fuzz.formats import FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_the_seeds_load_and_damage_gives_our_errors(name, tmp_path):
    corpus = make_corpus(name, tmp_path)
    assert [judge(files, FORMATS[name]).kind for files in corpus] == ["ok"] * len(corpus)
    verdicts = [judge(mutated(FORMATS[name], corpus, 20, number), FORMATS[name]) for number in range(12)]
    assert [verdict for verdict in verdicts if verdict.is_finding] == []
    assert "refused" in {verdict.kind for verdict in verdicts}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_many(name, tmp_path):
    kinds = runs.run(name, tmp_path / "corpus", seed=21, count=400, findings=tmp_path / "findings")
    assert kinds == Counter(ok=kinds["ok"], refused=400 - kinds["ok"])
    assert kinds["refused"] > 40


def test_a_process_that_ends_is_a_finding(tmp_path):
    assert [(number, verdict.kind) for number, verdict in runs._verdicts("no such format", tmp_path, 0, 1)] == [
        (0, "crash")
    ]
