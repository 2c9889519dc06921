"""Small changes to a line, tried one after another until some keep the form.

In: a line, and what tells whether a line keeps metre and rhyme. Out: up to three `Repair`s, the
least change first. A change leaves the last word alone, because the rhyme rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from quatrain.form.draft.mend.changes import (
    BARE,
    CONTRACTIONS,
    DROPPED,
    DROPPED_AT_START,
    LINKS,
    OLD_CONTRACTIONS,
    OLD_WORDS,
    OPENINGS,
    PREPOSITIONS,
    SWAPS,
)
from quatrain.records.draft import Repair
from quatrain.sound import Word, is_pause, words
from quatrain.sound.function_words import (
    ARTICLES,
    LIGHT_WORDS,
    POSSESSIVES,
    STRESSABLE_WORDS,
    SUBJECT_PRONOUNS,
)

MOST_REPAIRS = 3
"""Repairs of one fault that are shown."""

MOST_TRIES = 60
"""Changed lines that are read for one fault: about 30 ms."""


_SMALL_WORDS = LIGHT_WORDS | STRESSABLE_WORDS | ARTICLES | LINKS
"""Words before which no article is added, and that don't change places."""

MOST_FIRST_STEPS = 8
"""Single changes, the least, that are combined where none alone mends a line."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change to a line.

    Attributes:
        text: the new line.
        label: what it changes, without the end of the sentence.
        cost: number of letters that go or come.
        steps: number of small changes it is made of.
    """

    text: str
    label: str
    cost: int
    steps: int = 1


def repairs_of(
    text: str, keeps: Callable[[str], bool], *, archaic: bool, outcome: str
) -> tuple[Repair, ...]:
    """Return up to three lines that differ little from a line and keep what it breaks.

    Args:
        text: the line, in composed form.
        keeps: whether a line keeps everything the form asks of it.
        archaic: whether words that only old verse has may come in.
        outcome: the end of a label: "and it keeps the metre".
    """
    repairs: dict[str, Repair] = {}
    tried: set[str] = {text}
    single = _by_cost(changes_of(text, archaic=archaic))
    for change in (*single, *_double(single, archaic=archaic)):
        if len(repairs) == MOST_REPAIRS or len(tried) > MOST_TRIES:
            break
        if change.steps > 1 and repairs:
            break
        if change.text in tried:
            continue
        tried.add(change.text)
        if keeps(change.text):
            repairs[change.text] = Repair(f"{change.label}, {outcome}.", change.text)
    return tuple(repairs.values())


def _by_cost(changes: Iterable[Change]) -> list[Change]:
    """Return changes, the least first."""
    return sorted(changes, key=lambda change: change.cost)


def _double(single: Sequence[Change], *, archaic: bool) -> Iterator[Change]:
    """Yield two changes one after the other, made of the least single ones."""
    for first in single[:MOST_FIRST_STEPS]:
        for second in _by_cost(changes_of(first.text, archaic=archaic))[:MOST_FIRST_STEPS]:
            label = second.label[0].lower() + second.label[1:]
            cost = first.cost + second.cost
            yield Change(second.text, f"{first.label} and {label}", cost, 2)


def changes_of(text: str, *, archaic: bool) -> Iterator[Change]:
    """Yield the small changes that a line allows, without regard to its metre.

    Args:
        text: the line.
        archaic: whether words that only old verse has may come in.
    """
    line = words(text)
    if len(line) < 2:
        return
    curly = "’" in text and "'" not in text
    for change in (
        *_left_out(text, line),
        *_swapped(text, line, archaic=archaic),
        *_contracted(text, line, archaic=archaic),
        *_added(text, line),
        *_turned_round(text, line),
    ):
        if curly:
            change = replace(
                change,
                text=change.text.replace("'", "’"),
                label=change.label.replace("'", "’"),
            )
        yield change


def _left_out(text: str, line: Sequence[Word]) -> Iterator[Change]:
    """Yield the line without one of its small words."""
    for place, word in enumerate(line[:-1]):
        after = line[place + 1]
        if word.joined or after.joined or text[word.end : after.start].strip():
            continue
        pause = place == 0 or is_pause(text[line[place - 1].end : word.start])
        if not _may_go(word.spoken, after, pause=pause):
            continue
        rest = _cased_like(text[after.start :], word.text)
        yield Change(text[: word.start] + rest, f"Leave out *{word.text}*", len(word.text))


def _may_go(word: str, after: Word, *, pause: bool) -> bool:
    """Return whether a sentence still holds together without one of its words.

    Args:
        word: the word.
        after: the word after it.
        pause: whether a clause begins with the word.
    """
    if word in ("the", "a", "an"):
        plural = after.spoken.endswith("s") and not after.spoken.endswith(("ss", "us", "is", "'s"))
        return after.spoken in BARE or (
            plural and word == "the" and after.spoken not in LIGHT_WORDS | STRESSABLE_WORDS
        )
    if word == "that":
        return after.spoken in SUBJECT_PRONOUNS | POSSESSIVES | {"the"}
    return word in DROPPED or (pause and word in DROPPED_AT_START)


def _swapped(text: str, line: Sequence[Word], *, archaic: bool) -> Iterator[Change]:
    """Yield the line with one of its small words in another form: *on* for *upon*."""
    for word in line[:-1]:
        choices = SWAPS.get(word.spoken, ()) + (OLD_WORDS.get(word.spoken, ()) if archaic else ())
        for other in choices:
            other = _cased_like(other, word.text)
            yield Change(
                text[: word.start] + other + text[word.end :],
                f"Write *{other}* for *{word.text}*",
                abs(len(other) - len(word.text)) + 1,
            )


def _contracted(text: str, line: Sequence[Word], *, archaic: bool) -> Iterator[Change]:
    """Yield the line with two words run into one, or one taken apart."""
    known = CONTRACTIONS | (OLD_CONTRACTIONS if archaic else {})
    apart = {short: pair for pair, short in CONTRACTIONS.items()}
    for place, word in enumerate(line[:-1]):
        after = line[place + 1]
        short = known.get((word.spoken, after.spoken))
        if short and place + 2 < len(line) and text[word.end : after.start] == " ":
            short = _cased_like(short, word.text)
            yield Change(
                text[: word.start] + short + text[after.end :],
                f"Write *{short}* for *{text[word.start : after.end]}*",
                2,
            )
        if word.spoken in apart:
            long = _cased_like(" ".join(apart[word.spoken]), word.text)
            yield Change(
                text[: word.start] + long + text[word.end :],
                f"Write *{long}* for *{word.text}*",
                2,
            )


def _added(text: str, line: Sequence[Word]) -> Iterator[Change]:
    """Yield the line with one small word more, where a clause begins."""
    first = line[0]
    for added in OPENINGS:
        if first.spoken not in OPENINGS:
            rest = _uncapitalized(text[first.start :])
            opening = _cased_like(added, first.text)
            yield Change(
                f"{text[: first.start]}{opening} {rest}",
                f"Begin with *{opening}*",
                len(added) + 3,
            )
    for before, word in pairwise(line):
        between = text[before.end : word.start]
        noun = not word.joined and word.spoken not in _SMALL_WORDS and word.text.islower()
        if noun and between == " " and before.spoken in PREPOSITIONS:
            yield Change(
                f"{text[: word.start]}the {text[word.start :]}",
                f"Add *the* before *{word.text}*",
                4,
            )
        if between.strip() in (",", ";") and word.spoken not in LINKS:
            for link in ("and", "then"):
                yield Change(
                    f"{text[: word.start]}{link} {text[word.start :]}",
                    f"Add *{link}* before *{word.text}*",
                    len(link) + 2,
                )


def _turned_round(text: str, line: Sequence[Word]) -> Iterator[Change]:
    """Yield the line with two neighbours turned round: *sings softly* for *softly sings*."""
    inner = line[:-1]
    for place, word in enumerate(inner):
        for step in (1, 2):
            if place + step >= len(inner):
                continue
            other = inner[place + step]
            if step == 1 and not (_adverb(word.spoken) ^ _adverb(other.spoken)):
                continue
            if step == 2 and inner[place + 1].spoken not in ("and", "or"):
                continue
            if any(each.spoken in _SMALL_WORDS for each in (word, other)) or is_pause(
                text[word.end : other.start]
            ):
                continue
            middle = text[word.end : other.start]
            turned = _cased_like(other.text, word.text) + middle + _uncapitalized(word.text)
            yield Change(
                text[: word.start] + turned + text[other.end :],
                f"Turn *{text[word.start : other.end]}* round",
                6,
            )


def _adverb(word: str) -> bool:
    """Return whether a word is an adverb that may stand before a verb or after it."""
    return word.endswith("ly") and len(word) > 4


def _uncapitalized(text: str) -> str:
    """Return a text without a capital at its start, unless its first word is *I*."""
    return text if re.match(r"I\b", text) else text[:1].lower() + text[1:]


def _cased_like(text: str, model: str) -> str:
    """Return a text with a capital at its start if the model has one."""
    if model[:1].isupper() and (model != "I" or text[:1] == "i"):
        return text[:1].upper() + text[1:]
    return text
