"""`quatrain words`: its table, its JSON and its errors."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quatrain.cli import app


def run(*arguments: str, code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, ["words", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


def test_a_table_has_the_columns_of_the_filters() -> None:
    table, _ = run("--rhyme", "delight", "--stress", "01", "--limit", "3")
    heading, *rows = table.splitlines()
    assert heading.split() == ["word", "stress", "rhyme"]
    assert len(rows) == 3
    assert all(row.split()[1].startswith("01") for row in rows)
    assert "definition" in run("--stress", "0100", "--define", "--limit", "1")[0]


@pytest.mark.slow
def test_meaning_has_its_columns_and_tells_what_stands_in() -> None:
    table, notes = run("--near", "smartphone", "--limit", "9")
    assert table.splitlines()[0].split() == ["word", "stress", "nearness", "relation"]
    assert "This poet doesn't know 'smartphone'; call, ring" in notes
    _, notes = run("--near", "winter qwzrtp", "--limit", "1")
    assert "doesn't know 'qwzrtp', nor does the dictionary" in notes


def test_json_has_every_field() -> None:
    output, _ = run("--rhyme", "tin", "--limit", "1", "--json")
    assert list(json.loads(output)) == [
        "word", "stress", "syllables", "pronunciation", "source", "nearness", "relation", "rhyme",
        "rhyme_probability", "definition",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_draft_is_read_from_its_file(tmp_path: Path) -> None:
    draft = tmp_path / "my:draft.txt"
    draft.write_text("The lamp is low, the evening settles down,\nAnd snow is on the town.\n")
    place = ("--form", "free-verse", "--near", "light", "--limit", "2")
    assert len(run("--fits", f"{draft}:1:2", *place)[0].splitlines()) == 3
    assert len(run("--fits", f"{draft}:1:lamp", *place)[0].splitlines()) == 3
    assert "There is no word 40" in run("--fits", f"{draft}:1:40", *place, code=1)[1]


def test_a_place_is_a_file_a_line_and_a_word() -> None:
    for text in ("draft.txt", "draft.txt:3", ":1:2", "draft.txt:one:2", "draft.txt:1:"):
        assert "Write for example --fits draft.txt:6:3" in run("--fits", text, code=1)[1]
    assert "--form only works with --fits" in run("--near", "sea", "--form", "sonnet", code=1)[1]
    assert "no file" in run("--fits", "no-such-draft.txt:1:1", code=1)[1]


def test_a_mistake_is_one_sentence() -> None:
    assert "quatrain: There is nothing to look for." in run(code=1)[1]
    assert "is not a kind of rhyme" in run("--rhyme", "sea", "--kind", "nice", code=1)[1]


@pytest.mark.slow
def test_all_about_one_word(tmp_path: Path) -> None:
    text, _ = run("worn")
    assert text.startswith("worn /wɔːrn/, one syllable, about once in 9,000 words of verse")
    assert "1. adjective: " in text
    assert "Full rhymes: morn, born" in text
    draft = tmp_path / "draft.txt"
    draft.write_text("The lamp is low, the evening settles down,\nAnd snow is on the town.\n")
    place = ("town", "--fits", f"{draft}:2:6", "--form", "heroic-couplets")
    panel = json.loads(run(*place, "--every", "--json")[0])
    assert panel["place"] == "end of line 2, on the third beat, rhyme A with *down*"
    assert any(word["why"] for group in panel["groups"] for word in group["words"])
    assert "--define has no effect with a word" in run("worn", "--define", code=1)[1]
    assert "--every only works with a word" in run("--near", "sea", "--every", code=1)[1]
