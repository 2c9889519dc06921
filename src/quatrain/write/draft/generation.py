"""The lines of one draft while one poet writes them: one place at a time, in any number of ways.

In: a draft, its form, and a poet's decoder. Out: the text of a place. All other lines stand as they
are. Those far before the place are not read again, and lines that stay empty are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from quatrain.errors import FormError, SettingsError
from quatrain.form import Form
from quatrain.poet import tokens
from quatrain.write.constrained import fixed_text
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.generation import TRIES, ConstrainedGeneration
from quatrain.write.constrained.plan import LinePlan, PoemContext
from quatrain.write.constrained.poem_constraints import final_word
from quatrain.write.constrained.poem_state import PoemState
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.options import WriteOptions
from quatrain.write.overlap import Guard
from quatrain.write.user_text import opening_of

LINES_READ = 32
"""Lines before a place that the poet reads: a page of verse, in about a second.

Rhymes, and words that were used, are known from the whole draft.
"""

LINES_READ_AFTER = 1
"""Lines after a place by which a line for it is judged."""


_LAST_LETTERS = re.compile(r"[^\W\d_]+$")
"""The letters at the end of a text."""


class Stopped(Exception):  # noqa: N818  not an error
    """Writing was stopped between two steps."""


class DraftGeneration(ConstrainedGeneration):
    """The lines of one draft being written by one poet.

    Args:
        decoder: the poet that writes.
        prosody: of its words.
        form: the form of the draft, in its variant and its metre.
        options: the options, with the number of lines.
        guards: indexes of texts that no line may copy from.
        context: the lines that stand, and the places.
        stop: asked between two steps whether to stop; by default never.
    """

    def __init__(
        self,
        decoder: LineDecoder,
        prosody: Prosody,
        form: Form,
        options: WriteOptions,
        guards: Sequence[Guard],
        context: PoemContext,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self._stop = stop
        super().__init__(decoder, prosody, form, options, guards, context)

    def _check_possible(self) -> None:
        """Leave it to each line: what stands in one place doesn't prevent the others."""

    def give(self, number: int, text: str) -> None:
        """Put a line in a place that comes after those written so far, as another poet wrote it.

        Args:
            number: of the line, from 1.
            text: the line.
        """
        index = number - 1
        line = self._plans[index].with_text(text)
        self._plans[index] = line
        self._constraints.fixed[index] = fixed_text.tokenize(line)
        ids = self._decoder.vocabulary.encode(self._constraints.fixed[index].line).tolist()
        for draft in self._drafts:
            draft.plans[index] = line
            draft.word_counts.update(self._constraints.counted(ids))

    def write_line(self, number: int) -> str:
        """Write a line and return it; places before it have been written, or stay empty.

        Args:
            number: of the line, from 1.

        Raises:
            FormError: no line can stand there; the error names the demand that prevents it.
            Stopped: writing was stopped; the line may be written later.
        """
        self._read_to(number - 1)
        draft = self._drafts[0]
        self._prepare(draft, number - 1)
        self._write_line([draft], number - 1)
        return self._printed(draft, number - 1)

    def versions(self, number: int, seeds: Sequence[int], without: Sequence[str]) -> list[str]:
        """Return lines for one place, drawn side by side; fewer if some find none.

        Args:
            number: of the line, from 1; no place before it is written any more.
            seeds: one for each line.
            without: lines whose last words the new ones should not end with, if others fit.

        Raises:
            FormError: no line can stand there; the error names the demand that prevents it.
            Stopped: writing was stopped.
        """
        index = number - 1
        self._read_to(index)
        base = self._drafts[0]
        self._prepare(base, index)
        forks = [
            base.fork(place, np.random.default_rng([seed, index]))
            for place, seed in enumerate(seeds)
        ]
        self._forbid_ends(forks, without)
        waiting = forks
        for turn in range(TRIES):
            if not waiting:
                break
            waiting = self._attempt(waiting, index, turn)
            if len(waiting) < len(forks):
                break
            self._forbid_ends(waiting, without)
        written = [fork for fork in forks if len(fork.lines) > index]
        return [self._printed(fork, index) for fork in written]

    def completions(self, number: int, begin: str, count: int) -> list[str]:
        """Return a line's beginning with its last word completed where it is unfinished.

        It is unfinished if the beginning ends in letters that are no word of the poet's. Each
        completion is one with which a line is possible.

        Args:
            number: of the line, from 1.
            begin: the beginning.
            count: most completions, by the most frequent words.

        Raises:
            SettingsError: no word that fits begins so.
        """
        part = next(iter(_LAST_LETTERS.findall(begin)), "")
        numbers = self._decoder.vocabulary.numbers
        is_word = self._prosody.word_classes.is_word
        known = numbers.get(part.lower())
        if not part or (known is not None and is_word[known]):
            return [begin]
        self._read_to(number - 1)
        draft, completed = self._drafts[0], []
        line_plan = draft.plans[number - 1]
        for word, word_id in numbers.items():
            if word.startswith(part.lower()) and is_word[word_id] and word.isalpha():
                text = begin + word[len(part) :]
                draft.plans[number - 1] = replace(line_plan, begins=text, is_open=False)
                self._constraints.fixed[number - 1] = fixed_text.tokenize(draft.plans[number - 1])
                if self._constraints.line_constraint(draft, number - 1).possible():
                    completed.append(text)
                if len(completed) == count:
                    break
        if not completed:
            raise SettingsError(
                "setting 'begin'",
                f"{part!r} as the last word",
                "a word that this poet knows and that fits there, or the beginning of one",
                "Write the word out, or another.",
                message=f"No word that fits there begins with {part!r}.",
            )
        return completed

    def surprisals_with(self, number: int, texts: Sequence[str]) -> list[float]:
        """Return the poet's surprisal at the draft with each of some texts in a place, in nats.

        The lines that `LINES_READ` leaves out, and those after the next one, are not counted.

        Args:
            number: of the line, from 1.
            texts: lines for the place.
        """
        first, last = max(0, number - 1 - LINES_READ), number + LINES_READ_AFTER
        around = [
            (plan.number, [*self._constraints.fixed[plan.number].line, *plan.end_tokens])
            for plan in self._plans[first:last]
            if plan.text and plan.number != number - 1
        ]
        before = [line for place, line in around if place < number]
        after = [line for place, line in around if place >= number]
        ends = self._plans[number - 1].end_tokens
        poems = [[*before, [*tokens.line_tokens(text), *ends], *after] for text in texts]
        return [float(nats.sum()) for nats in self._decoder.surprisals(poems)]

    # Reading and writing. An `index` is a number of a line from 0.

    def _read_to(self, index: int) -> None:
        """Read the lines before one, and pass over those that are empty."""
        first_read = max(0, index - LINES_READ)
        draft = self._drafts[0]
        for line in range(len(draft.lines), index):
            plan = draft.plans[line]
            words = self._constraints.fixed[line].line
            if words and plan.text is not None and line >= first_read:
                self._write_line([draft], line)
            else:
                draft.lines.append(words)
                draft.texts.append(plan.text or "")

    def _prepare(self, draft: PoemState, index: int) -> None:
        """Find what is asked of a line in this draft.

        Where the draft's own lines break the form already, the line may do without their rhyme
        if there is no other way.

        Raises:
            FormError: no line can be what this one must be.
        """
        plan = replace(draft.plans[index], is_open=False, discords=frozenset())
        if not plan.free:
            return
        draft.plans[index] = plan
        if self._constraints.line_constraint(draft, index).possible():
            return
        for discords in self._discords(draft, index):
            draft.plans[index] = replace(plan, discords=discords)
            if self._constraints.line_constraint(draft, index).possible():
                return
        draft.plans[index] = plan
        self._constraints.check_possible(draft, index)

    def _discords(self, draft: PoemState, index: int) -> Iterator[frozenset[int]]:
        """Yield sets of lines that another need not rhyme with, the smallest first.

        They are lines that don't rhyme with each other, and lines that break their metre: such a
        draft breaks its form anyway.
        """
        plan = draft.plans[index]
        same = [
            other.number
            for other in draft.plans
            if plan.letter and other.letter == plan.letter and draft.known_end(other)
        ]
        before = [number for number in same if number < index]
        after = [number for number in same if number > index]
        ends = [draft.known_end(draft.plans[number]) for number in (*before[-1:], *after[:1])]
        discord = len(ends) == 2 and (
            self._prosody.checker.rhymer.rhyme_lines(*ends).kind not in self._form.rhymes
        )
        if discord:
            yield from (frozenset(after), frozenset(before))
        broken = frozenset(number for number in same if self._is_broken(draft.plans[number]))
        if broken:
            yield broken

    def _is_broken(self, plan: LinePlan) -> bool:
        """Return whether a line of the draft breaks its metre."""
        measure = self._constraints.measure(plan.number)
        return bool(plan.text and self._prosody.describe_breach(plan.text, measure))

    def discords(self, number: int) -> frozenset[int]:
        """Return the numbers of the lines, from 1, that a written line need not rhyme with."""
        return frozenset(other + 1 for other in self._drafts[0].plans[number - 1].discords)

    def _printed(self, draft: PoemState, index: int) -> str:
        """Return a line of a draft as it stands on the page."""
        line, capital_after = draft.lines[index], self._typesetter.style.capital_after
        text = fixed_text.user_text(draft.plans, index, len(line))
        before = draft.lines[index - 1][-1:] if index else []
        begins_sentence = not index or bool(before and before[0] in capital_after)
        sentence = bool(capital_after) and begins_sentence
        return text.set_with(self._typesetter, line, sentence=sentence)

    def opening_of(self, text: str) -> str:
        """Return the opening words of a line, as a refrain repeats them."""
        words = self._prosody.opening(tokens.line_tokens(text))
        return f"{opening_of(text, len(words))}."

    def needs_word(self, number: int) -> bool:
        """Return whether a line is to contain a word that you asked for."""
        return bool(self._drafts[0].plans[number - 1].need)

    def _forbid_ends(self, forks: Sequence[PoemState], lines: Sequence[str]) -> None:
        """Let no fork end its next line like some lines, if another end can be found."""
        words = {final_word(tokens.line_tokens(line)) for line in lines} - {""}
        ids = {self._prosody.word_classes.classify(word).number for word in words}
        for fork in forks:
            fork.joining_ends |= ids

    def _attempt(self, drafts: list[PoemState], line: int, turn: int) -> list[PoemState]:
        if self._stop is not None and self._stop():
            raise Stopped
        return super()._attempt(drafts, line, turn)

    def _restart(self, draft: PoemState, line: int) -> None:  # noqa: ARG002  as the base has it
        """Raise `FormError`: a line that was shown can't be written again."""
        raise FormError(
            f"line {line + 1}",
            f"no line in {TRIES} tries",
            "a line that keeps the form and all that was asked for",
            "Try another seed, raise the temperature, or ask for less."
            + self._acceptance.account_of_copies(),
            message=f"No line {line + 1} was found that keeps the form, in {TRIES} tries.",
        )
