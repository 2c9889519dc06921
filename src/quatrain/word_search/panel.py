"""The word panel: all that helps to choose one word, or to fill an empty slot of a line.

In: a word, filters, and a place of a draft. Out: a `WordPanel`: how the word is said, what it
means, how often verse has it, and words beside it in groups: rhymes by kind, words close in
meaning, near in verse, and of the opposite meaning. With a draft each word says whether it fits.

What doesn't depend on the draft is kept in memory, by word and by poet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np

from quatrain.errors import SettingsError
from quatrain.form import MetreAutomaton
from quatrain.meaning import lemmas, look_up, relatives, shipped
from quatrain.poet import resolve
from quatrain.records import PanelWord, Pronunciation, WordGroup, WordPanel, check_words
from quatrain.sound.frequency import count_of, usage
from quatrain.sound.ipa import to_ipa
from quatrain.sound.pronunciation.ear import default
from quatrain.sound.rhyme.search import KINDS, rhyming_words
from quatrain.sound.rhyme.standing import standing_of
from quatrain.word_search.filters import WordFilters
from quatrain.word_search.in_words import (
    beat_in_words,
    beats_of,
    frequency_in_words,
    syllables_in_words,
)
from quatrain.word_search.offered import is_offered, usual_ways
from quatrain.word_search.slot import MOST_SLOTS, DraftPlace, Slot, checker, slot_of
from quatrain.write import CharacterWriter, WordWriter, load
from quatrain.write.draft.expectation import expected_words
from quatrain.write.near import nearness_to, theme_words

WORDS_SHOWN = 24
"""Most words of a group."""

WORDS_TRIED = 240
"""Most words of a group that are held to the place: it takes about 0.05 s."""

MOST_WORDS = 512
"""Words whose rhymes and relatives are kept in memory."""

MOST_FACTS = 50_000
"""Words of which it is kept how they are said, and whether they may be shown."""

LEAST_NEARNESS = 0.15
"""Nearness from which a word is near in verse."""

LEAST_COUNT = 10
"""Least count of a rhyme in the 12 million words of verse that were counted."""

_FAMILIAR_COUNT = 2000
"""Count from which a word is shown that the dictionary doesn't have: *upon*, *thee*; spellings such
as *crowne* are below."""

_RHYME_GROUPS = {
    "mosaic": "Full rhymes of several words",
    "perfect": "Full rhymes",
    "rich": "Rich rhymes",
    "identical": "Sounding alike",
    "historical": "Rhymes of the past",
    "promoted": "On a light last syllable",
    "family": "Near: same vowel, related consonants",
    "slant": "Slant rhymes",
    "consonance": "Same consonants, other vowel",
    "assonance": "Same vowel, other consonants",
    "eye": "Rhymes for the eye",
}
"""Kind of rhyme -> name of its group."""

_NO_FILTERS = WordFilters()


def word_panel(
    word: str = "",
    *,
    filters: WordFilters = _NO_FILTERS,
    place: DraftPlace | None = None,
    only_fitting: bool = True,
    poet: str | Path | WordWriter | CharacterWriter = "verse",
) -> WordPanel:
    """Return all that helps to choose a word, or what fits an empty slot of a line.

    Example:
        draft = ["The lamp is low, the evening settles down,", "And snow lies on the town."]
        place = DraftPlace(draft, line=2, form="heroic-couplets")
        panel = word_panel("town", place=place)
        for group in panel.groups:
            print(group.name, *(other.word for other in group.words))

    Args:
        word: the word; empty for an empty slot, which `place` names.
        filters: what the other words should be like; `near` and `rhyme` take the place of the
            word where the groups are filled.
        place: where the word stands in a draft, or would stand.
        only_fitting: whether to leave out words that don't fit the place.
        poet: poet whose verse says what is near; an opened one, a folder or a name. A
            character-level poet doesn't know words, and that group is missing then.

    Raises:
        SettingsError: there is neither a word nor a place, or no such line or word in the draft.
        FormError: there is no such form.
        PoetError: there is no such poet.
    """
    check_words("word", word)
    word = word.strip()
    if not word and place is None and not (filters.near or filters.rhyme):
        raise SettingsError(
            "setting 'word'",
            "no word and no place",
            "one of them",
            "Say for which word, or for which place of a draft.",
            message="There is neither a word nor a place to find words for.",
        )
    slot = None if place is None else slot_of(place, word)
    chooser = _Chooser(filters, slot, only_fitting=only_fitting)
    lower = word.lower()
    said = default().pronounce(lower) if word else ()
    return WordPanel(
        word,
        to_ipa(said[0]) if said else "",
        _said(lower, slot),
        frequency_in_words(word) if word else "",
        look_up(lower) if word else (),
        _place(slot) if slot else "",
        tuple(group for group in _groups(lower, filters, slot, chooser, poet) if group.words),
    )


class _Chooser:
    """Chooses the words of groups: those that pass the filters, and fit if that is asked."""

    def __init__(self, filters: WordFilters, slot: Slot | None, *, only_fitting: bool) -> None:
        self._filters, self._slot, self._only_fitting = filters, slot, only_fitting

    def chosen(self, words: Iterable[str], *, associated: bool = False) -> tuple[PanelWord, ...]:
        """Return the first of some words that may be shown.

        Args:
            words: the best first.
            associated: whether they are near in verse alone, so that they must carry meaning.
        """
        return tuple(islice(self._choose(words, associated=associated), WORDS_SHOWN))

    def _choose(self, words: Iterable[str], *, associated: bool) -> Iterator[PanelWord]:
        for word in islice(dict.fromkeys(words), WORDS_TRIED):
            if self._slot and word == self._slot.word.lower():
                continue
            fits, why = self._slot.judge(word) if self._slot else (None, "")
            if fits is False and self._only_fitting:
                continue
            said = next(filter(self._filters.allows, _ways(word)), None)
            if said is not None and _may_be_shown(word, associated=associated):
                used_in = self._slot.used_in(word) if self._slot else ()
                yield PanelWord(word, said.stress.replace("2", "1"), fits, why, used_in)


@lru_cache(maxsize=MOST_FACTS)
def _ways(word: str) -> tuple[Pronunciation, ...]:
    """Return the usual ways of saying a word."""
    return tuple(usual_ways(default().pronounce(word)))


@lru_cache(maxsize=MOST_FACTS)
def _may_be_shown(word: str, *, associated: bool) -> bool:
    """Return whether a word may be shown: a usual one, in a usual spelling, and no slur."""
    known = bool(lemmas(word, shipped())) or usage(word).count >= _FAMILIAR_COUNT
    return known and standing_of(word) == "word" and is_offered(word, only_associated=associated)


# Groups


def _groups(
    word: str,
    filters: WordFilters,
    slot: Slot | None,
    chooser: _Chooser,
    poet: str | Path | WordWriter | CharacterWriter,
) -> Iterator[WordGroup]:
    """Yield the groups of a panel in their order; some may be empty."""
    rhymed = filters.rhyme or _rhymed(word, slot)
    if rhymed:
        rhymes = _rhymes(rhymed)
        for kind in KINDS:
            if kind in filters.kinds:
                chosen = chooser.chosen(rhymes.get(kind, ()))
                yield WordGroup(_RHYME_GROUPS[kind], kind, chosen)
    near = filters.near or word
    opened = _opened(poet)
    if near:
        related = _related(near)
        yield WordGroup("Close in meaning", "meaning", chooser.chosen(related["meaning"]))
        if isinstance(opened, WordWriter):
            words = _near_in_verse(opened, near)
            yield WordGroup("Near in verse", "verse", chooser.chosen(words, associated=True))
        yield WordGroup("Opposites", "opposite", chooser.chosen(related["opposite"]))
    if not word and slot is not None and isinstance(opened, WordWriter):
        words = _expected(opened, slot)
        yield WordGroup("Likely here", "likely", chooser.chosen(words))


def _rhymed(word: str, slot: Slot | None) -> str:
    """Return what a word here rhymes with: itself, unless it fails a line that it should suit."""
    partner = slot.partner if slot else None
    if partner is None:
        return word
    if word and slot and not slot.fit.discord(slot.text):
        return word
    return partner.word.lower()


@lru_cache(maxsize=MOST_WORDS)
def _rhymes(word: str) -> dict[str, tuple[str, ...]]:
    """Return the words that rhyme with a word, by kind, the best first."""
    rhymes: dict[str, list[str]] = {}
    for found in rhyming_words(word, min_count=LEAST_COUNT):
        other = found.rhyme.second
        if found.usual and " " not in other and found.standing == "word":
            rhymes.setdefault(found.rhyme.kind, []).append(other)
    return {kind: tuple(words) for kind, words in rhymes.items()}


@lru_cache(maxsize=MOST_WORDS)
def _related(word: str) -> dict[str, tuple[str, ...]]:
    """Return the words related to a word by meaning, and those of the opposite meaning."""
    related = sorted(
        (relative for relative in relatives(word) if count_of(relative.word)),
        key=lambda relative: (-round(relative.strength, 1), -count_of(relative.word)),
    )
    return {
        kind: tuple(
            relative.word
            for relative in related
            if (relative.relation == "antonym") is (kind == "opposite")
        )
        for kind in ("meaning", "opposite")
    }


@lru_cache(maxsize=MOST_WORDS)
def _near_in_verse(poet: WordWriter, word: str) -> tuple[str, ...]:
    """Return the words that go with a word in a poet's verse, the nearest first."""
    theme = theme_words(word.split(), poet.vocabulary)
    if not theme.ids:
        return ()
    nearness = nearness_to(theme, poet)
    values = nearness.values
    first = poet.vocabulary.SPECIALS
    order = np.argsort(-values[first:], kind="stable")[: 2 * WORDS_TRIED] + first
    return tuple(
        other
        for number in order.tolist()
        if values[number] >= LEAST_NEARNESS and number not in nearness.relations
        for other in (poet.vocabulary.token(number),)
        if other.isalpha() and other not in theme.words
    )


def _expected(poet: WordWriter, slot: Slot) -> tuple[str, ...]:
    """Return the words that a poet expects in a slot, the likeliest first."""
    texts = slot.draft.texts
    before = tuple(texts[number] for number in sorted(texts) if number < slot.line)
    return _expected_at(poet, before, slot.text[: slot.start], slot.text[slot.end :])


@lru_cache(maxsize=MOST_SLOTS)
def _expected_at(
    poet: WordWriter, lines: tuple[str, ...], before: str, after: str
) -> tuple[str, ...]:
    numbers = expected_words(poet, lines, before, after)[: 8 * WORDS_TRIED]
    likeliest = map(poet.vocabulary.token, numbers)
    return tuple(word for word in likeliest if word.isalpha() and standing_of(word) == "word")


def _opened(poet: str | Path | WordWriter | CharacterWriter) -> WordWriter | CharacterWriter:
    """Return a poet, opened."""
    if isinstance(poet, WordWriter | CharacterWriter):
        return poet
    path = Path(resolve(poet))
    return _read(path, (path / "model.safetensors").stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> WordWriter | CharacterWriter:  # noqa: ARG001  part of the key
    return load(path)


# Facts about the word


def _said(word: str, slot: Slot | None) -> str:
    """Return how a word is said, in words: "one syllable, on the beat"."""
    said = default().pronounce(word) if word else ()
    if not said:
        return ""
    told = syllables_in_words(said[0])
    marks = _marks(slot)[1] if slot else []
    if len(marks) == 1:
        told += ", on the beat" if marks == ["+"] else ", off the beat"
    return told + (" (guessed)" if said[0].guessed else "")


def _marks(slot: Slot) -> tuple[list[int], list[str]]:
    """Return the beats of a slot's word, from 1, and the marks of its syllables."""
    measure = slot.fit.measure
    if not slot.word or not isinstance(measure, MetreAutomaton):
        return [], []
    return beats_of(checker().reader.read(slot.text, measure), slot.start, slot.end)


def _place(slot: Slot) -> str:
    """Return where a slot is, in words: "end of line 6, on the fifth beat, rhyme D"."""
    if slot.ends_line:
        parts = [f"end of line {slot.line}"]
    elif slot.word:
        parts = [f"line {slot.line}, word {slot.index + 1}"]
    else:
        word = slot.words[slot.index]
        parts = [f"line {slot.line}, before *{word}*"]
    beats, marks = _marks(slot)
    if marks:
        parts.append(beat_in_words(beats))
    if slot.ends_line and slot.fit.letter:
        partner = slot.partner
        parts.append(f"rhyme {slot.fit.letter}" + (f" with *{partner.word}*" if partner else ""))
    return ", ".join(parts)
