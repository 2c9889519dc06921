"""TEI: which lines are a poem, a stanza, one line; titles, authors and what stands beside them."""

import sys
from pathlib import Path
from types import FrameType

import pytest

from quatrain.corpus import stream_all
from quatrain.errors import CorpusError
from quatrain.records import Poem

HEADER = (
    "<teiHeader><fileDesc><titleStmt><title>Rocks</title><author>R. Tallis</author></titleStmt>"
    "<sourceDesc><bibl><title>Notebook</title><author>Nobody</author></bibl></sourceDesc>"
    "</fileDesc></teiHeader>"
)
SKERRY = Path(__file__).parent / "tei" / "skerry.xml"


def read_body(path: Path, body: str) -> list[Poem]:
    path.write_text(f"<TEI>{HEADER}<text><body>{body}</body></text></TEI>", encoding="utf-8")
    return list(stream_all(path))


def texts(path: Path, body: str) -> list[str]:
    return [poem.text for poem in read_body(path, body)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.xml"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<sp><l part='I'>Who's there?</l></sp><sp><l part='F'>The sea.</l><l>Come in.</l></sp>",
            "Who's there? The sea.\n\nCome in.",
        ),
        (
            "<sp><l part='I'>And you?</l></sp><stage>Ah.</stage><sp><l part='M'>I slept.</l></sp>"
            "<sp><p>He did.</p></sp><sp><l part='F'>At sea.</l></sp>",
            "And you? I slept. At sea.",
        ),
        ("<l part='I'>One</l><l>whole</l><l part='F'>two</l>", "One\nwhole\ntwo"),
        (
            "<l part='F'>One</l><l part='I'>two</l><l part='I'>three</l><l part='F'>four</l>",
            "One\ntwo\nthree four",
        ),
        ("<l part='I'>One</l><l part='F'>two</l><l part='F'>three</l>", "One two\nthree"),
        ("<l part='Y'>One</l><l part='Y'>two</l>", "One\ntwo"),
        ("<l part='N'>One</l><l part='N'>two</l>", "One\ntwo"),
        (
            "<l xml:id='a' next='#c'>One</l><l>between</l><l xml:id='c' prev='#a'>two</l>",
            "One two\nbetween",
        ),
        (
            "<l xml:id='a' part='I' next='#c'>One</l><l part='F'>other</l><l xml:id='c'>two</l>",
            "One two\nother",
        ),
        (
            "<lg part='I'><l>One</l></lg><lg part='F'><l>two</l></lg><lg><l>three</l></lg>",
            "One\ntwo\n\nthree",
        ),
        (
            "<lg><l part='I'>One</l></lg><lg><l part='F'>two</l><l>three</l></lg>",
            "One two\n\nthree",
        ),
    ],
)
def test_parts_of_a_line_are_one_line(file: Path, body: str, text: str) -> None:
    assert texts(file, f"<div>{body}</div>") == [text]


def test_parts_are_not_joined_across_divisions(file: Path) -> None:
    body = "<div><l part='I'>One</l></div><div><l part='F'>two</l></div>"
    assert texts(file, body) == ["One", "two"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<lg><l>a</l><pb/><fw>2</fw><l>b</l><note>n</note><l>c</l></lg>", "a\nb\nc"),
        ("<l>a</l><lb/><l>b</l><stage>x</stage><l>c</l>", "a\nb\nc"),
        ("<lg><l>a</l><l/><l> </l><l>b</l></lg>", "a\nb"),
        ("<lg><l>a</l><q><l>b</l><l>c</l></q><l>d</l></lg>", "a\nb\nc\nd"),
        ("<lg><l>a</l></lg><milestone unit='page'/><lg><l>b</l></lg>", "a\n\nb"),
        ("<l>a</l><milestone unit='stanza'/><l>b</l>", "a\n\nb"),
        ("<lg><app><lem><l>a</l></lem><rdg><l>x</l></rdg></app><l>b</l></lg>", "a\nb"),
        ("<lg><del><l>x</l></del><add><l>a</l></add><l>b</l></lg>", "a\nb"),
        ("<lg><restore><del><l>a</l></del></restore><l>b</l></lg>", "a\nb"),
        (
            "<lg><restore><subst><del><l>a</l></del><add><l>x</l></add></subst></restore>"
            "<l>b</l></lg>",
            "a\nb",
        ),
        ("<lg><restore><l>a <del>dark</del></l></restore><l>b</l></lg>", "a dark\nb"),
        ("<lg><choice><l>a</l><l>x</l></choice><l>b</l></lg>", "a\nb"),
        ("<lg><subst><del><l>x</l></del><add><l>a</l></add></subst><l>b</l></lg>", "a\nb"),
        ("<list><item><l>a</l></item><item><l>b</l></item></list>", "a\nb"),
        ("<l>He said <q><l>come</l><l>away</l></q> and went</l>", "He said\ncome\naway\nand went"),
        ("<l><l>a</l></l>", "a"),
        ("<lg1><l>a</l></lg1><lg1><l>b</l></lg1>", "a\n\nb"),
        ("<figure><head>A lamp</head><lg><l>a</l><l>b</l></lg></figure>", "a\nb"),
        ("<p>As it says: <q><l>a</l><l>b</l></q> and so on.</p>", "a\nb"),
    ],
)
def test_stanzas(file: Path, body: str, text: str) -> None:
    assert texts(file, body) == [text]


@pytest.mark.parametrize(
    ("body", "poems"),
    [
        ("<lg><lg><l>a</l></lg><lg><l>b</l></lg></lg><lg><lg><l>c</l></lg></lg>", 2),
        ("<lg type='sonnet'><l>a</l></lg><lg type='poem'><l>b</l></lg>", 2),
        ("<lg><head>One</head><l>a</l></lg><lg><head>Two</head><l>b</l></lg>", 2),
        (
            "<lg type='stanza'><head>1</head><l>a</l></lg>"
            "<lg type='stanza'><head>2</head><l>b</l></lg>",
            1,
        ),
        (
            "<lg><lg type='quatrain'><l>a</l></lg><lg type='quatrain'><l>b</l></lg></lg>"
            "<lg type='couplet'><l>c</l></lg>",
            1,
        ),
        ("<lg type='octave'><lg><l>a</l></lg></lg><lg type='sestet'><lg><l>b</l></lg></lg>", 1),
        (
            "<lg type='set'><lg type='sonnet'><l>a</l></lg><lg type='sonnet'><l>b</l></lg></lg>",
            2,
        ),
        (
            "<div type='poem'><lg><head>I</head><l>a</l></lg><lg><head>V</head><l>b</l></lg></div>",
            1,
        ),
        ("<l>a</l><floatingText><body><l>song</l></body></floatingText><l>b</l>", 2),
        ("<sp><l>a</l><lg><head>Song</head><l>song</l></lg><l>b</l></sp>", 2),
        ("<lg><l>a</l></lg><lg type='poem'><l>b</l></lg><lg><l>c</l></lg>", 3),
        ("<div><l>a</l><div><l>b</l></div></div>", 2),
    ],
)
def test_how_many_poems(file: Path, body: str, poems: int) -> None:
    assert len(texts(file, body)) == poems


def test_a_song_does_not_divide_its_scene(file: Path) -> None:
    body = "<div><head>One</head><sp><l>a</l><lg><head>Song</head><l>b</l></lg><l>c</l></sp></div>"
    assert [(poem.title, poem.text) for poem in read_body(file, body)] == [
        ("One", "a\nc"),
        ("Song", "b"),
    ]


def test_titles_and_authors(file: Path) -> None:
    body = (
        "<div><head>Sea<note>1850</note></head><head type='sub'>at night</head><byline>by "
        "<docAuthor>Ann Gray</docAuthor></byline><l>a</l></div><div><l>b</l></div>"
    )
    first, second = read_body(file, body)
    assert (first.title, first.author) == ("Sea", "Ann Gray")
    assert [(part.kind, part.text) for part in first.paratexts] == [
        ("subtitle", "at night"),
        ("byline", "by Ann Gray"),
    ]
    assert (second.title, second.author, second.paratexts) == ("Rocks", "R. Tallis", ())


def test_all_authors_of_a_title_statement(file: Path) -> None:
    names = "".join(f"<author><surname>{name}</surname></author>" for name in ("Gray", "Tallis"))
    header = f"<teiHeader><fileDesc><titleStmt>{names}</titleStmt></fileDesc></teiHeader>"
    file.write_text(f"<TEI>{header}<text><l>a</l></text></TEI>", encoding="utf-8")
    assert [poem.author for poem in stream_all(file)] == ["Gray, Tallis"]


def test_what_stands_beside_several_poems_belongs_to_none(file: Path) -> None:
    body = (
        "<div><epigraph><p>All.</p></epigraph><lg type='poem'><l>a</l><trailer>End.</trailer></lg>"
        "<lg type='poem'><l>b</l></lg></div><div><epigraph><p>One.</p></epigraph>"
        "<lg type='poem'><l>c</l></lg></div>"
    )
    assert [[part.text for part in poem.paratexts] for poem in read_body(file, body)] == [
        ["End."],
        [],
        ["One."],
    ]


@pytest.mark.parametrize(
    "document",
    [
        "<TEI.2><text><body><div0><div1><head>H</head>{}</div1></div0></body></text></TEI.2>",
        '<t:TEI xmlns:t="http://www.tei-c.org/ns/1.0"><t:text><t:body><t:div><t:head>H</t:head>'
        "<t:lg><t:l>a</t:l></t:lg></t:div></t:body></t:text></t:TEI>",
        '<TEI xmlns="urn:mine"><text><body><div><head>H</head>{}</div></body></text></TEI>',
        "<div><head>H</head>{}</div>",
        "<text><body><div><head>H</head>{}</div></body></text>",
    ],
)
def test_roots_and_namespaces(file: Path, document: str) -> None:
    file.write_text(document.format("<lg><l>a</l></lg>"), encoding="utf-8")
    assert [(poem.title, poem.text) for poem in stream_all(file)] == [("H", "a")]


def test_a_poem_in_another_vocabulary_is_none(file: Path) -> None:
    file.write_text("<TEI><lg xmlns='urn:other'><l>a</l></lg></TEI>", encoding="utf-8")
    with pytest.raises(CorpusError, match="holds no verse under <TEI>"):
        list(stream_all(file))


def test_an_identifier_that_is_used_twice_does_not_stop_the_reader(file: Path) -> None:
    assert texts(file, "<l xml:id='a'>a</l><l xml:id='a'>b</l>") == ["a\nb"]


def test_a_play_with_every_element() -> None:
    poems = list(stream_all(SKERRY))
    assert [(poem.title, poem.author, len(poem.lines)) for poem in poems] == [
        ("Prologue", "R. Tallis", 4),
        ("Scene One", "R. Tallis", 20),
        ("Song", "R. Tallis", 6),
        ("A letter to Maud", "R. Tallis", 2),
        ("Epilogue", "R. Tallis", 2),
        ("First Song", "R. Tallis", 2),
        ("Second Song", "R. Tallis", 1),
    ]
    scene = [line.text for line in poems[1].lines]
    assert scene[2] == "Not I. Then who? The wind can't strike a match."
    assert scene[5] == "And you? I slept. You always sleep at sea."
    assert scene[7] == "whose boat came in without him? Sit you down."
    assert scene[18] == "and none of us is sorry to be late."
    assert poems[2].lines[4] == poems[2].lines[0]
    assert [part.kind for part in poems[1].paratexts] == [
        *("subtitle", "argument", "epigraph", "date", "salutation", "byline", "date"),
        *("signature", "trailer", "postscript"),
    ]
    assert poems[1].paratexts[2].text == ("No light is lost that someone sees.\nThe Almanac, 9, 2")


def calls(path: Path, body: str) -> int:
    """Return how many calls of Python functions reading takes."""
    count = 0

    def add(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(add)
    try:
        read_body(path, body)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "poem",
    [
        "<lg type='poem'><l>The boats</l></lg>",
        "<lg type='poem'><head>H</head><lg><l>The boats</l></lg></lg>",
        "<l>The boats</l><stage>x</stage>",
        "<sp><speaker>A</speaker><l part='I'>The</l></sp><sp><l part='F'>boats</l></sp>",
        "<l><app><lem>The</lem><rdg>A</rdg></app> boats</l>",
    ],
)
def test_reading_is_linear_in_the_number_of_poems(file: Path, poem: str) -> None:
    read_body(file, poem)  # imports
    assert calls(file, poem * 400) < 2.2 * calls(file, poem * 200)


@pytest.mark.parametrize("wrapped", ["lg", "q", "div", "app><lem", "sp"])
def test_deep_nesting_is_read(file: Path, wrapped: str) -> None:
    start = f"<{wrapped}>"
    end = "".join(f"</{name}>" for name in reversed(wrapped.split("><")))
    depth = 240 // len(wrapped.split("><"))
    assert texts(file, start * depth + "<l>a</l>" + end * depth) == ["a"]
    inner = start * depth + "a" + end * depth
    assert texts(file, f"<l>a {inner}</l>")[0].startswith("a")
