"""TEI: the text of a line, and what is left out of it."""

from pathlib import Path

import pytest

from quatrain.corpus import stream_all
from quatrain.corpus.corpus import PoemStream
from quatrain.corpus.tei.elements import ELEMENTS, Rule
from quatrain.errors import CorpusError

HEAD = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Rocks'
    "</title></titleStmt></fileDesc>{}</teiHeader><text><body>"
)
FOOT = "</body></text></TEI>"


@pytest.fixture
def read_tei(tmp_path: Path) -> "ReadTei":
    return ReadTei(tmp_path / "a.xml")


class ReadTei:
    """Reads the body of a TEI document."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, body: str, *, header: str = "", keep_all: bool = False) -> PoemStream:
        self.path.write_text(HEAD.format(header) + body + FOOT, encoding="utf-8")
        return stream_all(self.path, keep_all=keep_all)

    def line(self, content: str, header: str = "") -> str:
        """Return the text of a line with some content."""
        (poem,) = self(f"<l>{content}</l>", header=header)
        return poem.text

    def omitted(self, content: str) -> dict[str, int]:
        """Return what is counted for a line with some content."""
        poems = self(f"<l>{content}</l>")
        list(poems)
        return dict(poems.report.omitted)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("the <app><lem>reef</lem><rdg>rock</rdg></app> is near", "the reef is near"),
        ("the <app><rdg>reef</rdg><rdg>rock</rdg></app> is near", "the reef is near"),
        ("the <app><rdgGrp><rdg>reef</rdg><wit>A</wit></rdgGrp><rdg>x</rdg></app>", "the reef"),
        ("the <app><rdg>x</rdg><rdgGrp><lem>reef</lem></rdgGrp></app>", "the reef"),
        (
            "the <app><lem>r<app><lem>ee</lem><rdg>i</rdg></app>f</lem><rdg>x</rdg></app>",
            "the reef",
        ),
        ("the <app><lem/><rdg>cold</rdg></app> reef", "the reef"),
        ("the reef<app from='#r'><lem>reef</lem><rdg>rock</rdg></app> lies", "the reef lies"),
        ("the reef<app loc='7'><rdg>rock</rdg></app> lies", "the reef lies"),
        ("the <app><lem>reef<wit>A</wit><witDetail>2nd hand</witDetail></lem></app>", "the reef"),
    ],
)
def test_an_apparatus_has_one_reading(read_tei: ReadTei, content: str, text: str) -> None:
    assert read_tei.line(content) == text


@pytest.mark.parametrize("method", ["location-referenced", "double-end-point"])
def test_an_apparatus_beside_the_text_is_not_read_twice(read_tei: ReadTei, method: str) -> None:
    header = f'<encodingDesc><variantEncoding method="{method}"/></encodingDesc>'
    content = "the reef <app><lem>reef</lem><rdg>rock</rdg></app>"
    assert read_tei.line(content, header) == "the reef"
    assert read_tei.line(content, header.replace(method, "parallel-segmentation")) == (
        "the reef reef"
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a <choice><unclear>grey</unclear><unclear>green</unclear></choice> sail", "a grey sail"),
        ("a <choice><sic>gray</sic><corr>grey</corr></choice> sail", "a grey sail"),
        ("a <choice><reg>grey</reg><orig>graie</orig></choice> sail", "a grey sail"),
        ("<choice><abbr>Mr</abbr><expan>Mister</expan></choice> Gray", "Mister Gray"),
        ("<choice><am>&amp;</am><ex>and</ex></choice> so", "and so"),
        ("a <choice><seg>grey</seg><seg>green</seg></choice> sail", "a grey sail"),
        ("a <choice><orig>x</orig><choice><sic>y</sic><corr>grey</corr></choice></choice>", "a x"),
        ("a <choice><corr/><sic>very</sic></choice> sail", "a sail"),
        ("a <orig>graie</orig> sail", "a graie sail"),
        ("a <sic>gray</sic> sail", "a gray sail"),
        ("<abbr>Mr</abbr> Gray", "Mr Gray"),
        ("<expan>w<am>t</am><ex>it</ex>h</expan> me", "with me"),
        ("a <subst><del>grey</del><add>green</add></subst> sail", "a green sail"),
        ("a <del>grey</del> sail", "a sail"),
        ("a <restore><del>grey</del></restore> sail", "a grey sail"),
        ("a <restore><subst><del>grey</del><add>green</add></subst></restore> sail", "a grey sail"),
        ("a <restore>dark <del>grey</del></restore> sail", "a dark grey sail"),
        ("a <del xml:id='d'>grey</del> sail<undo target='#d'/>", "a grey sail"),
        ("a <del xml:id='d'>grey</del> sail<undo target='#d'/><redo target='#d'/>", "a sail"),
        ("a <surplus>a</surplus> sail", "a sail"),
        ("a <supplied>grey</supplied> s<unclear>ai</unclear>l", "a grey sail"),
    ],
)
def test_one_state_of_the_text_is_read(read_tei: ReadTei, content: str, text: str) -> None:
    assert read_tei.line(content) == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("The boats come<lb/>home tonight", "The boats come home tonight"),
        ("The boats<caesura/>come home", "The boats come home"),
        ("The boats<space/>come home", "The boats come home"),
        ('The har-<lb break="no"/>bour sleeps', "The harbour sleeps"),
        ('The har<lb break="no"/>\n  bour sleeps', "The harbour sleeps"),
        ('The har-\n <pb n="2" break="no"/>bour', "The harbour"),
        ("The har<pb/>bour sleeps", "The harbour sleeps"),
        ('The boats<pb break="yes"/>come', "The boats come"),
        ("The har<pb/><fw>2</fw><cb/>bour sleeps", "The harbour sleeps"),
        ("The har<milestone unit='x'/>bour", "The harbour"),
        ("We ca<anchor/>me", "We came"),
        ("<w>The</w><w>har<lb/>bour</w><pc>.</pc>", "The harbour."),
        ("<w>Who</w><w>'s</w><w>there</w><pc>?</pc>", "Who's there?"),
        ("<pc>(</pc><w>Who</w><pc>)</pc><w>knows</w>", "(Who) knows"),
        ("<w>can</w><w join='left'>not</w><w>see</w>", "cannot see"),
        ("<w>I</w><w>'ll</w><c> </c><w>go</w><pc>,</pc><c> </c><w>love</w>", "I'll go, love"),
        ("\n <w>The</w>\n <w>sea</w>\n <pc>,</pc>\n <w>and</w>\n", "The sea, and"),
        ("<w>gon</w><w>na</w> <w>go</w>", "gonna go"),
        ('<w>low</w><pc>-</pc><lb break="no"/><w>ing</w>', "lowing"),
        ("<w part='I'>low</w><w part='F'>ing</w><w>herd</w>", "lowing herd"),
        ('the har\u2e17<lb break="no"/>bour', "the harbour"),
        ('the har\u00ac\n<lb break="no"/>bour', "the harbour"),
        ("the sea-<lb/>gulls", "the sea-gulls"),
        ("the sea -<lb/>gulls", "the sea - gulls"),
        ("the sea <subst>\n <del>goe</del>\n <add>rise</add>\n</subst>s", "the sea rises"),
        ("<persName><forename>Ann</forename><surname>Gray</surname></persName>", "Ann Gray"),
        ("<persName><forename>Ann</forename> <surname>Gray</surname></persName>'s", "Ann Gray's"),
        ("<seg>The boats</seg> <seg>come <rhyme>home</rhyme></seg>", "The boats come home"),
    ],
)
def test_spaces_between_words(read_tei: ReadTei, content: str, text: str) -> None:
    assert read_tei.line(content) == text


@pytest.mark.parametrize(
    ("content", "text", "kind"),
    [
        ("Go home <stage>Aside</stage> and sleep", "Go home and sleep", "stage direction"),
        ("Go home<stage>Aside</stage>and sleep", "Go home and sleep", "stage direction"),
        ("Go<index><term>going</term></index> home", "Go home", "index entry"),
        ("<label>iv</label>Go home", "Go home", "label"),
        ("Go home<note>He stays.</note>.", "Go home.", "note"),
        ("Go home<ref target='#n7'>7</ref>", "Go home", "mark of a note"),
        ("Go home<ref>*</ref>", "Go home", "mark of a note"),
        ("Go home<hi rend='superscript'>2</hi>", "Go home", "mark of a note"),
        ("Go <ref target='#h'>home</ref>", "Go home", ""),
        ("Go <gap reason='torn' quantity='2' unit='word'/> home", "Go home", "gap in the text"),
        ("Go home <metamark>/</metamark>", "Go home", "mark of a writer or an editor"),
        ("Go <ruby><rb>home</rb><rt>in</rt></ruby>", "Go home", "ruby gloss"),
        ("Go <figure><figDesc>A hut.</figDesc></figure>home", "Go home", "figure"),
        ("Go home<bibl>Gray 4</bibl>", "Go home", "reference"),
        ("Go <g ref='#yogh'/>home", "Go home", "glyph without a character"),
        (
            "Go <svg xmlns='http://www.w3.org/2000/svg'><text>x</text></svg>home",
            "Go home",
            "drawing (SVG)",
        ),
        (
            "Go home<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='b.xml'/>",
            "Go home",
            "inclusion that is not followed",
        ),
    ],
)
def test_what_is_no_verse_is_left_out_and_counted(
    read_tei: ReadTei, content: str, text: str, kind: str
) -> None:
    assert read_tei.line(content) == text
    assert read_tei.omitted(content) == ({kind: 1} if kind else {})


def test_a_reference_to_a_note_is_the_mark_of_a_note(read_tei: ReadTei) -> None:
    poems = read_tei("<l>Go <ref target='#n'>see below</ref>home</l><note xml:id='n'>x</note>")
    assert [poem.text for poem in poems] == ["Go home"]
    assert poems.report.omitted == {"mark of a note": 1, "note": 1}


def test_hostile_white_space_and_parts_cost_no_more_than_their_length(read_tei: ReadTei) -> None:
    gap = " " * 300_000  # with a cost that is quadratic, this would run for minutes
    assert read_tei.line(f"a{gap}b-{gap}<lb break='no'/>c") == "a bc"
    parts = "<l part='M'>boats</l>" * 20_000
    with pytest.raises(CorpusError, match=r"line 1: a line of more than 10,000 characters"):
        list(read_tei(f"<l part='I'>boats</l>{parts}"))


def test_glyphs_and_named_characters(read_tei: ReadTei) -> None:
    header = (
        "<encodingDesc><charDecl><char xml:id='th'><mapping type='standard'>th</mapping></char>"
        "</charDecl></encodingDesc>"
    )
    assert read_tei.line("<g ref='#th'/>e <g>s</g>ea &mdash; caf&eacute;", header) == (
        "the sea — café"
    )


def test_a_character_that_the_document_declares(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    declared = '<!DOCTYPE TEI [<!ENTITY yogh "&#541;">]>'
    path.write_text(f"{declared}<TEI><text><l>&yogh;et &mdash; so</l></text></TEI>", "utf-8")
    assert next(stream_all(path)).text == "ȝet — so"
    path.write_text("<TEI><text><l>a</l>\n<l>&qux; b</l></text></TEI>", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"a.xml, line 2: got the entity &qux;, which is never"):
        next(stream_all(path))


def test_named_characters_in_utf_16(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    text = '<?xml version="1.0"?><!-- <x> --><TEI><text><l>a &mdash; é</l></text></TEI>'
    path.write_bytes(text.encode("utf-16"))
    assert next(stream_all(path)).text == "a — é"


def test_copies_are_read(read_tei: ReadTei) -> None:
    (poem,) = read_tei(
        "<lg><l xml:id='r'>The <seg xml:id='b'>boats</seg> come home</l><l copyOf='#r'/>"
        "<l>the <seg copyOf='#b'/> are late</l><l sameAs='#r'/></lg><lg copyOf='#nowhere'/>"
    )
    assert poem.text.splitlines() == [
        "The boats come home",
        "The boats come home",
        "the boats are late",
        "The boats come home",
    ]


def test_copies_that_grow_without_end_are_refused(read_tei: ReadTei) -> None:
    bombs = "".join(
        f"<lg xml:id='g{n}'>" + f"<lg copyOf='#g{n + 1}'/>" * 12 + "</lg>" for n in range(12)
    )
    with pytest.raises(CorpusError, match="copies \\(copyOf\\) that are longer than the document"):
        list(read_tei(f"{bombs}<lg xml:id='g12'>{'<l>boats and boats</l>' * 9}</lg>"))
    deep = "<lg>" * 200
    ends = "</lg>" * 200
    levels = "".join(
        f"<div xml:id='d{n}'>{deep}<lg copyOf='#d{n + 1}'/>{ends}</div>" for n in range(7)
    )
    with pytest.raises(CorpusError, match="copies"):
        list(read_tei(f"{levels}<div xml:id='d7'><l>boats</l></div>" + "<l>and boats</l>" * 9999))
    (poem,) = read_tei("<l xml:id='a'>a <seg copyOf='#a'/></l>")
    assert poem.text == "a a", "a copy inside its own source is read once"


def test_deletions_over_the_borders_of_lines(read_tei: ReadTei) -> None:
    poems = read_tei(
        "<l>The boats <delSpan spanTo='#e'/>come home</l><l>too <hi>late &mdash; far</hi></l>"
        "<l>for us<anchor xml:id='e'/> tonight</l><l>or <delSpan spanTo='#e'/>ever</l>"
    )
    assert [poem.text for poem in poems] == ["The boats\ntonight\nor ever"]
    assert poems.report.omitted == {"deletion": 1}


def test_unknown_elements_are_read_and_named(read_tei: ReadTei) -> None:
    poems = read_tei("<l>The <boat>boats</boat> <x:y xmlns:x='urn:x'>come</x:y> home<empty/></l>")
    assert [poem.text for poem in poems] == ["The boats come home"]
    assert [(doubt.kind, doubt.text, doubt.line) for doubt in poems.report.doubts] == [
        ("<boat> element, unknown to TEI", "boats", 1),
        ("<{urn:x}y> element, unknown to TEI", "come", 1),
    ]


def test_omissions_have_lines(read_tei: ReadTei) -> None:
    poems = read_tei("\n<l>one<note>first</note></l>\n<stage>Exit\n a boat</stage>")
    list(poems)
    assert [(o.kind, o.text, o.line) for o in poems.report.omissions] == [
        ("note", "first", 2),
        ("stage direction", "Exit a boat", 3),
    ]


def test_lines_beyond_what_the_parser_stores(read_tei: ReadTei) -> None:
    empty = "\n" * 70_000
    poems = read_tei(f"<l>one</l>{empty}<stage>Exit</stage><gap/><lg type='poem'><l>two</l></lg>")
    lines = [poem.line for poem in poems]
    assert lines == [1, 70_001]
    assert [omission.line for omission in poems.report.omissions] == [70_001, 70_001]


def test_everything_is_kept_on_demand_but_one_reading_only(read_tei: ReadTei) -> None:
    body = (
        "<div><head>Low Tide</head><sp><speaker>Ned</speaker><l>Go <stage>aside</stage> home "
        "<choice><sic>nou</sic><corr>now</corr></choice><index><term>x</term></index></l></sp>"
        "<p>Prose.</p><list><head>Props</head></list></div>"
    )
    assert [poem.text for poem in read_tei(body, keep_all=True)] == [
        "Low Tide\n\nNed\n\nGo aside home now\n\nProse.\n\nProps"
    ]


SPECIAL = {"TEI", "teiCorpus", "TEI.2", "text", "g", "app", "choice", "gap", "line"}


@pytest.mark.parametrize("name", sorted(set(ELEMENTS) - SPECIAL))
def test_every_element_of_the_table_in_a_line(read_tei: ReadTei, name: str) -> None:
    rule, kind, _ = ELEMENTS[name]
    poems = read_tei(f"<l>The tide <{name}>turns</{name}> at noon</l>")
    texts = [poem.text for poem in poems]
    omitted = poems.report.omitted
    if rule in {Rule.TEXT, Rule.SUBSTITUTION, Rule.RESTORED}:
        assert (texts, omitted) == (["The tide turns at noon"], {})
    elif rule in {Rule.LINE, Rule.GROUP}:
        lines = ["The tide", "turns", "at noon"] if rule is Rule.LINE else ["The tide", "at noon"]
        assert "\n".join(texts).split("\n") == lines
    elif rule in {Rule.BREAK, Rule.MILESTONE, Rule.POINT, Rule.METADATA}:
        assert texts == ["The tide at noon"]
    elif rule in {Rule.DIVISION, Rule.PROSE}:
        assert "\n".join(texts).split("\n") == ["The tide", "at noon"]
        assert sum(omitted.values()) == 1
    else:
        assert (texts, omitted) == (["The tide at noon"], {kind: 1})
