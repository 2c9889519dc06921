"""Drafts as files and texts as drafts: what is exported comes back, whatever the verse."""

import json
import re
import tempfile
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from starlette.testclient import TestClient

from quatrain.errors import CorpusError
from quatrain.studio.drafts import Document, new_document
from quatrain.studio.schemas.document import Document as DocumentSchema
from quatrain.studio.tasks.exporting import TYPES, exported
from quatrain.studio.tasks.importing import MOST_POEMS, imported

HOSTILE = [
    "<script>alert('verse')</script>", '"><img src=x onerror=alert(1)>', "# no heading", "1. first",
    "---", "***", "* a star", "[a bracket] (a note)",
    "\\textbf{no} \\input{secret} $x^2$ 100% & ~ #_",
    "back\\slash\\", "   three spaces before", "\u202eright to left\u202c", "שלום, שמש", "寂しさや",
    "e\u0301 and \u00e9", "👩‍🚀 and 🏴", "&amp; &lt; &#x41;", "]]> <!-- --> <?php ?>", "``code``",
    "| a | b |", "> a quotation", "http://example.com/?a=b&c=d", "{% raw %} {{ 7*7 }}", "= = =",
    "THE END", "III", "Winter, 1820", "x" * 100_000, "''quoted'' -- dashes --- `so'",
]  # fmt: skip
EXACT = ["markdown", "tei", "json", "latex", "html"]

ORDINARY = [
    "The lamps are lit along the harbour wall,", "and every boat has folded up its wing;",
    "I hear the evening tide begin to call,", "a low and half-forgotten sort of thing.",
]  # fmt: skip


def document_of(lines: list[str], gaps: tuple[int, ...] = (), title: str = "") -> Document:
    document = new_document(title, lines, [number in gaps for number in range(len(lines))])
    return DocumentSchema.model_validate(document).model_dump()


def shape(document: Document) -> tuple[str, list[tuple[str, bool]]]:
    return document["title"], [(line["text"], line["gap"]) for line in document["lines"]]


def there_and_back(document: Document, file_format: str, name: str = "") -> Document:
    result = imported(name, exported(document, "", file_format, False))
    assert result["notes"] == []
    (back,) = result["documents"]
    return back


@pytest.mark.slow
@pytest.mark.parametrize("file_format", ["tei", "json", "latex", "html"])
def test_marks_are_left_out_where_a_file_comes_back(file_format: str) -> None:
    document = document_of(ORDINARY, (2,), "Dusk & after")
    result = imported("", exported(document, "", file_format, True))
    assert result["notes"] == []
    assert [shape(back) for back in result["documents"]] == [shape(document)]


@pytest.mark.slow
@pytest.mark.parametrize("file_format", ["text", "markdown"])
def test_marks_above_the_lines_are_not_taken_for_verse(file_format: str) -> None:
    text = exported(document_of(ORDINARY), "", file_format, True)
    with pytest.raises(CorpusError, match="Export the draft again without them"):
        imported("", text)


@pytest.mark.parametrize("file_format", EXACT)
def test_hostile_verse_comes_back_as_it_was(file_format: str) -> None:
    lines = [line for line in HOSTILE if file_format != "latex" or "\u202e" not in line]
    lines = [line for line in lines if file_format != "latex" or "👩‍🚀" not in line]
    document = document_of(lines, (5, 9), "Smoke & 'Ash' <b>\\ #1")
    assert shape(there_and_back(document, file_format)) == shape(document)


def test_latex_drops_only_characters_without_a_shape() -> None:
    back = there_and_back(document_of(["\u202eright to left\u202c", "👩‍🚀"]), "latex")
    assert [line["text"] for line in back["lines"]] == ["right to left", "👩🚀"]


@pytest.mark.parametrize("file_format", [*EXACT, "text"])
def test_ordinary_verse_comes_back_from_every_format(file_format: str) -> None:
    document = document_of([*ORDINARY, *ORDINARY[::-1]], (4,), "Harbour")
    assert shape(there_and_back(document, file_format)) == shape(document)
    untitled = document_of([*ORDINARY, *ORDINARY[::-1]], (4,))
    assert shape(there_and_back(untitled, file_format)) == shape(untitled)


def test_json_has_all_that_a_draft_holds() -> None:
    document = document_of(ORDINARY, (2,), "Harbour")
    document["lines"][1] |= {"locked": True, "by": "verse"}
    document |= {"form": "heroic-quatrain", "muses": ["verse", "letters"], "theme": "tide"}
    document["settings"] |= {"temperature": 0.6, "diction": "modern"}
    document["lines"].insert(2, {"text": "", "locked": False, "by": "", "gap": False})
    assert there_and_back(document, "json") == document


LINE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), min_size=1,
    max_size=40,
).filter(lambda line: line.strip() and line == line.rstrip())  # fmt: skip


@pytest.mark.parametrize("file_format", ["markdown", "tei", "html"])
@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    lines=st.lists(LINE, min_size=1, max_size=6), title=LINE | st.just(""), gap=st.integers(1, 6)
)
@example(lines=["\ufffe", "a"], title="", gap=1)
def test_any_line_comes_back(file_format: str, lines: list[str], title: str, gap: int) -> None:
    """But for noncharacters, which no file should have; the spaces around a title don't count."""
    plain = [re.sub("[\ufffe\uffff]", "", line) for line in lines]
    kept = [line.rstrip() for line in plain if line.strip()]
    if not kept:
        return
    document = document_of(kept, (gap,), re.sub("[\ufffe\uffff]", "", title).strip())
    assert shape(there_and_back(document, file_format)) == shape(document)


def test_plain_text_loses_nothing_without_saying_so() -> None:
    """Where a row of text may be a heading or a note, the notes quote what was not taken."""
    lines = [line for line in HOSTILE if len(line) < 1_000]
    result = imported("", exported(document_of(lines), "", "text", False))
    seen = " ".join(
        [
            *(line["text"] for poem in result["documents"] for line in poem["lines"]),
            *(poem["title"] for poem in result["documents"]),
            *result["notes"],
        ]
    )
    for line in lines:
        words = re.findall(r"[^\W_]{3,}", line)
        assert all(word in seen for word in words) or "more" in seen, line


def test_a_changed_file_is_read_with_its_change() -> None:
    for file_format in ("markdown", "latex", "html", "tei"):
        content = exported(document_of(ORDINARY), "", file_format, False)
        changed = content.replace("harbour wall", "garden wall")
        (back,) = imported("", changed)["documents"]
        assert back["lines"][0]["text"] == "The lamps are lit along the garden wall,", file_format


@pytest.mark.parametrize("file_format", ["html", "print"])
@pytest.mark.parametrize("marks", [False, True])
def test_a_page_has_no_script_and_asks_for_nothing(file_format: str, marks: bool) -> None:
    lines = [line for line in HOSTILE if len(line) < 1_000]
    page = exported(document_of(lines, (3,), "<script>"), "", file_format, marks)
    root = etree.HTML(page.encode(), etree.HTMLParser(encoding="utf-8"))
    tags = {element.tag for element in root.iter(etree.Element)}
    assert tags <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "div", "p", "span", "ruby",
        "rt", "footer",
    }  # fmt: skip
    names = {name for element in root.iter(etree.Element) for name in element.attrib}
    assert names <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "dir",
        "aria-hidden",
    }
    policy = root.find(".//meta[@http-equiv]").get("content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_print_has_stresses_over_the_words_and_rhyme_letters() -> None:
    page = exported(document_of(ORDINARY), "", "print", True)
    assert '<ruby>a<rt aria-hidden="true">/</rt></ruby>mps' in page
    assert [*re.findall(r'<span class="rhyme">(\w)</span>', page)] == ["A", "B", "A", "B"]
    assert "Iambic pentameter" in page
    assert "@page" in page
    assert "<ruby>" not in exported(document_of(ORDINARY), "", "print", False)


@pytest.mark.parametrize("file_format", [*TYPES])
def test_scansion_goes_into_every_format(file_format: str) -> None:
    content = exported(document_of(ORDINARY, title="Harbour"), "", file_format, True)
    wanted = {
        "text": "x  /", "markdown": "x  /", "tei": 'real="-+', "json": '"scheme": "ABAB"',
        "latex": "\\stress{/}{a}mps", "html": "<ruby>", "print": "<ruby>",
    }[file_format]  # fmt: skip
    assert wanted in content


def test_stanzas_are_those_of_the_form_and_empty_places_are_left_out() -> None:
    lines = [f"line {number} of fourteen" for number in range(1, 15)]
    lines[5] = ""
    document = document_of(lines) | {"form": "shakespearean-sonnet"}
    text = exported(document, "shakespearean-sonnet", "text", False)
    assert [len(stanza.splitlines()) for stanza in text.strip().split("\n\n")] == [4, 3, 4, 2]
    assert exported(document_of([]), "", "print", True).count("<p") == 0


def test_several_poems_become_several_drafts_with_their_titles() -> None:
    first, second = "\n".join(ORDINARY), "\n".join(ORDINARY[::-1])
    text = f"HARBOUR\n\n{first}\n\n\n\nORCHARD\n\n{second}\n"
    result = imported("poems.txt", text)
    assert [poem["title"] for poem in result["documents"]] == ["HARBOUR", "ORCHARD"]
    assert result["documents"][1]["lines"][0]["text"] == ORDINARY[3]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("poems.jsonl", '{"title": "Harbour", "lines": ["One line", "another line"]}\n'),
        ("poems.json", '[{"title": "Harbour", "text": "One line\\nanother line"}]'),
        ("poems.csv", 'title,text\nHarbour,"One line\nanother line"\n'),
        ("poem.md", "# Harbour\n\nOne line  \nanother line\n"),
        ("", '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><lg type="poem"><head>Harbour'
             "</head><l>One line</l><l>another line</l></lg></body></text></TEI>"),
        ("pasted.txt", '{"title": "Harbour", "text": "One line\\nanother line"}'),
    ],
)  # fmt: skip
def test_other_formats_are_read_by_name_or_content(name: str, text: str) -> None:
    (document,) = imported(name, text)["documents"]
    assert (document["title"], [line["text"] for line in document["lines"]]) == (
        "Harbour",
        ["One line", "another line"],
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("poem.docx", "PK\x03\x04"), ("", " \n "), ("x.json", "{"), ("x.json", "[1, 2]"),
        ("x.html", "<!doctype html><p>Verse</p>"), ("x.xml", "<TEI>"), ("x.csv", "a,b\n1,2\n"),
        ("x.json", '{"format": "quatrain draft", "format_version": 9, "document": {}}'),
        ("x.json", '{"format": "quatrain draft", "format_version": 1, "document": {"a": 1}}'),
        ("x.jsonl", "[" * 100_000),
    ],
)  # fmt: skip
def test_what_can_not_be_imported_is_told_by_name(name: str, text: str) -> None:
    with pytest.raises(CorpusError) as caught:
        imported(name, text)
    assert caught.value.remedy
    assert (name or "the text") in str(caught.value)
    assert tempfile.gettempdir() not in str(caught.value)


@pytest.mark.slow
def test_a_huge_text_is_divided_up_to_a_limit() -> None:
    poems = ["\n".join([*ORDINARY, f"and boat {number} is gone"]) for number in range(700)]
    result = imported("", "\n\n\n\n".join(poems))
    assert len(result["documents"]) == MOST_POEMS
    assert any("200 more were left out" in note for note in result["notes"])
    with pytest.raises(CorpusError, match="at most 10,000"):
        imported("", "\n".join(f"{number} boats are gone" for number in range(20_000)))


@pytest.mark.slow
def test_over_http_an_export_is_a_file_and_comes_back(client: TestClient) -> None:
    body = {"document": {"title": 'Été: "b"/../x', "lines": [{"text": line} for line in ORDINARY]}}
    draft = client.post("/api/drafts", json=body).json()
    path = f"/api/drafts/{draft['id']}/export"
    for file_format, (media_type, ending) in TYPES.items():
        answer = client.get(path, params={"format": file_format})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == media_type
        disposition = answer.headers.get("content-disposition", "")
        assert (ending in disposition) is (file_format != "print")
        assert ("sha256-" in answer.headers["content-security-policy"]) is (
            file_format in ("html", "print")
        )
        sent = {"name": f"x{ending}", "text": answer.text, "folder": "Back"}
        back = client.post("/api/import", json=sent)
        assert back.status_code == 201, back.text
        (again,) = back.json()["drafts"]
        assert [line["text"] for line in again["document"]["lines"]] == ORDINARY, file_format
        assert again["folder"] == "Back"
    assert client.get(path, params={"format": "print", "scansion": True}).text.count("<ruby>") > 30
    name = client.get(path).headers["content-disposition"]
    assert name == (
        "attachment; filename=\"Ete b .. x.txt\"; filename*=UTF-8''%C3%89t%C3%A9%20b%20..%20x.txt"
    )
    refused = client.post("/api/import", json={"name": "poem.docx", "text": "PK"})
    assert (refused.status_code, refused.json()["where"]) == (422, "poem.docx")
    assert json.loads(refused.text)["detail"]
    assert client.get("/api/drafts/none/export").status_code == 404


def test_pasted_verse_keeps_its_indents_and_accents() -> None:
    text = "    The lamps are lit,\n  e\u0301te\u0301 and ember,\n    \tthe boats  are in.\n"
    (document,) = imported("", text)["documents"]
    assert [line["text"] for line in document["lines"]] == text.rstrip("\n").split("\n")


def test_types_cover_the_contract() -> None:
    assert set(TYPES) == {"text", "markdown", "tei", "json", "latex", "html", "print"}
    kinds: set[Any] = {ending for _, ending in TYPES.values()}
    assert len(kinds) == 6
