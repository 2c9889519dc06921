"""Project Gutenberg's headers, licences and notes of every age; all else stays."""

from pathlib import Path

import pytest

from quatrain.config import Cleaning
from quatrain.corpus import Corpus, read

ONE = """\
The kettle sings upon the hob,
  The cat is on the chair,
And nobody can find the knob
  That used to be just there."""
TWO = """\
The kettle has forgotten how,
  The cat is on the stair,
The knob is on the carpet now,
  And nobody would care."""
MINE = "My own lines,\nwritten after the licence,\nare no licence."

LICENCE = """\
Updated editions will replace the previous one--the old editions will
be renamed.

START: FULL LICENSE

THE FULL PROJECT GUTENBERG LICENSE

PLEASE READ THIS BEFORE YOU DISTRIBUTE OR USE THIS WORK

1.A. By reading or using any part of this electronic work, you agree.

- You pay a royalty fee of 20% of the gross profits.

This website includes information about Project Gutenberg, and how to
subscribe to our email newsletter to hear about new eBooks."""
HEADER = """\
The Project Gutenberg eBook of Kettles

This ebook is for the use of anyone anywhere in the United States.

Title: Kettles

Author: A. Nobody

"""
SMALL_PRINT = """\
***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
Why is this "Small Print!" statement here?  You know: lawyers.

[*]  The etext may be readily converted by the reader.

*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*

"""


def read_text(folder: Path, text: str) -> Corpus:
    path = folder / "book.txt"
    path.write_text(text, encoding="utf-8")
    return read(path, cleaning=Cleaning(drop_duplicates=False))


def book(verse: str, start: str = "*** START OF", end: str = "*** END OF") -> str:
    name = "THE PROJECT GUTENBERG EBOOK KETTLES ***"
    return f"{HEADER}{start} {name}\n\n\n{verse}\n\n\n{end} {name}\n\n{LICENCE}\n"


def test_every_book_and_the_readers_own_lines_stay(tmp_path: Path) -> None:
    text = f"{book(ONE)}\n\n\n{MINE}\n\n\n{book(TWO)}\n\n\n{MINE}!\n"
    corpus = read_text(tmp_path, text)
    assert [poem.text for poem in corpus] == [ONE, MINE, TWO, f"{MINE}!"]
    rows = [row for row in text.split("\n") if row.strip()]
    verse = sum(len(poem.lines) for poem in corpus)
    assert corpus.report.omitted == {"licence": len(rows) - verse}
    for poem in corpus:
        assert text.split("\n")[poem.line - 1].strip() == poem.lines[0].text.strip()


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (
            HEADER + "*** START OF THIS PROJECT GUTENBERG EBOOK KETTLES ***",
            "End of Project Gutenberg's Kettles",
        ),
        (
            HEADER + "***START OF THE PROJECT GUTENBERG EBOOK KETTLES: BEING\nA COLLECTION***",
            "***END OF THE PROJECT GUTENBERG EBOOK KETTLES***\n\n" + LICENCE,
        ),
        (
            HEADER + "   *** start of the project gutenberg ebook kettles ***",
            "  *** end of the project gutenberg ebook ***",
        ),
        (
            "*** START OF THE COPYRIGHTED PROJECT GUTENBERG EBOOK ***",
            "END OF THE COPYRIGHTED PROJECT GUTENBERG EBOOK",
        ),
        (
            "**The Project Gutenberg Etext of Kettles**\n\n" + SMALL_PRINT,
            "End of The Project Gutenberg Etext of Kettles",
        ),
        (
            "Project Gutenberg's Kettles, by A. Nobody\n\n" + SMALL_PRINT,
            "END OF PROJECT GUTENBERG ETEXT KETTLES",
        ),
        ("", "*** END OF THE PROJECT\nGUTENBERG EBOOK KETTLES ***\n\n" + LICENCE),
        (HEADER, ""),
        ("", "Ende dieses Projekt Gutenberg Etextes Kessel"),
        ("", "Ende dieses Project Gutenberg Etextes Kessel, von Niemand"),
        ("", "Fin de Project Gutenberg Etext Bouilloires"),
        ("", "End of this Project Gutenberg Etext of Kettles"),
        ("", "This is a COPYRIGHTED Project Gutenberg Etext, Details Above"),
        (
            HEADER + "Copyright laws are changing all over the world. Be sure to check the\n"
            "copyright laws for your country before downloading this eBook.\n\n"
            "*** START OF THE PROJECT GUTENBERG EBOOK, KETTLES ***",
            "*** END OF THE PROJECT GUTENBERG EBOOK, KETTLES ***\n\n"
            "This file should be named kettl10.txt or kettl10.zip\n\n"
            "Here is the briefest record of our progress (* means estimated):\n\n"
            "eBooks Year Month\n\n    1  1971 July\n\n(Three Pages)\n\n" + SMALL_PRINT,
        ),
    ],
)
def test_markers_of_every_age(tmp_path: Path, above: str, below: str) -> None:
    corpus = read_text(tmp_path, f"{above}\n\n\n{ONE}\n\n\n{below}\n\n\n\n{MINE}\n")
    assert [poem.text for poem in corpus] == [ONE, MINE]
    assert [poem.title for poem in corpus] == ["", ""]
    assert set(corpus.report.omitted) == {"licence"}


@pytest.mark.parametrize(
    "note",
    [
        "Produced by Nobody and the Online\nDistributed Proofreading Team",
        "E-text prepared by Nobody",
        "Credit for e-text: Nobody",
        "Note: Project Gutenberg also has an HTML version of this\n      file.  See 1-h.htm",
        "This eBook was produced by Nobody",
        "Transcribed from the 1889 edition by Nobody",
        "(This file was produced from images generously made available)",
        "[Transcriber's Note: Two commas have\nbeen moved.\n\nAnd one full stop.]",
    ],
)
def test_producers_notes_are_no_verse(tmp_path: Path, note: str) -> None:
    text = book(f"{note}\n\n\n{ONE}")
    corpus = read_text(tmp_path, text)
    assert [poem.text for poem in corpus] == [ONE]
    lines = sum(map(bool, note.split("\n")))
    assert corpus.report.omitted["producer's note"] == lines


def test_verse_that_names_the_project_stays(tmp_path: Path) -> None:
    verse = "I read it on Project Gutenberg\nin rain,\nand read the licence twice."
    assert [poem.text for poem in read_text(tmp_path, verse)] == [verse]
