"""The beginning of a poem: laid out as verse, in characters the poet knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.errors import SettingsError
from quatrain.write.free.prompt import CharacterPrompt

ALPHABET = set("\n abcdeilorstwABC'\"-.")


@pytest.mark.parametrize(
    ("typed", "text", "substituted"),
    [
        ("a cold", "a cold", {}),
        ("Dear", "dear", {"D": "d"}),
        ("cité", "cite", {"é": "e"}),
        ("cite\u0301", "cite", {"é": "e"}),
        ("É", "e", {"É": "e"}),
        ("ﬁ", None, {}),
        ("“a”—b…", '"a"--b...', {"“": '"', "”": '"', "—": "--", "…": "..."}),
        ("o’er", "o'er", {"’": "'"}),
        ("a\tb", "a b", {"\t": " "}),
    ],
)
def test_what_the_alphabet_lacks_is_replaced_and_told(
    typed: str, text: str | None, substituted: dict[str, str]
) -> None:
    if text is None:
        with pytest.raises(SettingsError):
            CharacterPrompt.of(typed, ALPHABET)
        return
    start = CharacterPrompt.of(typed, ALPHABET)
    assert (start.text, dict(start.substituted)) == (text, substituted)


def test_quotes_unfold_for_a_poet_that_knows_only_curved_ones() -> None:
    assert CharacterPrompt.of("o'er", set("oer’")).text == "o’er"


def test_characters_without_a_stand_in_are_named_once_each() -> None:
    with pytest.raises(SettingsError) as caught:
        CharacterPrompt.of("a ψ b 語 ψ", ALPHABET)
    assert str(caught.value) == (
        "The poem can't start with 'ψ', '語': this poet has never read that. "
        "Begin with other characters."
    )


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", ""),
        ("\n\na", "a"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\n  \nb", "a\n\nb"),
        ("a\n", "a\n"),
        ("a\n\n", "a\n\n"),
        ("a\n\n\n", "a\n\n"),
        (" a", " a"),
        ("\n", ""),
    ],
)
def test_a_start_is_laid_out_as_verse(typed: str, text: str) -> None:
    assert CharacterPrompt.of(typed, ALPHABET).text == text


@given(st.text("ab \n\r", max_size=30))
def test_a_start_never_breaks_the_rules_of_verse(typed: str) -> None:
    text = CharacterPrompt.of(typed, ALPHABET).text
    assert "\n\n\n" not in text
    assert not text.startswith("\n")
    assert CharacterPrompt.of(text, ALPHABET).text == text
