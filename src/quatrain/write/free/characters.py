"""Poems in the making.

In: a poet, a start and settings. Out: pieces of text as they are drawn, and the
finished poems.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import product

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.poet import CharacterPoet, Vocabulary
from quatrain.records import Figures, Poem
from quatrain.write.free.character_prompt import Start
from quatrain.write.free.character_text import May, Verse
from quatrain.write.sampling import distribution, draw
from quatrain.write.text_statistics import figures


class CharacterGeneration:
    """Some poems being written side by side, one character of each at a time.

    `CharacterWriter.begin` makes one. Read `pieces()` to see a poem grow, or `poems` to have all.

    Attributes:
        substituted: characters of the start the alphabet lacks -> what stands for them.
    """

    def __init__(
        self,
        poet: CharacterPoet,
        start: Start,
        sampling: Sampling,
        *,
        seed: int,
        poems: int,
        lines: int | None,
        maximum_characters: int | None,
    ) -> None:
        self.substituted: Mapping[str, str] = start.substituted
        self._poet = poet
        self._sampling = sampling
        self._seed = seed
        self._settings = {
            name: value
            for name, value in {**asdict(sampling), "lines": lines, "start": start.text}.items()
            if value not in (None, "")
        }
        self._verses = [Verse(lines, maximum_characters) for _ in range(poems)]
        self._generators = [np.random.default_rng(seed + number) for number in range(poems)]
        self._shown = [[verse.begin(start.text)] for verse in self._verses]
        self._active = list(range(poems))
        self._entropy = self._surprisal = 0.0
        self._drawn = 0

        vocabulary = poet.vocabulary
        cases = [May(*case) for case in product((False, True), repeat=len(May._fields))]
        self._row = {may: row for row, may in enumerate(cases)}
        self._allowed = np.stack([_allowed(vocabulary, may) for may in cases])
        self._characters = [vocabulary.decode(np.array([k])) for k in range(vocabulary.size)]

        state = poet.start(1)
        logits, state = poet.step(np.array([vocabulary.START]), state)
        for number in vocabulary.encode(start.text):
            logits, state = poet.step(np.array([number]), state)
        self._state = state.select([0] * poems)
        self._logits = np.repeat(logits, poems, axis=0)

    def pieces(self, poem: int = 0) -> Iterator[str]:
        """The text of one poem, piece by piece, the start first; joined, it is the poem's text.

        Spaces and line breaks come with the character after them.
        """
        position = 0
        while True:
            shown = self._shown[poem]
            while position < len(shown):
                if shown[position]:
                    yield shown[position]
                position += 1
            if self._verses[poem].ended:
                return
            self._advance()

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
                verse.text.split("\n"),
                source=self._poet.name,
                seed=self._seed + number,
                settings=self._settings
                | {"ended": verse.ended}
                | ({"substituted": dict(self.substituted)} if self.substituted else {}),
            )

    @property
    def figures(self) -> Figures:
        """What can be counted about the finished poems."""
        poems = self.poems
        return figures(
            poems,
            self._poet.words,
            entropy=self._entropy / self._drawn,
            surprisal=self._surprisal / self._drawn,
        )

    def _advance(self) -> None:
        """Draw the next character of every unfinished poem."""
        allowed = self._allowed[[self._row[self._verses[poem].may()] for poem in self._active]]
        chances = distribution(self._logits, self._sampling, allowed)
        ids = draw(chances, [self._generators[poem] for poem in self._active])
        self._measure(chances, ids)
        going = []
        for place, (poem, number) in enumerate(zip(self._active, ids.tolist(), strict=True)):
            verse = self._verses[poem]
            if number == self._poet.vocabulary.END:
                verse.end()
            else:
                self._shown[poem].append(verse.add(self._characters[number]))
            if not verse.ended:
                going.append(place)
        if len(going) < len(self._active):
            self._active = [self._active[place] for place in going]
            self._state = self._state.select(going)
            ids = ids[going]
        if self._active:
            self._logits, self._state = self._poet.step(ids, self._state)

    def _measure(self, chances: NDArray[np.float64], ids: NDArray[np.intp]) -> None:
        logarithms = np.log2(np.maximum(chances, np.finfo(np.float64).tiny))  # 0 log 0 = 0
        self._entropy -= float(np.vdot(chances, logarithms))
        self._surprisal -= float(logarithms[np.arange(len(ids)), ids].sum())
        self._drawn += len(ids)


def _allowed(vocabulary: Vocabulary, may: May) -> NDArray[np.bool_]:
    """Which symbols may come, (alphabet,). The start and the unknown are never drawn."""
    spaces = "".join(each for each in vocabulary.characters if each.isspace())
    allowed = np.full(vocabulary.size, may.other)
    allowed[vocabulary.encode(spaces)] = may.space
    allowed[vocabulary.encode("\n")] = may.line_break
    allowed[[vocabulary.START, vocabulary.UNKNOWN]] = False
    allowed[vocabulary.END] = may.end
    return allowed
