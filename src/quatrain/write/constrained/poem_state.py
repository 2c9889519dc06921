"""A poem in a form as far as it is written.

In: the plans of its lines. Out: `PoemState`, which `generation` extends line by line.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import State, words_in
from quatrain.write.constrained.plan import LinePlan
from quatrain.write.constrained.prosody import last_word


@dataclass
class PoemState:
    """One poem as far as it is written; changes in place.

    Attributes:
        number: of the poem among those written side by side, from 0.
        generator: draws its lines.
        plans: of its lines, with the words to include.
        state, logits: the poet's, after the last line.
        lines: tokens of the lines so far.
        texts: the lines so far as text.
        word_counts: id of a content word -> how often the poem has it.
        joining_ends: ids of last words, and of those that sound like them, that were found to
            rhyme with lines of another letter; the next tries of this line do without them.
        restarts: how often the poem was started over.
    """

    number: int
    generator: np.random.Generator
    plans: list[LinePlan]
    state: State
    logits: NDArray[np.float32]
    lines: list[list[str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    word_counts: Counter[int] = field(default_factory=Counter)
    joining_ends: set[int] = field(default_factory=set)
    restarts: int = 0

    @property
    def text(self) -> str:
        """The lines so far, each with its line break, and an empty line after a stanza."""
        return "".join(
            f"{text}\n\n" if line_plan.stanza_end else f"{text}\n"
            for text, line_plan in zip(self.texts, self.plans, strict=False)
            if text
        )

    def known_end(self, line_plan: LinePlan) -> str:
        """Return a line, or what is known of its end; empty if nothing is."""
        if line_plan.number < len(self.texts) and self.texts[line_plan.number]:
            return self.texts[line_plan.number]
        if line_plan.repeats is not None:
            return self.known_end(self.plans[line_plan.repeats])
        return line_plan.text or line_plan.ends

    def partners(self, line_plan: LinePlan) -> tuple[list[str], list[str]]:
        """Return the lines before and after a line that it may have to rhyme with, in order.

        They are given as far as they are known, and those without a word are left out. The line
        has to rhyme with the last one before it and the first one after it.
        """
        ends: tuple[list[str], list[str]] = [], []
        for other in self.plans:
            if other.letter != line_plan.letter or other.number == line_plan.number:
                continue
            end = "" if other.number in line_plan.discords else self.known_end(other)
            if last_word(end):
                ends[other.number > line_plan.number].append(end)
        return ends

    def fork(self, number: int, generator: np.random.Generator) -> PoemState:
        """Return a copy that can go on by itself.

        Args:
            number: of the copy among the poems written side by side.
            generator: draws its lines.
        """
        return replace(
            self,
            number=number,
            generator=generator,
            plans=list(self.plans),
            lines=list(self.lines),
            texts=list(self.texts),
            word_counts=Counter(self.word_counts),
            joining_ends=set(),
        )

    def text_after(self, number: int) -> str:
        """Return the line after a line, with its line break, if it is already known."""
        for line_plan in self.plans[number + 1 : number + 2]:
            if line_plan.text is not None:
                return f"{line_plan.text}\n"
            repeated = line_plan.repeats
            if repeated is not None and repeated < number and not line_plan.opening:
                return f"{self.texts[repeated]}\n"
        return ""

    def words_after(self, number: int) -> list[str]:
        """Return the words known to follow a line, up to the first that is not known."""
        words: list[str] = []
        for line_plan in self.plans[number + 1 :]:
            if line_plan.text is not None:
                words += words_in(line_plan.text)
            elif line_plan.repeats is not None and line_plan.repeats < number:
                words += words_in(self.texts[line_plan.repeats])
            else:
                return words + words_in(line_plan.begins)
        return words
