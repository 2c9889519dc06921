"""Numbers of lines at the command line: `--line 3-5,9`, `--keep 1-6`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quatrain.errors import SettingsError

_RANGE = re.compile(r"\s*([0-9]{1,9})\s*(?:[-–]\s*([0-9]{1,9})\s*)?")


def lines_to_rewrite(line: Sequence[str], keep: Sequence[str], count: int) -> list[int]:
    """Return the numbers of the lines to rewrite, in order.

    Args:
        line: what was given with --line.
        keep: what was given with --keep; the other lines are rewritten.
        count: number of the poem's lines.

    Raises:
        SettingsError: something is no number of a line, both name a line, or no line is left.
    """
    numbers, stay = _numbers("--line", line, count), _numbers("--keep", keep, count)
    if not numbers and not stay:
        raise SettingsError(
            "--line",
            "no line",
            "the numbers of some",
            "Write for example --line 7, --line 3-5,9 or --keep 1-6.",
            message="Which lines should be rewritten?",
        )
    if both := sorted(numbers & stay):
        raise SettingsError(
            "--line and --keep",
            f"line {both[0]} in both",
            "it in one of them",
            "Take it out of one.",
            message=f"Line {both[0]} is to be rewritten (--line) and to be kept (--keep).",
        )
    numbers = numbers or set(range(1, count + 1)) - stay
    if not numbers:
        raise SettingsError(
            "--keep",
            f"all {count} lines",
            "fewer",
            "Keep fewer lines.",
            message=f"--keep keeps all {count} lines of the poem, so none is left to rewrite.",
        )
    return sorted(numbers)


def _numbers(flag: str, texts: Sequence[str], count: int) -> set[int]:
    """Return the numbers that a flag lists, such as 3, 4, 5 and 9 of 3-5,9."""
    numbers: set[int] = set()
    for part in ",".join(texts).split(",") if texts else []:
        match = _RANGE.fullmatch(part)
        if not match:
            raise SettingsError(
                flag,
                repr(part),
                "numbers of lines, such as 7, 3-5 or 3-5,9",
                "Correct the value.",
            )
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise SettingsError(
                flag,
                f"the range {part.strip()}",
                f"{last}-{first}",
                "Write the smaller number first.",
                message=f"{flag}: the range {part.strip()} runs backwards.",
            )
        for number in (first, last):
            if not 1 <= number <= count:
                lines = f"{count} line{'' if count == 1 else 's'}"
                raise SettingsError(
                    flag,
                    f"line {number}",
                    f"1 to {count}",
                    "Correct the number of the line.",
                    message=f"There is no line {number}: the poem has {lines}.",
                )
        numbers |= set(range(first, last + 1))
    return numbers


def in_words(numbers: Sequence[int]) -> str:
    """Return numbers of lines, in order, in words: *line 7*, *lines 3 to 5 and 9*."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][-1] == number - 1:
            ranges[-1].append(number)
        else:
            ranges.append([number])
    parts: list[str] = []
    for run in ranges:
        parts += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)
    listed = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
    return f"line{'' if len(numbers) == 1 else 's'} {listed}"
