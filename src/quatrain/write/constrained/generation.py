"""Poems in a form while they are written.

In: a poet, a form and options. Out: lines as they are written, and finished poems. Every finished
poem has passed the strict check of `form`.

The poem grows line by line. A `LineConstraint` says what a line must be, and a `ParticleFilter` or
a `BeamSearch` draws candidates under it. We keep the first candidate that also passes the form
check. Rhymes are settled on the way: the first line of a letter may end only in a word that enough
others rhyme with, each later one only in a rhyme of the one before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from quatrain.config import Sampling
from quatrain.errors import FormError, InternalError
from quatrain.form import Form
from quatrain.poet import State
from quatrain.records import Poem, TextStatistics
from quatrain.write.bias import (
    OPENING_FACTOR,
    LogitBias,
    final_mark_bias,
    opening_bias,
    punctuation_bias,
    repeat_bias,
)
from quatrain.write.constrained import fixed_text
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.inclusion import place_words
from quatrain.write.constrained.line.acceptance import Acceptance
from quatrain.write.constrained.line.lookahead import Lookahead
from quatrain.write.constrained.line.scores import LineScores
from quatrain.write.constrained.plan import NO_CONTEXT, PoemContext
from quatrain.write.constrained.poem_constraints import PoemConstraints
from quatrain.write.constrained.poem_state import PoemState
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.constrained.theme import theme_of
from quatrain.write.constrained.user_words import guessed_pronunciations
from quatrain.write.contrast import with_contrast
from quatrain.write.generation import Generation
from quatrain.write.options import SEARCH_NAMES, WriteOptions
from quatrain.write.overlap import Guard
from quatrain.write.search import (
    BeamSearch,
    Hypothesis,
    LanguageModel,
    ParticleFilter,
    Search,
)
from quatrain.write.text_statistics import measure
from quatrain.write.word_classes import MARK

TRIES = 8
"""Most tries of a line before the poem is restarted. Each try uses more particles."""

APART_TRIES = 4
"""Tries of a line after which it may rhyme with a line of another letter, if no other is found."""

WARMING = 0.1
"""Lowest temperature of the second try of a line; each further try adds as much."""

RESTARTS = 12
"""Most restarts of a poem before we report that the form is impossible."""

_LEFT_OUT = " Archaic words were left out; diction='any' (--diction any) allows them."
"""Sentence about a diction that may have made a line impossible."""

_SEARCH_CLASSES: Mapping[str, Callable[[LanguageModel, Sampling, int], Search]] = {
    "particles": ParticleFilter,
    "beam": BeamSearch,
}
"""Class of a search, by its name in `SEARCH_NAMES`."""


class ConstrainedGeneration(Generation):
    """Several poems in one form being written side by side, one line of each at a time.

    A word that the poet does not know is printed as it is. If it is to be included or ends a line,
    it is read by its letters, elsewhere as unknown. `settings["guessed"]` has the words that you
    give whose pronunciation is a guess.

    Args:
        decoder: the poet that writes.
        prosody: of its words.
        form: the form, which every poem keeps strictly.
        options: the options.
        guards: indexes of texts that no line may copy from.
        context: the poem around the lines, if it is revised.

    Raises:
        SettingsError: options contradict the form or each other, or name unknown words.
        FormError: a given line breaks the form, or no line can meet the demands.
    """

    def __init__(
        self,
        decoder: LineDecoder,
        prosody: Prosody,
        form: Form,
        options: WriteOptions,
        guards: Sequence[Guard],
        context: PoemContext = NO_CONTEXT,
    ) -> None:
        super().__init__(options)
        self.settings["form"] = form.name
        guessed = guessed_pronunciations(options, prosody.checker.reader)
        self.settings |= {"guessed": guessed} if guessed else {}
        self._decoder, self._prosody = decoder, prosody
        self._form = prosody.written_form(form, options)
        self._include, self._sampling = options.include, options.drawing
        self._particles = options.particles or decoder.particles
        self._model = with_contrast(decoder.poet, self._sampling.contrast)
        self._search = _SEARCH_CLASSES[options.search or SEARCH_NAMES[0]]
        self._constraints = PoemConstraints(decoder, prosody, self._form, options, context)
        self._acceptance = Acceptance(prosody, self._constraints, self._form, guards)
        self._plans = self._constraints.plans
        self._scoring = LineScores(
            prosody,
            self._constraints,
            backwards=decoder.backwards,
            rhythm=bool(self._sampling.contrast),
            critic=options.line_critic(form.name),
            lookahead=Lookahead(decoder, self._model, self._sampling, self._constraints),
        )
        self._typesetter = context.typesetter or prosody.typesetter
        theme = theme_of(options, decoder, prosody)
        self._theme_bias, self.stand_ins = theme.bias, theme.stand_ins
        if self.stand_ins:
            self.settings["stand_ins"] = dict(self.stand_ins)
        # At temperature 0 a beam search leaves the logits as they are.
        greedy = self._search is BeamSearch and not self._sampling.temperature
        self._punctuation_bias = punctuation_bias(
            prosody.word_classes.class_ids == MARK,
            decoder.mark_bias,
            1.0 if greedy else self._sampling.temperature,
        )
        self._start = decoder.start(self._model)
        self._drafts = [self._new_draft(number) for number in range(options.poems)]
        self._finished: list[Poem] | None = None
        self._check_possible()

    def _check_possible(self) -> None:
        """Raise `FormError` if some line can't be what it must be."""
        for number in range(len(self._plans)):
            self._constraints.check_possible(self._drafts[0], number)

    def _new_draft(self, poem: int, restarts: int = 0) -> PoemState:
        """Begin a poem, and give each word to include a line, drawn at random."""
        generator = np.random.default_rng([self.seed + poem, restarts])
        logits, state = self._start
        draft = PoemState(poem, generator, list(self._plans), state, logits, restarts=restarts)
        place_words(draft, self._include, self._constraints)
        yours = [token for fixed in self._constraints.fixed for token in fixed.line]
        ids = self._decoder.vocabulary.encode(yours).tolist()
        draft.word_counts.update(self._constraints.counted(ids))
        return draft

    # Writing. A `line` is an index from 0.

    def _write_line(self, drafts: Sequence[PoemState], line: int) -> None:
        """Write the next line of every draft; restart the drafts that have none."""
        waiting = []
        for draft in drafts:
            plan = draft.plans[line]
            if plan.free:
                waiting.append(draft)
                continue
            if plan.repeats is None:
                words = self._constraints.fixed[line].line
            else:
                words = list(draft.lines[plan.repeats])
                words = self._prosody.opening(words) if plan.opening else words
            _, state = self._decoder.read(self._model, words, draft.state)
            self._add_line(draft, line, words, state)
        for turn in range(TRIES):
            if waiting:
                waiting = self._attempt(waiting, line, turn)
        for draft in waiting:
            self._restart(draft, line)

    def _attempt(self, drafts: list[PoemState], line: int, turn: int) -> list[PoemState]:
        """Draw the line for some drafts, for the nth time; return those that still lack it."""
        count, apart = self._particles * (1 + turn), turn < APART_TRIES
        for draft in drafts:
            if not apart:
                draft.joining_ends.clear()
        beginnings = [
            self._decoder.begin(
                self._model,
                self._constraints.line_constraint(draft, line),
                self._logit_bias(draft),
                draft.logits,
                draft.state,
            )
            for draft in drafts
        ]
        sampling = self._sampling
        if self._search is ParticleFilter:
            # Cold particles draw the same line at every try, so each further try is warmer.
            sampling = replace(sampling, temperature=max(sampling.temperature, WARMING * turn))
        candidates = self._search(self._model, sampling, count).lines(
            [hypothesis for hypothesis, _, _ in beginnings],
            State.joined([state for _, _, state in beginnings]),
            np.concatenate([logits for _, logits, _ in beginnings]),
            [draft.generator for draft in drafts],
            self._scoring.scorer(drafts, line),
        )
        left = []
        for draft, particles in zip(drafts, candidates, strict=True):
            for particle in particles:
                words = self._in_reading_order(particle.hypothesis)
                if particle.state is not None and self._acceptance.accepts(
                    draft, line, words, apart=apart
                ):
                    self._add_line(draft, line, words, particle.state)
                    draft.word_counts.update(
                        self._constraints.counted(particle.hypothesis.word_ids)
                    )
                    break
            else:
                left.append(draft)
        return left

    def _logit_bias(self, draft: PoemState) -> LogitBias:
        """Return the bias of every word in the poem's next line."""
        said = fixed_text.said_lines(draft.lines, draft.plans, self._constraints.fixed)
        whole_line = self._punctuation_bias + self._prosody.registers.bias(said)
        theme_bias = self._theme_bias
        if theme_bias is not None and not draft.lines:
            theme_bias = OPENING_FACTOR * theme_bias
        for bias in (theme_bias, self._prosody.diction.bias):
            if bias is not None:
                whole_line += bias
        whole_line += repeat_bias(draft.word_counts, len(whole_line))
        contrast, openings = self._sampling.contrast, {}
        if contrast:
            openings = opening_bias(said, self._decoder.vocabulary)
            for mark, nats in final_mark_bias(said, self._decoder.vocabulary).items():
                whole_line[mark] += nats
        return LogitBias(
            whole_line,
            self._constraints.once_a_line,
            conjunctions=self._prosody.conjunctions if contrast else (),
            agreement=self._prosody.agreement,
            openings=openings,
            backwards=self._decoder.backwards,
        )

    def _in_reading_order(self, hypothesis: Hypothesis) -> list[str]:
        words = list(hypothesis.tokens)
        return words[::-1] if self._decoder.backwards else words

    def _add_line(self, draft: PoemState, line: int, words: list[str], state: State) -> None:
        """Add a line to a draft; the state is that before the line's end."""
        draft.joining_ends.clear()
        draft.lines.append(list(words))
        draft.texts.append(fixed_text.line_text(draft.plans, line, words, self._prosody.typesetter))
        draft.logits, draft.state = self._decoder.read(
            self._model, draft.plans[line].end_tokens, state
        )

    def _restart(self, draft: PoemState, line: int) -> None:
        """Restart a poem with other random numbers and write it up to a line.

        Raises:
            FormError: the poem has been restarted too often.
        """
        if draft.restarts >= RESTARTS:
            raise FormError(
                f"line {line + 1}",
                f"no line in {RESTARTS} attempts at the poem, with {TRIES} tries each",
                "a line that keeps the form and all that was asked for",
                "Ask for less, raise the temperature, or take a poet with more words."
                + self._acceptance.account_of_copies()
                + (_LEFT_OUT if self._prosody.diction.name == "modern" else ""),
                message=f"No line {line + 1} keeps the form and meets your demands, in "
                f"{RESTARTS} attempts at the poem of {TRIES} tries each.",
            )
        self._drafts[draft.number] = self._new_draft(draft.number, draft.restarts + 1)
        for index in range(line + 1):
            self._write_line([self._drafts[draft.number]], index)

    # Reading

    @property
    def _written(self) -> int:
        """Number of lines that every poem has."""
        return min(len(draft.texts) for draft in self._drafts)

    def _advance(self) -> None:
        self._write_line(list(self._drafts), self._written)

    def pieces(self, poem: int = 0) -> Iterator[str]:
        """Yield the text of one poem, line by line; joined, it is the poem's text.

        A poem that had to be restarted starts over here, after an empty line.
        """
        line_count, restarts = 0, 0  # lines yielded so far
        while True:
            draft = self._drafts[poem]
            if draft.restarts != restarts:
                restarts, line_count = draft.restarts, 0
                yield "\n\n(starting over)\n\n"
            while line_count < len(draft.texts):
                line = list(filter(None, self._rows(draft)))[line_count]
                yield ("\n" if line_count else "") + line
                if draft.plans[line_count].stanza_end:
                    yield "\n"
                line_count += 1
            if line_count == len(self._plans):
                return
            self._advance()

    def _rows(self, draft: PoemState) -> list[str]:
        """Return the rows of a poem so far; an empty row stands between stanzas."""
        return fixed_text.printed_rows(draft.lines, draft.plans, self._typesetter)

    def finished(self) -> Iterator[Poem]:
        """Yield the poems in their order, each checked against its form once more.

        Raises:
            FormError: the form cannot be kept with these options.
        """
        while self._written < len(self._plans):
            self._advance()
        if self._finished is None:
            self._finished = [self._checked_poem(draft) for draft in self._drafts]
        yield from self._finished

    def surprisal(self, poem: int = 0) -> float:
        """Return the poet's mean surprisal at a poem, in nats per word or character.

        That is the surprisal at temperature 1, without the form.
        """
        return self._surprisals[poem]

    @cached_property
    def _surprisals(self) -> list[float]:
        list(self.finished())
        read = [self._tokens(draft) for draft in self._drafts]
        return [float(nats.mean()) for nats in self._decoder.surprisals(read)]

    def _tokens(self, draft: PoemState) -> list[list[str]]:
        return [
            [*words, *plan.end_tokens]
            for words, plan in zip(
                fixed_text.close_refrain(draft.lines, draft.plans), draft.plans, strict=True
            )
        ]

    def _checked_poem(self, draft: PoemState) -> Poem:
        """Return a draft as a poem.

        Raises:
            InternalError: the poem breaks its form.
        """
        poem = Poem.from_lines(
            self._rows(draft),
            form=self._form.name,
            source=self._decoder.poet.name,
            seed=self.seed + draft.number,
            settings=self.settings,
        )
        verdict = self._prosody.checker.check(poem, self._form, strict=True)
        if not verdict.kept:
            raise InternalError(f"a poem was written that breaks its form: {verdict.broken[0]}")
        return poem

    @property
    def statistics(self) -> TextStatistics:
        """Statistics of the finished poems."""
        bits = float(np.mean(self._surprisals)) / math.log(2.0)
        return measure(
            self.poems,
            self._decoder.poet.words,
            entropy=None,
            surprisal=bits,
            unit=self._decoder.unit,
        )
