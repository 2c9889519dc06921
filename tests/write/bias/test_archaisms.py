"""The list of archaic words, and how often verse has them."""

import pytest

from quatrain.corpus.tokens import line_tokens
from quatrain.errors import CorpusError
from quatrain.poet import bundled_words
from quatrain.records import Poem
from quatrain.write import archaic_rate
from quatrain.write.bias import archaic_tokens, archaic_words

TODAY = """
o'clock honest forest interest teeth harvest request protest arrest modest suggest invest digest
latest highest longest youngest fastest kindest greatest tempest conquest guest quest west lest
breath death beneath wreath heath twentieth Elizabeth Kenneth path health ma'am don't can't isn't
you'd they'd he'd we'd hence always among upon still fair maiden bitter learnt burnt dreamt spelt
favour colour centre harbour neighbour theatre plough cheque cosy tyre bored
shed sped bread fixed asked stopped smartphone email kettle
"""
"""Words of today, of which many look like older forms."""

ARCHAIC = """
thou thee thy thine ye hath doth dost hast shalt wouldst walketh cometh lovest knowest goest
'tis 'twas o'er e'er ne'er e'en heav'n ev'ry wand'ring pow'r know'st lov'st ta'en
ere oft hither whence lo forsooth methinks spake nigh betwixt agone swain steed beauteous
drest stopt drest haue deare againe sayd vertue
"""


def test_at_least_sixty_words_of_today_are_not_archaic() -> None:
    assert len(set(TODAY.split())) >= 60
    assert archaic_tokens(line_tokens(" ".join(TODAY.split()))) == []


@pytest.mark.parametrize("word", sorted(set(ARCHAIC.split())))
def test_words_of_other_times_are_archaic(word: str) -> None:
    assert len(archaic_tokens(line_tokens(word))) == 1


@pytest.mark.parametrize(
    ("line", "archaic"),
    [
        ("The moon walk'd over the lake.", ["'d"]),
        ("I'd said they'd come, and who'd have thought?", []),
        ("'Twas brillig; thou art late, lo!", ["twas", "thou", "lo"]),
        ("Wilt thou?", ["thou"]),
        ("The roses wilt.", []),
        ("He lov'd and stirr'd.", ["'d", "'d"]),
        ("The phone lit up beside the bed at four.", []),
        ("'d", []),
        ("", []),
    ],
)
def test_archaic_tokens_of_a_line(line: str, archaic: list[str]) -> None:
    assert archaic_tokens(line_tokens(line)) == archaic


def test_the_rate_is_for_a_thousand_words() -> None:
    assert archaic_rate("Thou art my love") == 250.0
    assert archaic_rate(["The lamp is low.", "O'er all"]) == pytest.approx(1000 / 6)
    assert archaic_rate([Poem.from_text("lo lo"), Poem.from_text("a kettle")]) == 500.0
    assert archaic_rate("12 -- !") == 0.0


def test_without_poems_there_is_no_rate() -> None:
    with pytest.raises(CorpusError, match="no poems"):
        archaic_rate([])


def test_the_list_is_in_order_and_names_known_rules() -> None:
    words = archaic_words()
    assert list(words) == sorted(words)
    assert set(words.values()) == {
        "form", "word", "ambiguous", "verb", "elision", "past", "stem", "dictionary", "corpus",
    }  # fmt: skip
    assert 1_000 < len(words.keys() & set(bundled_words().words)) < 1_600


def test_commonest_words_are_not_archaic() -> None:
    """Of the two hundred commonest words in the shipped poets' texts only these are."""
    common = bundled_words().words[:200]
    archaic = {"thy", "thou", "thee", "o'er", "o", "ye", "tis"}
    assert set(common) & archaic_words().keys() == archaic
