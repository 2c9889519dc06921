"""Runs of words as hashes, against the runs themselves."""

import hashlib
import random

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from quatrain.poet import NgramIndex, Poet, bundled, ngram_index, words_of
from quatrain.poet.ngram_index import run_hashes

LONGEST = np.array([6], np.uint8)
SEVEN = "a gull above the harbour wall cries"
words = st.sampled_from(["tide", "rain", "o'er", "gull", "café"])
texts = st.lists(st.lists(words, max_size=12).map(" ".join), max_size=5)


def runs(text: str, length: int = 7) -> set[tuple[str, ...]]:
    actual = words_of(text)
    return {tuple(actual[start : start + length]) for start in range(len(actual) - length + 1)}


def polynomial(run: tuple[str, ...]) -> int:
    """The upper half of a run's hash, in whole numbers."""
    total, factor, all_bits = 0, 0x9E3779B97F4A7C15, (1 << 64) - 1
    for word in run:
        digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
        total = (total * factor + int.from_bytes(digest, "little")) & all_bits
    total = (total ^ total >> 32) * factor & all_bits
    return (total ^ total >> 29) >> 32


@given(texts)
def test_every_run_of_the_texts_is_found(given: list[str]) -> None:
    index = NgramIndex.from_texts(given)
    every = set().union(*map(runs, given))
    if not every:
        assert index is None
        return
    assert index is not None
    again = NgramIndex.from_bytes(index.to_bytes())
    assert len(index.low) == len(every)
    assert all(index.copies(run) and again.copies(run) for run in every)
    for text in given:
        assert index.copies(words_of(text)) == bool(runs(text))


@pytest.mark.slow
def test_one_in_256_others_is_taken_for_a_run_and_a_run_takes_ten_bits() -> None:
    draw = random.Random(1)
    lexicon = [f"{one}{other}" for one in "bcdfglmnprst" for other in "aeiou"]
    text = " ".join(draw.choice(lexicon) for _ in range(50_000))
    index = NgramIndex.from_texts([text])
    assert index is not None
    strangers = [[draw.choice(lexicon) for _ in range(7)] for _ in range(20_000)]
    taken = sum(map(index.copies, strangers))
    assert 50 < taken < 110  # 78 are to be expected, give or take 9
    assert index.megabytes * 8e6 == pytest.approx(10 * 49_994, rel=1e-4)
    assert len(index.to_bytes()) == pytest.approx(index.megabytes * 1e6, abs=300)


def test_case_marks_and_line_ends_do_not_matter_but_poems_are_apart() -> None:
    index = NgramIndex.from_texts([SEVEN, "once and then is gone again it’s said"])
    assert index is not None
    assert index.copies(words_of("A gull, above the\n\nharbour wall -- CRIES!"))
    assert index.copies(words_of("And then is gone: again it's said"))
    assert not index.copies(words_of("above the harbour wall cries once and"))
    assert not index.copies(words_of("a gull above the harbour wall"))


def test_the_same_texts_give_the_same_bytes_on_every_machine() -> None:
    text = f"{SEVEN} once and then"
    index = NgramIndex.from_texts([text])
    assert index is not None
    hashes = sorted(polynomial(run) * (4 << 8) >> 32 for run in runs(text))
    bits = ["0"] * 8
    for place, each in enumerate(hashes):
        bits[(each >> 8) + place] = "1"
    assert index.low.tolist() == [each & 255 for each in hashes] == [207, 70, 92, 200]
    assert index.high.tolist() == [int("".join(bits), 2)] == [46]


def test_texts_beyond_the_bound_have_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ngram_index, "MOST_WORDS", 13)
    assert NgramIndex.from_texts([SEVEN]) is not None
    assert NgramIndex.from_texts([SEVEN, SEVEN]) is None


@given(texts, st.integers(1, 9))
def test_an_index_holds_runs_of_any_length(given: list[str], longest: int) -> None:
    chosen = sorted(set().union(*(runs(text, longest + 1) for text in given)))[::2]
    if not chosen:
        return
    hashes = np.unique(np.concatenate([run_hashes(run, longest + 1) for run in chosen]))
    index = NgramIndex.from_bytes(NgramIndex.from_hashes(hashes, longest).to_bytes())
    assert (index.longest, len(index.low)) == (longest, len(chosen))
    for run in chosen:
        assert index.copies(["gull", *run])
        assert not index.copies(run[1:])


def test_the_copies_of_verse_are_the_likeliest_runs_of_six_words() -> None:
    index = Poet.load(bundled()["verse"]).training_ngrams
    assert index is not None
    assert index.longest == 5
    assert index.megabytes < 2.1
    assert index.copies(words_of("and that was the end of all"))
    assert not index.copies(words_of("a gull above the harbour wall cries"))


@pytest.mark.parametrize(
    "tensors",
    [
        {"low": np.zeros(4, np.uint8)},
        {"low": np.zeros(4, np.uint8), "high": np.array([0xF0], np.uint8), "longest": LONGEST * 0},
        {
            "low": np.zeros(4, np.uint8),
            "high": np.array([0xF0], np.uint8),
            "longest": np.array([2**40], np.int64),
        },
        {"low": np.zeros(4, np.uint8), "high": np.zeros(1, np.uint8)},
        {"low": np.zeros(0, np.uint8), "high": np.zeros(0, np.uint8)},
        {"low": np.zeros(4, np.float32), "high": np.array([0xF0], np.uint8)},
        {"low": np.zeros((2, 2), np.uint8), "high": np.array([0xF0], np.uint8)},
        {"low": np.zeros(4, np.uint8), "high": np.array([0xF0], np.int64)},
        {"low": np.zeros(4, np.uint8), "high": np.array([[0xF0]], np.uint8)},
        {"low": np.zeros(4, np.uint8), "high": np.array([0xF0, 0], np.uint8)},
        {"low": np.zeros(1, np.uint8), "high": np.full(1000, 0xFF, np.uint8)},
    ],
)
def test_what_is_no_index_is_refused(tensors: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match=r"high"):
        NgramIndex.from_bytes(safetensors.numpy.save({"longest": LONGEST, **tensors}))
    with pytest.raises(ValueError, match="header"):
        NgramIndex.from_bytes(b"none")
