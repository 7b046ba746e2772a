"""Texts as lists of word numbers. Source: tf.keras.preprocessing.text."""

import collections
import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from cornu._base.errors import FailedPreconditionError, InvalidArgumentError, InvalidTypeError
from cornu._base.suggest import attribute_error

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'

Analyzer = Callable[[str], list[str]]


def text_to_word_sequence(input_text: str, filters: str = FILTERS, lower: bool = True, split: str = " ") -> list[str]:
    """The words of a text: lower case, each character of `filters` read as `split`, nothing empty.

    Example:
        >>> text_to_word_sequence("Well, well!")
        ['well', 'well']
    """
    if lower:
        input_text = input_text.lower()
    text = input_text.translate(str.maketrans(dict.fromkeys(filters, split)))
    return [word for word in text.split(split) if word]


def one_hot(
    input_text: str,
    n: int,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Analyzer | None = None,
) -> list[int]:
    """The words of a text as numbers below `n`, by Python's `hash`, which differs between processes. See `hashing_trick`."""
    return hashing_trick(input_text, n, hash, filters, lower, split, analyzer)


def hashing_trick(
    text: str, n: int, hash_function: Callable[[str], int] | str | None = None, filters: str = FILTERS, lower: bool = True,
    split: str = " ", analyzer: Analyzer | None = None,
) -> list[int]:  # fmt: skip
    """The words of a text as numbers from 1 to `n - 1`, without a vocabulary; different words may share a number.

    Args: `hash_function`: word -> integer; None is Python's `hash`, which differs between processes; `"md5"` is stable.
    `analyzer`: text -> words, instead of `text_to_word_sequence`.
    """
    if hash_function is None:
        hash_function = hash
    elif hash_function == "md5":
        hash_function = _md5
    elif not callable(hash_function):
        raise InvalidArgumentError(f"Expected hash_function None, 'md5' or a function; received {hash_function!r}.")
    words = text_to_word_sequence(text, filters, lower, split) if analyzer is None else analyzer(text)
    return [hash_function(word) % (n - 1) + 1 for word in words]


def _md5(word: str) -> int:
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)


class Tokenizer:
    """Learns a vocabulary from texts and turns texts into lists of numbers; 1 is the most frequent word, 0 is left for padding.

    Args:
        num_words: use only the `num_words - 1` most frequent words.
        filters, lower, split: as in `text_to_word_sequence`.
        char_level: characters instead of words.
        oov_token: stands (with number 1) for words outside of the vocabulary; None drops them.
        analyzer: text -> words, instead of `text_to_word_sequence`.
    Attributes: `word_counts`, `word_docs`, `word_index`, `index_word`, `index_docs`, `document_count`.
    Source: tf.keras.preprocessing.text.Tokenizer.
    """

    def __init__(
        self, num_words: int | None = None, filters: str = FILTERS, lower: bool = True, split: str = " ",
        char_level: bool = False, oov_token: str | None = None, analyzer: Analyzer | None = None, **kwargs: Any,
    ):  # fmt: skip
        if "nb_words" in kwargs:  # Keras 1
            warnings.warn("The `nb_words` argument in `Tokenizer` has been renamed `num_words`.", stacklevel=2)
            num_words = kwargs.pop("nb_words")
        document_count = kwargs.pop("document_count", 0)
        if kwargs:
            raise InvalidTypeError(f"Unrecognized keyword arguments: {kwargs}. See help(Tokenizer).")
        self.num_words, self.filters, self.lower, self.split = num_words, filters, lower, split
        self.char_level, self.oov_token, self.analyzer = char_level, oov_token, analyzer
        self.document_count = document_count
        self.word_counts: collections.OrderedDict[str, int] = collections.OrderedDict()
        self.word_docs: dict[str, int] = collections.defaultdict(int)
        self.index_docs: dict[int, int] = collections.defaultdict(int)
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}

    def _words(self, text: Any) -> list[str]:
        if self.char_level or isinstance(text, list):
            if not self.lower:
                return list(text)
            return [item.lower() for item in text] if isinstance(text, list) else list(text.lower())
        if self.analyzer is None:
            return text_to_word_sequence(text, self.filters, self.lower, self.split)
        return self.analyzer(text)

    def fit_on_texts(self, texts: Iterable[Any]) -> None:
        """Learn from texts (or lists of words); may be called again with more."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] += 1
        by_count = sorted(self.word_counts.items(), key=lambda entry: entry[1], reverse=True)
        vocabulary = [] if self.oov_token is None else [self.oov_token]
        vocabulary += [word for word, _ in by_count]
        self.word_index = {}
        for number, word in enumerate(vocabulary, 1):
            self.word_index[word] = number
        self.index_word = {number: word for word, number in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences: Iterable[Iterable[int]]) -> None:
        """Count in how many sequences each number is, for `sequences_to_matrix` without `fit_on_texts`."""
        for sequence in sequences:
            self.document_count += 1
            for number in set(sequence):
                self.index_docs[number] += 1

    def texts_to_sequences(self, texts: Iterable[Any]) -> list[list[int]]:
        """Each text as a list of numbers; unknown words are left out or become the `oov_token`'s."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[Any]) -> Iterator[list[int]]:
        """As `texts_to_sequences`, one by one."""
        unknown = self.word_index.get(self.oov_token) if self.oov_token is not None else None
        known = self.word_index
        if self.num_words:
            known = {word: number for word, number in known.items() if number < self.num_words}
        for text in texts:
            numbers = (known.get(word, unknown) for word in self._words(text))
            yield [number for number in numbers if number is not None]

    def sequences_to_texts(self, sequences: Iterable[Iterable[int]]) -> list[str]:
        """Each list of numbers as words with spaces between them."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable[Iterable[int]]) -> Iterator[str]:
        """As `sequences_to_texts`, one by one."""
        limit = self.num_words or len(self.index_word) + 1
        unknown = self.oov_token if self.oov_token is not None and self.oov_token in self.word_index else None
        for sequence in sequences:
            words = (self.index_word[n] if n in self.index_word and n < limit else unknown for n in sequence)
            yield " ".join(word for word in words if word is not None)

    def texts_to_matrix(self, texts: Iterable[Any], mode: str = "binary") -> np.ndarray:
        """As `sequences_to_matrix`, from texts."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode=mode)

    def sequences_to_matrix(self, sequences: Iterable[list[int]], mode: str = "binary") -> np.ndarray:
        """One row a sequence, one column a word. Shape: (n, num_words), float64.

        Args: `mode`: `"binary"` whether, `"count"` how often, `"freq"` how often of all, `"tfidf"` weighted by rarity.
        Raises: FailedPreconditionError if the size of the vocabulary is unknown; InvalidArgumentError for other modes.
        """
        if mode not in {"binary", "count", "freq", "tfidf"}:
            raise InvalidArgumentError(f"Expected mode binary, count, freq or tfidf; received {mode!r}.")
        if not self.num_words and not self.word_index:
            raise FailedPreconditionError("Specify a dimension (`num_words` argument), or fit on some text data first.")
        if mode == "tfidf" and not self.document_count:
            raise FailedPreconditionError("Fit the Tokenizer on some data before using tfidf mode.")
        width = self.num_words or len(self.word_index) + 1
        sequences = list(sequences)
        found = np.zeros((len(sequences), width))
        for row, sequence in zip(found, sequences):
            numbers = np.array([number for number in sequence if number < width], np.int64)
            if not len(numbers):
                continue
            present, counts = np.unique(numbers, return_counts=True)
            if mode == "binary":
                row[present] = 1
            elif mode == "count":
                row[present] = counts
            elif mode == "freq":
                row[present] = counts / len(sequence)
            else:
                documents = np.array([self.index_docs.get(number, 0) for number in present.tolist()])
                row[present] = (1 + np.log(counts)) * np.log(1 + self.document_count / (1 + documents))
        return found

    def get_config(self) -> dict[str, Any]:
        """The settings and the vocabulary, its tables as JSON texts."""
        return {
            "num_words": self.num_words, "filters": self.filters, "lower": self.lower, "split": self.split,
            "char_level": self.char_level, "oov_token": self.oov_token, "document_count": self.document_count,
            "word_counts": json.dumps(self.word_counts), "word_docs": json.dumps(self.word_docs),
            "index_docs": json.dumps(self.index_docs), "index_word": json.dumps(self.index_word),
            "word_index": json.dumps(self.word_index),
        }  # fmt: skip

    def to_json(self, **kwargs: Any) -> str:
        """The tokenizer as JSON, for `tokenizer_from_json`. Args: `kwargs` go to `json.dumps`."""
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


def tokenizer_from_json(json_string: str) -> Tokenizer:
    """The tokenizer that `to_json` wrote. Raises: InvalidArgumentError if it is another thing."""
    try:
        config = dict(json.loads(json_string)["config"])
        tables = {
            name: json.loads(config.pop(name))
            for name in ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
        }
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidArgumentError(
            f"Expected the text of Tokenizer.to_json(); {error!r} in {json_string[:60]!r}."
        ) from None
    found = Tokenizer(**config)
    found.word_counts = collections.OrderedDict(tables["word_counts"])
    found.word_docs = collections.defaultdict(int, tables["word_docs"])
    found.word_index = tables["word_index"]
    found.index_docs = collections.defaultdict(int, {int(key): value for key, value in tables["index_docs"].items()})
    found.index_word = {int(key): value for key, value in tables["index_word"].items()}
    return found


__getattr__ = attribute_error(__name__)
