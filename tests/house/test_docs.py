"""The documents say what the program does: help, options, examples, links, constants."""

import importlib.util
import itertools
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from quatrain.cli import app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *PAGES]

FENCE = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1[ ]*$", re.DOTALL | re.MULTILINE)
SHELL = {"", "bash", "console", "sh", "shell"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a document: what stands after the fence, and the content."""
    for match in FENCE.finditer(path.read_text(encoding="utf-8")):
        yield match[2].strip(), match[3]


def prose(path: Path) -> str:
    """A document without its fenced blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def workshop(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / "workshop" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Commands


def commands(path: Path) -> Iterator[list[str]]:
    """The words after `quatrain` of every command line in a document's shell blocks."""
    for kind, content in blocks(path):
        if kind.split(" ")[0] not in SHELL:
            continue
        for line in content.replace("\\\n", " ").splitlines():
            shell = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars=True)
            shell.whitespace_split = True
            words = list(itertools.takewhile(lambda word: not set(word) <= set("();<>|&"), shell))
            if words[:1] == ["quatrain"]:
                yield words[1:]
            elif "-m" in words and words[words.index("-m") + 1 :][:1] == ["quatrain"]:
                yield words[words.index("-m") + 2 :]


def parse(words: list[str]) -> dict[str, Any]:
    """Parse a command line as the program would, and run nothing."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    parsed: dict[str, Any] = command.make_context(command.name, rest).params
    return parsed


def options_of(command: Any) -> set[str]:
    """Return the options of a command, both sides of a pair such as --strict/--lenient."""
    return {
        option
        for parameter in command.params
        for option in [*parameter.opts, *parameter.secondary_opts]
    }


def check_names(words: list[str]) -> None:
    """Check that the commands and the options in `words` exist; values are not looked at."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while rest and hasattr(command, "commands") and not rest[0].startswith("-"):
        assert rest[0] in command.commands, f"no command {rest[0]!r}"
        command = command.commands[rest.pop(0)]
    known = options_of(command) | {"--help", "-h"}
    for word in rest:
        assert not word.startswith("--") or word.split("=")[0] in known, f"no option {word}"


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_command_line_in_a_block_parses(path: Path) -> None:
    for words in commands(path):
        if "--help" in words or "..." in words:
            check_names(words)
        else:
            parse(words)


@pytest.mark.slow
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_command_in_the_text_exists(path: Path) -> None:
    for match in re.finditer(r"`(?:[^`\n]*-m )?quatrain ([^`]+)`", prose(path)):
        check_names(match[1].split())


def test_an_option_on_its_own_belongs_to_some_command() -> None:
    command: Any = typer.main.get_command(app)
    groups = [each for each in command.commands.values() if hasattr(each, "commands")]
    every = [command, *command.commands.values()]
    every += [leaf for group in groups for leaf in group.commands.values()]
    known = set().union(*map(options_of, every)) | {"--help", "-h"}
    for path in DOCUMENTS:
        for match in re.finditer(r"`(--[a-z-]+)[^`]*`", prose(path)):
            assert match[1] in known, f"{name_of(path)}: {match[1]}"


def test_the_check_of_command_lines_can_fail() -> None:
    assert parse(["train", "poems.txt", "--out", "my-poet"])["path"] == "poems.txt"
    with pytest.raises(Exception, match="No such option: --otu"):
        parse(["train", "poems.txt", "--otu", "my-poet"])
    with pytest.raises(AssertionError, match="no option --speed"):
        check_names(["write", "my-poet", "--speed", "9"])
    with pytest.raises(AssertionError, match="no command 'sing'"):
        check_names(["sing"])


@pytest.mark.slow
def test_the_page_of_the_command_line_is_fresh() -> None:
    script = DOCS / "workshop" / "cli_help.py"
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, check=True, env=os.environ
    )
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert page == done.stdout.decode("utf-8"), (
        "docs/cli.md is stale; make it again: python docs/workshop/cli_help.py > docs/cli.md"
    )


@pytest.mark.slow
def test_the_page_of_sonnets_is_fresh() -> None:
    assert (DOCS / "sonnets.md").read_text(encoding="utf-8") == workshop("sonnets").page(), (
        "docs/sonnets.md is stale; make it again: python docs/workshop/sonnets.py > docs/sonnets.md"
    )


def test_the_page_of_the_command_line_has_every_command() -> None:
    command: Any = typer.main.get_command(app)
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    for name, each in command.commands.items():
        assert f"\n## quatrain {name}\n" in page
        for inner in getattr(each, "commands", ()):
            assert f"\n## quatrain {name} {inner}\n" in page


# Python


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_python_block_of_a_page_is_run_by_the_build(path: Path) -> None:
    lesson = path.parent.name == "lessons"  # all its blocks are run: test_lessons.py
    for kind, content in blocks(path):
        if kind.split(" ")[0] in {"py", "pycon", "python", "python3"}:
            assert lesson or 'exec="1"' in kind, f"never run:\n{content}"
            compile(content, name_of(path), "exec")
            assert "sep=" not in content, "the build's print knows no sep: join the text instead"


@pytest.mark.slow
def test_every_python_block_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verse_file: Path
) -> None:
    """In order, beside a `poems.txt`, with a training budget of a moment."""
    found = [content for kind, content in blocks(ROOT / "README.md") if kind == "python"]
    if not found:
        return
    from quatrain.train import run

    whole = run.train

    def brief(source: str, out: str, **settings: Any) -> Any:
        for budget in ("minutes", "epochs"):
            settings.pop(budget, None)
        tiny = {"hidden": 8, "embedding": 4, "layers": 1, "epochs": 0.5, "threads": 1}
        return whole(source, out, **{**settings, **tiny, "overwrite": True})

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "train", brief)
    Path("poems.txt").write_text(verse_file.read_text(encoding="utf-8"), encoding="utf-8")
    for folder in {match for each in found for match in re.findall(r'load\("([^"]+)"\)', each)}:
        brief("poems.txt", folder)
    shared: dict[str, Any] = {}
    for content in found:
        exec(compile(content, "README.md", "exec"), shared)  # noqa: S102 - our own README


# Links and pages


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as the generator makes them."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE):
        words = re.sub(r"[^\w\s-]", "", heading.lower()).strip()
        found.add(re.sub(r"[-\s]+", "-", words))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"no {target}"
        if anchor:
            assert anchor in anchors(there), f"no {target}: {sorted(anchors(there))}"


def test_the_site_lists_every_page() -> None:
    listed = re.findall(
        r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    )
    assert sorted(listed) == sorted(str(path.relative_to(DOCS)) for path in PAGES)


def test_what_a_browser_would_fetch_is_found_and_links_are_not() -> None:
    find = workshop("offline").loaded_from_elsewhere
    for fetched in (
        '<script defer src="https://cdn.example/x.js">',
        "<img alt='' src=//example.org/a.png>",
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<link href="https://example.org" rel="preconnect">',
        '@import "https://example.org/a.css";',
        "background: url(https://example.org/a.png)",
    ):
        assert len(find(fetched)) == 1, fetched
    for kept in (
        '<a href="https://example.org">',
        '<script src="assets/a.js">',
        '<link rel="canonical" href="https://example.org/">',
        '<svg xmlns="http://www.w3.org/2000/svg">',
        '<img src="data:image/png;base64,AA//BB">',
    ):
        assert find(kept) == [], kept


# Numbers in the text


def test_constants_in_the_text_are_those_of_the_code() -> None:
    from quatrain.config import Training
    from quatrain.corpus import duplicates, poem_borders, words
    from quatrain.corpus.vocabulary import default_minimum_count
    from quatrain.poet.baselines import _FALLBACK
    from quatrain.train import loop, size
    from quatrain.write.options import MAXIMUM_CHARACTERS

    def said(page: str, text: str) -> None:
        flat = " ".join((DOCS / page).read_text(encoding="utf-8").split())
        assert text in flat, f"docs/{page} no longer says {text!r}"

    windows = size.propose(1_000_000, 70, Training(sequences="windows"))
    said("writing.md", f"after {MAXIMUM_CHARACTERS:,} characters")
    said("artifact.md", f"at most {words.MOST_WORDS:,};")
    said("lessons/sequences.md", f"windows is {windows.settings.length} and their stride "
         f"{windows.settings.stride}.")  # fmt: skip
    said("evaluation.md", "takes {:g}, {:g} and {:g}.".format(*_FALLBACK))
    assert duplicates.THRESHOLD == 0.5
    said("corpus.md", "at least half of its lines")
    assert poem_borders._POEM_LINES == 10
    said("corpus.md", "has ten lines or more")
    assert (default_minimum_count(1_999_999), default_minimum_count(2_000_000)) == (1, 2)
    said("corpus.md", "more than two million characters")
    assert loop.SAVE_SECONDS == 60
    said("training.md", "written every minute")
