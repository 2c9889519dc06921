"""Poems of words in the making.

In: a word poet, a start and settings. Out: lines as they are drawn, and the finished poems.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import State, WordPoet, tokens
from quatrain.records import Figures, Poem
from quatrain.write.bias import LowTemperaturePenalty
from quatrain.write.bias.repetition import RECENT_LINE_ENDS, RECENT_WORDS
from quatrain.write.free.page_rules import Grammar, paired
from quatrain.write.free.word_prompt import Start, end_of_line
from quatrain.write.sampling import distribution, draw
from quatrain.write.text_statistics import figures

Line = list[str]


class _Verse:
    """One poem being written: its full lines, and the numbers drawn of the next one."""

    def __init__(self, lines: list[Line], wanted: int | None, words: int | None) -> None:
        self.lines = lines
        self.begun: Line = []  # the line's first tokens, if they were given
        self.drawn: list[int] = []
        self.said: deque[int] = deque(maxlen=RECENT_WORDS)  # of the full lines
        self.ends: deque[int] = deque(maxlen=RECENT_LINE_ENDS)
        self.ended: str | None = None
        self.quoted = False
        self.wanted = wanted
        self.left = words


class WordGeneration:
    """Some poems being written side by side, one word of each at a time.

    `WordWriter.begin` makes one. Read `pieces()` to see a poem grow, or `poems` to have all.

    Attributes:
        substituted: always empty: a word the poet does not know is kept on the page and read
            as unknown.
    """

    def __init__(
        self,
        poet: WordPoet,
        start: Start,
        sampling: Sampling,
        *,
        seed: int,
        poems: int,
        lines: int | None,
        maximum_words: int | None,
        settings: Mapping[str, object],
    ) -> None:
        self.substituted: Mapping[str, str] = {}
        self._poet, self._sampling, self._seed = poet, sampling, seed
        self._settings = {
            name: value
            for name, value in {**asdict(sampling), "lines": lines, **settings}.items()
            if value not in (None, "")
        }
        vocabulary = poet.vocabulary
        self._grammar = Grammar(vocabulary, backwards=poet.backwards)
        self._page = tokens.Page(vocabulary.style)
        self._cold = LowTemperaturePenalty(vocabulary, sampling.temperature)
        self._verses = [
            _Verse([list(line) for line in start.lines], lines, maximum_words) for _ in range(poems)
        ]
        for verse in self._verses:
            for line in verse.lines:
                self._remember(verse, line)
        self._generators = [np.random.default_rng(seed + number) for number in range(poems)]
        self._active = list(range(poems))
        self._entropy = self._surprisal = 0.0
        self._draws = 0

        state = poet.start(1)
        logits, state = poet.step(np.array([vocabulary.START]), state)
        read = vocabulary.encode_lines(start.lines, backwards=poet.backwards)[1:-1].tolist()
        begun = vocabulary.encode(start.begun).tolist()
        for number in read if poet.backwards else [*read, *begun]:
            logits, state = poet.step(np.array([number]), state)
        self._state = state.select([0] * poems)
        self._logits = np.repeat(logits, poems, axis=0)
        if begun and poet.backwards:
            self._begin_backwards(start.begun, logits, state)
        elif begun:
            for verse in self._verses:
                verse.begun, verse.drawn = list(start.begun), list(begun)

    def _begin_backwards(self, begun: Line, logits: NDArray[np.float32], state: State) -> None:
        """Find every poem an end for the line that was begun, and read that line."""
        vocabulary = self._poet.vocabulary
        states, last = [], []
        for verse, generator in zip(self._verses, self._generators, strict=True):
            end = end_of_line(
                self._poet, begun, logits, state, self._sampling, self._grammar, generator
            )
            after, read = state, [*end, *vocabulary.encode(begun)[::-1].tolist(), vocabulary.LINE]
            for number in read:
                heard, after = self._poet.step(np.array([number]), after)
            words = [*begun, *(vocabulary.token(number) for number in reversed(end))]
            self._keep_line(verse, words)
            states.append(after)
            last.append(heard)
        self._state = State.joined(states)
        self._logits = np.concatenate(last)
        self._active = [k for k, verse in enumerate(self._verses) if not verse.ended]

    def pieces(self, poem: int = 0) -> Iterator[str]:
        """The text of one poem, line by line; joined, it is the poem's text."""
        shown = ""
        verse = self._verses[poem]
        while True:
            text = self._text(verse)
            # The last line waits: what ends the poem may still put a mark behind it.
            ready = text if verse.ended else text[: text.rfind("\n") + 1].rstrip("\n")
            if len(ready) > len(shown):
                yield ready[len(shown) :]
                shown = ready
            if verse.ended:
                return
            self._advance()

    def _text(self, verse: _Verse) -> str:
        return self._page.poem(verse.lines).text

    @property
    def poems(self) -> list[Poem]:
        """All poems, written to their end."""
        return list(self.finished())

    def finished(self) -> Iterator[Poem]:
        """The poems in their order, each as soon as it and those before it are written."""
        for number, verse in enumerate(self._verses):
            while not verse.ended:
                self._advance()
            yield Poem.from_lines(
                self._text(verse).split("\n"),
                source=self._poet.name,
                seed=self._seed + number,
                settings=self._settings | {"ended": verse.ended},
            )

    @property
    def figures(self) -> Figures:
        """What can be counted about the finished poems."""
        poems = self.poems
        return figures(
            poems,
            self._poet.words,
            entropy=self._entropy / max(self._draws, 1),
            surprisal=self._surprisal / max(self._draws, 1),
            drawn="word",
        )

    def _advance(self) -> None:
        """Draw the next word of every unfinished poem."""
        verses = [self._verses[poem] for poem in self._active]
        allowed = np.stack([self._may(verse) for verse in verses])
        if self._cold.strength:
            self._logits = self._logits.copy()
            for row, verse in zip(self._logits, verses, strict=True):
                ending = self._poet.backwards and not self._cold.words_in(verse.drawn)
                said = [*verse.said, *verse.drawn]
                self._cold.apply(row, said, verse.ends if ending else ())
        chances = distribution(self._logits, self._sampling, allowed)
        ids = draw(chances, [self._generators[poem] for poem in self._active])
        self._measure(chances, ids)
        going = []
        for place, (poem, number) in enumerate(zip(self._active, ids.tolist(), strict=True)):
            self._add(self._verses[poem], number)
            if not self._verses[poem].ended:
                going.append(place)
        if len(going) < len(self._active):
            self._active = [self._active[place] for place in going]
            self._state = self._state.select(going)
            ids = ids[going]
        if self._active:
            self._logits, self._state = self._poet.step(ids, self._state)

    def _may(self, verse: _Verse) -> NDArray[np.bool_]:
        """What may come next in a poem, (vocabulary,)."""
        allowed = self._grammar.allowed(verse.drawn)
        if not verse.drawn and verse.lines:
            allowed[self._poet.vocabulary.END] = verse.wanted is None
            allowed[self._poet.vocabulary.STANZA] = tokens.STANZA_END not in verse.lines[-1]
        return allowed

    def _add(self, verse: _Verse, number: int) -> None:
        vocabulary = self._poet.vocabulary
        if number == vocabulary.END:
            self._end(verse, "end")
            return
        if number == vocabulary.STANZA:
            verse.lines[-1].append(tokens.STANZA_END)
        elif number == vocabulary.LINE:
            drawn = [vocabulary.token(each) for each in verse.drawn[len(verse.begun) :]]
            words = tokens.reversed_line(drawn) if self._poet.backwards else drawn
            self._keep_line(verse, [*verse.begun, *words])
        else:
            verse.drawn.append(number)
        if verse.left is not None and not verse.ended:
            verse.left -= 1
            if verse.left <= 0 and not verse.drawn:
                self._end(verse, "words")

    def _keep_line(self, verse: _Verse, words: Line) -> None:
        """Put a finished line, in reading order, behind the others."""
        words, verse.quoted = paired(words, quoted=verse.quoted)
        verse.lines.append([*words, tokens.LINE_END])
        verse.begun, verse.drawn = [], []
        self._remember(verse, words)
        if verse.wanted is not None and len(verse.lines) >= verse.wanted:
            self._end(verse, "lines")

    def _remember(self, verse: _Verse, line: Line) -> None:
        """What a line in reading order has said, and how it ended."""
        words = self._cold.words_in(self._poet.vocabulary.encode(line).tolist())
        verse.said.extend(words)
        verse.ends.extend(words[-1:])

    def _end(self, verse: _Verse, why: str) -> None:
        verse.ended = why
        if tokens.STANZA_END in verse.lines[-1]:
            verse.lines[-1].remove(tokens.STANZA_END)
        if verse.quoted:
            place = verse.lines[-1].index(tokens.LINE_END)
            verse.lines[-1].insert(place, "”")

    def _measure(self, chances: NDArray[np.float64], ids: NDArray[np.intp]) -> None:
        logarithms = np.log2(np.maximum(chances, np.finfo(np.float64).tiny))  # 0 log 0 = 0
        self._entropy -= float(np.vdot(chances, logarithms))
        self._surprisal -= float(logarithms[np.arange(len(ids)), ids].sum())
        self._draws += len(ids)
