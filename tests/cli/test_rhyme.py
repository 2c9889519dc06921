"""`quatrain rhyme`: the parts of its list, and its JSON."""

import json
import re

import pytest
from typer.testing import CliRunner

from quatrain.cli import app


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["rhyme", *arguments], env={"COLUMNS": "2000"})
    assert result.exit_code == 0, result.output
    return result.output


def test_the_accent_is_stated_and_other_pronunciations_and_names_stand_apart() -> None:
    output = run("tin", "--kind", "perfect")
    heading, kind, words, otherwise, names = output.splitlines()
    assert heading == "tin, said T IH1 N in American English"
    assert re.fullmatch(r"perfect \(\d+\)", kind)
    assert words.strip().startswith("within, sin, win")
    assert "when" not in words
    assert "when (W IH1 N)" in otherwise
    assert names.startswith("  names: ")
    assert "Flynn" in names


def test_each_way_to_say_a_word_has_a_part() -> None:
    first, second = run("wind", "--kind", "perfect").split("wind, said ")[1:]
    assert first.startswith("W IH1 N D")
    assert "thinned" in first
    assert "find" not in first
    assert second.startswith("W AY1 N D")
    assert "find" in second


def test_a_phrase_comes_before_its_last_word_alone() -> None:
    phrase, alone = run("dream of it", "--kind", "mosaic,perfect", "--min-count", "50").split(
        "\nit, said"
    )
    assert phrase.startswith("dream of it, said D R IY1 M AH0 V IH0 T in American English")
    assert "theme of it" in phrase
    assert "wit" in alone


def test_most_counts_the_words_that_are_shown() -> None:
    line = run("day", "--kind", "perfect", "--most", "3").splitlines()[2]
    assert re.fullmatch(r"  \w+, \w+, \w+ and \d+ more", line)


def test_a_word_without_rhymes_and_a_guessed_one_say_so() -> None:
    assert run("orange", "--kind", "perfect") == "No words found that rhyme with 'orange'.\n"
    guessed = run("brindlequort", "--kind", "perfect", "--most", "2").splitlines()
    assert guessed[1].endswith("is not in the dictionary; this pronunciation is guessed.")


def test_json_has_every_field() -> None:
    rows = [json.loads(line) for line in run("tin", "--kind", "perfect", "--json").splitlines()]
    assert set(rows[0]) == {
        "first",
        "second",
        "kind",
        "why",
        "pronunciations",
        "sources",
        "syllables",
        "probability",
        "standing",
        "usual",
        "reading",
    }
    by_word = {row["second"]: row for row in rows}
    assert by_word["when"]["usual"] is False
    assert by_word["flynn"]["standing"] == "name"
    assert {row["reading"] for row in rows} == {0}


@pytest.mark.slow
def test_all_has_what_the_list_leaves_out() -> None:
    everything = run("sea", "--kind", "perfect", "--all", "--most", "5000")
    listed = run("sea", "--kind", "perfect", "--most", "5000")
    assert " de," in everything
    assert " de," not in listed
