"""The constraints of a whole poem: what each line has to satisfy, and whether any line can.

In: a form, options, a decoder and its prosody. Out: a `LineConstraint` for the next line of a poem,
or the reason why no line is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from quatrain.errors import FormError
from quatrain.form import ARTICLES, FULL_RHYMES, LIGHT_WORDS, MAX_DISTANCE, Form
from quatrain.poet import tokens
from quatrain.write.bias import BLOCKED_WORDS
from quatrain.write.constrained import fixed_text, user_words
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.line.automaton import Measure
from quatrain.write.constrained.line.constraint import LineConstraint, LineRequirements
from quatrain.write.constrained.plan import NO_CONTEXT, LinePlan, PoemContext, plan
from quatrain.write.constrained.poem_state import PoemState
from quatrain.write.constrained.prosody import Prosody, describe_measure, last_word
from quatrain.write.options import WriteOptions
from quatrain.write.word_classes import FINAL_MARKS, MARK, PUNCTUATION, UNUSABLE, Mask

_CONNECTIVES = frozenset({"and", "but", "or", "nor", "than", "which", "whom"})
"""Words that continue something: no poem begins with one, if it may begin otherwise."""

JOINING_RHYMES = FULL_RHYMES | {"promoted", "identical"}
"""Kinds of rhyme that lines of different letters don't make, in any pronunciation of their words.

They are those that a form accepts unless it says otherwise, and words that sound alike.
"""


class PoemConstraints:
    """All demands on a poem's lines, and the words that meet them.

    Args:
        decoder: the poet.
        prosody: its prosody.
        form: the form.
        options: further demands on the poem.
        context: the poem around the lines, if it is revised.

    Attributes:
        vocabulary: the words that lines are made of.
        plans: of the lines.
        fixed: tokens of the text that you give for each line.
        include: numbers of the words to include.
        is_content: words that get a bias once the poem has them, (vocabulary,).
        once_a_line: words that get one once the line has them: articles too, (vocabulary,).

    Raises:
        SettingsError: options contradict the form or each other, or name unknown words.
        FormError: text that was given breaks the form.
    """

    def __init__(
        self,
        decoder: LineDecoder,
        prosody: Prosody,
        form: Form,
        options: WriteOptions,
        context: PoemContext = NO_CONTEXT,
    ) -> None:
        self._decoder, self._prosody, self._form, self._options = decoder, prosody, form, options
        self.vocabulary = decoder.vocabulary
        self.plans = context.applied_to(plan(form, options))
        self._leaves_rhyme_open = not any(plan.letter or plan.unrhymed for plan in self.plans)
        self.fixed = [fixed_text.tokenize(line_plan) for line_plan in self.plans]
        fixed_text.check(self.plans, self.fixed, self._form, prosody, decoder.alphabet)
        avoided = [tokens.line_tokens(word) for word in options.avoid]
        # What must not occur and is several tokens, as *to-day*.
        self._avoided_phrases = [parts for parts in avoided if len(parts) > 1]
        self._usable = self._usable_words()
        self._allowed = self._without(parts[0] for parts in avoided if len(parts) == 1)
        self.include = [
            user_words.number_to_include(word, decoder, prosody) for word in options.include
        ]
        self._include_gains = {
            number: user_words.include_gain(number, decoder, options) for number in self.include
        }
        vocabulary, is_word = decoder.vocabulary, prosody.word_classes.is_word
        names = [vocabulary.token(number) for number in range(vocabulary.size)]
        self._is_final_mark = np.array([name in FINAL_MARKS for name in names])
        self._may_open_poem = is_word & np.array([name not in _CONNECTIVES for name in names])
        is_light = np.array([name in LIGHT_WORDS for name in names])
        self.once_a_line = np.asarray(is_word & ~is_light)
        self.is_content = self.once_a_line & [name not in ARTICLES for name in names]

    def counted(self, word_ids: Iterable[int]) -> list[int]:
        """Return those of some words that get a bias when they come again."""
        return [number for number in word_ids if self.is_content[number]]

    def measure(self, number: int) -> Measure:
        """Return the metre of a line, or its number of syllables, or None."""
        return fixed_text.measure_of(self._form, number)

    def _usable_words(self) -> Mask:
        """Return the tokens that can stand in verse, without slurs unless you gave them.

        Words that only a user can give stand nowhere else.
        """
        numbers = self._decoder.vocabulary.numbers
        asked_for = {token for fixed in self.fixed for part in fixed for token in part}
        asked_for |= {word.lower() for word in self._options.include}
        asked_for |= set(tokens.line_tokens(self._options.about))
        blocked = (BLOCKED_WORDS - asked_for) & numbers.keys()
        word_classes = self._prosody.word_classes
        usable = word_classes.class_ids != UNUSABLE
        unusable = {numbers[word] for word in (*blocked, *self._decoder.user_words)}
        return np.asarray(usable & ~word_classes.mask(unusable))

    def _without(self, avoided: Iterable[str]) -> Mask:
        """Return the usable tokens without some words, (vocabulary,)."""
        numbers, allowed = self._decoder.vocabulary.numbers, self._usable.copy()
        for word in avoided:
            if word in numbers:
                allowed[numbers[word]] = False
        return allowed

    def has_avoided_phrase(self, words: Sequence[str]) -> bool:
        """Return whether tokens that must not occur stand in a line one after another."""
        return self._prosody.diction.has_phrase(words) or any(
            list(words[place : place + len(parts)]) == list(parts)
            for parts in self._avoided_phrases
            for place in range(len(words) - len(parts) + 1)
        )

    def line_constraint(self, poem: PoemState, number: int, *, without: str = "") -> LineConstraint:
        """Return what a line must be.

        Args:
            poem: as far as it is written.
            number: of the line, from 0.
            without: name of a demand to ignore: `rhyme`, `acrostic`, `include`, `avoid` or `metre`.
                Used to find out which demand makes a line impossible.
        """
        line_plan, fixed = poem.plans[number], self.fixed[number]
        classify = self._prosody.word_classes.classify
        begins = tuple(classify(token) for token in fixed.begins)
        ends = tuple(classify(token) for token in fixed.ends)
        first = None if begins else self._first_words(line_plan, without)
        last = None if ends or without == "rhyme" else self._last_words(poem, line_plan)
        marks, must_be_marked = self._end_marks(poem, line_plan)
        include = None
        allowed = self._usable if without == "avoid" else self._allowed
        if line_plan.need and without != "include":
            include = self._decoder.vocabulary.numbers[line_plan.need]
        backwards = self._decoder.backwards
        requirements = LineRequirements(
            allowed=allowed,
            first=last if backwards else first,
            leading_marks=marks if backwards else None,
            last=first if backwards else last,
            trailing_marks=None if backwards else marks,
            must_end_marked=must_be_marked and not ends,
            include=include,
            include_gain=self._include_gains.get(include or 0, 0.0),
            opening=ends[::-1] if backwards else begins,
            closing=begins[::-1] if backwards else ends,
        )
        measure = None if without == "metre" else self.measure(number)
        automaton = self._prosody.automaton(measure, falling=not line_plan.letter or bool(ends))
        return LineConstraint(automaton, self._prosody.word_classes, requirements)

    def _first_words(self, line_plan: LinePlan, without: str) -> Mask | None:
        """Return the words that a line may begin with in reading order, or None for any."""
        mask = None
        if line_plan.initial and without != "acrostic":
            mask = self._prosody.words_starting_with(line_plan.initial)
        if line_plan.number == 0:
            openers = self._may_open_poem if mask is None else self._may_open_poem & mask
            mask = openers if (openers & self._allowed).any() else mask
        return mask

    def _end_marks(self, poem: PoemState, line_plan: LinePlan) -> tuple[Mask | None, bool]:
        """Return the marks that may end a line, (vocabulary,), None for any, and if one must.

        A poem ends in a full stop or the like if the poet's verse does, or if at least half of its
        lines end in a mark.
        """
        if line_plan.number < len(self.plans) - 1 and line_plan.ends_sentence is None:
            return None, False
        if line_plan.ends_sentence is False:
            return ~self._is_final_mark, False
        is_mark = self._prosody.word_classes.class_ids == MARK
        available = bool((self._is_final_mark & self._allowed & is_mark).any())
        there = [line for line in poem.lines if line]
        marked = sum(line[-1] in PUNCTUATION for line in there)
        half = 0 < len(there) <= 2 * marked
        must = line_plan.ends_sentence or self._decoder.ends_in_final_mark or half
        return self._is_final_mark, must and available

    def _last_words(self, poem: PoemState, line_plan: LinePlan) -> Mask:
        """Return the words that a line may end in, in reading order, (vocabulary,)."""
        word_classes = self._prosody.word_classes
        shared = self._shared_end_word(poem, line_plan)
        if shared:
            return word_classes.mask([word_classes.classify(shared).number])
        ends = [
            final_word(line)
            for line, earlier_plan in zip(poem.lines, poem.plans, strict=False)
            if earlier_plan.repeats is None
        ]
        used = [word_classes.classify(end).number for end in ends if end]
        unused = word_classes.may_end_line & ~word_classes.mask(used)
        apart = unused & ~word_classes.mask(poem.joining_ends)
        unused = apart if apart.any() else unused
        for end in (*self._unrhymed_ends(poem, line_plan), *self._free_ends(poem, line_plan)):
            unlike = unused & self._prosody.sounds_unlike(end)
            unused = unlike if unlike.any() else unused
        if line_plan.letter is None:
            return np.asarray(unused)
        return self._rhyme_mask(poem, line_plan, unused, used)

    def _unrhymed_ends(self, poem: PoemState, line_plan: LinePlan) -> Iterator[str]:
        """Yield the lines, as far as they are known, that a line must not rhyme with."""
        number = line_plan.number
        for other in poem.plans[max(0, number - MAX_DISTANCE) : number + MAX_DISTANCE + 1]:
            if other.number == number or not (line_plan.unrhymed or other.unrhymed):
                continue
            end = poem.known_end(other)
            if not end and other.letter:  # it will rhyme with those of its letter
                ends = (poem.known_end(p) for p in poem.plans if p.letter == other.letter)
                end = next(filter(None, ends), "")
            if end:
                yield end

    def _free_ends(self, poem: PoemState, line_plan: LinePlan) -> Iterator[str]:
        """Yield the lines near a line, where the form leaves it open whether any of them rhyme.

        Under contrast a poet rhymes there about twice as often as without, and haiku and free verse
        seldom do (docs/decisions/0012-contrast.md has the counts).
        """
        if self._options.drawing.contrast and self._leaves_rhyme_open:
            for other in poem.plans[max(0, line_plan.number - MAX_DISTANCE) :][: 2 * MAX_DISTANCE]:
                end = poem.known_end(other)
                if end and other.number != line_plan.number:
                    yield end

    def makes_unwanted_rhyme(self, poem: PoemState, number: int, text: str) -> bool:
        """Return whether a line rhymes with one that it must not rhyme with."""
        full_rhyme = self._prosody.checker.rhymes.full_rhyme
        return any(full_rhyme(end, text) for end in self._unrhymed_ends(poem, poem.plans[number]))

    def joins_letters(self, poem: PoemState, number: int, text: str) -> bool:
        """Return whether a line rhymes with one of another letter in its stanza or near it.

        Letters that rhyme with each other already, in lines that you gave, may go on doing so.
        """
        line_plan, rhyme = poem.plans[number], self._prosody.checker.rhymer.rhyme_lines
        if line_plan.letter is None or line_plan.ends:
            return False
        ends = [
            (other.letter, poem.known_end(other))
            for other in poem.plans
            if other.letter and other.number != number and _are_near(line_plan, other)
        ]
        own = [end for letter, end in ends if end and letter == line_plan.letter]
        return any(
            rhyme(end, text).kind in JOINING_RHYMES
            and not any(rhyme(end, partner).kind in JOINING_RHYMES for partner in own)
            for letter, end in ends
            if end and letter != line_plan.letter
        )

    def _rhyme_mask(
        self, poem: PoemState, line_plan: LinePlan, unused: Mask, used: list[int]
    ) -> Mask:
        """Return the last words that fit a line's letter in the rhyme scheme, (vocabulary,).

        Args:
            poem: as far as it is written.
            line_plan: of the line.
            unused: last words that the poem does not have yet, (vocabulary,).
            used: last words that it has.
        """
        number = line_plan.number
        before, after = poem.partners(line_plan)
        if not before and not after:
            open_partners = sum(
                other.letter == line_plan.letter and other.number != number
                for other in poem.plans
                if other.repeats is None
            )
            return self._new_rhyme_mask(open_partners, unused, used)
        kinds, mask = self._form.rhymes, unused
        for end in (*before[-1:], *after[:1]):  # the form holds neighbours to their rhyme
            mask = mask & self._prosody.rhymes_with(end, kinds)
        for end in (*before[:-1], *after[1:]):  # rhymes with the others are welcome, if possible
            preferred = mask & self._prosody.rhymes_with(end, kinds)
            mask = preferred if preferred.any() else mask
        return np.asarray(mask)

    def _new_rhyme_mask(self, open_partners: int, unused: Mask, used: list[int]) -> Mask:
        """Return the words for the first line of a letter, (vocabulary,).

        They have enough rhymes for the lines that follow, and if possible a sound that no other
        letter has.
        """
        word_classes, mask = self._prosody.word_classes, unused
        if open_partners:
            mask = mask & self._prosody.rich_rhymes(open_partners)
        new_sound = mask & ~np.isin(word_classes.rhyme_ids, word_classes.rhyme_ids[used])
        return np.asarray(new_sound if new_sound.any() else mask)

    def keeps_rhyme(self, poem: PoemState, number: int, text: str) -> bool:
        """Return whether a text for a line rhymes as the form asks with those next to it."""
        line_plan, rhyme = poem.plans[number], self._prosody.checker.rhymer.rhyme_lines
        if line_plan.letter is None:
            return True
        before, after = poem.partners(line_plan)
        pairs = [(end, text) for end in before[-1:]] + [(text, end) for end in after[:1]]
        return all(rhyme(*pair).kind in self._form.rhymes for pair in pairs)

    def _shared_end_word(self, poem: PoemState, line_plan: LinePlan) -> str:
        """Return the last word that a line shares with others, as in a sestina; empty if none."""
        first = line_plan.number if line_plan.ends_like is None else line_plan.ends_like
        sharing = (
            other
            for other in poem.plans
            if other.number != line_plan.number and first in (other.number, other.ends_like)
        )
        if not self._form.end_words:
            return ""
        ends = (tokens.line_tokens(poem.known_end(other)) for other in sharing)
        return next(filter(None, map(final_word, ends)), "")

    def check_possible(self, poem: PoemState, number: int) -> None:
        """Raise if no line can be what this one must be, and name the demand that prevents it.

        Raises:
            FormError: no word has the rhyme, the letter, or a place in the metre.
        """
        line_plan, fixed = poem.plans[number], self.fixed[number]
        if not line_plan.free or self.line_constraint(poem, number).possible():
            return
        words = f"in this poet's {self._decoder.word_count:,} words"
        begins = f" beginning with {' '.join(fixed.begins)!r}" if fixed.begins else ""
        ends = f" ending in {' '.join(fixed.ends)!r}" if fixed.ends else ""
        demand = self._impossible_demand(poem, number)
        raise FormError(
            f"line {number + 1}",
            f"no line{begins}{ends} with {demand} {words}",
            "a line that meets all demands at once",
            "Leave that demand out, give the line yourself, or take a poet with more words.",
            message=f"Line {number + 1} is impossible: "
            f"there is no line{begins}{ends} with {demand} {words}.",
        )

    def _impossible_demand(self, poem: PoemState, number: int) -> str:
        """Return the demand without which a line would be possible, in words."""
        line_plan = poem.plans[number]
        demands = {
            "rhyme": "a rhyme that the form allows",
            "acrostic": f"a word that begins with {line_plan.initial!r}",
            "include": f"the word {user_words.described_word(line_plan.need, self._prosody)}",
            "avoid": "none of the words to avoid",
            "metre": f"a place in {describe_measure(self.measure(number))}",
        }
        for name, demand in demands.items():
            if not self.line_constraint(poem, number, without=name).possible():
                continue
            partners = [p for p in poem.plans if p.letter == line_plan.letter and p.letter]
            known = dict.fromkeys(filter(None, (last_word(poem.known_end(p)) for p in partners)))
            if name == "rhyme" and known:
                return f"a word that rhymes with {' and '.join(map(repr, known))}"
            return demand
        return "the words that you gave"


def _are_near(one: LinePlan, other: LinePlan) -> bool:
    """Return whether a rhyme between two lines would be heard."""
    return one.stanza == other.stanza or abs(one.number - other.number) <= MAX_DISTANCE


def final_word(line: Sequence[str]) -> str:
    """Return the last token of a line that is a word; empty if none is."""
    return next((token for token in reversed(line) if token[0].isalnum()), "")
