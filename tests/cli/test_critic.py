"""A critic at the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import quatrain.critic
from quatrain.cli import app

HAIKU = ("write", "verse", "--form", "haiku", "--seed", "4")


def run(*arguments: object) -> Result:
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})
    return runner.invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--critic", "llama:x.gguf"], "got the kind 'llama'; expected 'hf:' and a path"),
        (["--critic", "hf:nowhere"], "There is no model at nowhere. Correct the path."),
        (["--critic-strength", "1"], "'critic_strength' (--critic-strength) only works with a"),
        (["--critic-prompt", "Rain"], "'critic_prompt' (--critic-prompt) only works with a"),
    ],
)
def test_mistakes(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*HAIKU, *arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_critic_needs_a_form_and_is_not_opened_without() -> None:
    result = run("write", "verse", "--critic", "hf:nowhere")
    assert result.exit_code == 1
    assert "The option '--critic' only works with a form" in result.stderr


def test_a_critic_does_not_go_with_a_single_word(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("The lamp is low.\n", encoding="utf-8")
    result = run("revise", tmp_path / "poem.txt", "--line", 1, "--word", 2, "--critic", "hf:x")
    assert result.exit_code == 1
    assert "--critic has no effect with --word" in result.stderr


class Recording:
    """A critic that notes the texts it read."""

    name = "recording"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def log_probabilities(self, before: str, candidates: Sequence[str]) -> list[float]:
        self.texts.append(before)
        return [0.0] * len(candidates)


@pytest.mark.slow
def test_the_flags_reach_the_poem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    critic = Recording()
    opened: list[str] = []

    def load(name: str) -> Recording:
        opened.append(name)
        return critic

    monkeypatch.setattr(quatrain.critic, "load", load)
    flags = ["--critic", "hf:some/model", "--critic-strength", 0.25, "--critic-prompt", "Rain"]
    result = run(*HAIKU, *flags, "--json")
    assert result.exit_code == 0, result.output
    settings: dict[str, Any] = json.loads(result.stdout)["settings"]
    assert opened == ["hf:some/model"]
    assert settings["critic"] == "recording"
    assert settings["critic_strength"] == 0.25
    assert critic.texts
    assert all(text.startswith("Rain\n\n") for text in critic.texts)
    critic.texts.clear()
    (tmp_path / "poem.jsonl").write_text(result.stdout, encoding="utf-8")
    revised = run("revise", tmp_path / "poem.jsonl", "--line", 2, "--seed", 1, *flags)
    assert revised.exit_code == 0, revised.output
    assert all(text.count("\n") == 3 for text in critic.texts)
