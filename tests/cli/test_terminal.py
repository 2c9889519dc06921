"""Text of others on a real terminal: it is shown, and the terminal does not obey it."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from quatrain.errors import UserError
from quatrain.escaping import visible
from quatrain.poet.registry import bundled

Run = Callable[..., tuple[int, str]]

HOSTILE = "\x1b]8;;http://example.org\x07a\x1b]8;;\x07\x9b31m\u202egnp\u202c\u200b\x1b[2J"
"""A link, a colour by a C1 character, a reversal, a gap of no width, and a cleared screen."""

OURS = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|2K|1A)")
"""What rich itself sends: colours, and the movements of a progress bar."""

VERSE = "The heron counts the river by the mill\nAnd waits upon the grey and patient hill\n"


def leaks(output: str) -> list[str]:
    """Return what a terminal would obey in an output, apart from rich's own sequences."""
    rest = OURS.sub("", output).replace("\r", "").replace("\n", "")
    return [repr(sign) for sign in rest if not sign.isprintable()]


def foreign_poet(folder: Path, name: str) -> Path:
    """Copy a shipped poet, with a corpus of another name."""
    shutil.copytree(bundled()["letters"], folder)
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["corpus"]["name"] = name
    path.write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\nand\ttabs, é, 詩", "plain\nand\ttabs, é, 詩"),
        ("\x1b[31mred", "\\u001b[31mred"),
        ("\x9b31m", "\\u009b31m"),
        ("a\rb", "a\\u000db"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("pay\u200bpal pay\u200dpal", "pay\\u200bpal pay\\u200dpal"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\U000e0041", "\\udb40\\udc41"),
        ("\udcff", "\\udcff"),
        ("\u2028", "\\u2028"),
    ],
)
def test_what_a_terminal_obeys_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_json_stays_json() -> None:
    record = {"name": HOSTILE + "\U000e0041"}
    line = json.dumps(record, ensure_ascii=False)
    assert json.loads(visible(line)) == record
    assert visible(line).isprintable()


def test_an_error_is_visible_and_keeps_its_parts() -> None:
    error = UserError(HOSTILE, "this", "that", "Do it.")
    assert str(error).isprintable()
    assert error.where == HOSTILE


@pytest.mark.slow
def test_a_foreign_corpus_name_in_the_list_of_poets(tmp_path: Path, on_terminal: Run) -> None:
    foreign_poet(tmp_path / "theirs", HOSTILE)
    status, output = on_terminal("poets", folder=tmp_path)
    assert status == 0
    assert "u001b]8" in output.replace("\r\n", "")
    assert leaks(output) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("scan", "{hostile}.txt"),
        ("scan", "{hostile}"),
        ("write", "{hostile}"),
        ("poets", "{hostile}"),
        ("check", "poem.txt", "--form", "{hostile}.toml"),
        ("check", "poem.txt", "--against", "{hostile}.txt"),
        ("corpus", "show", "poem.txt", "--config", "{hostile}"),
        ("corpus", "show", "texts"),
        ("scan", "poem.txt", "--entries", "{hostile}"),
        ("rhyme", "{hostile}"),
        ("{hostile}",),
        ("--{hostile}",),
        ("scan", "poem.txt", "{hostile}"),
        ("scan", "--{hostile}"),
        ("write", "verse", "--lines", "{hostile}"),
        ("pull", "{hostile}", "--out", "new"),
        ("scan", "named/{name}.txt", "--tei"),
        ("scan", "named/{name}.txt", "--json"),
        ("check", "named/{name}.txt", "--against", "named/{name}.txt"),
    ],
)
def test_a_hostile_name_on_every_way_out(
    tmp_path: Path, on_terminal: Run, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "poem.txt").write_text(VERSE, encoding="utf-8")
    name = HOSTILE.replace("/", "")
    (tmp_path / "named").mkdir()
    (tmp_path / "named" / f"{name}.txt").write_text(VERSE, encoding="utf-8")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "poem.txt").write_text(VERSE, encoding="utf-8")
    (tmp_path / "texts" / f"[link=x]{name}.doc").write_text("x", encoding="utf-8")
    given = [part.format(hostile=HOSTILE, name=name) for part in arguments]
    _, output = on_terminal(*given, folder=tmp_path)
    assert output
    assert "Traceback" not in output
    assert leaks(output) == []


@pytest.mark.slow
def test_a_path_in_a_hint_can_be_pasted_into_a_shell(tmp_path: Path, on_terminal: Run) -> None:
    (tmp_path / "poem.txt").write_text("\n\n".join([VERSE] * 40), encoding="utf-8")
    out = "two words; and $(more) 'quotes'"
    small = ["--hidden", "8", "--batch", "4", "--length", "8", "--epochs", "0.2", "--threads", "1"]
    status, output = on_terminal("train", "anthology", "--out", out, *small, folder=tmp_path)
    assert status == 0, output
    hint = "".join(output.replace("\r", "").splitlines()).split("quatrain write ")[-1]
    assert shlex.split(hint)[0] == out
    shutil.copytree(tmp_path / out, tmp_path / "there" / "a b")
    status, output = on_terminal("poets", "there", folder=tmp_path)
    assert "quatrain write verse" in output or "quatrain write letters" in output


def test_every_command_prints_through_one_filter() -> None:
    """Only `streams` may use Typer's own `echo` and rich's own `Console`."""
    import quatrain.cli

    folder = Path(quatrain.cli.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name != "streams.py":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"typer\.echo|\bConsole\(|^\s+print\(", text, re.M), path
