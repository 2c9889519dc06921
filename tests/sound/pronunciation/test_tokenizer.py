"""Lines into words as they are said."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.records.syllables import syllabify
from quatrain.sound import words


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("The moon, the oar; and all", "the moon the oar and all"),
        ("'Tis o'er; th' eternal 'gainst", "'tis o'er th' eternal 'gainst"),
        ("the man 's hat and I do n't", "the man's hat and i don't"),
        ("a moss-grown well -- so", "a moss grown well so"),
        ("‘Tis’ said she, “I’ll go”", "'tis said she i'll go"),
        ("the girls' brows and 'quoted' words", "the girls' brows and quoted words"),
        ("In 1817, 2nd day", "in 1817 2nd day"),
        ("lingerin' on", "lingerin' on"),
        ("o' er the hill and ne' er e' en th' oar", "o'er the hill and ne'er e'en th' oar"),
        ("", ""),
        ("--- !!! 😀", ""),
    ],
)
def test_lines_become_the_words_one_says(line: str, spoken: str) -> None:
    assert " ".join(word.spoken for word in words(line)) == spoken


def test_a_hyphen_joins_its_parts() -> None:
    assert [word.joined for word in words("a moss-grown well")] == [False, False, True, False]


@given(st.text(max_size=80))
def test_words_stand_where_they_say(line: str) -> None:
    found = words(line)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
    if line.isascii():
        assert all(line[word.start : word.end] == word.text for word in found)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("beauty", "beau-ty"),
        ("water", "wa-ter"),
        ("summer", "sum-mer"),
        ("walked", "walked"),
        ("temperate", "tem-pe-rate"),
        ("idea", "i-de-a"),
        ("rhythm", "rhy-thm"),
    ],
)
def test_words_are_cut_into_syllables(word: str, parts: str) -> None:
    assert "-".join(syllabify(word, parts.count("-") + 1)) == parts


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz'", max_size=20), st.integers(0, 9))
def test_cutting_loses_no_letter(word: str, syllables: int) -> None:
    parts = syllabify(word, syllables)
    assert len(parts) == syllables
    assert "".join(parts) == (word if syllables else "")
