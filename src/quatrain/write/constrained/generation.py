"""Poems in a form while they are written.

In: a poet, what is asked for, settings. Out: lines as they are found, and finished poems, each of
which has passed `form.check`, strictly.

Line by line: what a line must be is a `LineConstraint`; a `ParticleFilter`, or a `BeamSearch`,
draws lines under it; the first that the form's own ear accepts stays. Rhymes are registers: the
first line of a letter may end only in a word that enough others rhyme with, each later one only in
a rhyme of the one before.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property

import numpy as np

from quatrain.config import Sampling
from quatrain.errors import FormError, InternalError, SettingsError
from quatrain.poet import NgramIndex, State, tokens, words_in
from quatrain.records import Figures, Poem
from quatrain.write.bias import LogitBias, punctuation_bias, repeat_bias
from quatrain.write.bias.repetition import REPEAT_PENALTY
from quatrain.write.constrained.decoder import LineDecoder
from quatrain.write.constrained.poem_constraints import PoemConstraints, PoemState
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.constrained.request import LinePlan, Request
from quatrain.write.overlap import Guard
from quatrain.write.search import (
    BeamSearch,
    Hypothesis,
    LanguageModel,
    ParticleFilter,
    Search,
)
from quatrain.write.text_statistics import figures
from quatrain.write.word_classes import FINAL_MARKS, FIRST_WORD_CLASS, MARK, MARKS

TRIES = 8
"""How often a line is drawn before its poem is begun again; each time with more particles."""

RESTARTS = 12
"""How often a poem is begun again."""

SEARCHES: Mapping[str, Callable[[LanguageModel, Sampling, int], Search]] = {
    "particles": ParticleFilter, "beam": BeamSearch,
}  # fmt: skip
"""What finds the lines, by the setting's name."""

COPIED = {
    True: " {:,} lines were turned away because they copy the poet's own texts; the setting "
    "may_copy lets them pass.",
    False: " {:,} lines were turned away because they copy the texts that they are held against.",
}


class ConstrainedGeneration:
    """Some poems in one form being written side by side, one line of each at a time.

    `begin(form=...)` of a poet makes one. Read `pieces()` to see a poem grow, or `poems` to have
    all.

    Attributes:
        substituted: always empty: a word the poet does not know is kept on the page and read
            as unknown.
    """

    def __init__(
        self,
        poet: LineDecoder,
        prosody: Prosody,
        request: Request,
        sampling: Sampling,
        *,
        seed: int,
        poems: int,
        particles: int | None,
        search: str,
        guards: Sequence[Guard],
        settings: Mapping[str, object],
    ) -> None:
        self.substituted: Mapping[str, str] = {}
        self._poet, self._prosody, self._request = poet, prosody, request
        self._form, self._seed, self._most = request.form, seed, particles or poet.particles
        self._sampling, self._guards = sampling, guards
        self._copied: Counter[bool] = Counter()  # whether from the poet's own texts
        self._search: Callable[[LanguageModel, Sampling, int], Search] = SEARCHES[search]
        self._settings = {
            name: value
            for name, value in {**asdict(sampling), "form": self._form.name, **settings}.items()
            if value not in (None, "", (), {})
        }
        self._demands = PoemConstraints(poet, prosody, request)
        self._plans = self._demands.plans
        # At temperature 0 a beam search leaves the logits as they are.
        cold = self._search is BeamSearch and not sampling.temperature
        self._punctuation_bias = punctuation_bias(
            prosody.word_classes.class_ids == MARK,
            poet.punctuation_penalty,
            1.0 if cold else sampling.temperature,
        )
        self._start = poet.start()
        self._drafts = [self._begun(number) for number in range(poems)]
        self._finished: list[Poem] | None = None
        for number in range(len(self._plans)):
            self._demands.check_possible(self._drafts[0], number)

    def _begun(self, number: int, restarts: int = 0) -> PoemState:
        generator = np.random.default_rng([self._seed + number, restarts])
        logits, state = self._start
        draft = PoemState(number, generator, list(self._plans), state, logits, restarts=restarts)
        free = [each.number for each in self._plans if each.free and not (each.begins or each.ends)]
        for word, need in zip(self._request.include, self._demands.include, strict=True):
            if not free:
                raise SettingsError(
                    "setting 'include'",
                    repr(word),
                    "a free line for it",
                    "Give fewer lines, or include fewer words.",
                )
            place = free.pop(int(generator.integers(len(free))))
            draft.plans[place] = replace(
                draft.plans[place], need=self._poet.vocabulary.token(need)
            )  # fmt: skip
        return draft

    # Writing

    def _write_line(self, drafts: Sequence[PoemState], number: int) -> None:
        """The next line of every draft; a draft that finds none is begun again."""
        waiting = []
        for draft in drafts:
            each = draft.plans[number]
            if each.free:
                waiting.append(draft)
                continue
            words = (
                self._demands.fixed[number].line
                if each.repeats is None
                else list(draft.lines[each.repeats])
            )
            _, state = self._poet.read(words, draft.state)
            self._keep(draft, number, words, state)
        for turn in range(TRIES):
            if waiting:
                waiting = self._attempt(waiting, number, self._most * (1 + turn))
        for draft in waiting:
            self._begin_again(draft, number)

    def _attempt(self, drafts: list[PoemState], number: int, count: int) -> list[PoemState]:
        """Draw the line for some drafts; those that got none."""
        begun = [
            self._poet.begin(
                self._demands.line_constraint(draft, number),
                self._logit_bias(draft),
                draft.logits,
                draft.state,
            )
            for draft in drafts
        ]
        found = self._search(self._poet.poet, self._sampling, count).lines(
            [hypothesis for hypothesis, _, _ in begun],
            State.joined([state for _, _, state in begun]),
            np.concatenate([logits for _, logits, _ in begun]),
            [draft.generator for draft in drafts],
        )
        left = []
        for draft, drawn in zip(drafts, found, strict=True):
            for each in drawn:
                words = self._in_order(each.hypothesis)
                if each.state is not None and self._accepted(draft, number, words):
                    self._keep(draft, number, words, each.state)
                    draft.word_counts.update(
                        place
                        for place in each.hypothesis.numbers
                        if place >= FIRST_WORD_CLASS and self._demands.is_content[place]
                    )
                    break
            else:
                left.append(draft)
        return left

    def _logit_bias(self, draft: PoemState) -> LogitBias:
        """Return what words gain or lose in the poem's next line."""
        fixed = self._punctuation_bias + self._prosody.registers.bias(draft.lines)
        if self._demands.theme is not None:
            fixed += self._demands.theme
        fixed += repeat_bias(draft.word_counts, len(fixed))
        return LogitBias(
            fixed,
            repeat_penalty=REPEAT_PENALTY * self._demands.is_content,
            agreement=self._prosody.agreement,
        )

    def _in_order(self, hypothesis: Hypothesis) -> list[str]:
        tokens = hypothesis.tokens
        return list(reversed(tokens)) if self._poet.backwards else list(tokens)

    def _accepted(self, draft: PoemState, number: int, words: list[str]) -> bool:
        """Whether the form's own ear takes the line."""
        text = self._prosody.page.line(words)
        each = draft.plans[number]
        if self._prosody.describe_breach(text, self._demands.measure(number)):
            return False
        if _spoken(words) in map(_spoken, draft.lines):
            return False
        if any(_within(parts, words) for parts in self._demands.avoided_phrases):
            return False
        if self._copies(draft, number, text):
            return False
        if each.letter is None:
            return True
        for place in range(number - 1, -1, -1):
            one = draft.plans[place]
            if one.letter == each.letter:
                rhyme = self._prosody.checker.rhymer.rhyme_lines(draft.texts[place], text)
                return rhyme.kind in self._form.rhymes
        return True

    def _copies(self, draft: PoemState, number: int, text: str) -> bool:
        """Whether a run with a word in it that was drawn is copied."""
        if not self._guards:
            return False
        words, plans = words_in(text), draft.plans
        first, last = len(words_in(plans[number].begins)), len(words_in(plans[number].ends))
        last = max(first, len(words) - last)
        before = [*words_in("\n".join(draft.texts)), *words[:first]]
        after = words[last:]
        for each in plans[number + 1 :]:
            if each.text is not None:
                after += words_in(each.text)
            elif each.repeats is not None and each.repeats < number:
                after += words_in(draft.texts[each.repeats])
            else:
                after += words_in(each.begins)
                break
        for guard in self._guards:
            most = guard.longest
            if guard.copies([*before[-most:], *words[first:last], *after[:most]]):
                self._copied[isinstance(guard, NgramIndex)] += 1
                return True
        return False

    def _keep(self, draft: PoemState, number: int, words: list[str], state: State) -> None:
        """Put a line into a draft; the state is that before the line's end."""
        draft.lines.append(list(words))
        draft.texts.append(self._prosody.page.line(words))
        draft.logits, draft.state = self._poet.read(_ends(draft.plans[number]), state)

    def _begin_again(self, draft: PoemState, number: int) -> None:
        """Write a draft's lines up to one anew, from another stream of chances.

        Raises:
            FormError: that was done often already.
        """
        if draft.restarts >= RESTARTS:
            raise FormError(
                f"line {number + 1}",
                f"no line in {RESTARTS} poems that were begun, with {TRIES} tries each",
                "a line that keeps the form and all that was asked for",
                "Ask for less, raise the temperature, or take a poet with more words."
                + "".join(COPIED[own].format(count) for own, count in self._copied.items()),
            )
        fresh = self._begun(draft.number, draft.restarts + 1)
        draft.__dict__.update(fresh.__dict__)
        for place in range(number + 1):
            self._write_line([draft], place)

    # Reading

    @property
    def _written(self) -> int:
        return min(len(draft.texts) for draft in self._drafts)

    def _advance(self) -> None:
        self._write_line(self._drafts, self._written)

    def pieces(self, poem: int = 0) -> Iterator[str]:
        """The text of one poem, line by line; joined, it is the poem's text.

        A poem that had to be begun again begins again here, after an empty line.
        """
        draft = self._drafts[poem]
        shown, restarts = 0, 0
        while True:
            if draft.restarts != restarts:
                restarts, shown = draft.restarts, 0
                yield "\n\n(begun again)\n\n"
            while shown < len(draft.texts):
                first = self._page_lines(draft)[shown]
                yield ("\n" if shown else "") + first
                if draft.plans[shown].stanza_end:
                    yield "\n"
                shown += 1
            if shown == len(self._plans):
                return
            self._advance()

    def _page_lines(self, draft: PoemState) -> list[str]:
        return [line.text for line in self._prosody.page.poem(self._shown(draft)).lines]

    def _shown(self, draft: PoemState) -> list[list[str]]:
        """The lines; a refrain that ends the poem in a comma ends it in a full stop instead."""
        lines = list(draft.lines)
        returns = len(lines) == len(self._plans) and self._plans[-1].repeats is not None
        if returns and lines[-1][-1] in MARKS - FINAL_MARKS:
            lines[-1] = [*lines[-1][:-1], "."]
        return lines

    @property
    def poems(self) -> list[Poem]:
        """All poems, written to their end."""
        return list(self.finished())

    def finished(self) -> Iterator[Poem]:
        """The poems in their order, each held to its form once more.

        Raises:
            FormError: the form cannot be kept with what was asked for.
        """
        while self._written < len(self._plans):
            self._advance()
        if self._finished is None:
            self._finished = [self._checked(draft) for draft in self._drafts]
        yield from self._finished

    @property
    def best(self) -> Poem:
        """The poem that surprises the poet least, symbol by symbol."""
        poems = self.poems
        if len(poems) == 1:
            return poems[0]
        return poems[min(range(len(poems)), key=self.surprisal)]

    def surprisal(self, poem: int = 0) -> float:
        """Nats per word, or per character of a poet of these, to the poet free of form.

        At temperature 1.
        """
        return self._surprisals[poem]

    @cached_property
    def _surprisals(self) -> list[float]:
        list(self.finished())
        read = [self._tokens(draft) for draft in self._drafts]
        return [float(nats.mean()) for nats in self._poet.surprisals(read)]

    def _tokens(self, draft: PoemState) -> list[list[str]]:
        return [
            [*words, *_ends(each)]
            for words, each in zip(self._shown(draft), draft.plans, strict=True)
        ]

    def _checked(self, draft: PoemState) -> Poem:
        poem = Poem.from_lines(
            self._prosody.page.poem(self._tokens(draft)).text.split("\n"),
            form=self._form.name,
            source=self._poet.poet.name,
            seed=self._seed + draft.number,
            settings=self._settings,
        )
        verdict = self._prosody.checker.check(poem, self._form, strict=True)
        if not verdict.kept:
            raise InternalError(f"a poem was written that breaks its form: {verdict.broken[0]}")
        return poem

    @property
    def figures(self) -> Figures:
        """What can be counted about the finished poems."""
        poems = self.poems
        bits = float(np.mean(self._surprisals)) / math.log(2.0)
        return figures(
            poems,
            self._poet.poet.words,
            entropy=None,
            surprisal=bits,
            drawn=self._poet.unit,
        )


def _spoken(line: Sequence[str]) -> list[str]:
    return [token for token in line if token[0].isalnum()]


def _within(parts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether some tokens stand in a line one after another."""
    places = range(len(words) - len(parts) + 1)
    return any(list(words[place : place + len(parts)]) == list(parts) for place in places)


def _ends(each: LinePlan) -> list[str]:
    return [tokens.LINE_END, tokens.STANZA_END] if each.stanza_end else [tokens.LINE_END]
