"""Text of the user: it stands in the poem as it was given, character by character."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quatrain.corpus.tokens import Typesetter, line_tokens
from quatrain.errors import FormError, SettingsError
from quatrain.records import Poem
from quatrain.write import CharacterWriter, WordWriter, WriteOptions, Writer
from quatrain.write.user_text import NO_TEXT, LineText, drawn_tokens, opening_of, rows_of, set_lines

WORDS = (
    "the", "lamp", "is", "low", "a", "moth", "goes", "by", "and", "river", "rain", "in", "we",
    "sleep", "light", "i", "'s", ",", ".", "!", "--", "“", "”",
)  # fmt: skip
SPELLED = [
    "don’t",
    "the",
    "The",
    "LAMP",
    "moth",
    "river",
    "i",
    "I",
    "lamp's",
    "zyx",
    "Naples",
    "o’er",
]

word = st.sampled_from(SPELLED)
gap = st.sampled_from([" ", "  ", ", ", "; ", " — ", "--", "\t", " ... ", "… ", ": “", " ‘"])
before = st.sampled_from(["", "", "  ", "\t", "“", "(", "- ", "'", " … "])
after = st.sampled_from(["", "", ",", ".", " ", "  ", ")", "”", " —", "?!", "…", ";  "])


@st.composite
def line_text(draw: st.DrawFn) -> str:
    """Draw the text of a line, set in whatever way a user may."""
    texts = [draw(before), draw(word)]
    for _ in range(draw(st.integers(0, 3))):
        texts += [draw(gap), draw(word)]
    return "".join([*texts, draw(after)])


@pytest.fixture(scope="session")
def poets(
    make_word_writer: Callable[..., Writer], make_writer: Callable[..., Writer]
) -> list[Writer]:
    letters = "\n ',;:.!?-\t…—“”‘’()\"" + "abcdefghijklmnopqrstuvwxyz"
    return [
        make_word_writer(WORDS, backwards=False),
        make_word_writer(WORDS, backwards=True),
        make_writer({"\n": 1.0}, alphabet=letters + letters[-26:].upper()),
    ]


def written(poet: Writer, options: WriteOptions) -> Poem:
    """Write a poem, and check that its pieces are its text, from where it last started over."""
    writing = poet.begin(options)
    pieces = "".join(writing.pieces()).rsplit("\n\n(starting over)\n\n", 1)[-1]
    assert pieces == writing.poems[0].text
    return writing.poems[0]


@settings(max_examples=40, deadline=None)
@given(whole=st.lists(line_text(), max_size=2), begun=line_text(), stanza=st.booleans())
def test_a_free_poem_begins_with_the_start_as_it_is(
    poets: Sequence[Writer], whole: list[str], begun: str, stanza: bool
) -> None:
    start = "\n".join([*whole, *[""] * (stanza and bool(whole)), begun])
    for poet in poets:
        poem = written(poet, WriteOptions(start=start, lines=len(whole) + 2, seed=1))
        assert poem.text.startswith(start), poem.text
        assert [line.text for line in poem.lines[: len(whole)]] == whole


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    first=line_text(), begun=line_text(), own=line_text(), end=line_text(),
    stanza=st.booleans(), search=st.sampled_from(["particles", "beam"]),
)  # fmt: skip
def test_a_poem_in_a_form_has_every_text_as_it_is(
    poets: Sequence[Writer], first: str, begun: str, own: str, end: str, stanza: bool, search: str
) -> None:
    try:
        assert_kept(poets, (first, begun, own, end), stanza=stanza, search=search)
    except FormError as error:  # weights drawn at random may prefer what is turned away each time
        assume("in 12 attempts" not in str(error))
        raise


@pytest.mark.parametrize("start", ["The lamp 🙂", "The lamp is 5 €", "The moth 🙂 and"])
def test_signs_outside_every_line_are_printed_once(poets: Sequence[Writer], start: str) -> None:
    poet = next(poet for poet in poets if isinstance(poet, WordWriter))
    text = poet.write(start=start, lines=2, seed=1).text
    assert text.startswith(start)
    assert not text.startswith((f"{start}{start.split()[-1]}", f"{start} {start.split()[-1]}"))


@pytest.mark.parametrize("search", ["particles", "beam"])
def test_capitals_spaces_and_stanzas_stay_in_a_form(poets: Sequence[Writer], search: str) -> None:
    texts = ("  the LAMP — is low…", "“zyx ", "a  moth,", " the river ;")
    assert_kept(poets, texts, stanza=True, search=search)


def assert_kept(
    poets: Sequence[Writer], texts: tuple[str, str, str, str], *, stanza: bool, search: str
) -> None:
    first, begun, own, end = texts
    start = f"{first}\n\n{begun}" if stanza else f"{first}\n{begun}"
    for poet in poets:
        options = WriteOptions(
            start=start, fixed={3: own}, end=end, lines=4, form="free-verse", seed=1,
            particles=3, search=search,
        )  # fmt: skip
        poem = written(poet, options)
        assert poem.text.startswith(start), poem.text
        assert poem.lines[2].text == own
        assert poem.text.endswith(end), poem.text
        assert (len(poem.stanzas[0]) == 1) == stanza


def test_a_refrain_of_the_user_comes_back_as_it_is(verse: Writer) -> None:
    mine = "the LAMP  is low, and nobody is home,"
    poem = verse.write(form="triolet", fixed={1: mine}, seed=1, particles=2)
    lines = [line.text for line in poem.lines]
    assert [lines[place] for place in (0, 3, 6)] == [mine] * 3


def test_the_opening_of_a_rondeau_is_of_the_users_line(verse: Writer) -> None:
    mine = "the LAMP is  low, and nobody is home,"
    poem = verse.write(form="rondeau", fixed={1: mine}, seed=1, particles=2)
    lines = [line.text for line in poem.lines]
    assert lines[8].startswith("the LAMP is  low")
    assert mine.startswith(lines[8])
    assert lines[14] == lines[8] + "."


# The parts


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("“the (lamp)", "the lamp", "the lamp"),
        ("-- the lamp?! --", "the lamp --", "-- the lamp --"),
        ("sea-bust -", "sea - bust -", "sea - bust -"),
        ("'tis 's", "‘ tis 's", "‘ tis's"),
        (", ...", "", ","),
        ("king's,-", "king 's ,", "king 's ,"),
        ("”", "", ""),
        ("the lamp's", "the lamp 's", "the lamp's"),
        ("I don’t, can't 've", "i don't , can't 've", "i don't , can't've"),
    ],
)
def test_the_search_goes_by_what_a_line_can_have(text: str, begins: str, ends: str) -> None:
    assert " ".join(drawn_tokens(text)) == begins
    assert " ".join(drawn_tokens(text, ends=True)) == ends


def test_rows_end_where_python_ends_lines() -> None:
    text = "a\r\nb\rc\vd\fe\x1cf\x85g\u2028h\u2029i\n"
    assert rows_of(text) == [*text.splitlines(), ""]
    assert rows_of("") == [""]


@given(line_text(), st.integers(0, 6))
def test_an_opening_has_the_first_tokens(text: str, count: int) -> None:
    opening = opening_of(text, count)
    assert text.startswith(opening)
    if opening != text:
        assert line_tokens(opening) == line_tokens(text)[:count]


def test_a_line_is_set_around_the_users_words() -> None:
    typesetter = Typesetter()
    words = ["the", "lamp", "is", "low", ",", "my", "love"]
    begins = LineText(begins="the  LAMP")
    assert begins.set_with(typesetter, words) == "the  LAMP is low, my love"
    assert LineText(begins="the  LAMP ").set_with(typesetter, words) == "the  LAMP is low, my love"
    assert LineText(ends="MY  love").set_with(typesetter, words) == "The lamp is low, MY  love"
    assert LineText(ends="  my love").set_with(typesetter, words) == "The lamp is low,  my love"
    assert LineText(whole="x").set_with(typesetter, words) == "x"
    assert NO_TEXT.set_with(typesetter, words) == typesetter.line(words)
    lines = [(["a", ".", "\n", "\n\n"], NO_TEXT), (["b", "\n"], LineText(begins="b"))]
    assert set_lines(typesetter, lines) == ["A.", "", "b"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"end": "a\nb"}, "setting 'end': got 2 lines in 'a\\nb'"),
        ({"fixed": {2: "a\u2028b"}}, "setting 'fixed': got 2 lines"),
        ({"fixed": {2: " \n"}}, "setting 'fixed': got ' \\n'"),
        ({"fixed": {2: ""}}, "the text of one line"),
    ],
)
def test_a_line_is_one_line(options: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        WriteOptions(form="haiku", **options)
    assert told in str(caught.value)


def test_breaks_around_a_line_are_not_of_it(poets: Sequence[Writer]) -> None:
    for poet in poets:
        poem = poet.write(
            form="free-verse", lines=3, fixed={2: " a lamp \n"}, end="low\r\n", seed=1, particles=2
        )
        assert poem.lines[1].text == " a lamp "
        assert poem.text.endswith("low")
        assert isinstance(poet, WordWriter | CharacterWriter)
