"""Small text files that a user names: settings, forms, pronunciations, tokens.

Only a regular file is read, up to a limit. A pipe would keep the
program waiting for its other end, and a device such as `/dev/zero` never ends.
"""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import Any

from quatrain.errors import UserError


def read_text(path: Path, most: int, error: type[UserError], kind: str) -> str:
    """Return the text of a file in UTF-8.

    Args:
        path: of the file.
        most: bytes that it may have.
        error: the class of error to raise.
        kind: what the file should be, as "settings file".

    Raises:
        UserError: there is no such file, or it can't be read as such.
    """
    where, wanted = str(path), f"a {kind}"
    try:
        # Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        status = os.fstat(number)
        if not stat.S_ISREG(status.st_mode):
            os.close(number)
            found = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
            raise error(where, found, wanted, "Give a file.")
        with os.fdopen(number, "rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError:
        raise error(
            where,
            "no such file",
            wanted,
            "Check the path.",
            message=f"There is no {kind} {where!r}.",
        ) from None
    except (OSError, ValueError) as problem:  # ValueError: a path with a NUL in it
        reason = problem.strerror if isinstance(problem, OSError) else str(problem)
        raise error(
            where,
            f"an error of the system ({reason})",
            f"{wanted} that can be read",
            "Check the path and the permissions.",
            message=f"{where} can't be read: {reason}.",
        ) from problem
    if len(content) > most:
        size = f"{max(status.st_size, len(content)):,} bytes"
        raise error(where, size, f"at most {most:,}", "Give a shorter file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(
            where,
            f"the byte 0x{content[problem.start]:02x} at position {problem.start:,}",
            "text in UTF-8",
            "Save the file in UTF-8.",
        ) from problem


def toml_table(text: str) -> dict[str, Any]:
    """Return the table of a TOML text.

    Raises:
        ValueError: the text is not TOML, or no machine can take it; the message says why.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:  # `tomllib` calls itself for each level
        raise ValueError("lists or tables nested too deeply") from None
    except ValueError:  # Python reads no decimal number of more than some 4,300 digits
        raise ValueError("a number of thousands of digits") from None
