"""`quatrain exercise`: a sheet, a class, a check, and files that are none."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from quatrain.cli import app
from quatrain.explain.exercises.sheet_file import MOST_BYTES, read_sheet
from quatrain.explain.exercises.topics import TOPICS

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: object) -> Result:
        return runner.invoke(app, ["exercise", *map(str, arguments)])

    return invoke


def test_every_topic_is_a_command() -> None:
    commands = {command.name for group in app.registered_groups if group.name == "exercise"
                for command in group.typer_instance.registered_commands}  # fmt: skip
    assert commands == {*TOPICS, "check"}


def test_a_sheet_is_printed(run: Run) -> None:
    result = run("convolution", "--seed", "Ada", "--level", 2)
    assert result.exit_code == 0
    assert "**5.**" in result.stdout
    assert result.stdout == run("convolution", "--seed", "Ada", "--level", 2).stdout


def test_a_sheet_in_every_format_with_solutions(run: Run) -> None:
    assert run("temperature", "--seed", "Ada", "--out", "out/sheet", "--solutions").exit_code == 0
    names = sorted(path.name for path in Path("out").iterdir())
    endings = ["html", "ipynb", "md", "tex"]
    assert names == sorted(
        [
            "sheet.json",
            *(f"sheet{kind}.{ending}" for kind in ("", "-solutions") for ending in endings),
        ]
    )
    assert run("temperature", "--seed", "Ada", "--out", "one.tex").exit_code == 0
    assert sorted(path.name for path in Path.cwd().glob("one*")) == ["one.json", "one.tex"]


@pytest.mark.slow
def test_a_class_from_names_to_a_table(run: Run) -> None:
    Path("class.txt").write_text("Ada\n\nÉmile\n李\n../../x\n", encoding="utf-8")
    made = run("convolution", "--students", "class.txt", "--seed", "spring", "--out", "sheets",
               "--format", "latex", "--format", "html")  # fmt: skip
    assert made.exit_code == 0, made.output
    assert len(list(Path("sheets").glob("*.tex"))) == 5
    assert not list(Path.cwd().parent.glob("x*.tex"))
    students = read_sheet(Path("sheets/class.json"))
    answers: dict[str, Any] = {
        student.name: {
            str(question.number): question.answer for question in student.sheet.questions
        }
        for student in students[:3]
    }
    answers["Émile"]["1"] = students[1].sheet.questions[0].mistakes[0].value
    answers["李"]["1"] = "a lot"
    Path("answers.json").write_text(json.dumps(answers), encoding="utf-8")
    result = run("check", "sheets/class.json", "answers.json", "--csv", "marks.csv", "--json")
    assert result.exit_code == 0, result.output
    rights = {entry["student"]: entry["right"] for entry in json.loads(result.stdout)}
    assert rights == {"Ada": 4, "Émile": 3, "李": 3, "../../x": 0}
    rows = list(csv.DictReader(Path("marks.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["1 mark"] for row in rows] == ["right", "wrong", "not understood", "missing"]
    assert "the biases are left out" in rows[1]["1 message"]


def test_answers_in_a_table(run: Run) -> None:
    run("convolution", "--seed", "Ada", "--out", "sheet")
    right = read_sheet(Path("sheet.json"))[0].sheet.questions
    Path("answers.csv").write_text(f"student,1,2\nAda,{right[0].answer},\n", encoding="utf-8")
    result = run("check", "sheet.json", "answers.csv")
    assert "1. Right." in result.stdout
    assert "2. No answer yet." in result.stdout


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheet_with_blank_rows_and_its_own_separator_is_read(
    run: Run, separator: str
) -> None:
    run("convolution", "--seed", "Ada", "--out", "sheet")
    right = read_sheet(Path("sheet.json"))[0].sheet.questions[0].answer
    rows = (("\ufeffStudent", "1", "2"), ("", "", ""), ("Ada ", str(right), ""), ("", "", ""))
    text = "\r\n".join(separator.join(row) for row in rows)
    Path("answers.csv").write_text(text, encoding="utf-8")
    result = run("check", "sheet.json", "answers.csv")
    assert result.exit_code == 0, result.output
    assert "Ada: 1 of 4 right" in result.stdout


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "got no answers"),
        ("student,1,2\n", "got no answers"),
        ("student,1\n,5\n", "answers.csv, row 2: got answers without a name"),
        ("student,1\nAda,5\nAda,6\n", "row 3: got 'Ada' a second time"),
        ("pupil,1\nAda,5\n", "Name the column of the students"),
    ],
)
def test_a_bad_table_is_a_sentence(run: Run, table: str, sentence: str) -> None:
    run("convolution", "--seed", "Ada", "--out", "sheet")
    Path("answers.csv").write_text(table, encoding="utf-8")
    result = run("check", "sheet.json", "answers.csv")
    assert result.exit_code == 1
    assert sentence in " ".join(result.stderr.split())


def test_a_class_with_one_sheet_for_all_is_checked_with_results_by_question(run: Run) -> None:
    run("convolution", "--seed", "spring", "--out", "sheet")
    first, second, *_ = read_sheet(Path("sheet.json"))[0].sheet.questions
    mistake = first.mistakes[0]
    answers = {
        "Ada": {"1": first.answer, "2": second.answer},
        "Émile": {"1": mistake.value},
        "Grace": {"1": mistake.value, "2": "a lot"},
    }
    Path("answers.json").write_text(json.dumps(answers), encoding="utf-8")
    result = run("check", "sheet.json", "answers.json")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert "Ada: 2 of 4 right" in text
    assert "The class of 3: 2 of 12 right" in text
    assert f"1. 1 right, 2 wrong. Most often: {mistake.text} (2)." in text
    assert "2. 1 right, 1 not understood, 1 missing." in text


@pytest.mark.parametrize(
    ("sheet", "answers", "sentence"),
    [
        (None, "[1, 2]", "Name each answer by its question"),
        (None, "{", "no JSON"),
        (None, "[" * 100_000, "no JSON"),
        (None, '{"9": 1}', "questions 1 to 4"),
        (None, '{"Bob": {"1": 1}}', "Write the names as on the sheets"),
        (None, '{"Ada": 7, "Bob": {}}', "Write the names"),
        ({"version": 99}, "{}", "version 99"),
        ({"kind": "poem"}, "{}", "another file"),
        ({"level": 3}, "{}", "was edited"),
        ({"level": "high"}, "{}", "was edited"),
        ({"topic": "cooking"}, "{}", "was edited"),
        ({"topic": 7}, "{}", "was edited"),
        ({"students": [{"name": "Ada", "seed": "Bob", "digest": "0"}]}, "{}", "was edited"),
        ({"students": [7]}, "{}", "was edited"),
        ({"students": []}, "{}", "no students"),
    ],
)
def test_a_bad_file_is_a_sentence(
    run: Run, sheet: dict[str, Any] | None, answers: str, sentence: str
) -> None:
    run("convolution", "--seed", "Ada", "--out", "sheet", "--format", "markdown")
    if sheet is not None:
        facts = json.loads(Path("sheet.json").read_text(encoding="utf-8"))
        Path("sheet.json").write_text(json.dumps(facts | sheet), encoding="utf-8")
    Path("answers.json").write_text(answers, encoding="utf-8")
    result = run("check", "sheet.json", "answers.json")
    assert result.exit_code == 1, result.output
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


@pytest.mark.parametrize("text", ["", "   \n", "{}", '{"1": null, "2": ""}'])
def test_empty_answers_are_missing_or_a_sentence(run: Run, text: str) -> None:
    run("convolution", "--seed", "Ada", "--out", "sheet", "--format", "markdown")
    Path("answers.json").write_text(text, encoding="utf-8")
    result = run("check", "sheet.json", "answers.json")
    if text.strip():
        assert "Ada: 0 of 4 right" in result.stdout
    else:
        assert result.exit_code == 1
        assert "no JSON" in result.stderr


@pytest.mark.slow
def test_a_large_file_is_a_sentence(run: Run) -> None:
    run("convolution", "--seed", "Ada", "--out", "sheet", "--format", "markdown")
    Path("answers.json").write_bytes(b"[" + b" " * 10_000_000 + b"]")
    result = run("check", "sheet.json", "answers.json")
    assert result.exit_code == 1
    assert f"at most {MOST_BYTES:,}" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["pooling"], "an empty text"),
        (["pooling", "--students", "none.txt", "--out", "x"], "There is no list of students"),
        (["pooling", "--students", "twice.txt", "--out", "x"], "twice"),
        (["pooling", "--students", "empty.txt", "--out", "x"], "no names"),
        (["pooling", "--students", "twice.txt"], "a folder to write to"),
        (["pooling", "--seed", "Ada", "--out", "twice.txt/sheet"], "can't be written"),
    ],
)
def test_a_sheet_that_cannot_be_made_is_a_sentence(
    run: Run, arguments: list[str], sentence: str
) -> None:
    Path("twice.txt").write_text("Ada\n Ada \n", encoding="utf-8")
    Path("empty.txt").write_text("\n\n", encoding="utf-8")
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in " ".join(result.stderr.split())
