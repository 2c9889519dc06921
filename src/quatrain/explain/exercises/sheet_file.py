"""The machine-readable sheet of a student or a class, and the file of their answers.

A sheet file has the topic, the level, the version of the questions, and for each student a name,
the seed and a digest of the questions. It has no answers: the questions are drawn again from the
seed, and the digest tells whether they are the same.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quatrain.errors import SettingsError
from quatrain.explain.exercises.exercise import MOST_SEED, VERSION, Exercise, exercise, normal_seed
from quatrain.records import Marking, ProblemSheet
from quatrain.text_files import read_text

MOST_BYTES = 4 * 2**20
"""Largest file of a sheet, a class or answers: ten thousand students have less."""

MOST_STUDENTS = 10_000
"""Most students of a class; their sheets take minutes."""

_KIND = "quatrain exercise"


@dataclass(frozen=True, slots=True)
class Student:
    """A student and the sheet of theirs."""

    name: str
    sheet: Exercise


def class_sheets(
    topic: str, names: Sequence[str], *, seed: str = "", level: int = 1
) -> tuple[Student, ...]:
    """Return a sheet for every student, drawn from the seed and the name.

    Args:
        topic: of all sheets.
        names: of the students, all different.
        seed: of the class, such as a term: with another, the same names get other sheets.
        level: of all sheets.

    Raises:
        SettingsError: there is no name, or one is empty, too long or there twice; and what
            `exercise` raises.
    """
    students: dict[str, Student] = {}
    if len(names) > MOST_STUDENTS:
        raise SettingsError(
            "the class", f"{len(names):,} names", f"at most {MOST_STUDENTS:,}", "Split the class."
        )
    for name in map(normal_seed, names):
        if name in students:
            raise SettingsError(
                "the class", f"the name {name!r} twice", "different names", "Add an initial."
            )
        own = f"{normal_seed(seed)} / {name}" if seed.strip() else name
        students[name] = Student(name, exercise(topic, seed=own[:MOST_SEED], level=level))
    if not students:
        raise SettingsError("the class", "no names", "one name a line", "Write the names.")
    return tuple(students.values())


def read_class(path: Path) -> list[str]:
    """Read the names of a class, one a line; empty lines don't count.

    Raises:
        SettingsError: the file can't be read, or is too large.
    """
    text = read_text(path, MOST_BYTES, SettingsError, "list of students")
    return [line for line in text.splitlines() if line.strip()]


def sheet_as_json(students: Sequence[Student]) -> str:
    """Return the machine-readable sheet of students with one topic and level; at least one."""
    first = students[0].sheet
    return json.dumps(
        {
            "kind": _KIND,
            "topic": first.topic,
            "level": first.level,
            "version": first.version,
            "students": [
                {"name": student.name, "seed": student.sheet.seed, "digest": digest(student.sheet)}
                for student in students
            ],
        },
        indent=1,
    )


def digest(sheet: ProblemSheet) -> str:
    """Return sixteen hexadecimal digits that change with any question of a sheet."""
    content = repr((sheet.topic, sheet.level, sheet.version, sheet.seed, sheet.questions))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def read_sheet(path: Path) -> tuple[Student, ...]:
    """Read a sheet file and draw its questions again.

    Raises:
        SettingsError: the file can't be read, is no sheet, was edited, or is of another version.
    """
    where = str(path)
    facts = _json(path, "sheet of exercises")
    students = facts.get("students") if isinstance(facts, dict) else None
    if not isinstance(facts, dict) or facts.get("kind") != _KIND or not isinstance(students, list):
        raise SettingsError(
            where,
            "another file",
            "a sheet that `quatrain exercise` wrote",
            "Give the .json file beside the sheets.",
        )
    if facts.get("version") != VERSION:
        raise SettingsError(
            where,
            f"version {facts.get('version')!r} of the questions",
            f"version {VERSION}",
            "Check it with the version of Quatrain that made it, or make the sheet again.",
        )
    if not 1 <= len(students) <= MOST_STUDENTS:
        raise SettingsError(
            where,
            f"{len(students) or 'no'} students",
            f"from 1 to {MOST_STUDENTS:,}",
            "Use the file as it was written, or make the sheet again.",
        )
    return tuple(_student(where, facts, entry) for entry in students)


def _student(where: str, facts: Mapping[str, object], entry: object) -> Student:
    """Return a student's sheet, drawn again and compared."""
    found = entry if isinstance(entry, dict) else {}
    name, seed = found.get("name"), found.get("seed")
    topic, level = facts.get("topic"), facts.get("level")
    edited = SettingsError(
        where,
        f"another digest for {name!r} than its seed, topic and level give",
        "the sheet as it was written",
        "Use the file as it was written, or make the sheet again.",
        message=f"{where} was edited: the questions of {name!r} are not those that were printed.",
    )
    if not (isinstance(name, str) and isinstance(seed, str) and isinstance(topic, str)):
        raise edited
    try:
        if not isinstance(level, int) or isinstance(level, bool):
            raise edited
        sheet = exercise(topic, seed=seed, level=level)
    except SettingsError as error:
        raise edited from error
    if digest(sheet) != found.get("digest"):
        raise edited
    return Student(name, sheet)


def read_answers(path: Path) -> Mapping[str, object]:
    """Read answers from JSON, or from a CSV file with a column for the student.

    JSON: {"1": 608, "2": "28x28x8"} for one student, or {"Ada": {"1": 608}} for a class. CSV: the
    column "student" (or "name"), and columns 1, 2, 3.

    Raises:
        SettingsError: the file can't be read, is too large or neither.
    """
    if path.suffix.lower() == ".csv":
        return _answers_of_table(path)
    facts = _json(path, "file of answers")
    if not isinstance(facts, dict):
        raise SettingsError(
            str(path),
            f"a {type(facts).__name__}",
            'answers such as {"1": 608} or {"Ada": {"1": 608}}',
            "Name each answer by its question.",
        )
    return facts


def _answers_of_table(path: Path) -> Mapping[str, object]:
    text = read_text(path, MOST_BYTES, SettingsError, "file of answers")
    heading = text.partition("\n")[0]
    # Spreadsheets separate by semicolons where a comma is the decimal sign.
    separator = max(",;\t", key=heading.count)
    answers: dict[str, object] = {}
    try:
        for number, row in enumerate(csv.DictReader(text.splitlines(), delimiter=separator), 2):
            cells = {str(key).strip().lower(): value for key, value in row.items() if key}
            if any((cell or "").strip() for cell in cells.values()):
                name = _take_name(path, number, cells)
                if name in answers:
                    raise SettingsError(
                        f"{path}, row {number}",
                        f"{name[:60]!r} a second time",
                        "each student once",
                        "Keep one of the rows.",
                    )
                answers[name] = cells
    except csv.Error as error:
        raise SettingsError(
            str(path), f"no table ({error})", "a CSV file", "Save it again."
        ) from error
    if not answers:
        raise SettingsError(
            str(path),
            "no answers",
            "a heading, and a row for each student",
            "Check that this is the right file.",
        )
    return answers


def _take_name(path: Path, number: int, cells: dict[str, str | None]) -> str:
    """Remove the student's name from the cells of a row, and return it."""
    column = "student" if "student" in cells else "name"
    if column not in cells:
        raise SettingsError(
            str(path),
            "no column 'student'",
            "one",
            "Name the column of the students 'student'.",
        )
    name = (cells.pop(column) or "").strip()
    if not name:
        raise SettingsError(
            f"{path}, row {number}", "answers without a name", "a student", "Write the name."
        )
    return name


def mark_class(students: Sequence[Student], answers: Mapping[str, object]) -> list[Marking]:
    """Return the marks of every student; who gave no answers has them missing.

    Args:
        students: of a sheet file.
        answers: by student and question, or by question if there is one student. Of one sheet,
            the answers of several others are those of a class that all got this sheet.

    Raises:
        SettingsError: there are answers of somebody else, or to a question that doesn't exist.
    """
    by_name: Mapping[str, object] = answers
    if len(students) == 1 and not any(isinstance(value, dict) for value in answers.values()):
        by_name = {students[0].name: answers}
    named = {_normal(name): value for name, value in by_name.items()}
    if len(students) == 1 and len(named) > 1 and students[0].name not in named:
        students = [Student(name, students[0].sheet) for name in named]
    strangers = set(named) - {student.name for student in students}
    if strangers:
        raise SettingsError(
            "the answers",
            f"answers of {min(strangers)[:60]!r}",
            f"students of the sheet, such as {students[0].name!r}",
            "Write the names as on the sheets.",
        )
    return [_marked(student, named.get(student.name, {})) for student in students]


def _normal(name: str) -> str:
    return normal_seed(name) if name.strip() and len(name) <= MOST_SEED else name


def _marked(student: Student, answers: object) -> Marking:
    if not isinstance(answers, Mapping | list):
        raise SettingsError(
            f"the answers of {student.name!r}",
            type(answers).__name__,
            'answers such as {"1": 608}, or a list in order',
            "Name each answer by its question.",
        )
    return Marking(student.name, student.sheet.check(answers).marks)


def _json(path: Path, kind: str) -> object:
    text = read_text(path, MOST_BYTES, SettingsError, kind)
    try:
        facts: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "nesting"
        raise SettingsError(
            str(path), f"no JSON ({reason})", f"a {kind} in JSON", "Check the file."
        ) from error
    return facts
