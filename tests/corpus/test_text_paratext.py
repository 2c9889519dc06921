"""Text files as people have them: what is verse in them, and what is not."""

import json
from pathlib import Path

import pytest

from quatrain.config import Cleaning
from quatrain.corpus import Corpus, read, stream_all
from quatrain.corpus.paratext import titles
from quatrain.records import Paratext, Poem

SONNET = """\
v|I kept the lamp until the oil was low
v|And heard the harbour ropes complain all night;
v|The window gave me back my own slow glow,
v|A face with neither argument nor light.
v|Below, the tide was counting out its change
v|In silver on the counter of the quay,
v|And every boat that moved was something strange,
v|And every boat that stayed was kin to me.
v|I thought of those who row without a chart
v|And those who chart and never leave the land,
v|And could not say which kind I was at heart,
v|The oar and pencil equal in my hand.
v|  Then morning came, as mornings do, and laid
v|  Its plain white cloth on all that I had weighed."""

QUATRAINS = """\
v|The miller's wheel goes round and round,
v|  The water runs below;
v|It has a long and sleepy sound
v|  That only millers know.
|
v|The miller's cat sits on the sill
v|  And watches how it turns;
v|She'll never own a watermill,
v|  But see how much she learns."""

HAIKU = """\
v|rain on the tin roof
v|the dog looks up from his dream
v|and lies down again"""


AS_IT_IS = Cleaning(fold_quotes=False, fold_dashes=False, drop_duplicates=False)


def read_text(folder: Path, text: str) -> Corpus:
    path = folder / "verse.txt"
    path.write_text(text, encoding="utf-8")
    return read(path, cleaning=AS_IT_IS)


def verse_of(corpus: Corpus) -> list[str]:
    return [line.text.strip() for poem in corpus for line in poem]


def plain(marked: str) -> str:
    """The text of lines with marks such as `v|` before them."""
    return "\n".join(line.partition("|")[2] for line in marked.split("\n")) + "\n"


def poem_of(folder: Path, marked: str) -> Poem:
    (poem,) = read_text(folder, plain(marked))
    return poem


def test_a_poem_keeps_title_author_and_paratexts(tmp_path: Path) -> None:
    poem = poem_of(
        tmp_path,
        't|The Mill\na|by Ann Weir\n|\nd|for Miriam\n|\ne|"All wheels are one."\n'
        "e|-- Old saying\n|\n" + QUATRAINS + "\n|\ny|Leith, May 2021\ns|-- A. W.",
    )
    assert (poem.title, poem.author, poem.line) == ("The Mill", "Ann Weir", 9)
    assert poem.paratexts == (
        Paratext("dedication", "for Miriam"),
        Paratext("epigraph", '"All wheels are one."\n-- Old saying'),
        Paratext("date", "Leith, May 2021"),
        Paratext("signature", "-- A. W."),
    )
    assert str(poem).startswith('The Mill\n\nfor Miriam\n\n"All wheels')
    assert str(poem).endswith("how much she learns.\n\nLeith, May 2021\n\n-- A. W.")


def test_paratexts_come_back_from_json(tmp_path: Path) -> None:
    from quatrain.page.poems import as_json

    poem = poem_of(tmp_path, f"t|The Lamp\n|\nd|for Miriam\n|\n{SONNET}\n|\ny|(2020)")
    path = tmp_path / "poem.jsonl"
    path.write_text(as_json(poem) + "\n", encoding="utf-8")
    (again,) = read(path, cleaning=AS_IT_IS)
    assert (again.title, again.text, again.paratexts) == (poem.title, poem.text, poem.paratexts)


def test_a_date_goes_to_the_poem_above_it(tmp_path: Path) -> None:
    corpus = read_text(tmp_path, plain(f"{HAIKU}\n|\n|\ny|(2020)\n|\n|\n{QUATRAINS}"))
    assert [poem.paratexts for poem in corpus] == [(Paratext("date", "(2020)"),), ()]
    assert [poem.title for poem in corpus] == ["", ""]


def test_numbered_haiku_keep_their_numbers_as_titles(tmp_path: Path) -> None:
    text = "1.\na b c\nd e\nf g\n\n2.\nh i j\nk l\nm n\n\n3. \no p q\nr s\nt u\n"
    assert [poem.title for poem in read_text(tmp_path, text)] == ["1.", "2.", "3."]
    inline = "1. a b c\nd e\nf g\n\n2. h i j\nk l\nm n\n"
    assert [poem.title for poem in read_text(tmp_path, inline)] == ["1.", "2."]


def test_a_line_in_doubt_stays_verse_and_is_named(tmp_path: Path) -> None:
    corpus = read_text(tmp_path, "All at once\n\nthe birds went up\nlike a question\n")
    assert verse_of(corpus)[0] == "All at once"
    (doubt,) = corpus.report.doubts
    assert (doubt.kind, doubt.text, doubt.line) == ("title", "All at once", 1)


def test_line_numbers_of_a_file_survive_tags_that_break_lines(tmp_path: Path) -> None:
    text = "# One\n\na b<br>c d<br/>e f\n\n# Two\n\ng h\n"
    corpus = read_text(tmp_path, text)
    assert [(poem.title, poem.line, len(poem.lines)) for poem in corpus] == [
        ("One", 3, 3),
        ("Two", 7, 1),
    ]


def test_the_stream_reports_too(tmp_path: Path) -> None:
    path = tmp_path / "verse.txt"
    path.write_text(plain(f"t|# The Lamp\n|\n{SONNET}"), encoding="utf-8")
    poems = stream_all(path)
    assert len(next(poems).lines) == 14
    assert list(poems) == []
    assert poems.report.omitted == {"title": 1}


@pytest.mark.parametrize(
    ("line", "below", "judgement"),
    [
        (
            "The Lamp",
            ["I kept it burning all the night,", "And in the morning put it out."],
            "TITLE",
        ),
        (
            "I kept it,",
            ["I kept it burning all the night,", "And in the morning put it out."],
            "VERSE",
        ),
        ("Row, my love", ["The river widens as we go,", "Row, my love"], "VERSE"),
        ("all at once", ["the birds went up out of the wheat", "and then came down"], "DOUBTFUL"),
    ],
)
def test_titles_are_judged_by_their_look(line: str, below: list[str], judgement: str) -> None:
    assert titles.judge(line, [below], gap=1).name == judgement


@pytest.mark.parametrize("name", ["text", "lines"])
def test_rows_of_json_lose_tags_and_notes(tmp_path: Path, name: str) -> None:
    verse = "The ferry leaves &mdash; without me,<br>and I&#8217;m glad[1]\nof the _bench_."
    value = verse if name == "text" else verse.split("\n")
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({name: value, "title": "Ferry"}) + "\n", encoding="utf-8")
    corpus = read(path, cleaning=AS_IT_IS)
    assert verse_of(corpus) == ["The ferry leaves — without me,", "and I’m glad", "of the bench."]
    assert corpus.report.omitted == {"markup": 1, "note mark": 1, "emphasis": 1}
    assert corpus.report.entities == 2
    assert corpus.report.omissions[0].line == 1


def test_a_title_and_nothing_else_is_verse(tmp_path: Path) -> None:
    assert verse_of(read_text(tmp_path, "The Mill\n")) == ["The Mill"]
    assert verse_of(read_text(tmp_path, "(2020)\n")) == ["(2020)"]


def test_a_page_of_html_is_its_verse_and_its_heading(tmp_path: Path) -> None:
    text = (
        "<!DOCTYPE html>\n<html>\n<head><title>x</title>\n<style>p { }</style></head>\n<body>\n"
        "<h1>The Ferry</h1>\n<p>The ferry leaves<br>\n&nbsp; without me</p>\n<p>and I am glad</p>\n"
        "</body>\n</html>\n"
    )
    (poem,) = read_text(tmp_path, text)
    assert (poem.title, poem.line) == ("The Ferry", 7)
    assert poem.text == "The ferry leaves\n  without me\n\nand I am glad"


def test_lines_in_capitals_within_a_poem_are_no_headings(tmp_path: Path) -> None:
    text = "the sign said\n\nNO ENTRY\n\nso we\nwent in\n\nKEEP OUT\n\nwe said\nfrom within\n"
    (poem,) = read_text(tmp_path, text)
    assert "NO ENTRY" in poem.text


def test_numbers_below_a_title_count_the_parts_of_a_poem(tmp_path: Path) -> None:
    parts = plain(QUATRAINS).split("\n\n")
    text = f"The Mill\n\nI\n\n{parts[0]}\n\nII\n\n{parts[1]}"
    (poem,) = corpus = read_text(tmp_path, text)
    assert (poem.title, len(poem.stanzas)) == ("The Mill", 2)
    assert corpus.report.omitted == {"title": 1, "section number": 2}


@pytest.mark.parametrize("layout", ["blank", "inline", "close", "colon"])
def test_speakers_of_a_play_are_no_verse(tmp_path: Path, layout: str) -> None:
    speeches = [("ANN", "The wheel is stuck."), ("TOM", "Then go and see."), ("ANN", "You go.")]
    form = {
        "blank": "{0}\n{1}\n",
        "inline": "{0}. {1}\n",
        "close": "{0}: {1}",
        "colon": "{0}:\n{1}",
    }[layout]
    text = "\n".join(form.format(*speech) for speech in speeches)
    corpus = read_text(tmp_path, text)
    assert [line.text for poem in corpus for line in poem] == [line for _, line in speeches]
    assert corpus.report.omitted == {"speaker": 3}


def test_running_heads_are_no_titles(tmp_path: Path) -> None:
    first, second = plain(QUATRAINS).rstrip().split("\n\n")
    text = f"SONGS OF THE MILL      12\n\n{first}\n\n13      SONGS OF THE MILL\n\n{second}\n"
    (poem,) = corpus = read_text(tmp_path, text)
    assert len(poem.stanzas) == 2
    assert corpus.report.omitted == {"running head": 2}
