"""`quatrain check` and `quatrain forms` as a user meets them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quatrain.cli import app
from quatrain.config import tables
from quatrain.errors import SettingsError
from quatrain.form import names

COUPLETS = """I left the kitchen window open wide
and heard the water talking there outside.
"""


def run(*arguments: object, text: str | None = None) -> Result:
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})
    return runner.invoke(app, [str(each) for each in arguments], input=text)


MINE = """All night the river turned its pages over,
and heard the water talking there. Outside!
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    rows = [
        {"lines": ["The gate is shut."]},
        {"title": "Window", "author": "A. Reader", "lines": ["Listen:", "", *COUPLETS.split("\n")]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def couplets(tmp_path: Path) -> Path:
    path = tmp_path / "couplets.txt"
    path.write_text(COUPLETS, encoding="utf-8")
    return path


def test_a_poem_that_keeps_its_form(couplets: Path) -> None:
    result = run("check", couplets, "--form", "heroic-couplets")
    assert result.exit_code == 0, result.output
    assert "heroic-couplets: keeps the form (strict check)." in result.output
    marks, line = result.output.splitlines()[:2]
    assert marks.startswith("x  /     x  /   x   /  x  / x   /")
    assert line.startswith("I left the kitchen window")
    assert line.rstrip().endswith("A")


def test_a_poem_that_does_not_says_where_and_exits_with_1(couplets: Path) -> None:
    couplets.write_text(COUPLETS.replace("outside", "again"), encoding="utf-8")
    result = run("check", couplets, "--form", "heroic-couplets")
    assert result.exit_code == 1
    assert "Line 2 lacks a rhyme with line 1 (A): wide/again, no rhyme" in result.output


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


def test_without_a_form_the_nearest_are_named(couplets: Path) -> None:
    result = run("check", couplets)
    assert result.exit_code == 0
    assert result.output.startswith("heroic-couplets: keeps the form\n")


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


def test_what_is_copied_is_told_with_its_source(tmp_path: Path, corpus: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text(MINE, encoding="utf-8")
    result = run("check", path, "--against", corpus)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "Copied: 7 words in a row, from line 2; also in “Window” by A. Reader "
        f"({corpus}), from its line 3",
        "  and heard the water talking there. Outside",
    ]
    found = json.loads(run("check", path, "--against", corpus, "--json").stdout)
    assert (found["id"], found["source"]) == ("mine.txt:1", str(path))
    assert found["copied"] == {
        "text": "and heard the water talking there. Outside",
        "words": 7,
        "whole": False,
        "line": 2,
        "title": "Window",
        "author": "A. Reader",
        "source": str(corpus),
        "source_line": 3,
    }


def test_six_words_in_a_row_are_not_copied(corpus: Path) -> None:
    text = "We heard the water talking there outside."
    result = run("check", "-", "--against", corpus, text=text)
    assert result.exit_code == 0
    assert result.output.startswith("Not copied: shares at most 6 words in a row, from line 1;")


def test_a_poem_that_is_in_the_corpus_is_said_to_be(couplets: Path, corpus: Path) -> None:
    result = run("check", couplets, "--against", corpus)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "The whole of it is in the corpus, 14 words in a row; see “Window” by A. Reader "
        f"({corpus}), from its line 2",
        "  I left the kitchen window open wide / and heard the water talking there outside",
    ]


def test_a_short_poem_that_is_in_the_corpus_is_no_failure(corpus: Path) -> None:
    result = run("check", "-", "--against", corpus, text="the gate IS shut")
    assert result.exit_code == 0
    assert result.output.startswith(
        "The whole of it is in the corpus, 4 words in a row; see a poem without a title ("
    )


def test_nothing_shared(corpus: Path) -> None:
    result = run("check", "-", "--against", corpus, text="Snow falls")
    assert result.exit_code == 0
    assert result.output == "No word of it is in the corpus.\n"
    found = run("check", "-", "--against", corpus, "--json", text="Snow falls").stdout
    assert json.loads(found)["copied"] is None


def test_with_a_form_both_are_reported(couplets: Path, corpus: Path) -> None:
    result = run("check", couplets, "--against", corpus, "--form", "heroic-couplets")
    assert result.exit_code == 1
    assert (
        "heroic-couplets: keeps the form (strict check).\nThe whole of it is in the corpus"
        in result.output
    )
    options = ["--against", corpus, "--form", "heroic-couplets", "--json"]
    found = json.loads(run("check", couplets, *options).stdout)
    assert found["kept"]
    assert found["copied"]["words"] == 14
    assert "copied" not in json.loads(run("check", couplets, "--json").stdout.splitlines()[0])


def test_a_form_that_is_broken_without_a_copy_still_fails(corpus: Path) -> None:
    options = ["--against", corpus, "--form", "heroic-couplets"]
    assert run("check", "-", *options, text="Snow falls").exit_code == 1


def test_the_column_is_for_whichever_source_has_columns(couplets: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(f'name,verse\nWindow,"{COUPLETS}"\n', encoding="utf-8")
    for path, against in [(couplets, table), (table, couplets), (table, table)]:
        result = run("check", path, "--against", against, "--column", "verse")
        assert "The whole of it is in the corpus" in result.output, result.output
        assert result.exit_code == 1


@pytest.mark.parametrize("missing", ["PATH", "CORPUS"])
def test_a_source_that_is_not_there(couplets: Path, tmp_path: Path, missing: str) -> None:
    gone = tmp_path / "gone.txt"
    path, against = (gone, couplets) if missing == "PATH" else (couplets, gone)
    result = run("check", path, "--against", against)
    assert result.exit_code == 1
    assert "There is no file or folder" in result.output


def test_a_corpus_without_words(couplets: Path, tmp_path: Path) -> None:
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("1 2 3\n", encoding="utf-8")
    result = run("check", couplets, "--against", numbers)
    assert result.exit_code == 1
    assert "got no word in 1 poem; expected at least one word" in result.output


def test_forms_prints_a_file_of_your_own(tmp_path: Path) -> None:
    path = tmp_path / "song.toml"
    path.write_text('stanzas = ["AbAb"]\n', encoding="utf-8")
    assert run("forms", path).output == 'stanzas = ["AbAb"]\n'
    assert json.loads(run("forms", path, "--json").stdout)["name"] == "song"
    missing = run("forms", tmp_path / "none.toml")
    assert missing.exit_code == 1
    assert "There is no form file" in missing.output


def test_forms_are_listed_and_shown() -> None:
    listed = run("forms").output
    assert all(name in listed for name in names())
    assert 'stanzas = ["ABABCDCDEFEFGG"]' in run("forms", "sonnet").output
    row = json.loads(run("forms", "haiku", "--json").stdout)
    assert row["syllables"] == [5, 7, 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"training = {'[' * 20_000}{']' * 20_000}", "lists or tables nested too deeply"),
        (f"[training]\nsteps = {'9' * 5000}", "a number of thousands of digits"),
        ("[training", "end of a table declaration"),
    ],
)
def test_a_settings_file_that_no_machine_can_take_is_refused_in_a_sentence(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        tables(path)


def test_repairs_are_shown_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "couplet.txt"
    path.write_text(
        "The lamp is lit where all the lanterns turn,\n"
        "of climbing the hills to where the others burn.\n",
        encoding="utf-8",
    )
    plain = run("check", path, "--form", "couplets")
    shown = run("check", path, "--form", "couplets", "--repairs")
    assert shown.exit_code == plain.exit_code == 1
    assert shown.output.startswith(plain.output)
    assert "Line 2, one syllable too many: Eleven syllables" in shown.output
    assert "of climbing hills to where the others burn." in shown.output
    assert "Leave out the, and it keeps the metre." in shown.output
    assert run("check", path, "--form", "couplets", "--json").exit_code == 1
    refused = run("check", path, "--repairs")
    assert refused.exit_code != 0
