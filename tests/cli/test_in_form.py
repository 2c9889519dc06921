"""Poems in a form, written and revised at the command line, as a user meets them."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quatrain.cli import app
from quatrain.cli.in_form import DictionName, SearchName
from quatrain.form import check
from quatrain.poet import DICTIONS
from quatrain.write.options import SEARCH_NAMES

HAIKU = ("write", "verse", "--form", "haiku", "--particles", 2)
RIVER = """the lamp is low, and “nobody” is home —
we left the window open to the rain;

the Boat has gone, and so has all the foam…
I shall not hear the River talk again.
"""
OWN = 'stanzas = ["ABAB"]\nmetre = "iambic 5"\nallow = ["inversion"]\n'


def run(*arguments: object, text: str | None = None, **environment: str) -> Result:
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", **environment})
    return runner.invoke(app, [str(each) for each in arguments], input=text)


def kept(result: Result, form: str = "haiku") -> list[str]:
    """The lines of one poem that was printed, which keeps its form."""
    assert result.exit_code == 0, result.output
    assert check(result.stdout, form).kept, result.stdout
    return [line for line in result.stdout.splitlines() if line]


def test_the_command_line_offers_every_search() -> None:
    assert tuple(SearchName) == SEARCH_NAMES


def test_the_command_line_offers_every_diction() -> None:
    assert tuple(DictionName) == DICTIONS


@pytest.mark.slow
def test_a_poem_records_its_diction() -> None:
    for flags, diction in (((), "modern"), (("--diction", "archaic"), "archaic")):
        poem = json.loads(run(*HAIKU, "--seed", 3, "--json", *flags).stdout)
        assert poem["settings"]["diction"] == diction


def test_a_diction_does_not_go_with_one_word(river: Path) -> None:
    result = run("revise", river, "--line", 2, "--word", 4, "--diction", "any")
    assert result.exit_code == 1
    assert "--diction has no effect with --word" in result.stderr


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture
def river(tmp_path: Path) -> Path:
    path = tmp_path / "river.txt"
    path.write_text(RIVER, encoding="utf-8")
    return path


# Writing


@pytest.mark.slow
def test_the_same_seed_gives_the_same_poem_and_the_seed_is_told() -> None:
    first = run(*HAIKU, "--seed", 3)
    kept(first)
    assert first.stderr == "seed 3\n"
    assert run(*HAIKU, "--seed", 3).stdout == first.stdout != run(*HAIKU, "--seed", 4).stdout
    chosen = run(*HAIKU)
    seed = re.fullmatch(r"seed (\d+)\n", chosen.stderr)
    assert seed
    assert run(*HAIKU, "--seed", seed[1]).stdout == chosen.stdout


@pytest.mark.slow
def test_a_terminal_shows_the_same_poem_line_by_line() -> None:
    piped, shown = run(*HAIKU, "--seed", 3), run(*HAIKU, "--seed", 3, FORCE_COLOR="1")
    assert shown.stdout == piped.stdout


@pytest.mark.slow
def test_the_wishes_are_met() -> None:
    lines = kept(
        run(
            *HAIKU, "--seed", 1, "--start", "The lamp", "--end", "the door.", "--avoid", "of,and",
            "--line", "2=we left the window open", "--acrostic", "TW",
        )
    )  # fmt: skip
    assert lines[0].startswith("The lamp ")
    assert lines[1] == "we left the window open"
    assert lines[2].endswith(" the door.")
    assert not {"of", "and"} & set(re.findall("[a-z]+", lines[0].lower()))
    lines = kept(run(*HAIKU, "--seed", 1, "--include", "moon, bread", "--about", "harbour"))
    assert {"moon", "bread"} <= set(re.findall("[a-z]+", " ".join(lines).lower()))
    couplets = ("write", "verse", "--form", "heroic-couplets", "--lines", 2, "--seed", 1)
    lines = kept(run(*couplets, "--rhyme", "A=light,night", "--particles", 4), "heroic-couplets")
    assert re.search(r"\blight\W*$", lines[0])
    assert re.search(r"\bnight\W*$", lines[1])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("harbur", "The pronunciation of 'harbur' is a guess: "),
        ("harbur", "Did you mean 'harbour'?"),
        ("TikTok", "'TikTok' is a guess: T IH1 K T AA0 K. If it is wrong, spell the word as it"),
    ],
)
def test_a_guessed_pronunciation_is_told(word: str, told: str) -> None:
    result = run(*HAIKU, "--include", word, "--seed", 1)
    assert word.lower() in " ".join(kept(result)).lower()
    assert told in " ".join(result.stderr.split())


def test_a_word_that_is_known_is_not_told() -> None:
    assert "guess" not in run(*HAIKU, "--include", "smartphone", "--seed", 1).stderr


@pytest.mark.slow
def test_words_of_a_theme_that_the_poet_lacks_are_told() -> None:
    result = run(*HAIKU, "--seed", 1, "--about", "smartphone qwzrtp", "--json")
    first, second, _ = result.stderr.splitlines()
    assert first.startswith("This poet doesn't know 'smartphone'; for the theme it takes call, ")
    assert second == "This poet doesn't know 'qwzrtp'; for the theme it leaves it out."
    stand_ins = json.loads(result.stdout)["settings"]["stand_ins"]
    assert stand_ins["smartphone"][0] == "call"
    assert stand_ins["qwzrtp"] == []
    assert "theme" not in run(*HAIKU, "--seed", 1, "--about", "sea").stderr


@pytest.mark.slow
def test_a_revision_tells_words_of_a_theme_too(tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_text(run(*HAIKU, "--seed", 1).stdout)
    asked = ("revise", path, "--form", "haiku", "--line", 2, "--seed", 1, "--about", "smartphone")
    for more in ((), ("--pick", 1)):
        assert "doesn't know 'smartphone'; for the theme" in run(*asked, *more).stderr


@pytest.mark.slow
def test_json_has_the_poem_with_its_own_seed_and_what_was_asked() -> None:
    result = run(*HAIKU, "--poems", 2, "--seed", 7, "--avoid", "sea", "--top-k", 40, "--json")
    poems = [json.loads(line) for line in result.stdout.splitlines()]
    assert [poem["seed"] for poem in poems] == [7, 8]
    for poem in poems:
        assert check(poem["text"], poem["form"]).kept
        settings = poem["settings"]
        assert settings["temperature"] == 0.7  # a word-level poet's in a form, which has contrast
        assert (settings["avoid"], settings["top_k"], settings["particles"]) == (["sea"], 40, 2)
        assert [line["text"] for line in poem["lines"]] == poem["text"].splitlines()


@pytest.mark.slow
def test_a_further_poem_has_the_next_seed() -> None:
    both = run(*HAIKU, "--poems", 2, "--seed", 7).stdout
    alone = [run(*HAIKU, "--seed", seed).stdout for seed in (7, 8)]
    assert both == f"{alone[0]}\n* * *\n\n{alone[1]}"


@pytest.mark.slow
def test_the_form_is_shown_and_explained() -> None:
    couplets = ("write", "verse", "--form", "heroic-couplets", "--lines", 2, "--seed", 1)
    poem = run(*couplets).stdout.splitlines()
    shown = run(*couplets, "--show", "form").stdout.splitlines()
    assert [line.split("  ")[0] for line in shown[1:4:2]] == poem
    assert [line.rstrip()[-1] for line in shown[1:4:2]] == ["A", "A"]
    assert set(shown[0]) == set(" x/")
    assert "heroic-couplets: keeps the form (strict check)." in shown
    explained = run(*couplets, "--explain").stdout
    assert "Line 1 fits iambic pentameter" in explained
    assert "Line 2 has a rhyme with line 1 (A): " in explained


@pytest.mark.slow
def test_nothing_is_copied_from_the_corpus_given(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.txt"
    first = run(*HAIKU, "--seed", 3).stdout
    corpus.write_text(first, encoding="utf-8")
    again = run(*HAIKU, "--seed", 3, "--against", corpus)
    assert kept(again)
    assert again.stdout != first
    assert run("check", "-", "--against", corpus, text=again.stdout).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["verse", "--form", "sonet"], "Did you mean 'sonnet'"),
        (["nobody", "--form", "sonnet"], "Shipped poets: letters, sonnets, verse."),
        (["verse", "--form", "sonnet", "--line", "20=The lamp"], "There is no line 20"),
        (["verse", "--form", "sonnet", "--line", "2=The lamp"], "it is 8 syllables short"),
        (["verse", "--form", "sonnet", "--line", "2"], 'Write for example --line 3="And'),
        (["verse", "--form", "haiku", "--line", "2=a", "--line", "2=b"], "line 2 twice"),
        (["verse", "--form", "haiku", "--line", "²=a"], 'Write for example --line 3="And'),
        (["verse", "--form", "haiku", "--start", "Qwzrtp"], "Line 1 can't have 'qwzrtp'"),
        (["verse", "--form", "haiku", "--about", "qwzrtp"], "The poet doesn't know 'qwzrtp'."),
        (["verse", "--form", "haiku", "--about", "sea", "--strength", "nan"], "from 0 to 100"),
        (["verse", "--form", "haiku", "--strength", "2"], "'strength' only works with a theme"),
        (["verse", "--form", "haiku", "--against", "/no/where"], "no file or folder /no/where"),
        (
            ["verse", "--form", "haiku", "--temperature", "1,2"],
            "With a form, --temperature takes one",
        ),
        (["verse", "--form", "limerick", "--rhyme", "A=orange"], "rhymes with 'orange'"),
        (["verse", "--form", "limerick", "--rhyme", "AB=light"], "a letter, =, and words"),
        (["verse", "--form", "limerick", "--rhyme", "A=a", "--rhyme", "a=b"], "'a' twice"),
        (["verse", "--about", "sea"], "The option 'about' only works with a form."),
        (["verse", "--strength", "2"], "The option 'strength' only works with a form"),
        (["verse", "--particles", "8"], "The option 'particles' only works"),
        (["verse", "--line", "1=The lamp"], "The option 'fixed' (--line) only works with a form"),
        (["verse", "--against", "/no/where"], "The option '--against' only works with a form"),
        (["verse", "--explain"], "The option '--explain' only works with a form"),
        (["letters", "--particles", "8"], "The option 'particles' only works"),
        (
            ["verse", "--form", "haiku", "--json", "--explain"],
            "--explain and --json do not go together",
        ),
        (
            ["verse", "--form", "haiku", "--json", "--show", "form"],
            "--show and --json do not go together",
        ),
    ],
)
def test_what_cannot_be_written_is_told_in_a_paragraph(options: list[str], told: str) -> None:
    result = run("write", *options, "--seed", 1)
    assert result.exit_code == 1
    assert told in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_the_temperature_of_a_file_holds_until_a_flag_says_otherwise(tmp_path: Path) -> None:
    config = tmp_path / "quatrain.toml"
    config.write_text("[sampling]\ntemperature = 0.3\n")
    asked = ("write", "letters", "--lines", 1, "--seed", 1, "--json")

    def drawn(*more: object) -> float:
        return float(json.loads(run(*asked, *more).stdout)["settings"]["temperature"])

    assert drawn() == 0.8
    assert drawn("--config", config) == 0.3
    assert drawn("--config", config, "--temperature", 1) == 1.0


def test_a_poem_from_elsewhere_opens_no_file(tmp_path: Path) -> None:
    path = tmp_path / "theirs.jsonl"
    path.write_text('{"lines": ["The lamp is low."], "form": "/etc/hostname"}\n')
    result = run("revise", path, "--line", 1)
    assert result.exit_code == 1
    assert "names the file '/etc/hostname'" in " ".join(result.stderr.split())


def test_what_is_typed_is_cleaned_as_a_file_is(own: Path) -> None:
    result = run("check", "-", "--form", "free-verse", text="The lamp\x1b[31m is low\r\n")
    assert result.exit_code == 0
    assert "The lamp[31m is low" in result.stdout
    result = run("revise", "-", "--line", 2, "--form", own, "--seed", 1, text=RIVER)
    assert result.stdout.splitlines()[0] == RIVER.splitlines()[0]


def test_no_particles_are_a_mistake_of_usage() -> None:
    assert run("write", "verse", "--form", "haiku", "--particles", 0).exit_code == 2


@pytest.mark.slow
def test_stopping_leaves_what_is_finished_and_no_traceback() -> None:
    command = [sys.executable, "-m", "quatrain", *map(str, HAIKU), "--poems", "5000", "--seed", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as writing:  # fmt: skip
        assert writing.stdout is not None
        assert writing.stderr is not None
        begun = "".join(writing.stdout.readline() for _ in range(3))
        writing.send_signal(signal.SIGINT)
        # Not `communicate`, which loses what `readline` has already taken from the pipe.
        rest, told = writing.stdout.read(), writing.stderr.read()
    assert writing.returncode == 130
    assert told == "seed 1\nquatrain: stopped.\n"
    for poem in (begun + rest).split("\n* * *\n\n"):
        assert check(poem, "haiku").kept


# Revising


@pytest.mark.slow
def test_revising_keeps_every_other_line_as_it_is(river: Path, own: Path) -> None:
    result = run("revise", river, "--line", 2, "--form", own, "--seed", 1)
    assert result.exit_code == 0, result.output
    assert result.stderr == (
        "The file names no poet: verse revises the poem. --poet takes another.\nseed 1\n"
    )
    lines, before = result.stdout.splitlines(), RIVER.splitlines()
    assert [number for number in range(5) if lines[number] != before[number]] == [1]
    assert run("check", "-", "--form", own, text=result.stdout).exit_code == 0
    again = run("revise", "-", "--line", 2, "--form", own, "--seed", 1, text=RIVER)
    assert again.stdout == result.stdout


@pytest.mark.slow
def test_several_ways_to_write_lines_have_seeds_one_after_another(river: Path, own: Path) -> None:
    options = ("revise", river, "--line", 4, "--line", 2, "--form", own, "--seed", 5)
    result = run(*options, "--alternatives", 2)
    shown = [line for line in result.stdout.splitlines() if line]
    assert [line[:5] for line in shown] == ["--pic", "  2  ", "  4  ", "--pic", "  2  ", "  4  "]
    assert [shown[0], shown[3]] == ["--pick 1", "--pick 2"]
    as_json = run(*options, "--alternatives", 2, "--json")
    poems = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert [poem["seed"] for poem in poems] == [5, 6]
    assert [line[5:] for line in shown[1::3]] == [poem["lines"][1]["text"] for poem in poems]


@pytest.mark.slow
def test_what_write_prints_as_json_knows_its_form(tmp_path: Path) -> None:
    path = tmp_path / "haiku.jsonl"
    path.write_text(run(*HAIKU, "--seed", 3, "--json").stdout, encoding="utf-8")
    kept(run("revise", path, "--line", 3, "--seed", 1))
    shown = run("revise", path, "--line", 3, "--seed", 1, "--show", "form", "--explain").stdout
    assert "haiku: keeps the form (strict check)." in shown
    assert "Line 3 has 5 syllables (" in shown


@pytest.mark.slow
def test_words_that_are_not_wanted_are_avoided(river: Path, own: Path) -> None:
    options = ("revise", river, "--line", 2, "--form", own, "--seed", 1)
    word = run(*options).stdout.splitlines()[1].split()[0]
    line = run(*options, "--avoid", word).stdout.splitlines()[1]
    assert word.lower() not in re.findall("[a-z']+", line.lower())


@pytest.mark.slow
def test_one_word_has_alternatives_with_what_they_cost(river: Path, own: Path) -> None:
    options = ("revise", river, "--line", 2, "--form", own)
    result = run(*options, "--word", 4, "--alternatives", 3)
    assert result.exit_code == 0, result.output
    assert "seed" not in result.stderr
    shown = [
        re.fullmatch(r"  2  we left the (\w+) open to the rain;  \((\w+), ([+-]\d+\.\d)\)", line)
        for line in result.stdout.splitlines()
    ]
    assert len(shown) == 3
    found = [each.groups() for each in shown if each]
    assert len({word for word, _, _ in found}) == 3
    assert all(word == named for word, named, _ in found)
    nats = [float(each) for _, _, each in found]
    assert nats == sorted(nats)
    best = run(*options, "--word", "window").stdout
    assert best == RIVER.replace("window", found[0][0])
    as_json = json.loads(run(*options, "--word", "window", "--json").stdout)
    assert (as_json["word"], as_json["seed"]) == (found[0][0], None)
    assert as_json["difference"] == pytest.approx(nats[0], abs=0.06)
    assert as_json["text"] == best.rstrip("\n")


@pytest.mark.slow
def test_a_corpus_given_keeps_its_words_out(river: Path, own: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.txt"
    options = ("revise", river, "--line", 2, "--form", own, "--word", "window")
    first = run(*options).stdout
    corpus.write_text(first, encoding="utf-8")
    assert run(*options, "--against", corpus).stdout != first


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--line", "2"], "The poem doesn't say which form it keeps."),
        (["--line", "2", "--form", "sonet"], "Did you mean 'sonnet'"),
        (["--line", "2", "--form", "sonnet"], "can't have 4 lines; the nearest number is 14"),
        (["--line", "9", "--form", "OWN"], "There is no line 9: the poem has 4 lines."),
        (["--line", "2", "--form", "OWN", "--poet", "nobody"], "Shipped poets: letters,"),
        (
            ["--line", "2", "--form", "OWN", "--word", "4", "--poet", "letters"],
            "A character-level poet can't weigh whole words",
        ),
        (["--line", "2", "--form", "OWN", "--word", "silver"], "'silver' is not in the line"),
        (["--line", "2", "--form", "OWN", "--word", "30"], "There is no word 30: the line has 8"),
        (
            ["--line", "2", "--form", "OWN", "--word", "4", "--seed", "1"],
            "--seed has no effect with --word",
        ),
        (["--line", "2", "--line", "3", "--form", "OWN", "--word", "4"], "--line takes one number"),
        (["--line", "2", "--form", "OWN", "--json", "--explain"], "--explain and --json do not go"),
    ],
)
def test_what_cannot_be_revised_is_told(
    river: Path, own: Path, options: list[str], told: str
) -> None:
    result = run("revise", river, *[own if each == "OWN" else each for each in options])
    assert result.exit_code == 1
    assert told in " ".join(result.stderr.split())
    assert result.stdout == ""


@pytest.mark.slow
def test_a_file_without_a_poem_or_with_a_broken_one_is_told(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    missing = run("revise", path, "--line", 1, "--form", own)
    path.write_text("\n \n")
    empty = run("revise", path, "--line", 1, "--form", own)
    nothing = run("revise", "-", "--line", 1, "--form", own, text="")
    path.write_text(RIVER.replace("River talk", "River"), encoding="utf-8")
    broken = run("revise", path, "--line", 1, "--form", own)
    word = run("revise", path, "--line", 1, "--word", 2, "--form", own)
    told = [each.stderr for each in (missing, empty, nothing, broken)]
    assert [each.exit_code for each in (missing, empty, nothing, broken)] == [1] * 4
    assert "There is no file or folder" in told[0]
    assert "holds nothing but blank space" in told[1]
    assert "at least one line" in told[2]
    assert "Line 4, 'I shall not hear the River again.', doesn't fit iambic pentameter" in told[3]
    assert word.exit_code == 0, "a word is changed although another line breaks the form"


@pytest.mark.slow
def test_the_gates_of_a_poet_of_words_are_not_shown_but_its_words_are() -> None:
    result = run("inspect", "verse")
    assert result.exit_code == 1
    assert "verse is a word-level poet; this needs a character-level one." in result.stderr
    assert "--near WORD" in result.stderr
    assert "lamps" in run("inspect", "verse", "--near", "lamp").stdout
    for option in ("--text", "--corpus", "--training", "--figure"):
        both = run("inspect", "verse", "--near", "lamp", option, "x.svg")
        assert f"it doesn't go with {option}." in " ".join(both.stderr.split())
    assert "both" in run("inspect", "verse", "--near", "lamp", "--json", "--latex").stderr


@pytest.mark.slow
def test_revise_takes_the_poem_asked_for_and_tells_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text(run("write", "verse", "--form", "haiku", "--poems", 2, "--seed", 2,
                        "--particles", 2, "--json").stdout)  # fmt: skip
    texts = [
        [line["text"] for line in json.loads(row)["lines"]] for row in path.read_text().splitlines()
    ]
    first = run("revise", path, "--line", 1, "--seed", 1)
    assert first.stdout.splitlines()[1:] == texts[0][1:]
    assert "holds several poems: this is the first. --poem 2 takes the next." in first.stderr
    second = run("revise", path, "--line", 1, "--seed", 1, "--poem", 2)
    assert second.stdout.splitlines()[1:] == texts[1][1:]
    assert "several" not in second.stderr
    third = run("revise", path, "--line", 1, "--poem", 3)
    assert third.exit_code
    assert f"--poem: got 3; expected 1 to 2: {path} has no more." in third.stderr


@pytest.mark.slow
def test_many_poems_are_those_of_their_seeds() -> None:
    options = ("write", "verse", "--form", "haiku", "--particles", 2)
    many = run(*options, "--poems", 10, "--seed", 3).stdout.split("\n* * *\n\n")
    assert len(many) == 10
    assert many[8].strip() == run(*options, "--seed", 11).stdout.strip()


@pytest.mark.parametrize("word", ["", " ", "two words"])
def test_near_wants_one_word(word: str) -> None:
    result = run("inspect", "verse", "--near", word)
    assert result.exit_code
    assert f"{word!r} is not a single word." in result.stderr


def test_what_a_command_cannot_find_is_told_at_once(tmp_path: Path) -> None:
    missing = run("poets", tmp_path / "none")
    assert missing.exit_code
    assert "does not exist. Check the path." in missing.stderr
    picture = run("inspect", "letters", "--figure", tmp_path / "none" / "x.png")
    assert picture.exit_code
    assert "got no such folder; expected a folder that exists" in picture.stderr


@pytest.mark.parametrize(
    ("options", "name"),
    [(("--search", "beam"), "'search'"), (("--may-copy",), "'may_copy' (--may-copy)")],
)
def test_what_only_a_form_has_is_refused_without(options: tuple[str, ...], name: str) -> None:
    result = run("write", "verse", *options)
    assert result.exit_code
    assert f"The option {name} only works with a form." in " ".join(result.stderr.split())


def test_the_number_of_particles_has_a_bound() -> None:
    result = run("write", "verse", "--form", "haiku", "--particles", 1000)
    assert "setting 'particles': got 1,000; expected at most 512." in result.stderr
