"""Characters to numbers and back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.corpus import Vocabulary
from quatrain.corpus.vocabulary import default_minimum_count
from quatrain.errors import CorpusError
from quatrain.records import Poem

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


def of(text: str) -> Vocabulary:
    return Vocabulary(tuple(sorted(set(text) | {"\n"})))


def test_numbers_follow_code_points_after_the_three_specials() -> None:
    vocabulary = of("ba")
    assert vocabulary.characters == ("\n", "a", "b")
    assert (Vocabulary.START, Vocabulary.END, Vocabulary.UNKNOWN) == (0, 1, 2)
    assert vocabulary.size == 6
    assert vocabulary.encode("ab\nz").tolist() == [4, 5, 3, 2]


def test_a_poem_is_framed_and_stanzas_are_two_breaks_apart() -> None:
    vocabulary = of("ab")
    poem = Poem.from_lines(["a", "b", "", "a"])
    assert vocabulary.encode_poem(poem).tolist() == [0, 4, 3, 5, 3, 3, 4, 3, 1]
    assert vocabulary.decode(vocabulary.encode_poem(poem)) == "a\nb\n\na\n"


@given(texts)
def test_what_is_in_the_alphabet_comes_back(text: str) -> None:
    assert of(text).decode(of(text).encode(text)) == text


@pytest.mark.slow
@given(texts, texts)
def test_each_character_is_numbered_alone(text: str, other: str) -> None:
    vocabulary = of(text)
    place = {character: number for number, character in enumerate(vocabulary.characters, 3)}
    wanted = [place.get(character, 2) for character in other]
    assert vocabulary.encode(other).tolist() == wanted
    assert sum(vocabulary.unknown(other).values()) == wanted.count(2)


@given(texts)
def test_json_round_trip(text: str) -> None:
    assert Vocabulary.from_json(of(text).to_json()) == of(text)


def test_the_framing_control_characters_are_unknown_in_a_text() -> None:
    assert of("a").encode("\0a\1").tolist() == [2, 4, 2]


def test_no_alphabet_is_made_with_what_a_terminal_obeys() -> None:
    counts = dict.fromkeys("a\n\x1b\x9b\u202e\ud800\u200c\u200d", 9)
    assert Vocabulary.from_counts(counts).characters == ("\n", "a", "\u200c", "\u200d")


def test_one_byte_up_to_256_numbers_then_two() -> None:
    assert Vocabulary(tuple(map(chr, range(32, 32 + 253)))).encode("!").dtype == np.uint8
    assert Vocabulary(tuple(map(chr, range(32, 32 + 254)))).encode("!").dtype == np.uint16


def test_rare_characters_are_left_out_and_the_line_break_never() -> None:
    vocabulary = Vocabulary.from_counts({"a": 5, "b": 1, "\n": 1}, minimum_count=2)
    assert vocabulary.characters == ("\n", "a")
    assert vocabulary.unknown("abcb") == {"b": 2, "c": 1}


def test_more_characters_than_two_bytes_number_keep_the_most_frequent() -> None:
    counts = {chr(0x10000 + number): 2 + (number == 69_999) for number in range(70_000)}
    vocabulary = Vocabulary.from_counts(counts)
    assert vocabulary.size == 65_536
    assert chr(0x10000 + 69_999) in vocabulary.characters


def test_decode_refuses_numbers_of_another_vocabulary() -> None:
    with pytest.raises(CorpusError) as caught:
        of("a").decode(np.array([5]))
    assert str(caught.value) == (
        "tokens to decode: got numbers from 5 to 5; expected numbers from 0 to 4. "
        "Use the vocabulary the text was encoded with."
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[", "Expecting value"),
        ("[]", "the format 'list'"),
        ('{"format": 9}', "the format 9"),
        ('{"format": 1, "characters": 3}', "the characters 3"),
        (json.dumps({"format": 1, "characters": "ba"}), "repeated or out of order"),
        (json.dumps({"format": 1, "characters": "aa"}), "repeated or out of order"),
    ],
)
def test_a_broken_vocabulary_says_in_what(text: str, found: str) -> None:
    with pytest.raises(CorpusError, match=found):
        Vocabulary.from_json(text)


def test_entries_must_be_single_characters() -> None:
    with pytest.raises(CorpusError, match="the entry 'ab'"):
        Vocabulary(("ab",))


def test_the_default_minimum_grows_with_the_corpus() -> None:
    assert [default_minimum_count(size) for size in (10, 1_999_999, 2_000_000, 64_000_000)] == [
        1,
        1,
        2,
        64,
    ]
