"""Search for words by meaning, sound and metre together.

In: what a word should be near, rhyme with, and how it is stressed. Out: `WordMatch`es, the best
first. Each filter works alone or with the others. Meaning comes from `meaning` and a poet's words
(`write.near`), sound from `sound`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from quatrain.errors import PoetError, SettingsError
from quatrain.form import Form
from quatrain.meaning import look_up, relatives, similar_spellings
from quatrain.poet import tokens
from quatrain.records import Listing, RhymingWord, Verse, WordMatch
from quatrain.signatures import with_options
from quatrain.sound.frequency import words_by_frequency
from quatrain.sound.pronunciation.ear import default
from quatrain.sound.rhyme.search import rhyming_words
from quatrain.sound.rhyme.standing import standing_of
from quatrain.word_search.filters import WordFilters
from quatrain.word_search.offered import is_offered, usual_ways
from quatrain.write import WordWriter, load
from quatrain.write.near import nearness_to, theme_words
from quatrain.write.revise.word import WordRevision

LEAST_NEARNESS = 0.15
"""Nearness from which a word is near: below it are words that go with anything."""

UNKNOWN_WEIGHT = 0.75
"""Nearness of a synonym that the poet does not know, so that its verse says nothing of it.

The number is judgement: such a word stands above those that are only associated.
"""

ASSOCIATION = "association"
"""Relation of words that only go together in verse."""

LIMIT = 20
"""Most words found unless set otherwise."""

MOST_TRIED = 20_000
"""Words tried where only the metre is asked for, the most frequent first; takes half a second."""

_LEAST_COUNT = 3
"""Least count in the verse corpus of a word that rhymes, as `quatrain rhyme` has it."""


@dataclass(frozen=True)
class Place:
    """Place of a word in a draft: the words searched for have to fit it.

    Attributes:
        poem: the draft, in any shape that stands for a poem.
        line: number of the line, from 1.
        word: number of the word in the line, from 1, or the word itself.
        form: form that the draft keeps, if the poem does not name it.
    """

    poem: Verse
    line: int
    word: int | str
    form: Form | str | Path | None = None


@dataclass(frozen=True, kw_only=True)
class SearchOptions(WordFilters):
    """Filters of a search, and where it looks.

    Attributes:
        near: word or words that the meaning should be near; the poet need not know them.
        rhyme: word or phrase to rhyme with.
        stress: stresses that the word begins with, `01` for one like *delight*.
        syllables: number of syllables.
        kinds: kinds of rhyme that count.
        fits: place of a draft where the word has to keep the form.
        poet: word-level poet whose verse says what is near, and whose words may fit a draft.
        limit: most words to return.
    """

    fits: Place | None = None
    poet: str | Path = "verse"
    limit: int = LIMIT

    def __post_init__(self) -> None:
        """Check every filter, and that there is one."""
        super().__post_init__()
        if not (self.near or self.rhyme or self.stress or self.syllables is not None or self.fits):
            raise SettingsError(
                "the search",
                "no filter",
                "at least one",
                "Say what to look for, for example: quatrain words --near winter --rhyme sea",
                message="There is nothing to look for.",
            )
        if type(self.limit) is not int or self.limit < 1:
            raise SettingsError(
                "setting 'limit'",
                repr(self.limit),
                "a whole number, 1 or more",
                "Correct the value.",
            )


@with_options(SearchOptions)
def find_words(options: SearchOptions) -> Listing[WordMatch]:
    """Return words by meaning, sound and metre: those that pass every filter you set.

    Example:
        for match in quatrain.find_words(near="winter", rhyme="sea", stress="01"):
            print(match.word, match.stress, match.relation)

    Returns:
        The words, the best first: the nearest in meaning, where a likelier rhyme counts too; then
        as in `rhymes_with`; without both, the most frequent in verse.

    Raises:
        SettingsError: no filter is set, one is out of range, `near` is unknown, or no word passes
            all filters; the error says how many pass each.
        FormError: there is no such form, or no word at all fits its place.
        PoetError: there is no such poet, or it is a character-level one.
    """
    return Listing(WordSearch(options).matches())


class WordSearch:
    """A search for words.

    Args:
        options: the filters, and where to look.

    Attributes:
        stand_ins: word of `near` that the poet does not know -> known words in its place; none if
            its relations alone count.

    Raises:
        SettingsError: `near` is unknown.
        FormError: there is no such form, or no word at all fits its place.
        PoetError: there is no such poet, or it is a character-level one.
    """

    def __init__(self, options: SearchOptions) -> None:
        self._options = options
        self._near, self._rhyme, self._place = options.near, options.rhyme, options.fits
        self.stand_ins: dict[str, tuple[str, ...]] = {}
        self._nearness = self._near_words() if self._near else {}
        self._revision: WordRevision | None = None
        self._fitting: frozenset[str] = frozenset()
        place = self._place
        if place is not None:
            self._revision = self._poet.word_revision(
                place.poem, place.line, place.word, form=place.form
            )
            self._fitting = self._revision.fitting_words()

    def matches(self) -> list[WordMatch]:
        """Return the words that pass every filter, the best first.

        Raises:
            SettingsError: none does.
        """
        matches = list(islice(self._matches(), self._options.limit))
        if not matches:
            raise self._nothing_matches()
        return [
            replace(match, definition=senses[0].definition)
            if (senses := look_up(match.word))
            else match
            for match in matches
        ]

    @cached_property
    def _poet(self) -> WordWriter:
        """The poet, opened once.

        Raises:
            PoetError: there is no such poet, or it is a character-level one.
        """
        poet = load(self._options.poet)
        if not isinstance(poet, WordWriter):
            raise PoetError(
                str(self._options.poet),
                "a character-level poet",
                "a word-level poet",
                "Take one such as 'verse'.",
                message=f"{self._options.poet} is a character-level poet and doesn't know words.",
            )
        return poet

    def _keeps_form(self, word: str) -> bool:
        """Return whether the draft keeps its form with a word; the poet has to know it."""
        return (
            self._revision is not None and word in self._fitting and self._revision.keeps_form(word)
        )

    # Candidates

    def _matches(self) -> Iterator[WordMatch]:
        """Yield the words that pass every filter, the best first, without definitions."""
        for word, rhyming in self._candidates():
            ways = usual_ways(default().pronounce(word))
            if rhyming is not None and rhyming.rhyme.pronunciations:
                ways = [rhyming.rhyme.pronunciations[1]]
            said = next((way for way in ways if self._options.allows(way)), None)
            near, relation = self._nearness.get(word, (None, ""))
            if said is None or not (self._near or standing_of(word) == "word"):
                continue
            if self._revision and not self._keeps_form(word):
                continue
            if is_offered(word, only_associated=relation == ASSOCIATION):
                rhyme = rhyming.rhyme if rhyming else None
                yield WordMatch(word, said, near, relation, rhyme)

    def _candidates(self) -> Iterator[tuple[str, RhymingWord | None]]:
        """Yield the words that pass the filters of meaning and rhyme, the best first."""
        if not self._rhyme:
            words = self._nearness or words_by_frequency()[:MOST_TRIED]
            yield from ((word, None) for word in words)
            return
        among = self._nearness if self._near else None
        rhymes = {word.rhyme.second: word for word in self._rhymes(among)}
        if self._near:
            both = [word for word in self._nearness if word in rhymes]
            both.sort(key=lambda word: -self._nearness[word][0] * rhymes[word].rhyme.probability)
            rhymes = {word: rhymes[word] for word in both}
        yield from rhymes.items()

    def _rhymes(self, among: Container[str] | None = None) -> list[RhymingWord]:
        """Return the words that rhyme as they are usually said, the best first; no phrases."""
        least = 1 if self._near else _LEAST_COUNT
        found = rhyming_words(self._rhyme, kinds=self._options.kinds, min_count=least, among=among)
        return [word for word in found if word.usual and " " not in word.rhyme.second]

    def _near_words(self) -> dict[str, tuple[float, str]]:
        """Return the words near those asked for: their nearness and relation, the nearest first.

        These are words of the poet, and relatives that it does not know.

        Raises:
            SettingsError: neither the poet nor the dictionary knows any of them.
        """
        vocabulary = self._poet.vocabulary
        asked = [token for token in tokens.line_tokens(self._near) if token[0].isalnum()]
        theme = theme_words(asked, vocabulary)
        near: dict[str, tuple[float, str]] = {}
        for relative in (relative for word in theme.bases for relative in relatives(word)):
            value = UNKNOWN_WEIGHT * relative.strength
            if value > near.get(relative.word, (0.0, ""))[0]:
                near[relative.word] = value, relative.relation
        if not theme.ids and not near:
            raise self._unknown(theme.words)
        nearness = nearness_to(theme, self._poet)
        for number, word in enumerate(vocabulary.words, vocabulary.SPECIALS):
            relation, _ = nearness.relations.get(number, (ASSOCIATION, 0.0))
            near[word] = float(nearness.values[number]), relation
        self.stand_ins = {**theme.stand_ins, **dict.fromkeys(theme.unknown, ())}
        ranked = sorted(near, key=lambda word: (-near[word][0], word))
        return {
            word: near[word]
            for word in ranked
            if near[word][0] >= LEAST_NEARNESS and word not in asked and word.isalpha()
        }

    # Errors

    def _unknown(self, unknown: Sequence[str]) -> SettingsError:
        similar = [other for word in unknown for other in similar_spellings(word, 2)]
        hint = f" Did you mean {' or '.join(map(repr, similar[:4]))}?" if similar else ""
        message = f"Neither the poet nor the dictionary knows {self._near!r}.{hint}"
        if not unknown:
            message = f"{self._near!r} has no word that carries meaning of its own."
        return SettingsError(
            "setting 'near'",
            repr(self._near),
            "a word that carries meaning and that the poet or the dictionary knows",
            "Take a word near it in meaning.",
            message=message,
        )

    def _nothing_matches(self) -> SettingsError:
        """Return the error of a search without a result: how many words pass each filter."""
        stress, syllables = self._options.stress, self._options.syllables
        metre = [f"stress {stress}"] if stress else []
        if syllables is not None:
            metre.append(f"{syllables} syllable{'' if syllables == 1 else 's'}")
        parts = []
        if self._near:
            parts.append(f"{len(self._nearness):,} words are near {self._near!r}")
        if self._rhyme:
            parts.append(f"{len(self._rhymes()):,} words rhyme with {self._rhyme!r}")
        if self._near and self._rhyme:
            parts.append(f"{sum(1 for _ in self._candidates()):,} do both")
        if self._place:
            place = f"line {self._place.line}, word {self._place.word}"
            parts.append(f"{len(self._fitting):,} of the poet's words fit {place}")
        if metre:
            parts.append(f"none of {'these' if parts else 'the words'} has {' and '.join(metre)}")
        elif self._place and len(parts) > 1:
            parts.append("no word passes all of this")
        return SettingsError(
            "the search",
            "no word that passes every filter",
            "filters that leave a word",
            "Leave one out, or take another word.",
            message=f"No word fits: {', '.join(parts)}.",
        )
