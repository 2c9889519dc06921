"""`quatrain scan --tei` of TEI: attributes are added, and nothing else changes."""

import io
import re
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from quatrain.cli import app
from quatrain.corpus import stream_all
from quatrain.corpus.tei.marking import Marking
from quatrain.sound import scan

RUN = CliRunner()
SKERRY = Path(__file__).parents[1] / "corpus" / "tei" / "skerry.xml"
TEI = "{http://www.tei-c.org/ns/1.0}"
ADDED = {"met", "real", "rhyme"}
OURS = re.compile(rb"<([a-z:]*)metDecl (?:xml:)?id=\"quatrain-metre\".*?(?=</[a-z:]*encodingDesc)")
MARKS = re.compile(rb" (?:met|real)=\"[+-]*\"| rhyme=\"[A-Zx0-9 ]*\"")


def marked(path: Path) -> bytes:
    done = RUN.invoke(app, ["scan", "--tei", str(path)])
    assert done.exit_code == 0, done.output
    return done.stdout_bytes


def canonical(data: bytes) -> str:
    """Return a document in canonical XML, comments and processing instructions included."""
    out = io.StringIO()
    etree.canonicalize(from_file=io.BytesIO(data), out=out, with_comments=True)
    return out.getvalue()


def without_marks(data: bytes, source: bytes) -> bytes:
    """Return a marked document without what its source doesn't have."""
    root, original = etree.fromstring(data), etree.fromstring(source)
    for element in list(root.iter(f"{TEI}metDecl", f"{TEI}appInfo")):
        if element.tag.endswith("appInfo") or "quatrain-" in str(element.attrib):
            element.getparent().remove(element)
    for element, own in zip(root.iter(), original.iter(), strict=True):
        for name in ADDED & set(element.attrib) - set(own.attrib):
            del element.attrib[name]
    return bytes(etree.tostring(root.getroottree()))


@pytest.fixture(scope="module")
def skerry() -> bytes:
    return marked(SKERRY)


def test_a_play_comes_back_with_nothing_lost(skerry: bytes) -> None:
    source = SKERRY.read_bytes()
    assert canonical(without_marks(skerry, source)) == canonical(source)
    for line in source.splitlines():
        if b"<l" not in line and b"encodingDesc" not in line and b"<div" not in line:
            assert line in skerry, "white space, quotes and entities are as they were, too"


def test_the_metre_of_each_line_stands_on_its_element(skerry: bytes) -> None:
    root = etree.fromstring(skerry)
    line = next(element for element in root.iter(f"{TEI}l") if element.get("n") == "9")
    (own,) = scan("and pay, and go, and leave the cold behind.").lines
    assert (line.get("met"), line.get("real")) == (own.beats, own.stress)
    unmarked = [line for line in root.iter(f"{TEI}l") if not line.get("real")]
    assert len(unmarked) == 2, "the epigraph and the line that was struck"


def test_parts_of_a_line_have_their_own_syllables(skerry: bytes) -> None:
    root = etree.fromstring(skerry)
    parts = [line for line in root.iter(f"{TEI}l") if line.get("part")]
    assert [line.get("part") for line in parts] == ["I", "F", "I", "M", "F"]
    assert [len(line.get("real")) for line in parts] == [2, 8, 2, 2, 6]
    first, last = (line for line in root.iter(f"{TEI}l") if line.get("next") or line.get("prev"))
    assert (len(first.get("real")), len(last.get("real"))) == (7, 3)


def test_rhymes_stand_on_groups(skerry: bytes) -> None:
    root = etree.fromstring(skerry)
    schemes = [group.get("rhyme") for group in root.iter(f"{TEI}lg")]
    assert schemes == ["ABAB", "ABABAB", "xx", "aa", "AA", "x"]
    assert not [line for line in root.iter(f"{TEI}l") if line.get("rhyme")]


def test_attributes_of_the_document_stay(skerry: bytes) -> None:
    assert b'<lg rhyme="aa">' in skerry
    assert re.search(rb'<l real="[+-]+" met="uiuiuiuiui">The lamp is out\.', skerry)
    done = RUN.invoke(app, ["scan", "--tei", str(SKERRY)])
    assert "attributes (met, real, rhyme) that were there already stay: 2" in done.stderr


def test_a_marked_document_can_be_marked_again(skerry: bytes, tmp_path: Path) -> None:
    path = tmp_path / "again.xml"
    path.write_bytes(skerry)
    assert marked(path) == skerry
    assert [poem.text for poem in stream_all(path)] == [poem.text for poem in stream_all(SKERRY)]


VERSE = """<?xml version="1.0" encoding="{encoding}"?>
<t:TEI xmlns:t="http://www.tei-c.org/ns/1.0"><t:teiHeader><t:fileDesc>
</t:fileDesc
></t:teiHeader><!-- caf\u00e9 > --><t:text><t:body><t:lg><?page 1 <t:l>?>
<t:l  n = '1' rend="a>b">The caf\u00e9 lamp is lit again,</t:l>
<t:l
>and someone's boots stood in the rain.</t:l></t:lg></t:body></t:text></t:TEI>
"""


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16BE", "utf-16-be"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
    ],
)
def test_other_encodings_and_prefixes(tmp_path: Path, encoding: str, codec: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(VERSE.format(encoding=encoding).encode(codec))
    out = marked(path).decode(codec)
    assert '<t:lg rhyme="AA">' in out
    assert re.search(r"<t:l met=\"[+-]{8}\" real=\"[+-]{8}\"  n = '1' rend=\"a>b\">", out)
    assert re.search(r"<t:l met=\"[+-]{8}\" real=\"[+-]{8}\"\n>and", out)
    plain = MARKS.sub(b"", out.encode()).decode()
    plain = re.sub(r"<t:encodingDesc>.*</t:encodingDesc>", "", plain)
    assert plain == VERSE.format(encoding=encoding)
    assert "<t:metSym" in out


def test_named_characters_stay_names(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    body = "<TEI><teiHeader><fileDesc/></teiHeader><text><l>A lamp &mdash; lit</l></text></TEI>"
    path.write_text(body, encoding="utf-8")
    out = marked(path).decode()
    assert re.sub(r' (met|real|rhyme)="[^"]*"', "", out) == body
    path.write_text("<!DOCTYPE TEI [<!ENTITY x '!'>]>" + body.replace("lit", "lit&x;"), "utf-8")
    assert "A lamp &mdash; lit&x;</l>" in marked(path).decode()


def test_tei_p4_gets_its_own_declarations(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        "<TEI.2><teiHeader><fileDesc></fileDesc><encodingDesc><p>x</p></encodingDesc></teiHeader>"
        "<text><body><div1><l>A lamp is lit</l><l>and I sit</l></div1></body></text></TEI.2>",
        encoding="utf-8",
    )
    out = marked(path).decode()
    assert '<encodingDesc><p>x</p><metDecl id="quatrain-metre"' in out
    assert "<symbol " in out
    assert "appInfo" not in out


def test_a_division_has_the_rhymes_of_loose_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    lines = "<l>A lamp is lit upon the stair</l><l>and no one knows who put it there</l>"
    path.write_text(f"<TEI><text><body><div>{lines}</div></body></text></TEI>", encoding="utf-8")
    assert '<div rhyme="AA">' in marked(path).decode()
    path.write_text(f"<TEI><text><body>{lines}</body></text></TEI>", encoding="utf-8")
    assert "rhyme" not in marked(path).decode(), "a body takes no rhyme"


def test_lines_without_an_element_of_their_own_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        "<TEI><text><lg xml:id='a'><l>A lamp is lit</l></lg><lg copyOf='#a'/></text></TEI>",
        encoding="utf-8",
    )
    done = RUN.invoke(app, ["scan", "--tei", str(path)])
    assert done.stdout.count("real=") == 1
    assert "without an <l> of their own: 1" in done.stderr


def test_an_encoding_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    text = '<?xml version="1.0" encoding="shift_jis"?><TEI><text><l>A lamp is lit</l></text></TEI>'
    path.write_bytes(text.encode("shift_jis"))
    done = RUN.invoke(app, ["scan", "--tei", str(path)])
    assert done.exit_code == 1
    assert "Convert the document to UTF-8." in done.stderr


def test_a_folder_of_tei_becomes_a_new_document(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(SKERRY.read_bytes())
    out = marked(tmp_path).decode()
    assert out.count('<lg type="poem"') == 7
    assert "<speaker>" not in out


def test_places_agree_with_the_poems_that_are_read() -> None:
    places = Marking(SKERRY).poems
    poems = list(stream_all(SKERRY))
    for place, poem in zip(places, poems, strict=True):
        texts = [" ".join(text for text, _ in parts) for parts in place.lines]
        assert texts == [line.text for line in poem.lines]
