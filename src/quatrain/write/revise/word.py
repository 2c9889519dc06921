"""Revision of one word of a poem: the words that could replace it.

In: a poem in a form, and one word of it. Out: the poem with that word changed, once for each of
the words that keep the form and that the poet finds most likely. Only the line of the word and
those that it rhymes with have to keep the form: others may break it, or be empty in a draft.

Whether a word keeps the metre is checked once for each class of words (`word_classes`). Those that
do, and rhyme where they must, are ranked (`word_ranking`); the best are checked against the whole
form and scored over the whole poem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from quatrain.errors import FormError, SettingsError
from quatrain.form import ARTICLES, LIGHT_WORDS, NEVER_AFTER_ARTICLES, Form, MetreAutomaton
from quatrain.poet import WordPoet, tokens, words_in
from quatrain.records import Alternative, Finding, Poem
from quatrain.write.bias.blocklist import BLOCKED_WORDS
from quatrain.write.constrained.plan import plan
from quatrain.write.constrained.prosody import Prosody, describe_measure, last_word
from quatrain.write.options import WriteOptions
from quatrain.write.overlap import Guard
from quatrain.write.revise.lines import check_line, repeated_line, with_lines
from quatrain.write.revise.word_place import choose_place, find_places
from quatrain.write.revise.word_ranking import WordRanking
from quatrain.write.word_classes import ENDING_S, FINAL_MARKS, FIRST_WORD_CLASS, Mask

TO_POEM_END = 16
"""Words for which the whole poem is read, or twice as many as are asked for."""


class WordRevision:
    """One word of a poem, and the words that can replace it.

    Args:
        poet: the poet that weighs the words.
        prosody: its ear.
        poem: the poem; an empty line is one that a draft still lacks.
        form: its form, in the poem's variant and metre.
        line: number of the line, from 1.
        word: the word, or its number in the line, from 1.

    Attributes:
        poem, form, line: as given.
        place: the word in the line's text.
        places: number of each line that changes -> the word there; a refrain changes everywhere.

    Raises:
        SettingsError: the poem has no such line or word, or the word can't change alone.
    """

    def __init__(
        self, poet: WordPoet, prosody: Prosody, poem: Poem, form: Form, line: int, word: int | str
    ) -> None:
        check_line(poem, line)
        self._poet, self._prosody, self.poem, self.form = poet, prosody, poem, form
        self._plans = plan(form, WriteOptions(form=form, lines=len(poem.lines)))
        self.line, self._plan = line, self._plans[line - 1]
        if self._plan.repeats is not None:
            raise repeated_line(line, self._plan.repeats + 1)
        self._text = poem.lines[line - 1].text
        places = find_places(self._text)
        index = choose_place(self._text, places, word)
        self.place = places[index]
        self._old = self.place.in_text(self._text)
        self._ends_line = index == len(places) - 1
        if self._ends_line and self._shares_last_word():
            raise SettingsError(
                "setting 'word'",
                f"{self._old!r}, which ends other lines too",
                "a word that may change alone",
                "Take another word of the line.",
            )
        self._measure = form.metre_of(line - 1) or form.syllables_of(line - 1)
        self._breaks_off = self._may_go_on(self._text)
        self.places = {line: self.place}
        for other in self._plans:
            if other.repeats == self._plan.number:
                repeated = find_places(poem.lines[other.number].text)
                if len(repeated) == len(places):  # else the form is broken there: see below
                    self.places[other.number + 1] = repeated[index]

    def _shares_last_word(self) -> bool:
        """Return whether the form ends other lines with the same word, as a sestina does."""
        return self._plan.ends_like is not None or any(
            other.ends_like == self._plan.number for other in self._plans
        )

    def alternatives(
        self, count: int, avoid: Sequence[str], guards: Sequence[Guard]
    ) -> list[Alternative]:
        """Return the poem with other words, the likeliest first.

        Args:
            count: most alternatives to return.
            avoid: words that are not wanted.
            guards: indexes of texts that no run of words is copied from.

        Raises:
            FormError: no other word fits.
        """
        tokens_that_fit = self._first_that_fit(count, avoid, guards)
        poet = self._poet
        poems = [with_lines(self.poem, self._texts(token)) for token in tokens_that_fit]
        read = list(map(_without_empty_lines, poems))
        encoded = list(map(poet.encode, read))
        nats = [float(surprisals.sum()) for surprisals in poet.surprisals(encoded)]
        # What the letters of unknown words cost, which is the same in all.
        spelling = poet.evaluate(read[0]).nats - nats[0]
        before = poet.evaluate(_without_empty_lines(self.poem)).nats
        alternatives = [
            Alternative(
                replace(poem, form=self.form.name, seed=None, settings={}),
                self._as_written(token, self.line),
                surprisal + spelling,
                surprisal + spelling - before,
            )
            for poem, token, surprisal in zip(poems, tokens_that_fit, nats, strict=True)
        ]
        return sorted(alternatives, key=lambda alternative: alternative.surprisal)[:count]

    def fitting_words(self) -> frozenset[str]:
        """Return the poet's words that keep the metre here, and rhyme where they must.

        `keeps_form` says of one of them whether the whole poem keeps its form with it.

        Raises:
            FormError: no other word fits.
        """
        token = self._poet.vocabulary.token
        return frozenset(map(token, np.flatnonzero(self._candidates(())).tolist()))

    def _first_that_fit(
        self, count: int, avoid: Sequence[str], guards: Sequence[Guard]
    ) -> list[str]:
        """Return the first words of the ranking with which the whole poem keeps its form."""
        line = sum(bool(other.text) for other in self.poem.lines[: self.line])
        example = _without_empty_lines(self.example)
        ranking = WordRanking(self._poet, example, line, self.place.token)
        fitting: list[str] = []
        for number in ranking.ranked(self._candidates(avoid), 2 * count):
            token = self._poet.vocabulary.token(number)
            if self.keeps_form(token, guards):
                fitting.append(token)
            if len(fitting) >= max(TO_POEM_END, 2 * count):
                break
        if not fitting:
            raise self._nothing_fits(
                "keeps the whole form" + (" and copies nothing" if guards else "")
            )
        return fitting

    # The poem with another word

    @property
    def example(self) -> Poem:
        """The poem with some other word that is one token, to count tokens by."""
        word = next(word for word in self._poet.vocabulary.words if word.isalpha())
        return with_lines(self.poem, self._texts(word))

    def _texts(self, token: str) -> dict[int, str]:
        """Return the lines with another word, by number."""
        texts = {}
        for line, place in self.places.items():
            text = self.poem.lines[line - 1].text
            texts[line] = text[: place.start] + self._as_written(token, line) + text[place.end :]
        return texts

    def _as_written(self, token: str, line: int) -> str:
        """Return a word as it is written in a line in place of the old one."""
        text, place = self.poem.lines[line - 1].text, self.places[line]
        word = self._prosody.typesetter.line(["a", token]).split()[-1]
        before = tokens.line_tokens(text[: place.start])
        begins = not any(part[0].isalnum() for part in before) or before[-1] in FINAL_MARKS
        if begins and text[place.start].isupper():
            word = word[0].upper() + word[1:]
        return word

    # Which words fit

    def _candidates(self, avoid: Sequence[str]) -> Mask:
        """Return the words that fit the metre and the rhyme, (vocabulary,).

        Raises:
            FormError: there are none; the message says why.
        """
        word_classes = self._prosody.word_classes
        numbers = self._poet.vocabulary.numbers
        line = tokens.line_tokens(self._text)
        near = line[max(0, self.place.token - 1) : self.place.token + 2]
        # Not the word itself, nor its neighbours, nor the line's other words of meaning; nor what
        # makes *the it* with the word before or after.
        excluded = {*near, self._old.lower(), *(set(line) - LIGHT_WORDS - ARTICLES)}
        if ARTICLES.intersection(line[: self.place.token][-1:]):
            excluded |= NEVER_AFTER_ARTICLES
        if NEVER_AFTER_ARTICLES.intersection(line[self.place.token + 1 :][:1]):
            excluded |= ARTICLES
        fits = ~word_classes.mask(numbers[word] for word in excluded if word in numbers)
        fits &= self._in_metre()
        if not fits.any():
            raise self._nothing_fits(f"keeps {describe_measure(self._measure)} there")
        if self._ends_line:
            fits &= word_classes.may_end_line
            for partner in self._rhyming_lines():
                fits &= self._prosody.rhymes_with(partner, self.form.rhymes)
                if not fits.any():
                    rhyme = last_word(partner) or partner
                    raise self._nothing_fits(f"rhymes with {rhyme!r} and keeps the metre")
        unwanted = {*map(_only_word, avoid), *BLOCKED_WORDS}
        fits &= ~word_classes.mask(numbers[word] for word in unwanted if word in numbers)
        if not fits.any():
            raise self._nothing_fits("fits there, except words to avoid")
        return np.asarray(fits)

    def _in_metre(self) -> Mask:
        """Return the words whose class keeps the metre, (vocabulary,)."""
        word_classes = self._prosody.word_classes
        ending = self.place.ending
        is_clipped = self._is_clipped()
        fitting: list[int] = []
        keeps: dict[object, bool] = {}  # by sound
        ids, examples = np.unique(word_classes.class_ids, return_index=True)
        for class_id, example in zip(ids.tolist(), examples.tolist(), strict=True):
            if class_id < FIRST_WORD_CLASS:
                continue
            word_class = word_classes.classes[class_id - FIRST_WORD_CLASS]
            if word_class.clipped != is_clipped:
                continue
            if ending and not word_class.endings[word_classes.class_id_of(ending) - ENDING_S]:
                continue
            sound = word_class.joined_signature if ending else word_class.signature
            if sound not in keeps:
                text = self._texts(self._poet.vocabulary.token(example))[self.line]
                keeps[sound] = self._keeps_metre(text)
            if keeps[sound]:
                fitting.append(class_id)
        return np.isin(word_classes.class_ids, fitting)

    def _is_clipped(self) -> bool:
        """Return whether the old word follows an apostrophe, like *tis* in *'tis*."""
        word_classes = self._prosody.word_classes
        class_id = word_classes.class_id_of(self._old.lower())
        if class_id < FIRST_WORD_CLASS:
            return False
        return word_classes.classes[class_id - FIRST_WORD_CLASS].clipped

    def _rhyming_lines(self) -> list[str]:
        """Return the nearest lines before and after it that it must rhyme with."""
        numbers = [
            number
            for number in self._same_rhyme
            if number not in self.places and last_word(self.poem.lines[number - 1].text)
        ]
        before = [number for number in numbers if number < self.line][-1:]
        after = [number for number in numbers if number > self.line][:1]
        return [self.poem.lines[number - 1].text for number in (*before, *after)]

    # Checks

    def _keeps_metre(self, text: str) -> bool:
        """Return whether the line keeps its metre; if it breaks off, whether it still may."""
        if isinstance(self._measure, MetreAutomaton):  # faster than to say how it is broken
            kept = self._prosody.checker.reader.cost(text, self._measure) is not None
        else:
            kept = not self._prosody.describe_breach(text, self._measure)
        if kept:
            return True
        return self._breaks_off and self._may_go_on(text)

    def _may_go_on(self, text: str) -> bool:
        """Return whether a line is too short for its metre, but may still become one that fits."""
        measure, reader = self._measure, self._prosody.checker.reader
        return isinstance(measure, MetreAutomaton) and reader.may_go_on(text, measure)

    def keeps_form(self, token: str, guards: Sequence[Guard] = ()) -> bool:
        """Return whether a word keeps the form here, and no run of words with it is copied.

        What breaks the form elsewhere, and this word can't mend, doesn't count.
        """
        texts = self._texts(token)
        poem = with_lines(self.poem, texts)
        broken = {(finding.line, finding.asked) for finding in self._broken(poem)}
        if self._breaks_off and self._may_go_on(texts[self.line]):
            broken.discard((self.line, "metre"))
            broken.discard((self.line, "rhyme"))
        if not self._has_rhyme_before:
            broken.discard((self.line, "rhyme"))
        if any(line in self.places for line, _ in broken):
            return False
        if self._ends_line and ((self._next_rhyme, "rhyme") in broken or broken - self._faults):
            return False
        return not any(self._copies(poem, line, guard) for line in texts for guard in guards)

    def _broken(self, poem: Poem) -> list[Finding]:
        """Return what breaks the form in some lines."""
        form = replace(self.form, variants=())
        judged = self._prosody.checker.judge([line.text for line in poem.lines], form)
        return [finding for finding in judged.broken if finding.line]

    @cached_property
    def _faults(self) -> set[tuple[int, str]]:
        """Number of the line and what is asked, of all that breaks the form now."""
        return {(finding.line, finding.asked) for finding in self._broken(self.poem)}

    @cached_property
    def _same_rhyme(self) -> list[int]:
        """Numbers of the other lines with the rhyme letter of the word's line."""
        letter = self._plan.letter
        others = (other for other in self._plans if letter and other.letter == letter)
        return [other.number + 1 for other in others if other.number + 1 != self.line]

    @cached_property
    def _has_rhyme_before(self) -> bool:
        """Whether the nearest written line before the word's with its rhyme letter has a word."""
        texts = [self.poem.lines[n - 1].text for n in self._same_rhyme if n < self.line]
        return bool(last_word(next(filter(None, reversed(texts)), "")))

    @cached_property
    def _next_rhyme(self) -> int:
        """Number of the next line with a word and the line's rhyme letter; 0 if there is none."""
        later = (n for n in self._same_rhyme if n > self.line)
        return next((n for n in later if last_word(self.poem.lines[n - 1].text)), 0)

    def _copies(self, poem: Poem, line: int, guard: Guard) -> bool:
        """Return whether some run with the new word in it is copied."""
        before = words_in("\n".join(other.text for other in poem.lines[: line - 1]))
        text, start = poem.lines[line - 1].text, self.places[line].start
        before += words_in(text[:start])
        rest = words_in("\n".join([text[start:], *(other.text for other in poem.lines[line:])]))
        return guard.copies([*before[-guard.longest :], *rest[: guard.longest + 1]])

    def _nothing_fits(self, demand: str) -> FormError:
        """Return the error of a demand that no other word meets."""
        return FormError(
            f"line {self.line}, {self._old!r}",
            f"no other word among this poet's {len(self._poet.vocabulary.words):,} that {demand}",
            "one that does",
            "Revise the whole line, or take a poet with more words.",
            message=f"No word can replace {self._old!r} in line {self.line}: none of this poet's "
            f"{len(self._poet.vocabulary.words):,} {demand}.",
        )


def _only_word(text: str) -> str:
    """Return the one word among the tokens of a text, like *tis* of *'tis*; else nothing."""
    words = [token for token in tokens.line_tokens(text) if token[0].isalnum()]
    return words[0] if len(words) == 1 else ""


def _without_empty_lines(poem: Poem) -> Poem:
    """Return a poem without the lines that a draft still lacks."""
    stanzas = (tuple(line for line in stanza if line.text) for stanza in poem.stanzas)
    return replace(poem, stanzas=tuple(filter(None, stanzas)))
