"""`quatrain check` and `quatrain forms` as a user meets them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quatrain.cli import app
from quatrain.form import names

COUPLETS = """I left the kitchen window open wide
and heard the water talking there outside.
"""


def run(*arguments: object, text: str | None = None) -> Result:
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})
    return runner.invoke(app, [str(each) for each in arguments], input=text)


@pytest.fixture
def couplets(tmp_path: Path) -> Path:
    path = tmp_path / "couplets.txt"
    path.write_text(COUPLETS, encoding="utf-8")
    return path


def test_a_poem_that_keeps_its_form(couplets: Path) -> None:
    result = run("check", couplets, "--form", "heroic-couplets")
    assert result.exit_code == 0, result.output
    assert "heroic-couplets: kept, strictly." in result.output
    marks, line = result.output.splitlines()[:2]
    assert marks.startswith("x  /     x  /   x   /  x  / x   /")
    assert line.startswith("I left the kitchen window")
    assert line.rstrip().endswith("A")


def test_a_poem_that_does_not_says_where_and_exits_with_1(couplets: Path) -> None:
    couplets.write_text(COUPLETS.replace("outside", "again"), encoding="utf-8")
    result = run("check", couplets, "--form", "heroic-couplets")
    assert result.exit_code == 1
    assert "line 2, rhyme: found none: wide/again" in result.output


def test_json_is_a_line_a_poem_in_order(tmp_path: Path) -> None:
    rows = [{"title": str(number), "lines": COUPLETS.splitlines()} for number in range(5)]
    rows[2]["lines"] = ["1 2 3", "寂"]
    path = tmp_path / "poems.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    result = run("check", path, "--form", "heroic-couplets", "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["title"] for each in found] == list("01234")
    assert [each["kept"] for each in found] == [True, True, False, True, True]
    assert found[0]["lines"][1]["rhyme"] == "A"
    assert result.exit_code == 1


def test_without_a_form_the_likeliest_are_named(couplets: Path) -> None:
    result = run("check", couplets)
    assert result.exit_code == 0
    assert result.output.startswith("heroic-couplets: kept")


def test_the_standard_input_is_read() -> None:
    result = run("check", "-", "--form", "heroic-couplets", text=COUPLETS)
    assert result.exit_code == 0, result.output


def test_unknown_forms_and_own_forms(couplets: Path, tmp_path: Path) -> None:
    result = run("check", couplets, "--form", "heroic-couplet")
    assert result.exit_code == 1
    assert "Did you mean 'heroic-couplets'" in " ".join(result.output.split())
    own = tmp_path / "own.toml"
    own.write_text('stanzas = ["AA"]\nsyllables = 10\n', encoding="utf-8")
    assert run("check", couplets, "--form", own).exit_code == 0


def test_forms_are_listed_and_shown() -> None:
    listed = run("forms").output
    assert all(name in listed for name in names())
    assert 'stanzas = ["ABABCDCDEFEFGG"]' in run("forms", "sonnet").output
    row = json.loads(run("forms", "haiku", "--json").stdout)
    assert row["syllables"] == [5, 7, 5]
