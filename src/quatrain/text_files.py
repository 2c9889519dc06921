"""Small text files that a user names: settings, forms, pronunciations, tokens, poems to rewrite.

Only a regular file is read, up to a limit. A pipe would keep the
program waiting for its other end, and a device such as `/dev/zero` never ends.
"""

from __future__ import annotations

import os
import stat
import tempfile
import tomllib
from itertools import count
from pathlib import Path
from typing import Any

from quatrain.errors import OutputError, UserError


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


def replace_file(path: Path, before: bytes, content: bytes) -> Path:
    """Replace the content of a file at one stroke, and keep the old one beside it.

    A link stays a link: the file that it leads to is replaced. The old content goes to the first
    free name of `poem.txt.bak`, `poem.txt.bak2` and so on, so that no older one is lost.

    Args:
        path: the file.
        before: its content as it was read.
        content: the new one.

    Returns:
        The path of the old content.

    Raises:
        OutputError: the file is none that can be written, or has changed since it was read, or
            its folder takes no further file.
    """
    try:
        target = path.resolve(strict=True)
        status = target.stat()
        if not stat.S_ISREG(status.st_mode):
            raise OutputError(str(path), "no regular file", "a file", "Give a file.")
        if not os.access(target, os.W_OK):
            raise PermissionError(0, "it is read-only", str(path))
        if target.read_bytes() != before:
            raise OutputError(
                str(path),
                "another content than was read",
                "a file that stays as it is meanwhile",
                "Run the command again.",
                message=f"{path} has changed since it was read, so nothing was written.",
            )
        backup = _write_beside(target, before, stat.S_IMODE(status.st_mode))
        try:
            _write_over(target, content, stat.S_IMODE(status.st_mode))
        except OSError:
            backup.unlink()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            str(path),
            f"an error of the system ({reason})",
            "a file and a folder that can be written",
            "Check the permissions, or leave --in-place out and save what is printed.",
            message=f"{path} can't be rewritten: {reason}. It is as it was.",
        ) from error
    return backup


def _write_beside(target: Path, content: bytes, mode: int) -> Path:
    """Write a content to the first free name for an older version of a file; return its path."""
    for number in count(1):
        backup = target.with_name(f"{target.name}.bak{number if number > 1 else ''}")
        try:
            handle = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            continue
        break
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return backup


def _write_over(target: Path, content: bytes, mode: int) -> None:
    """Write a content to a new file, and put that in the place of the old one."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
