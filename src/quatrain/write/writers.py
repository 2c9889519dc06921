"""The two kinds of poet that write: of characters, and of words.

In: settings. Out: poems.
"""

from __future__ import annotations

from quatrain.config import Sampling
from quatrain.poet import Poet, WordPoet
from quatrain.write.constrained.character_decoder import SpelledLines
from quatrain.write.constrained.decoder import LinePoet, WordLines
from quatrain.write.free.character_prompt import prepare
from quatrain.write.free.characters import Writing
from quatrain.write.free.word_prompt import Start
from quatrain.write.free.words import WordWriting
from quatrain.write.writer import FormWriter, check_start

CHARACTERS_A_WORD = 5
"""By which a number of characters is made one of words."""


class Writer(FormWriter, Poet):
    """A `Poet` that writes; open one with `quatrain.load(folder)`."""

    def _line_poet(self) -> LinePoet:
        return SpelledLines(self)

    def _free(
        self,
        sampling: Sampling,
        *,
        poems: int,
        lines: int | None,
        start: str,
        seed: int,
        maximum_characters: int | None,
    ) -> Writing:
        beginning = prepare(start, set(self.vocabulary.characters))
        check_start(lines, sum(bool(line.strip()) for line in beginning.text.split("\n")[:-1]))
        return Writing(
            self,
            beginning,
            sampling,
            seed=seed,
            poems=poems,
            lines=lines,
            maximum_characters=maximum_characters,
        )


class WordWriter(FormWriter, WordPoet):
    """A `WordPoet` that writes; open one with `quatrain.load(folder)`."""

    def _line_poet(self) -> LinePoet:
        return WordLines(self)

    def _free(
        self,
        sampling: Sampling,
        *,
        poems: int,
        lines: int | None,
        start: str,
        seed: int,
        maximum_characters: int | None,
    ) -> WordWriting:
        beginning = Start.of(start)
        check_start(lines, len(beginning.lines))
        words = maximum_characters and max(1, maximum_characters // CHARACTERS_A_WORD)
        return WordWriting(
            self,
            beginning,
            sampling,
            seed=seed,
            poems=poems,
            lines=lines,
            maximum_words=words,
            settings={"start": start},
        )
