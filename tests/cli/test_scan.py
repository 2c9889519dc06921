"""`quatrain scan` and `quatrain rhyme`: every poem in order; JSON, TEI, text."""

import json
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner

from quatrain.cli import app
from quatrain.corpus import stream_all

RUN = CliRunner()
QUAY = ["The lamps are lit along the quay", "and all the boats have put to sea"]
POEMS = [
    {"id": "a", "lines": QUAY},
    {"id": "b", "lines": []},
    {"id": "c", "lines": QUAY},
    {"id": "d", "title": "Salt & <Sand>", "lines": ['I said "no"', "", "so & so < \u0007it went"]},
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "poems.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in POEMS), encoding="utf-8")
    return path


def lines_of(*arguments: str, stdin: str | None = None) -> list[dict[str, object]]:
    done = RUN.invoke(app, list(arguments), input=stdin)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_json_has_an_object_for_each_poem_in_order(corpus: Path) -> None:
    found = lines_of("scan", str(corpus), "--json")
    assert len(found) == len(POEMS), "near-duplicates and the empty one stay"
    assert [len(each["lines"]) for each in found] == [2, 0, 2, 2]  # type: ignore[arg-type]
    first = found[0]
    assert first["metre"] == "iambic tetrameter"
    assert first["scheme"] == "AA"
    line = first["lines"][0]  # type: ignore[index]
    assert line["text"] == "The lamps are lit along the quay"
    assert line["stress"] == "-+-+-+-+"
    assert line["rhyme"] == "A"
    assert found[3]["title"] == "Salt & <Sand>"
    assert found[3]["lines"][0]["rhyme"] is None  # type: ignore[index]


@pytest.mark.slow
def test_several_processes_print_the_same(corpus: Path) -> None:
    assert lines_of("scan", str(corpus), "--json", "--jobs", "2") == lines_of(
        "scan", str(corpus), "--json"
    )


def test_json_and_tei_together_are_an_error(corpus: Path) -> None:
    done = RUN.invoke(app, ["scan", str(corpus), "--json", "--tei"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "You can print JSON or TEI, not both. Leave out --json or --tei." in done.stderr


@pytest.mark.parametrize("flags", [[], ["--tei"]])
def test_several_processes_without_json_are_an_error(corpus: Path, flags: list[str]) -> None:
    done = RUN.invoke(app, ["scan", str(corpus), *flags, "--jobs", "2"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert (
        "Only --json and --out use several processes. Add --json or --out, or leave out --jobs."
        in done.stderr
    )


@pytest.mark.slow
def test_the_standard_input_is_read() -> None:
    (found,) = lines_of("scan", "-", "--json", stdin="The lamps are lit\nalong the quay\n")
    assert [line["text"] for line in found["lines"]] == ["The lamps are lit", "along the quay"]  # type: ignore[attr-defined]


def test_marks_stand_above_the_line_and_letters_after_it(corpus: Path) -> None:
    done = RUN.invoke(app, ["scan", str(corpus)])
    rows = done.stdout.splitlines()
    assert rows[1].startswith("The lamps are lit along the quay")
    assert rows[1].rstrip().endswith("A")
    assert rows[0].replace(" ", "") == "x/x/x/x/"
    assert rows[0][4:6].strip() == "/", "the mark stands over the vowel of lamps"
    assert "iambic tetrameter" in done.stdout
    assert "rhyme scheme AA" in done.stdout


@pytest.mark.parametrize("words", [20, 21, 61, 400])
def test_a_line_of_any_length_is_printed(words: int) -> None:
    line = "river " * (words - 1) + "river"
    done = RUN.invoke(app, ["scan", "-"], input=f"{QUAY[0]}\n{line}\n")
    assert done.exit_code == 0
    assert line in done.stdout.replace("\n", " ")
    assert ("1 line is too long to be verse, and not scanned" in done.stdout) == (words > 20)


def test_tei_reads_back(corpus: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["scan", str(corpus), "--tei"])
    assert done.exit_code == 0
    root = etree.fromstring(done.stdout.encode())
    space = {"t": "http://www.tei-c.org/ns/1.0"}
    assert root.xpath("//t:l/@real", namespaces=space)[0] == "-+-+-+-+"
    assert root.xpath("//t:lg[@type='stanza']/@rhyme", namespaces=space)[0] == "AA"
    path = tmp_path / "scanned.xml"
    path.write_text(done.stdout, encoding="utf-8")
    back = [[line.text for line in poem.lines] for poem in stream_all(path)]
    assert back[0] == POEMS[0]["lines"]
    assert back[-1] == ['I said "no"', "so & so < it went"]


def test_a_users_pronunciations_are_used(corpus: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("quay\tK EY1 AH0\n", encoding="utf-8")
    (first, *_) = lines_of("scan", str(corpus), "--json", "--entries", str(mine))
    assert len(first["lines"][0]["stress"]) == 9  # type: ignore[index]


def test_a_missing_file_is_an_error() -> None:
    done = RUN.invoke(app, ["scan", "nowhere.txt"])
    assert done.exit_code == 1
    assert "There is no file or folder" in done.stderr


def test_rhymes_come_by_kind() -> None:
    done = RUN.invoke(app, ["rhyme", "delight", "--syllables", "2", "--kind", "perfect"])
    assert done.exit_code == 0
    assert done.stdout.startswith("delight, said D IH0 L AY1 T in American English\nperfect")
    assert "tonight" in done.stdout


def test_two_words_are_judged_with_the_reason() -> None:
    done = RUN.invoke(app, ["rhyme", "love", "prove"])
    assert done.stdout.startswith("love/prove: historical; spelled alike")
    (found,) = lines_of("rhyme", "night", "delight", "--json")
    assert (found["kind"], found["pronunciations"]) == ("perfect", ["N AY1 T", "D IH0 L AY1 T"])


def test_an_unknown_kind_of_rhyme_is_an_error() -> None:
    done = RUN.invoke(app, ["rhyme", "love", "--kind", "prefect"])
    assert done.exit_code == 1
    assert "'prefect' is not a kind of rhyme. The kinds are mosaic," in done.stderr


def test_a_guessed_word_is_named() -> None:
    done = RUN.invoke(app, ["rhyme", "brindlequort"])
    assert "is not in the dictionary; this pronunciation is guessed" in done.stdout


def test_signs_that_are_not_said_are_told() -> None:
    done = RUN.invoke(app, ["scan", "-"], input="The sea \u2192 the shore \u2605 & the \u2605 quay")
    assert done.exit_code == 0
    assert "quatrain: signs that are not said: \u2605 (2), \u2192 (1)\n" in done.stderr
    plain = RUN.invoke(app, ["scan", "-"], input="The sea, \u201cthe shore\u201d \u2014 & 3 oars.")
    assert plain.stderr == ""
