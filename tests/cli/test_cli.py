"""The command line as a user meets it."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quatrain.cli import app

Run = Callable[..., Result]

TINY = ["--hidden", "16", "--batch", "8", "--length", "16", "--epochs", "0.5", "--threads", "1"]


@pytest.fixture(scope="module")
def run() -> Run:
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})

    def invoke(*arguments: object) -> Result:
        return runner.invoke(app, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture(scope="module")
def poet(run: Run, verse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("poets") / "tiny"
    result = run("train", verse_file, "--out", folder, *TINY, "--licence", "CC0-1.0")
    assert result.exit_code == 0, result.output
    assert "poems it never saw" in result.stdout
    assert f"quatrain write {folder}" in result.stdout.replace("\n", "")
    return folder


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    "command", [[], ["train"], ["write"], ["evaluate"], ["corpus"], ["corpus", "show"]]
)
def test_every_command_has_help_and_every_leaf_an_example(run: Run, command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.stdout
    if command and command != ["corpus"]:
        assert "Example: quatrain " + " ".join(command) in flat(result.stdout)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["write", "verse", "--lines", "x"], "'x' is not a whole number."),
        (["train", "a.txt", "--out", "b", "--minutes", "x"], "'x' is not a number."),
        (["scan", "a.txt", "--jobs", "99"], "99 is out of range: it must be at most 64."),
        (["explain", "pool", "--kind", "fish"], "'fish' is not one of 'max', 'average'."),
        (["writ", "verse"], "No such command 'writ'. Did you mean 'write'?"),
    ],
)
def test_a_wrong_value_is_reported_in_plain_words(
    run: Run, arguments: list[str], message: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in flat(result.stderr.replace("│", ""))


def test_the_version(run: Run) -> None:
    assert re.fullmatch(r"quatrain \d+\.\d+\.\d+\n", run("--version").stdout)


def test_corpus_show(run: Run, verse_file: Path) -> None:
    result = run("corpus", "show", verse_file)
    assert result.exit_code == 0
    assert re.search(r"poems\s+60\b", result.stdout)
    assert "LSTM layer" in result.stdout
    counted = json.loads(run("corpus", "show", verse_file, "--json").stdout)
    assert counted["poems"] == 60
    assert counted["lines"] == 480


def test_a_written_poem_has_the_lines_asked_for(run: Run, poet: Path) -> None:
    result = run("write", poet, "--lines", 3, "--seed", 5)
    assert result.exit_code == 0
    assert len([line for line in result.stdout.splitlines() if line.strip()]) == 3
    assert result.stderr == "seed 5\n"
    assert run("write", poet, "--lines", 3, "--seed", 5).stdout == result.stdout


def test_json_prints_one_object_per_poem_a_line_each(run: Run, poet: Path) -> None:
    result = run("write", poet, "--poems", 3, "--lines", 2, "--seed", 7, "--json")
    poems = [json.loads(line) for line in result.stdout.splitlines()]
    assert [poem["seed"] for poem in poems] == [7, 8, 9]
    assert all(len(poem["lines"]) == 2 for poem in poems)
    assert all(poem["settings"]["temperature"] == 0.8 for poem in poems)
    assert poems[0]["lines"][0]["text"] in poems[0]["text"]


def test_several_temperatures_stand_side_by_side_with_figures(run: Run, poet: Path) -> None:
    result = run("write", poet, "--temperature", "1.5,0.75,0.25", "--lines", 4, "--seed", 1)
    first = result.stdout.splitlines()[0]
    assert first.split() == ["temperature", "1.5", "temperature", "0.75", "temperature", "0.25"]
    assert result.stdout.count("of its words are") == 3
    assert result.stdout.count("mean entropy") == 3


def test_evaluate_on_the_training_corpus_counts_unseen_poems_and_ranks_models(
    run: Run, poet: Path, verse_file: Path
) -> None:
    result = json.loads(run("evaluate", poet, verse_file, "--json").stdout)
    config = json.loads((poet / "config.json").read_text())
    assert result["nats_per_character"] == pytest.approx(
        config["validation"]["nats_per_character"], abs=1e-5
    )
    assert result["bits_per_character"] == pytest.approx(result["nats_per_character"] / 0.6931472)
    models = {name: score["nats_per_character"] for name, score in result["models"].items()}
    assert models["5-gram, Kneser-Ney"] < models["unigram"] < models["uniform"]
    whole = json.loads(run("evaluate", poet, verse_file, "--part", "all", "--json").stdout)
    assert whole["poems"] == 60 > result["poems"]


def test_evaluate_on_another_text_finds_the_training_corpus_again(
    run: Run, poet: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("The heron counts the river\nbefore the thaw\n")
    result = run("evaluate", poet, other)
    assert result.exit_code == 0
    assert "5-gram, Kneser-Ney" in result.stdout
    assert "1 poems" not in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["write", "{poet}", "--temperature", "-1"], "setting 'temperature'"),
        (["write", "{poet}", "--temperature", "nan"], "setting 'temperature'"),
        (["write", "{poet}", "--temperature", "hot"], "--temperature: got 'hot'"),
        (["write", "{poet}", "--start", "☃"], "☃"),
        (["write", "{poet}-gone"], "no shipped poet"),
        (["train", "{corpus}-gone.txt", "--out", "{poet}-new"], "There is no file or folder"),
        (["train", "{corpus}", "--out", "{poet}"], "Use --resume to continue"),
        (["train", "{corpus}", "--out", "{poet}-n", "--hidden", "0"], "setting 'hidden'"),
        (["train", "{corpus}", "--out", "{poet}-n", "--minutes", "1", "--epochs", "1"], "budget"),
        (["train", "{corpus}", "--out", "{poet}-n", "--resume"], "There is no checkpoint"),
        (["corpus", "show", "{corpus}", "--encoding", "klingon"], "klingon"),
        (["evaluate", "{poet}", "{corpus}", "--part", "best"], "one of auto"),
    ],
)
def test_a_users_mistake_is_one_paragraph_and_no_traceback(
    run: Run, poet: Path, verse_file: Path, arguments: list[str], told: str
) -> None:
    given = [argument.format(poet=poet, corpus=verse_file) for argument in arguments]
    result = run(*given)
    assert result.exit_code == 1, result.output
    assert result.stderr.startswith("quatrain: ")
    assert result.stderr.count("\n") == 1
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_an_unknown_setting_in_a_file_names_its_neighbour(
    run: Run, verse_file: Path, tmp_path: Path
) -> None:
    config = tmp_path / "quatrain.toml"
    config.write_text("[training]\nhiden = 3\n")
    result = run("train", verse_file, "--out", tmp_path / "poet", "--config", config)
    assert result.exit_code == 1
    assert "Did you mean 'hidden'?" in result.stderr


@pytest.mark.slow
def test_flags_override_the_file_and_the_file_the_defaults(
    run: Run, verse_file: Path, tmp_path: Path
) -> None:
    config = tmp_path / "quatrain.toml"
    config.write_text("[training]\nhidden = 12\nlayers = 2\nembedding = 4\n")
    result = run(
        "train", verse_file, "--out", tmp_path / "poet", "--config", config, *TINY, "--json"
    )
    assert result.exit_code == 0, result.output
    network = json.loads((tmp_path / "poet" / "config.json").read_text())["network"]
    assert (network["hidden"], network["layers"], network["embedding"]) == (16, 2, 4)
    assert json.loads(result.stdout)["folder"] == str(tmp_path / "poet")


@pytest.mark.slow
def test_the_module_runs_and_a_closed_pipe_is_no_error(poet: Path) -> None:
    command = [sys.executable, "-m", "quatrain", "write", str(poet), "--poems", "40"]
    writing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writing.stdout is not None
    assert writing.stderr is not None
    writing.stdout.read(10)
    writing.stdout.close()
    told = writing.stderr.read().decode()
    writing.stderr.close()
    assert writing.wait() == 0, told
    assert "Traceback" not in told
