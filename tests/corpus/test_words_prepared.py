"""Words as numbers: the vocabulary, its spellings, and a corpus of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from quatrain.config import Split
from quatrain.corpus import Prepared, PreparedWords, WordLimits, WordVocabulary, prepare
from quatrain.corpus.spelling import Speller
from quatrain.corpus.word_vocabulary import LONGEST_WORD
from quatrain.errors import CorpusError
from quatrain.records import Poem

VERSES = [
    "The lamp is low, the kettle sings,\nThe cat has gone to bed;\n\nA moth goes by on wings",
    "One gull above the harbour wall\ncries once and then is gone.\n\nThe tide comes in",
    "Rain.",
    "The kettle sings; the gull is gone,\nThe lamp is low",
]


@pytest.fixture
def poems() -> list[Poem]:
    return [Poem.from_lines(verse.split("\n")) for verse in VERSES]


@pytest.fixture
def prepared(poems: list[Poem], prepare_in_memory: Callable[..., Prepared]) -> Prepared:
    return prepare_in_memory(poems[:3], poems[3:])


def vocabulary(*words: str) -> WordVocabulary:
    return WordVocabulary.from_counts(dict.fromkeys(words, 1))


def test_the_most_frequent_words_come_first() -> None:
    counts = {"the": 9, "moth": 2, ",": 5, "wick": 1, "\n": 40}
    assert WordVocabulary.from_counts(counts).words == ("the", ",", "moth", "wick")
    assert WordVocabulary.from_counts(counts, WordLimits(minimum_count=2)).words == (
        "the",
        ",",
        "moth",
    )
    assert WordVocabulary.from_counts(counts, WordLimits(most=2)).words == ("the", ",")
    kept = WordVocabulary.from_counts(counts, WordLimits(most=2, always=["wick", "gnat"])).words
    assert kept == ("wick", "gnat")


@pytest.mark.parametrize("backwards", [False, True])
def test_a_poem_comes_back_from_its_numbers(poems: list[Poem], backwards: bool) -> None:
    counts = {token: 1 for verse in VERSES for token in verse.lower().replace("\n", " ").split()}
    known = WordVocabulary.from_counts(counts | dict.fromkeys(",;.", 3) | dict.fromkeys(
        ["low", "sings", "bed", "gone", "rain"], 1))  # fmt: skip
    for poem in poems:
        ids = known.encode_poem(poem, backwards=backwards)
        assert (ids[0], ids[-1]) == (known.START, known.END)
        assert known.UNKNOWN not in ids
        assert known.decode(ids, backwards=backwards).text.lower() == poem.text.lower()


def test_a_line_backwards_by_hand() -> None:
    known = vocabulary("low", "lamp", "is", "the", ",")
    ids = known.encode_poem(Poem.from_lines(["The lamp", "is low,"]), backwards=True)
    assert [known.token(number) for number in ids] == [
        "", "lamp", "the", "\n", ",", "low", "is", "\n", "",
    ]  # fmt: skip


def test_spellings_are_letters_between_marks() -> None:
    known = vocabulary("ab", "b")
    first = 3 + known.SPECIALS + 1
    assert known.alphabet == "ab"
    assert known.spell("ba") == [1, first + 1, first, 2]
    assert known.spell("b?") == [1, first + 1, first - 1, 2]
    assert known.spellings.shape == (known.size, 4)
    assert known.spellings[known.LINE].tolist() == [1, 3 + known.LINE, 2, 0]
    assert known.spellings.max() < known.letters


def test_a_very_long_word_keeps_both_its_ends() -> None:
    known = vocabulary("ab")
    long = known.spell("a" * 100 + "b" * 100)
    half = LONGEST_WORD // 2
    assert long == [1, *known.spell("a" * half)[1:-1], *known.spell("b" * half)[1:-1], 2]


def test_new_words_come_after_the_old_ones() -> None:
    known = vocabulary("ab", "b")
    more = known.extended(["ba", "ab", "ba", "c"])
    assert more.words == (*known.words, "ba", "c")
    assert more.alphabet == known.alphabet
    assert (more.spellings[: known.size, :4] == known.spellings).all()


def test_facts_come_back(prepared: Prepared) -> None:
    known = PreparedWords.of(prepared).vocabulary
    assert WordVocabulary.from_facts(json.loads(json.dumps(known.facts()))) == known


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"words": ["a", "a"]}, "a word given twice"),
        ({"words": ["a b"]}, "the entry 'a b'"),
        ({"words": ["a\x1b"]}, "the entry 'a\\x1b'"),
        ({"words": [""]}, "no usable words (an entry that is not a text)"),
        ({"words": [3]}, "no usable words (an entry that is not a text)"),
        ({"alphabet": None}, "no usable words (an entry that is not a text)"),
        ({"style": {}}, "no usable words ('words')"),
        (
            {"style": {"capital_lines": True, "capital_after": [], "words": {"a": "Bee"}}},
            "no usable words (a capital spelling of another word)",
        ),
    ],
)
def test_facts_that_are_none(change: dict[str, object], found: str) -> None:
    with pytest.raises(CorpusError) as caught:
        WordVocabulary.from_facts(vocabulary("a").facts() | change)
    assert caught.value.found == found


def test_a_vocabulary_of_no_word() -> None:
    with pytest.raises(CorpusError, match="no word seen 2 times"):
        WordVocabulary.from_counts({"a": 1}, WordLimits(minimum_count=2))


@pytest.mark.parametrize("backwards", [False, True])
def test_a_corpus_is_its_poems_numbered(
    prepared: Prepared, poems: list[Poem], backwards: bool
) -> None:
    words = PreparedWords.of(prepared, backwards=backwards)
    known = words.vocabulary
    for index, poem in enumerate(poems):
        ids = words.tokens[words.offsets[index] : words.offsets[index + 1]]
        assert ids.tolist() == known.encode_poem(poem, backwards=backwards).tolist()
    seen = np.bincount(
        np.concatenate([known.encode_poem(poem) for poem in poems[:3]]), minlength=known.size
    )
    assert words.counts.tolist() == seen.tolist()
    assert words.characters([0, 1]) == prepared.characters([0, 1])
    assert words.predictions(words.training) == int(seen.sum()) - 3


def test_validation_words_are_not_learned(prepare_in_memory: Callable[..., Prepared]) -> None:
    poems = [Poem.from_lines(["a lamp"]), Poem.from_lines(["a gull"])]
    words = PreparedWords.of(prepare_in_memory(poems[:1], poems[1:]))
    assert set(words.vocabulary.words) == {"a", "lamp"}
    assert words.tokens[words.offsets[1] :].tolist().count(WordVocabulary.UNKNOWN) == 1


def test_a_corpus_on_disk_comes_back(prepared: Prepared, tmp_path: Path) -> None:
    words = PreparedWords.of(prepared, backwards=True)
    words.write(tmp_path)
    again = PreparedWords.open(tmp_path)
    assert again.vocabulary == words.vocabulary
    assert again.backwards
    for name in ("tokens", "offsets", "training", "validation", "counts", "lengths", "spelling"):
        assert (getattr(again, name) == getattr(words, name)).all(), name


def test_a_damaged_corpus_says_what_is_wrong(prepared: Prepared, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no such file or directory; expected a corpus prepared"):
        PreparedWords.open(tmp_path)
    PreparedWords.of(prepared).write(tmp_path)
    content = bytearray((tmp_path / "words.safetensors").read_bytes())
    content[-1] ^= 1
    (tmp_path / "words.safetensors").write_bytes(content)
    with pytest.raises(CorpusError, match="a content that does not match its hash"):
        PreparedWords.open(tmp_path)
    (tmp_path / "words.json").write_text("{}")
    with pytest.raises(CorpusError, match="a file that is not what was written"):
        PreparedWords.open(tmp_path)


def test_a_word_keeps_the_letters_that_the_alphabet_has_not(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    rare = "the na\u00efve \u0153uvre\n"
    path.write_text("\n\n\n".join(["the lamp is low and the lamp is lit\n" * 4, rare] * 6))
    prepared = prepare(path, tmp_path / "p", split=Split(minimum_count=20))
    assert set(prepared.unknown) >= {"\u00ef", "\u0153"}
    texts = list(prepared.texts())
    assert rare in texts
    words = PreparedWords.of(prepared)
    speller = Speller(words.vocabulary.words)
    unknown = [
        word for word in ("na\u00efve", "\u0153uvre") if word not in words.vocabulary.numbers
    ]
    index = texts.index(rare)
    assert words.spelling_nats([index]) == pytest.approx(sum(map(speller.nats, unknown)))
    assert "nave" not in words.vocabulary.words
