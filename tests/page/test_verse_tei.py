"""TEI of scanned verse: its structure, its escapes, and that it reads back."""

import itertools
from pathlib import Path

from lxml import etree

from quatrain.corpus import read
from quatrain.page.tei import document, part_marks, rhyme_mark
from quatrain.records import Line, Paratext, Poem
from quatrain.sound import rhyme_scheme, scan

TEI = "{http://www.tei-c.org/ns/1.0}"
VERSE = [
    Poem.from_lines(
        ["The gate & <latch> were \"loose\" again,", "and someone's \x07 boots stood in the rain.",
         "", "I let them stand."],
        title="Boots & <Co>",
    ),
    Poem.from_lines(["🙂", "寂"], title=""),
    Poem(
        ((Line("The ferry turned its lamp to me"),),),
        "The Ferry", "M. Arden",
        paratexts=(
            Paratext("subtitle", "a crossing"), Paratext("dedication", "for Ruth\nand Tom"),
            Paratext("epigraph", "No boat is late.\nA Pilot's Book"),
            Paratext("date", "May 2020"), Paratext("signature", "M. A. <Leith>"),
        ),
    ),
]  # fmt: skip
ALLOWED = {
    "TEI": {"teiHeader", "text"}, "teiHeader": {"fileDesc", "encodingDesc"},
    "fileDesc": {"titleStmt", "publicationStmt", "sourceDesc"}, "titleStmt": {"title"},
    "publicationStmt": {"p"}, "sourceDesc": {"p"}, "encodingDesc": {"metDecl", "appInfo"},
    "metDecl": {"metSym", "p"}, "appInfo": {"application"}, "application": {"label"},
    "text": {"body"}, "body": {"lg"},
    "lg": {"head", "lg", "l", "docAuthor", "epigraph", "dateline", "signed", "opener", "note"},
    "epigraph": {"p"}, "opener": {"lb"},
}  # fmt: skip
"""What TEI P5 lets stand in each element used here."""
ID = "{http://www.w3.org/XML/1998/namespace}id"
ATTRIBUTES = {"lg": {"type", "n", "rhyme"}, "l": {"met", "real"}, "metSym": {"value"},
              "metDecl": {ID, "type", "pattern"}, "application": {"ident", "version"},
              "head": {"type"}, "opener": {"n"}, "dateline": {"n"}, "signed": {"n"}}  # fmt: skip


def written() -> str:
    pairs = [(scan(poem), rhyme_scheme(poem)) for poem in VERSE]
    return "".join(document(pairs, title="A & B", source="<mine>", version="1"))


def test_elements_and_attributes_are_those_of_the_guidelines() -> None:
    root = etree.fromstring(written().encode())
    for element in root.iter():
        name = etree.QName(element).localname
        children = {etree.QName(child).localname for child in element}
        assert children <= ALLOWED.get(name, set()), name
        assert set(element.attrib) <= ATTRIBUTES.get(name, set()), name
    for line in root.iter(f"{TEI}l"):
        assert set(line.get("met", "")) <= set("+-")
        assert len(line.get("met", "")) == len(line.get("real", ""))
    for stanza in root.iter(f"{TEI}lg"):
        if stanza.get("type") == "stanza":
            assert len(stanza.get("rhyme")) == len(stanza)


def test_it_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "out.tei"
    path.write_text(written(), encoding="utf-8")
    poems = read(str(path)).poems
    lines = list(itertools.chain.from_iterable(poem.lines for poem in poems))
    assert [line.text for line in lines][:3] == [
        line.text.replace(" \x07", "") for line in VERSE[0].lines
    ]
    assert poems[0].title == "Boots & <Co>"
    assert [len(stanza) for stanza in poems[0].stanzas] == [2, 1]
    ferry = poems[-1]
    assert (ferry.title, ferry.author) == ("The Ferry", "M. Arden")
    assert [(paratext.kind, paratext.text) for paratext in ferry.paratexts] == [
        ("subtitle", "a crossing"),
        ("dedication", "for Ruth\nand Tom"),
        ("epigraph", "No boat is late.\nA Pilot's Book"),
        ("date", "May 2020"),
        ("signature", "M. A. <Leith>"),
    ]


def test_letters_with_numbers_stand_apart() -> None:
    assert rhyme_mark(["A", None, "A"]) == "AxA"
    assert rhyme_mark(["Z", "A2", None]) == "Z A2 x"


def test_each_part_of_a_line_has_the_marks_of_its_own_words() -> None:
    line = scan("The lamps are lit along the quay").lines[0]
    parts = part_marks(line, ["The lamps", "are lit along", "the quay"])
    assert [part["real"] for part in parts] == ["-+", "-+-+", "-+"]
    assert "".join(part["met"] for part in parts) == line.beats
    assert part_marks(line, ["The lamps are", "lit"]) == [{}, {}], "not the words of this line"
