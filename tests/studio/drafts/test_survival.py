"""Programs that save at once, and programs that are killed: no acknowledged save is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from quatrain.studio.drafts import DraftStore, MissingDraftError, new_document

SAVER = Path(__file__).with_name("saver.py")


def started(
    location: str | Path, identifier: str, name: str, count: int = 0
) -> subprocess.Popen[str]:
    """A program that saves a draft, `count` times or until it is killed."""
    return subprocess.Popen(
        [sys.executable, str(SAVER), str(location), identifier, name, str(count)],
        stdout=subprocess.PIPE,
        text=True,
    )


def texts_ever_saved(store: DraftStore, identifier: str) -> set[str]:
    """Every line of every revision."""
    lines: set[str] = set()
    number = 1
    while True:
        try:
            document = store.document("", identifier, f"r{number}")
        except MissingDraftError:
            return lines
        lines |= {line["text"] for line in document["lines"]}
        number += 1


@pytest.mark.slow
def test_two_programs_save_one_draft_and_nothing_is_lost(location: str | Path) -> None:
    store = DraftStore.open(location)
    (draft,) = store.create("", [new_document("", ["start"])])
    programs = [started(location, draft.id, name, 40) for name in ("ada", "ben")]
    for program in programs:
        output, _ = program.communicate(timeout=120)
        assert program.returncode == 0
        assert output.split() == [str(number) for number in range(40)]
    saved = texts_ever_saved(store, draft.id)
    assert {f"{name} {number}" for name in ("ada", "ben") for number in range(40)} <= saved
    assert store.get("", draft.id).version == 81
    store.close()


@pytest.mark.slow
def test_a_program_that_is_killed_loses_no_acknowledged_save(location: str | Path) -> None:
    """Ten times, each time after another number of saves."""
    store = DraftStore.open(location)
    (draft,) = store.create("", [new_document("", ["start"])])
    store.close()
    for turn in range(10):
        program = started(location, draft.id, f"turn {turn}:")
        assert program.stdout is not None
        for _ in range(turn + 1):
            program.stdout.readline()
        program.kill()
        acknowledged = turn + 1 + len(program.stdout.read().split())
        program.wait()
        program.stdout.close()
        store = DraftStore.open(location)
        saved = texts_ever_saved(store, draft.id)
        lost = {f"turn {turn}: {number}" for number in range(acknowledged)} - saved
        assert not lost
        assert store.get("", draft.id).can_undo
        store.close()
