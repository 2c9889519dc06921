"""Write `docs/cli.md`, the help of every command, to standard output.

    python docs/workshop/cli_help.py > docs/cli.md

`tests/house/test_docs.py` compares what this prints with the page.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys

LAYERS = (
    "conv",
    "pool",
    "embedding",
    "linear",
    "highway",
    "lstm",
    "gradients",
    "flow",
    "windows",
    "model",
)
TOPICS = (
    "convolution",
    "pooling",
    "lstm",
    "gradients",
    "preprocessing",
    "training",
    "temperature",
)
COMMANDS = (
    (),
    ("corpus",),
    ("corpus", "show"),
    ("corpus", "poems"),
    ("train",),
    ("write",),
    ("revise",),
    ("poets",),
    ("studio",),
    ("mcp",),
    ("evaluate",),
    ("inspect",),
    ("export",),
    ("push",),
    ("pull",),
    ("scan",),
    ("cite",),
    ("compare",),
    ("words",),
    ("rhyme",),
    ("check",),
    ("forms",),
    ("demo",),
    ("explain",),
    *(("explain", layer) for layer in LAYERS),
    ("exercise",),
    *(("exercise", topic) for topic in TOPICS),
    ("exercise", "check"),
)

_OPENING = """\
# The command line

<!-- Made by docs/workshop/cli_help.py; do not edit. -->

This page has the `--help` of every command. Exit status 0 means success, 1 a
mistake explained in one paragraph on standard error, 2 an unknown option, 3 a
bug in Quatrain, and after a signal 128 and its number: 130 for Ctrl-C. With `--json`,
standard output has only JSON; everything else goes to standard error.

Names and texts of others, such as the name of a file or what a server says, give no orders to
your terminal: a character that a terminal would obey or hide is printed as `\\u001b`. When the
reader of a pipe leaves, as `head` does, a command ends quietly, and a training run goes on.
Settings, forms, pronunciations and matrices are read from regular files only, and up to a limit.
"""


def page() -> str:
    """Return the page in Markdown."""
    parts = [_OPENING]
    for command in COMMANDS:
        name = " ".join(("quatrain", *command))
        parts.append(f"## {name}\n\n```text\n{_help(command)}```\n")
    return "\n".join(parts)


def _help(command: tuple[str, ...]) -> str:
    from quatrain.cli import app

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        app([*command, "--help"], prog_name="quatrain")
    lines = [line.rstrip() for line in printed.getvalue().strip("\n").splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


if __name__ == "__main__":
    # Typer reads these on import, so the help is the same in every terminal.
    os.environ |= {"COLUMNS": "90", "TERMINAL_WIDTH": "90", "NO_COLOR": "1", "TERM": "dumb"}
    os.environ["_TYPER_FORCE_DISABLE_TERMINAL"] = "1"
    sys.stdout.buffer.write(page().encode())
