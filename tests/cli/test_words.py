"""`quatrain words`: its table, its JSON and its errors."""

import json

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


def test_a_mistake_is_one_sentence() -> None:
    assert "quatrain: There is nothing to look for." in run(code=1)[1]
    assert "is not a kind of rhyme" in run("--rhyme", "sea", "--kind", "nice", code=1)[1]
