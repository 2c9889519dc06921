"""Prosody of one poet: its words' sounds, the lines that they make, and their rhymes.

In: a `LineDecoder`. Out: `Prosody`, made once per poet because it is the same for every poem.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches

import numpy as np

from quatrain.errors import SettingsError
from quatrain.form import Checker, Form, MetreAutomaton, Rhythm, count_syllables, parse_metre
from quatrain.write.bias import Agreement, Diction, Registers
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.line.automaton import LineAutomaton, Measure
from quatrain.write.options import WriteOptions
from quatrain.write.user_text import rows_of
from quatrain.write.word_classes import PUNCTUATION, Mask, WordClasses

SPARE_RHYMES = 3
"""Rhymes that a line's last word should have beyond those needed, so that the poet has a choice."""

MANY_SPARE_RHYMES = 30
"""Rhymes beyond those needed, for poets that write forwards.

The rhyme word is drawn last there, and must suit whatever the line says before it.
"""

MOST_TRIED = 4000
"""Frequent words that are tried as rhymes one by one where no word has the same sounds."""

_SIMILAR_SPELLING = 0.8
"""Similarity, by `difflib`, from which a spelling is worth suggesting: *oceen* and *ocean*."""

_CONJUNCTIONS = ("and", "or", "nor")
"""Words that join two alike, and seldom a word to itself."""

_PREFIXES = frozenset({"-", "‘"})
"""Tokens that belong to the word after them."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Prosody:
    """Sounds, metres and rhymes of one poet's words.

    Args:
        decoder: the poet.
        diction: which of its words are left out, or preferred; by default none.
        checker: checks finished poems against their form; by default a new one.

    Attributes:
        checker, diction: as given.
        rhythm: hears whether a line sounds like its metre.
        word_classes: classes of the poet's words.
        typesetter: sets tokens as text.
        registers: bias against mixing kinds of English.
        conjunctions: ids of *and*, *or* and *nor*.
        agreement: bias against words that do not go together.
    """

    def __init__(
        self,
        decoder: LineDecoder,
        diction: Diction | None = None,
        checker: Checker | None = None,
    ) -> None:
        self.checker = checker or Checker()
        self.rhythm = Rhythm(self.checker.ear)
        self.diction = diction or Diction.of("any", decoder.vocabulary)
        self.word_classes = WordClasses(
            decoder.vocabulary,
            self.checker.reader,
            decoder.writable & ~self.diction.unwritten,
            past_d=self.diction.past_d,
            user_words=decoder.user_words,
        )
        self.typesetter = decoder.typesetter
        self.registers = Registers(self.word_classes)
        self.conjunctions = frozenset(
            decoder.vocabulary.numbers[word]
            for word in _CONJUNCTIONS
            if word in decoder.vocabulary.numbers
        )
        self.agreement = Agreement(self.word_classes, backwards=decoder.backwards)
        self._backwards = decoder.backwards
        self._automata: dict[tuple[Measure, int, bool], LineAutomaton] = {}
        self._rhymes: dict[tuple[str, frozenset[str]], Mask] = {}
        self._rich_rhymes: dict[int, Mask] = {}

    def automaton(self, measure: Measure, *, falling: bool = True) -> LineAutomaton:
        """Return the automaton of a metre or a number of syllables; cached.

        Args:
            measure: the metre, the number of syllables, or None.
            falling: as of `LineAutomaton`; matters only where feminine endings are allowed.
        """
        falling |= not isinstance(measure, MetreAutomaton) or "feminine" not in measure.allowed
        # A word that you gave yourself may have added a class since: that needs a new automaton.
        key = (measure, len(self.word_classes.classes), falling)
        automaton = self._automata.get(key)
        if automaton is None:
            automaton = self._automata[key] = LineAutomaton(
                measure, self.word_classes, backwards=self._backwards, falling=falling
            )
        return automaton

    def written_form(self, form: Form, options: WriteOptions) -> Form:
        """Return a form that leaves the metre open in the one that is asked for.

        If none is, it is that of the lines that are given; without any, the form's usual one.

        Raises:
            SettingsError: the form has a metre of its own, or what is asked for is none.
        """
        if options.metre:
            metre = parse_metre(options.metre)
            if metre is None or not form.one_metre:
                raise SettingsError(
                    "setting 'metre'",
                    repr(options.metre),
                    "a metre such as 'iambic 4'" if form.one_metre else "none",
                    "Correct the value." if form.one_metre else "Leave it out.",
                    message=""
                    if form.one_metre
                    else f"The form {form.name} doesn't leave its metre open.",
                )
            return form.in_metre(*metre)
        given = [text for text in options.fixed.values() if text.strip()]
        given += [row for row in rows_of(options.start)[:-1] if row.strip()]
        return self.checker.settle_metre(given, form)

    def opening(self, words: list[str]) -> list[str]:
        """Return the opening words of a line, about half of its syllables, without a last mark."""
        ear, typeset = self.checker.ear, self.typesetter.line
        ends = [
            place
            for place in range(1, len(words))
            if words[place][0].isalpha() and words[place - 1] not in _PREFIXES
        ]
        half = count_syllables(typeset(words), ear).total / 2
        end = min(
            ends, key=lambda place: abs(count_syllables(typeset(words[:place]), ear).total - half)
        )
        while words[end - 1] in PUNCTUATION:
            end -= 1
        return words[:end]

    def describe_breach(self, text: str, measure: Measure) -> str:
        """Return how a line breaks its metre or number of syllables; empty if it keeps it."""
        return describe_breach(text, measure, self.checker)

    def rhymes_with(self, line: str, kinds: Collection[str]) -> Mask:
        """Return the words that make a rhyme of some kinds with a line, (vocabulary,); cached."""
        last = last_word(line)
        key = (last, frozenset(kinds))
        mask = self._rhymes.get(key)
        if mask is None:
            word_classes = self.word_classes
            rhymes = self._filter_rhymes(last, word_classes.words_sounding_like(last), kinds)
            if not rhymes:
                frequent = np.flatnonzero(word_classes.may_end_line)[:MOST_TRIED].tolist()
                rhymes = self._filter_rhymes(last, frequent, kinds)
            mask = self._rhymes[key] = word_classes.mask(rhymes)
        return mask

    def rhyme_group(self, word: str) -> set[int]:
        """Return the ids of a word and of those that sound like it from the last stress on."""
        word_classes = self.word_classes
        return {word_classes.classify(word).number, *word_classes.words_sounding_like(word)}

    def sounds_unlike(self, line: str) -> Mask:
        """Return the words that don't sound like a line's end from the last stress on."""
        return ~self.word_classes.mask(self.word_classes.words_sounding_like(last_word(line)))

    def _filter_rhymes(self, last: str, numbers: list[int], kinds: Collection[str]) -> list[int]:
        """Return those of some words that make a rhyme of some kinds with a word."""
        token = self.word_classes.vocabulary.token
        rhyme = self.checker.rhymer.rhyme_lines
        return [number for number in numbers if rhyme(last, token(number)).kind in kinds]

    def rich_rhymes(self, needed: int) -> Mask:
        """Return the words that at least `needed` others rhyme with, (vocabulary,); cached.

        Preferred are words with some rhymes more than needed.
        """
        if needed not in self._rich_rhymes:
            word_classes = self.word_classes
            distinct = {
                rhyme_id: len(set(word_classes.homophone_ids[numbers].tolist()))
                for rhyme_id, numbers in word_classes.words_by_rhyme.items()
            }
            spares = (SPARE_RHYMES, 1, 0)
            for spare in spares if self._backwards else (MANY_SPARE_RHYMES, *spares):
                rich = [rhyme_id for rhyme_id, count in distinct.items() if count > needed + spare]
                mask = np.isin(word_classes.rhyme_ids, rich)
                if mask.any():
                    break
            self._rich_rhymes[needed] = mask
        return self._rich_rhymes[needed]

    def words_starting_with(self, letter: str) -> Mask:
        """Return the words that begin with a letter, (vocabulary,)."""
        vocabulary = self.word_classes.vocabulary
        is_word = self.word_classes.is_word
        return self.word_classes.mask(
            number
            for number, token in enumerate(vocabulary.words, vocabulary.SPECIALS)
            if token[0] == letter and is_word[number]
        )

    def suggest_spellings(self, words: Sequence[str]) -> str:
        """Return a sentence with known words that are spelled like some unknown ones, or nothing.

        The sentence starts with a space.
        """
        vocabulary, is_word = self.word_classes.vocabulary, self.word_classes.is_word
        known = [
            token
            for number, token in enumerate(vocabulary.words, vocabulary.SPECIALS)
            if is_word[number]
        ]
        similar = [
            match
            for word in words
            for match in get_close_matches(word.lower(), known, n=2, cutoff=_SIMILAR_SPELLING)
        ]
        return f" Did you mean {' or '.join(map(repr, similar[:4]))}?" if similar else ""


def last_word(line: str) -> str:
    """Return the last word of a line of text, or its last number; empty if it has only marks."""
    return next(iter(_WORD.findall(line)[-1:]), "")


def describe_measure(measure: Measure) -> str:
    """Return a metre or a number of syllables in words."""
    if isinstance(measure, int):
        return f"{measure} syllable{'' if measure == 1 else 's'}"
    return str(measure)


def describe_breach(text: str, measure: Measure, checker: Checker) -> str:
    """Return how a line breaks its metre or number of syllables; empty if it keeps it."""
    if measure is None:
        return ""
    if isinstance(measure, int):
        count = count_syllables(text, checker.ear).total
        return "" if measure == count else describe_measure(count)
    return "; ".join(checker.reader.read(text, measure).breaches)
