"""Why a line does not keep its metre, in words, with the syllables concerned.

In: a reading of the line, or its count. Out: a `Fault` without repairs. Words of verse stand
between asterisks.
"""

from __future__ import annotations

from collections.abc import Sequence

from quatrain.form.draft.line.spans import Syllable
from quatrain.form.draft.wording import cardinal, counted, joined, ordinal, sentence
from quatrain.form.metre import FEET, Breach, LineReading, MetreAutomaton, SyllableCount
from quatrain.records.draft import Fault, Span

_MOST_NAMED = 4
"""Syllables that a message names; of more it gives the number."""


def metre_fault(
    reading: LineReading,
    syllables: Sequence[Syllable],
    extra: Sequence[int],
    metre: MetreAutomaton,
) -> Fault:
    """Return why a line does not keep its metre.

    Args:
        reading: the nearest reading, which breaks it.
        syllables: of that reading.
        extra: indices of those that are too many.
        metre: the metre.
    """
    if not syllables:
        if any(breach.kind == "long" for breach in reading.broken):
            message = f"The line has too many words to be {_article(metre)} {metre}."
            return Fault("metre", "too long for the metre", message)
        return Fault("metre", "no words", "The line has no words to scan.")
    missing = _missing(reading, extra, metre)
    wrong = [breach for breach in reading.broken if breach.kind in ("weak", "stressed", "light")]
    sentences, spans = [], []
    if extra or missing:
        weak_end = "feminine ending" in reading.licences and len(syllables) - 1 not in extra
        sentences.append(_count_sentence(len(syllables), missing - len(extra), weak_end=weak_end))
    if extra:
        why, where = _why_extra(extra, syllables)
        sentences.append(why)
        spans += where
    if missing:
        sentences.append(_why_short(missing, metre))
    if wrong:
        sentences.append(_why_wrong(wrong, syllables))
        spans += [syllables[breach.syllable].span for breach in wrong]
    brief = _brief(len(extra), missing, wrong, metre)
    return Fault("metre", brief, " ".join(filter(None, sentences)), tuple(sorted(set(spans))))


def extra_syllables(reading: LineReading) -> list[int]:
    """Return the indices of the syllables that are too many, rising.

    What comes after the last beat is all too many if any of it is.
    """
    extra = [breach.syllable for breach in reading.broken if breach.kind == "extra"]
    beats = [
        place for place, mark in enumerate(reading.stress) if mark == "+" and place not in extra
    ]
    if extra and beats and extra[-1] > beats[-1] and "feminine ending" in reading.licences:
        extra = sorted({*extra, *range(beats[-1] + 1, len(reading.stress))})
    return extra


def _missing(reading: LineReading, extra: Sequence[int], metre: MetreAutomaton) -> int:
    """Return the number of syllables that are missing.

    A line that is short by a beat lacks it all, where the nearest reading leaves out its first
    syllable to be nearer.
    """
    missing = sum(breach.count for breach in reading.broken if breach.kind == "short")
    if missing and not extra and "headless" in metre.allowed and len(FEET[metre.foot]) == 2:
        return max(missing, len(metre.template) - len(reading.stress))
    return missing


def count_fault(count: SyllableCount, expected: int, spans: Sequence[Span]) -> Fault:
    """Return why a line does not have its number of syllables.

    Args:
        count: its syllables, word by word.
        expected: their number.
        spans: the characters of each syllable.
    """
    found = count.total
    if not found:
        return Fault("syllables", "no words", "The line has no words to count.")
    much = found > expected
    brief = f"{counted(abs(found - expected), 'syllable')} {'too many' if much else 'missing'}"
    room = "has room for" if much else "needs"
    account = ", ".join(
        f"*{word.text}* {cardinal(word.counted)}" for word in count.words if word.counted > 1
    )
    message = f"{sentence(counted(found, 'syllable'))}, and the line {room} {cardinal(expected)}."
    if account and len(count.words) <= 2 * expected:
        message += f" Counted: {account}; every other word one."
    return Fault("syllables", brief, message, tuple(spans[expected:]))


def _article(metre: MetreAutomaton) -> str:
    return "an" if str(metre)[0] in "aeiou" else "a"


def _brief(extra: int, missing: int, wrong: Sequence[Breach], metre: MetreAutomaton) -> str:
    """Return the fault in at most five words; the number of syllables comes first."""
    if extra >= missing and extra:
        return f"{counted(extra, 'syllable')} too many"
    if missing:
        beats = metre.template[-missing:].count("S")
        return f"{counted(beats, 'beat')} missing" if beats else "a weak syllable missing"
    if len(wrong) > 1:
        return f"{cardinal(len(wrong))} stresses out of place"
    return {
        "weak": "a beat without stress",
        "stressed": "a stress off the beat",
        "light": "a beat too light",
    }[wrong[0].kind]


def _count_sentence(found: int, missing: int, *, weak_end: bool) -> str:
    """Return how many syllables there are, and how many the metre has room for.

    Args:
        found: number of syllables.
        missing: number of those that are missing; below 0 of those that are too many.
        weak_end: whether the last syllable is a weak one after the last beat.
    """
    number = sentence(counted(found, "syllable"))
    if not missing:
        return f"{number}, as many as it should have, but not where the metre has room for them."
    end = ", the last of them weak" if weak_end else ""
    verb = "needs" if missing > 0 else "has room for"
    return f"{number}, and the line {verb} {cardinal(found + missing)}{end}."


def _why_extra(extra: Sequence[int], syllables: Sequence[Syllable]) -> tuple[str, list[Span]]:
    """Return what makes a line too long, and the syllables concerned."""
    spans = [syllables[place].span for place in extra]
    beats = [n for n, syllable in enumerate(syllables) if syllable.beat and n not in extra]
    if len(extra) > 1 and beats and extra[0] > beats[-1]:
        tail = _whole_words(extra, syllables)
        comes = "comes" if len(tail) == 1 else "come"
        return f"{joined(tail)} {comes} after the last beat.", spans
    if len(extra) > 1:
        if len(extra) > _MOST_NAMED:
            return "", spans
        return f"{joined(_names(extra, syllables))} have no place.", spans
    place = extra[0]
    syllable = syllables[place]
    if beats and place > beats[-1]:
        return f"*{syllable.text}* comes after the last beat.", [syllable.span]
    late = "so every beat after them comes late."
    for first, second in ((place - 1, place), (place, place + 1)):
        pair = [syllables[at] for at in (first, second) if 0 <= at < len(syllables)]
        if len(pair) == 2 and all(each.weak and not each.beat for each in pair):
            names = joined(_names((first, second), syllables))
            why = f"{names} are both weak and stand side by side, {late}"
            return why, [each.span for each in pair]
    weight = "is weak" if syllable.weak else "is stressed"
    after = "every beat after it comes late"
    return f"*{syllable.text}* {weight} and has no place, so {after}.", [syllable.span]


def _why_short(missing: int, metre: MetreAutomaton) -> str:
    beats = metre.template[-missing:].count("S")
    if beats == 0:
        return "It lacks the weak syllable at its end."
    return f"It stops {'before its last beat' if beats == 1 else f'{cardinal(beats)} beats short'}."


def _why_wrong(wrong: Sequence[Breach], syllables: Sequence[Syllable]) -> str:
    """Return which syllables stand in places that they don't suit."""
    if len(wrong) > _MOST_NAMED:
        return f"{sentence(counted(len(wrong), 'syllable'))} stand where they don't suit the metre."
    whys = (_why_one_wrong(breach, syllables) for breach in wrong)
    return " ".join(dict.fromkeys(whys))  # the same of a word that comes again is told once


def _why_one_wrong(breach: Breach, syllables: Sequence[Syllable]) -> str:
    syllable = syllables[breach.syllable]
    beat = ordinal(sum(each.beat for each in syllables[: breach.syllable + 1]) or 1)
    whole = "".join(each.text.strip("-") for each in syllables if each.word == syllable.word)
    of = f" of *{whole}*" if whole != syllable.text else ""
    if breach.kind == "stressed":
        return f"*{syllable.text}*{of} is stressed, but stands where the line has no beat."
    if breach.kind == "weak":
        return f"The {beat} beat falls on *{syllable.text}*{of}, which has no stress."
    if not syllable.beat:
        return f"*{syllable.text}*{of} is the third weak syllable in a row."
    return f"*{syllable.text}*{of} is too light for the {beat} beat after what stands before it."


def _whole_words(places: Sequence[int], syllables: Sequence[Syllable]) -> list[str]:
    """Return words, or the ends of words, that some syllables make."""
    parts: dict[int, str] = {}
    for place in places:
        syllable = syllables[place]
        before = parts.get(syllable.word)
        joint = syllable.text if before is None else before.rstrip("-") + syllable.text.lstrip("-")
        parts[syllable.word] = joint
    return [f"*{part}*" for part in parts.values()]


def _names(places: Sequence[int], syllables: Sequence[Syllable]) -> list[str]:
    return [f"*{syllables[place].text}*" for place in places]
