"""The readings of a typed answer: the values that it may mean.

In: what a student typed, as text or as a number or a list from JSON or a notebook. Out: the
readings that are possible, in the form of the question's answer. No reading means that the answer
was not understood, which is never counted as wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice, product
from numbers import Rational, Real

from quatrain.explain.exercises.formulas import Number, value_of
from quatrain.records import Question
from quatrain.records.exercises import AnswerValue

MOST_CHARACTERS = 2000
"""Longest answer that is read, in characters: a matrix of a hundred numbers has half as many."""

_MOST_READINGS = 64
"""Most readings of a list whose numbers have two readings each."""

_NONE = {"none", "no", "nothing", "-", "[]", "()", "{}", "∅"}
_CHANNELS_FIRST = re.compile(r"\(?\b(?:channels?[ -]first|chw|cl)\b\)?", re.IGNORECASE)
_CHANNELS_LAST = re.compile(r"\(?\b(?:channels?[ -]last|hwc|lc)\b\)?", re.IGNORECASE)
_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


def is_missing(typed: object) -> bool:
    """Return whether nothing was answered: None, an ellipsis, a text of spaces."""
    return typed is None or typed is ... or (isinstance(typed, str) and not typed.strip())


def readings(question: Question, typed: object) -> list[AnswerValue]:
    """Return what an answer may mean, in the form of the question's own answer.

    A text such as "1,024" has two readings, a thousand and a decimal comma.
    """
    typed = _plain(typed)
    if isinstance(typed, str) and len(typed) > MOST_CHARACTERS:
        return []
    match question.kind:
        case "whole number" | "number":
            return list(_numbers(typed))
        case "shape":
            return _shapes(typed)
        case "positions":
            return _positions(typed)
        case "numbers":
            return _rows(typed)
        case "matrix":
            return _matrices(typed)
        case "choice":
            return _choices(typed, question.options)
        case "order":
            return _orders(typed, question.options)
        case "formula":
            return [typed] if isinstance(typed, str) else []


def _plain(typed: object) -> object:
    """Return NumPy's and torch's arrays and numbers as Python's."""
    as_list = getattr(typed, "tolist", None)
    return as_list() if callable(as_list) else typed


def _numbers(typed: object) -> list[Number]:
    if isinstance(typed, bool):
        return []
    if isinstance(typed, Rational):
        return [Fraction(typed)]
    if isinstance(typed, Real):
        number = float(typed)
        return [number] if abs(number) < float("inf") else []
    if not isinstance(typed, str):
        return []
    text = typed.strip().rstrip(".")
    found: list[Number] = []
    if _THOUSANDS.fullmatch(text):
        found.append(Fraction(text.replace(",", "")))
    if _DECIMAL_COMMA.fullmatch(text):
        found.append(Fraction(text.replace(",", ".")))
    if text.endswith("%"):
        percent = value_of(text[:-1])
        return [] if percent is None else [percent / 100]
    value = None if found else value_of(text)
    return found if value is None else [value]


def _items(typed: object) -> list[object]:
    """Return the entries of a list, or of a text with commas, semicolons, spaces between them."""
    if isinstance(typed, str):
        text = typed.strip().strip("[](){}")
        separator = ";" if ";" in text else ","
        pieces = text.split(separator) if separator in text else text.split()
        return [piece.strip() for piece in pieces if piece.strip()]
    if isinstance(typed, Sequence | set | frozenset):
        return [_plain(item) for item in typed]
    return []


def _rows(typed: object) -> list[AnswerValue]:
    """Return a list of numbers, in every combination of its numbers' readings."""
    choices = [_numbers(item) for item in _items(typed)]
    if not choices or not all(choices):
        return []
    return [tuple(map(float, row)) for row in islice(product(*choices), _MOST_READINGS)]


def _shapes(typed: object) -> list[AnswerValue]:
    """Return sizes with the channels last."""
    first = False
    if isinstance(typed, str):
        first = bool(_CHANNELS_FIRST.search(typed))
        text = _CHANNELS_LAST.sub("", _CHANNELS_FIRST.sub("", typed))
        text = re.sub(r"[x×*,;/()\[\]]|\bby\b", " ", text)
        if not re.fullmatch(r"[\d\s]+", text):
            return []
        typed = text.split()
    if not isinstance(typed, Sequence) or len(typed) < 2:
        return []
    sizes = []
    for item in typed:
        number = _numbers(_plain(item))
        if len(number) != 1 or number[0] != int(number[0]):
            return []
        sizes.append(int(number[0]))
    return [tuple([*sizes[1:], sizes[0]] if first else sizes)]


def _positions(typed: object) -> list[AnswerValue]:
    if isinstance(typed, str) and typed.strip().lower().rstrip(".") in _NONE:
        return [()]
    if isinstance(typed, Sequence | set | frozenset) and not isinstance(typed, str) and not typed:
        return [()]
    if isinstance(typed, int) and not isinstance(typed, bool):
        typed = [typed]
    if isinstance(typed, str):
        typed = re.sub(r"\band\b", ",", typed).replace(";", ",")
    found: set[int] = set()
    items = _items(typed)
    for item in items:
        stretch = re.fullmatch(r"(\d{1,6})\s*(?:-|–|to)\s*(\d{1,6})", str(item))
        if stretch:
            found.update(range(int(stretch[1]), min(int(stretch[2]), 10**5) + 1))
        elif re.fullmatch(r"\d{1,6}", str(item)):
            found.add(int(str(item)))
        else:
            return []
    return [tuple(sorted(found))] if items else []


def _matrices(typed: object) -> list[AnswerValue]:
    """Return rows of numbers, from lists or from lines of text."""
    if isinstance(typed, str):
        try:
            typed = json.loads(typed)
        except (ValueError, RecursionError):
            typed = [
                line for line in re.split(r"[\n;]|\\\\|\]\s*,?\s*\[", str(typed)) if line.strip()
            ]
    if not isinstance(typed, Sequence) or isinstance(typed, str) or not typed:
        return []
    rows = []
    for row in typed:
        possible = _rows(_plain(row))
        if not possible:
            return []
        rows.append(possible[0])
    return [tuple(rows)]


def _choices(typed: object, options: Sequence[str]) -> list[AnswerValue]:
    text = str(typed).strip().strip(".\"'").lower() if isinstance(typed, str | int) else ""
    matching = [option for option in options if option.lower() == text]
    # "vanish" for "it vanishes": the beginning of one option alone.
    matching = matching or [
        option for option in options if text and option.lower().startswith(text)
    ]
    return list(matching) if len(matching) == 1 else []


def _orders(typed: object, options: Sequence[str]) -> list[AnswerValue]:
    if isinstance(typed, str):
        typed = re.findall(r"\w+", typed.replace("<", " "))
        if len(typed) == 1:  # "CAB"
            typed = list(typed[0])
    if not isinstance(typed, Sequence):
        return []
    names = {option.lower(): option for option in options}
    order = tuple(names.get(str(item).strip().lower(), "") for item in typed)
    return [order] if sorted(order) == sorted(options) else []
