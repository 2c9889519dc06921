"""Lines of a poem rewritten: which, by whom, and in which file."""

import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from quatrain.cli import app
from quatrain.cli.line_numbers import in_words, lines_to_rewrite
from quatrain.cli.revise import picked
from quatrain.corpus.poem_file import PoemFile
from quatrain.errors import CorpusError, OutputError, SettingsError
from quatrain.records import Alternative, Poem
from quatrain.text_files import replace_file

OWN = 'stanzas = ["ABAB"]\nmetre = "iambic 5"\nallow = ["inversion"]\n'
RIVER = (
    "\ufeff   The lamp is  low, and “nobody” is home,\r\n"
    "   We left the window open to the rain;\r\n\r\n"
    "\tThe boat has gone, and so has all the foam…  \r\n"
    "   I shall not hear the river talk agai\u006e."
)
ROWS = RIVER.removeprefix("\ufeff").split("\r\n")


def run(*arguments: object, text: str | None = None) -> Result:
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})
    return runner.invoke(app, [str(argument) for argument in arguments], input=text)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture
def river(tmp_path: Path) -> Path:
    path = tmp_path / "river.txt"
    path.write_bytes(RIVER.encode())
    return path


# Numbers of lines


@pytest.mark.parametrize(
    ("line", "keep", "numbers"),
    [
        (["7"], [], [7]),
        (["3-5,9"], [], [3, 4, 5, 9]),
        (["9", " 3 - 4 ", "4"], [], [3, 4, 9]),
        (["3–4"], [], [3, 4]),
        ([], ["1-6"], [7, 8, 9]),
        ([], ["2,1", "4-9"], [3]),
        (["9"], ["1-6"], [9]),
    ],
)
def test_lines_are_named_by_numbers_and_ranges(
    line: list[str], keep: list[str], numbers: list[int]
) -> None:
    assert lines_to_rewrite(line, keep, 9) == numbers


@pytest.mark.parametrize(
    ("line", "keep", "told"),
    [
        (["5-3"], [], "--line: the range 5-3 runs backwards."),
        (["0"], [], "There is no line 0: the poem has 9 lines."),
        (["2-99"], [], "There is no line 99: the poem has 9 lines."),
        ([], ["0-2"], "There is no line 0"),
        (["x"], [], "--line: got 'x'; expected numbers of lines, such as 7, 3-5 or 3-5,9."),
        (["1,,2"], [], "--line: got ''"),
        (["-3"], [], "--line: got '-3'"),
        (["1-2-3"], [], "--line: got '1-2-3'"),
        (["²"], [], "--line: got '²'"),
        (["4"], ["1-6"], "Line 4 is to be rewritten (--line) and to be kept (--keep)."),
        ([], ["1-9"], "--keep keeps all 9 lines of the poem, so none is left to rewrite."),
        ([], [], "Which lines should be rewritten?"),
        ([], ["9999999999"], "--keep: got '9999999999'"),
    ],
)
def test_what_names_no_lines_is_told(line: list[str], keep: list[str], told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        lines_to_rewrite(line, keep, 9)
    assert str(caught.value).startswith(told)


def test_numbers_of_lines_in_words() -> None:
    assert in_words([7]) == "line 7"
    assert in_words([3, 4]) == "lines 3 and 4"
    assert in_words([1, 3, 4, 5, 9]) == "lines 1, 3 to 5 and 9"


# A poem in its file


def read(path: Path) -> PoemFile:
    from quatrain.corpus import stream_all

    return PoemFile.of(path, next(stream_all(path)))


def changed(file: PoemFile, number: int, text: str) -> bytes:
    rows = [line.text for line in file.poem.lines]
    rows[number - 1] = text
    return file.rewritten(Poem.from_lines(rows, seed=9), [number])


def test_a_poem_has_its_lines_as_its_file_has_them(river: Path) -> None:
    file = read(river)
    assert [line.text for line in file.poem.lines] == [ROWS[0], ROWS[1], ROWS[3], ROWS[4]]
    assert file.content == RIVER.encode()
    assert len(file.poem.stanzas) == 2


def test_all_but_the_line_stays_as_it_is(river: Path) -> None:
    content = changed(read(river), 2, "   And so it rains")
    assert content == RIVER.encode().replace(
        b"We left the window open to the rain;", b"And so it rains"
    )
    assert changed(read(river), 3, "\tAnd so") == RIVER.encode().replace(
        ROWS[3].strip().encode(), b"And so"
    )


def test_marks_of_a_format_stay_around_a_line(tmp_path: Path) -> None:
    path = tmp_path / "two.md"
    text = "# One\n\n*The lamp* is low,  \nand nobody is home.  \n\n# Two\n\nThe lamp is low.\n"
    path.write_text(text)
    file = read(path)
    assert [line.text for line in file.poem.lines] == ["The lamp is low,", "and nobody is home.  "]
    rewritten = text.replace("and nobody is home.", "And so.").encode()
    assert changed(file, 2, "And so.") == rewritten
    with pytest.raises(
        CorpusError, match="line 1, 'The lamp is low,', which has no row of its own"
    ):
        changed(file, 1, "And so.")


def test_a_row_of_json_keeps_what_else_it_has(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    record = {"n": 1, "lines": ["a  lamp", "", "a moth "], "seed": 3, "settings": {"x": 1}}
    rows = ['{"text": "one"}', json.dumps(record), '{"text":   "three"}', ""]
    path.write_text("\r\n".join(rows))
    from quatrain.corpus import stream_all

    poems = list(stream_all(path))
    file = PoemFile.of(path, poems[1])
    assert [line.text for line in file.poem.lines] == ["a  lamp", "a moth "]
    before, row, after, end = changed(file, 1, "Ä").decode().split("\r\n")
    assert [before, after, end] == [rows[0], rows[2], ""]
    assert json.loads(row) == {**record, "lines": ["Ä", "a moth "], "seed": 9}
    of_text = PoemFile.of(path, poems[0])
    assert json.loads(changed(of_text, 1, "x").decode().split("\r\n")[0]) == {"text": "x"}


def test_the_poet_is_the_one_that_wrote_the_poem(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    row = {"text": "a lamp", "source": "sonnets", "seed": 1, "settings": {}}
    for record, poet in ((row, "sonnets"), ({"text": "a lamp", "source": "sonnets"}, "")):
        path.write_text(json.dumps(record))
        assert read(path).poet == poet


def test_a_character_that_the_file_lacks_is_told(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(
        "Die Lampe brennt für mich,\ndie Tür ist zu, und über mir\n".encode("latin-1") * 20
    )
    file = read(path)
    with pytest.raises(CorpusError, match="which lacks '語'"):
        changed(file, 1, "Die 語 brennt")
    assert "für dich".encode("latin-1") in changed(file, 1, "Die Lampe brennt für dich,")


def test_older_versions_are_never_lost(tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_bytes(b"one")
    path.chmod(0o640)
    (tmp_path / "poem.txt.bak").write_bytes(b"older")
    assert replace_file(path, b"one", b"two").name == "poem.txt.bak2"
    assert replace_file(path, b"two", b"three").name == "poem.txt.bak3"
    contents = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert contents == {
        "poem.txt": b"three", "poem.txt.bak": b"older", "poem.txt.bak2": b"one",
        "poem.txt.bak3": b"two",
    }  # fmt: skip
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "poem.txt", tmp_path / "link.txt"
    path.write_bytes(b"one")
    link.symlink_to(path)
    assert replace_file(link, b"one", b"two") == tmp_path.resolve() / "poem.txt.bak"
    assert link.is_symlink()
    assert path.read_bytes() == b"two"


@pytest.mark.parametrize("fails", ["open", "replace"])
def test_a_file_that_cannot_be_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    path = tmp_path / "poem.txt"
    path.write_bytes(b"one")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    if fails == "open":
        monkeypatch.setattr(os, "open", refuse)
    else:
        monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(
        OutputError, match=r"can't be rewritten: Permission denied\. It is as it was"
    ):
        replace_file(path, b"one", b"two")
    monkeypatch.undo()
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("poem.txt", b"one")]


def test_a_file_that_changed_meanwhile_and_what_is_no_file_are_told(tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_bytes(b"new")
    with pytest.raises(OutputError, match="has changed since it was read"):
        replace_file(path, b"one", b"two")
    with pytest.raises(OutputError, match="no regular file"):
        replace_file(tmp_path, b"", b"two")
    with pytest.raises(OutputError, match="No such file"):
        replace_file(tmp_path / "none.txt", b"", b"two")
    path.chmod(0o444)
    if not os.access(path, os.W_OK):
        with pytest.raises(OutputError, match="read-only"):
            replace_file(path, b"new", b"two")


# The command


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--line", "5-3"], "runs backwards"),
        (["--line", "0"], "There is no line 0"),
        (["--line", "99"], "There is no line 99: the poem has 4 lines."),
        (["--line", "2", "--keep", "1-3"], "Line 2 is to be rewritten"),
        ([], "Which lines should be rewritten?"),
        (["--line", "2", "--alternatives", "3", "--pick", "9"], "--pick 9 is not among 3"),
        (["--line", "2", "--alternatives", "3", "--in-place"], "can't write 3 alternatives"),
        (["--line", "2-3", "--word", "2"], "--line takes one number"),
    ],
)
def test_what_cannot_be_revised_is_told_at_once(
    river: Path, own: Path, options: list[str], told: str
) -> None:
    result = run("revise", river, *options, "--form", own)
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in " ".join(result.stderr.split())
    assert river.read_bytes() == RIVER.encode()


def test_what_is_no_file_of_ones_own_is_not_rewritten(
    river: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--line", 1, "--form", own, "--in-place")
    for source in ("-", river.parent, "anthology"):
        result = run("revise", source, *options, text=RIVER)
        assert result.exit_code == 1
        assert "--in-place rewrites" in result.stderr
    packed = river.with_suffix(".csv")
    packed.write_text('text\n"a lamp"\n')
    told = " ".join(run("revise", packed, *options).stderr.split())
    assert "the format .csv" in told
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != river.parent.resolve())
    told = " ".join(run("revise", river, *options).stderr.split())
    assert f"The folder {river.parent.resolve()} is read-only." in told
    assert sorted(file.name for file in river.parent.iterdir()) == [
        "own.toml",
        "river.csv",
        river.name,
    ]


@pytest.mark.slow
def test_the_version_picked_is_written_into_the_file(river: Path, own: Path) -> None:
    options = ("revise", river, "--keep", "1,3-4", "--form", own, "--seed", 5)
    listed = run(*options, "--alternatives", 2)
    assert listed.exit_code == 0, listed.output
    heads = [line for line in listed.stdout.splitlines() if line.startswith("--pick")]
    assert heads == ["--pick 1", "--pick 2"]
    second = next(line for line in reversed(listed.stdout.splitlines()) if line)[5:]
    printed = run(*options, "--pick", 2)
    assert printed.stdout.split("\n")[1] == second
    assert [row for row in printed.stdout.split("\n") if row in ROWS] == [
        ROWS[0], ROWS[2], ROWS[3], ROWS[4], "",
    ]  # fmt: skip
    result = run(*options, "--pick", 2, "--in-place")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "line 2 rewritten. The file as it was is" in " ".join(result.stderr.split())
    assert river.read_bytes().decode() == RIVER.replace(ROWS[1], second)
    assert river.with_name("river.txt.bak").read_bytes() == RIVER.encode()
    word = run(
        "revise", river, "--line", 1, "--word", "lamp", "--form", own, "--pick", 2, "--in-place"
    )
    assert word.exit_code == 0, word.output
    assert river.with_name("river.txt.bak2").exists()


def test_a_number_beyond_the_words_that_fit_is_told() -> None:
    alternative = Alternative(Poem.from_text("a lamp"), "lamp", 1.0, 0.0)
    assert picked([alternative], 1) is alternative
    with pytest.raises(SettingsError, match="There is no alternative 2: only 1 word fits"):
        picked([alternative], 2)


@pytest.mark.slow
def test_the_poet_that_wrote_a_poem_revises_it(tmp_path: Path) -> None:
    path = tmp_path / "poem.jsonl"
    haiku = ("write", "sonnets", "--form", "haiku", "--particles", 2, "--seed", 1, "--json")
    path.write_text(run(*haiku).stdout)
    result = run("revise", path, "--line", 2, "--seed", 1, "--json")
    assert json.loads(result.stdout)["source"] == "sonnets"
    assert "revises the poem" not in result.stderr
    row = json.loads(path.read_text())
    path.write_text(json.dumps({**row, "source": "../sonnets"}))
    result = run("revise", path, "--line", 2, "--seed", 1, "--in-place")
    assert "The poet '../sonnets' isn't here: verse revises the poem." in result.stderr
    again = json.loads(path.read_text())
    assert again["lines"][1] != row["lines"][1]
    assert [again["lines"][0], again["lines"][2]] == [row["lines"][0], row["lines"][2]]
    assert again["text"].split("\n") == [line["text"] for line in again["lines"]]


def test_json_on_standard_input_is_no_verse() -> None:
    result = run("revise", "-", "--line", 1, "--form", "haiku", text='{"lines": ["A poem."]}')
    assert result.exit_code == 1
    assert "standard input: got JSON; expected verse as text. Save it as a file" in result.output
