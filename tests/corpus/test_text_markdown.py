"""Markdown files: front matter, headings, and the signs that are no verse."""

from pathlib import Path

from quatrain.config import Cleaning
from quatrain.corpus import Corpus, read
from quatrain.records import Paratext


def read_text(folder: Path, text: str) -> Corpus:
    path = folder / "drafts.md"
    path.write_text(text, encoding="utf-8")
    return read(path, cleaning=Cleaning(drop_duplicates=False))


def test_front_matter_gives_title_author_and_date(tmp_path: Path) -> None:
    (poem,) = corpus = read_text(
        tmp_path,
        '---\ntitle: "Low Water"\nauthor: M. Arden\ndate: 2021-03-04\ntags: [sea]\n---\n\n'
        "The boats lie down like dogs  \non what is left of their shadow.\\\nNobody calls them.\n",
    )
    assert (poem.title, poem.author, poem.line) == ("Low Water", "M. Arden", 8)
    assert poem.paratexts == (Paratext("date", "2021-03-04"),)
    assert [line.text for line in poem] == [
        "The boats lie down like dogs",
        "on what is left of their shadow.",
        "Nobody calls them.",
    ]
    assert corpus.report.omitted == {"front matter": 4}


def test_headings_of_every_kind_are_titles(tmp_path: Path) -> None:
    corpus = read_text(
        tmp_path,
        "# Rain #\nrain on the roof\nand on the dog\n\n## Frost\n\n\nfirst frost\nof the year\n\n\n"
        "the scarecrow\nwithout a hat\n\nThaw\n====\n\nthe gutter\nfinds its voice\n\n"
        "Spring\n------\n\ntoo early\nto say\n",
    )
    assert [(poem.title, poem.line) for poem in corpus] == [
        ("Rain", 2),
        ("Frost", 8),
        ("Thaw", 18),
        ("Spring", 24),
    ]
    assert corpus[1].text == "first frost\nof the year\n\nthe scarecrow\nwithout a hat"


def test_the_author_of_a_file_is_that_of_all_its_poems(tmp_path: Path) -> None:
    corpus = read_text(
        tmp_path,
        "---\ntitle: Drafts\nauthor: M. Arden\n---\n# One\n\na b\nc d\n\n# Two\n\ne f\ng h\n",
    )
    assert [(poem.title, poem.author) for poem in corpus] == [
        ("One", "M. Arden"),
        ("Two", "M. Arden"),
    ]


def test_signs_go_and_words_stay(tmp_path: Path) -> None:
    (poem,) = corpus = read_text(
        tmp_path,
        "> The *tide*[^1] has gone to look\n> for [something](https://example.org) it dropped,\n\n"
        "- bread\n- milk\n\n- said the boy\nand ran home.\n\n```\nspaced   out\n```\n\n"
        "#sea #winter\n\n[^1]: Twice a day.\n",
    )
    assert poem.text == (
        "The tide has gone to look\nfor something it dropped,\n\nbread\nmilk\n\n- said the boy\n"
        "and ran home.\n\nspaced   out"
    )
    assert poem.paratexts == (Paratext("note", "[1]: Twice a day."),)
    assert {"tags", "note", "note mark", "markup", "emphasis"} <= set(corpus.report.omitted)


def test_a_folder_of_drafts_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\n\na b\nc d\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text(
        "Two\n\nThe boat is in,\nThe rope is slack.\n", encoding="utf-8"
    )
    (tmp_path / "c.docx").write_bytes(b"PK")
    corpus = read(tmp_path)
    assert [(poem.title, Path(poem.source).name) for poem in corpus] == [
        ("One", "a.md"),
        ("Two", "b.txt"),
    ]
    assert corpus.report.skipped_names == ("c.docx (.docx is not supported)",)


def test_every_file_that_is_left_out_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\n\na b\nc d\n", encoding="utf-8")
    for number in range(8):
        (tmp_path / f"{number}.rtf").write_bytes(b"{}")
    assert len(read(tmp_path).report.skipped_names) == 8


def test_the_title_of_a_collection_is_no_poems_title(tmp_path: Path) -> None:
    corpus = read_text(tmp_path, "# Drafts\n\n## Rain\n\na b\nc d\n\n## Frost\n\ne f\ng h\n")
    assert [(poem.title, poem.line, poem.paratexts) for poem in corpus] == [
        ("Rain", 5, ()),
        ("Frost", 10, ()),
    ]
    assert corpus.report.omitted == {"title": 3}


def test_a_page_of_titles_and_rules_ends_in_its_verse(tmp_path: Path) -> None:
    """Titles that wait for a poem are settled in parts, so that their number costs no square."""
    path = tmp_path / "a.md"
    path.write_text("# Nets\n\n---\n\n" * 400 + "I mended nets\ntill half past ten.\n")
    corpus = read(path)
    assert corpus[-1].text.endswith("I mended nets\ntill half past ten.")
    assert corpus.report.omitted["title"] + len(corpus.report.doubts) > 0
