"""`quatrain demo`: topics, one state in the terminal, a page in a file, and what is refused."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quatrain.cli import app
from quatrain.explain.demonstrations import grid, topics
from quatrain.explain.demonstrations.topics import MODULES

run = CliRunner()


def test_without_a_topic_it_lists_them_with_their_controls() -> None:
    done = run.invoke(app, ["demo"])
    assert done.exit_code == 0
    assert [line for line in done.stdout.splitlines() if not line.startswith(" ")] == list(MODULES)
    assert "Controls: n, k, s, p, d" in done.stdout


def test_a_state_is_shown_with_its_controls() -> None:
    done = run.invoke(app, ["demo", "convolution", "--state", "n=1", "--state", "k=3"])
    assert done.exit_code == 0
    text = " ".join(done.stdout.split())
    assert "The kernel is 3 wide and the image 1: it does not fit." in text
    assert "n image 1 1 to 14" in text


def test_other_formats_are_printed_alone() -> None:
    state = ["--state", "n=5"]
    as_json = run.invoke(app, ["demo", "convolution", *state, "--json"])
    assert json.loads(as_json.stdout)["state"]["n"] == 5
    as_python = run.invoke(app, ["demo", "convolution", *state, "--python"])
    assert as_python.stdout.startswith("import numpy")
    as_latex = run.invoke(app, ["demo", "convolution", *state, "--latex"])
    assert r"\begin{align*}" in as_latex.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["convolutoin"], "Did you mean 'convolution'?"),
        (["convolution", "--state", "n"], "Write it as in: --state n=12"),
        (["convolution", "--state", "=12"], "Write it as in: --state n=12"),
        (["convolution", "--state", "n=99"], "got 99; expected a whole number from 1 to 14"),
        (["convolution", "--state", "n=twelve"], "got 'twelve'"),
        (["convolution", "--state", "m=1"], "There is no control 'm' here"),
        (["convolution", "--state", "drawing=1,2/3"], "rows of equal length"),
        (["convolution", "--json", "--latex"], "one of them"),
        (["convolution", "--out", "page.pdf"], "a name that ends in .html"),
        (["--state", "n=12"], "quatrain demo convolution"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: list[str], words: str) -> None:
    done = run.invoke(app, ["demo", *arguments])
    assert done.exit_code == 1
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(topic: str, state: dict[str, object]) -> grid.StateGrid:
        whole = topics.find_topic(topic)
        first = grid.complete_state(whole.controls, state)
        return grid.StateGrid(whole, first, {"n": (10, 12), "k": (3,)})

    monkeypatch.setattr(grid, "state_grid", few)
    out = tmp_path / "course" / "convolution.html"
    done = run.invoke(app, ["demo", "convolution", "--state", "n=12", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    assert "2 states of n, k" in " ".join(done.stderr.split())
    assert "<title>Convolution" in out.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(topic: str, state: dict[str, object]) -> grid.StateGrid:
        whole = topics.find_topic(topic)
        return grid.StateGrid(whole, grid.complete_state(whole.controls, state), {"n": (10,)})

    monkeypatch.setattr(grid, "state_grid", one)
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "convolution.html"
    done = run.invoke(app, ["demo", "convolution", "--out", str(out)])
    assert done.exit_code == 1
    assert "can't be written" in done.stderr
