"""Counts against counts made by hand, and how they are shown."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from quatrain.config import Cleaning, Training
from quatrain.corpus import read, statistics
from quatrain.page import corpus as page
from quatrain.records import CorpusStatistics


@pytest.fixture
def found(tmp_path: Path) -> CorpusStatistics:
    path = tmp_path / "small.jsonl"
    rows = [
        {"lines": ["The rain’s a guest,", "", "it stays."], "title": "Rain\u001b[31m"},
        {"lines": ["Zwölf!"]},
        {"lines": ["zwölf"]},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return statistics(read(path, cleaning=Cleaning(drop_duplicates=False)))


def shown(statistics: CorpusStatistics, *reasons: str) -> str:
    console = Console(width=100, file=io.StringIO(), color_system=None)
    console.print(page.as_text(statistics, reasons))
    lines = console.file.getvalue().split("\n")  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in lines)


def test_counts(found: CorpusStatistics) -> None:
    assert (found.poems, found.stanzas, found.lines, found.words) == (3, 4, 4, 8)
    # 19 + 1, 1, 9 + 1; 6 + 1; 5 + 1: characters, line breaks and the break between stanzas.
    assert found.characters == 31 + 7 + 6
    assert "".join(found.alphabet) == " !',.TZaefghilnrstuwyzö"
    assert found.rare["ö"] == 2
    assert "\n" not in found.rare
    assert found.line_lengths == {5: 1, 6: 1, 9: 1, 19: 1}
    assert (found.longest_line, found.longest_where) == (
        "The rain's a guest,",
        "poem 1 (Rain[31m), line 1",
    )
    assert (found.report.duplicates, found.report.dropped, found.report.quotes) == (1, 0, 1)


def test_as_text(found: CorpusStatistics) -> None:
    text = shown(found, "Because it is small.")
    assert text.startswith("small\n  poems             3\n  stanzas           4\n")
    assert "near-duplicates   1" in text
    assert "23 characters in use\n  U+0020 ! ' , . T Z a" in text
    assert "of them are rare: " in text
    assert f"\n  10-11{' ' * 44}0\n" in text
    assert "The longest has 19 (poem 1 (Rain[31m), line 1): The rain's a guest," in text
    assert "1  read as utf-8" in text
    assert "1  curly quotation marks and apostrophes made straight" in text
    assert text.endswith("Because it is small.\n")
    assert "\x1b" not in text


def test_the_histogram_holds_every_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n".join("x" * n for n in [*range(20, 60), 5000]), encoding="utf-8")
    found = statistics(read(path))
    bins = page._binned(found.line_lengths)
    assert sum(count for _, count in bins) == 41
    assert len(bins) <= 13
    assert bins[0][0] == "0-499"
    assert bins[-1] == ("5000-5499", 1)


@pytest.mark.parametrize("count", [1, 12, 5000])
def test_the_usual_lines_fill_the_histogram_and_long_ones_are_gathered(count: int) -> None:
    lengths = dict.fromkeys(range(30, 50), count) | {9000: 1 if count > 1 else 0}
    bins = page._binned({length: number for length, number in lengths.items() if number})
    assert sum(number for _, number in bins) == 20 * count + (count > 1)
    if count == 5000:
        assert bins[0][0] == "30-34"
        assert bins[-1] == ("45 and more", 25_001)


def test_as_json(found: CorpusStatistics) -> None:
    read_back = json.loads(page.as_json(found, Training(hidden=64), ["Because."]))
    assert read_back["poems"] == 3
    assert read_back["line_lengths"] == {"5": 1, "6": 1, "9": 1, "19": 1}
    assert read_back["report"]["encodings"] == {"utf-8": 1}
    assert read_back["proposed"]["hidden"] == 64
    assert read_back["reasons"] == ["Because."]
    assert "proposed" not in json.loads(page.as_json(found))
