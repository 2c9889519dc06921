"""The style of a corpus: which lines and words begin with a capital."""

import json

import pytest

from quatrain.corpus.style_counter import StyleCounter
from quatrain.corpus.tokens import Style, Typesetter, poem_tokens
from quatrain.records import Poem

SENTENCES = """The kettle ticks. My sister reads
in London, and the rain goes on.
I count the stairs. She counts them too,
then nobody is on the stairs.
The kettle ticks.
We sleep in London."""
SMALL = """the kettle ticks. my sister reads
in london, and i count the stairs
and o the rain, i said. it went

and nobody is on the stairs."""
CAPITALS = """The kettle ticks, my sister reads
In London, and the rain goes on,
And I am on the stairs. She counts,"""


def style_of(text: str, base: Style | None = None) -> Style:
    counter = StyleCounter()
    counter.add_poem(line.text for line in Poem.from_text(text).lines)
    return counter.style(base)


@pytest.mark.parametrize("text", [SENTENCES, SMALL, CAPITALS])
def test_a_poem_comes_back_as_its_style_has_it(text: str) -> None:
    poem = Poem.from_text(text)
    assert Typesetter(style_of(text)).poem(poem_tokens(poem)).text == poem.text


def test_lines_that_go_on_with_a_sentence_decide_about_capitals_at_line_starts() -> None:
    """Four of the six lines begin with a capital, but only where a sentence does."""
    style = style_of(SENTENCES)
    assert not style.capital_lines
    assert style.capital_after == {"."}
    assert style_of(CAPITALS).capital_lines
    assert style_of("A lamp.\nA moth.\nA key.").capital_lines


def test_sentences_that_begin_only_at_line_starts_are_seen() -> None:
    style = style_of("The lamp is low\nand so am I.\nWe sleep\nin the rain.\nThe moth\ngoes by")
    assert (style.capital_lines, style.capital_after) == (False, {"."})


def test_a_corpus_without_capitals_writes_i_small() -> None:
    style = style_of(SMALL)
    assert style.lower_case
    assert not style.capital_after
    assert Typesetter(style).line(["i", "and", "o", "london"], sentence=True)[1:] == " and o london"
    assert not style_of(SENTENCES).lower_case


def test_words_that_a_corpus_lacks_are_spelled_as_in_its_base() -> None:
    base = Style(words={"i": "I", "o": "O", "rome": "Rome", "rain": "Rain"})
    style = style_of(SENTENCES, base).over(base)
    assert style.words == {"i": "I", "o": "O", "rome": "Rome", "rain": "rain", "london": "London"}
    assert "rome" not in style_of(SMALL, base).over(base).words


def test_a_style_survives_as_json() -> None:
    for style in (Style(), style_of(SENTENCES), style_of(SMALL), Style(dash="—", ellipsis="…")):
        assert Style.from_facts(json.loads(json.dumps(style.facts()))) == style


@pytest.mark.parametrize(
    "change",
    [
        {"words": {"rome": "Paris"}},
        {"words": ["rome"]},
        {"words": {"rome": 1}},
        {"capital_after": [""]},
        {"dash": "+"},
        {"capital_lines": None, "words": None},
    ],
)
def test_what_is_no_style_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)):
        Style.from_facts({**Style().facts(), **change})
