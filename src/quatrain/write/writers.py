"""The two kinds of poet that write: of characters, and of words.

In: settings. Out: poems.
"""

from __future__ import annotations

from quatrain.config import Sampling
from quatrain.poet import CharacterPoet, WordPoet
from quatrain.write.constrained.character_decoder import CharacterDecoder
from quatrain.write.constrained.decoder import LineDecoder
from quatrain.write.constrained.word_decoder import WordDecoder
from quatrain.write.free.character_prompt import prepare
from quatrain.write.free.characters import CharacterGeneration
from quatrain.write.free.word_prompt import Start
from quatrain.write.free.words import WordGeneration
from quatrain.write.writer import Writer, check_start

CHARACTERS_A_WORD = 5
"""By which a number of characters is made one of words."""


class CharacterWriter(Writer, CharacterPoet):
    """A `CharacterPoet` that writes; open one with `quatrain.load(folder)`."""

    def _line_poet(self) -> LineDecoder:
        return CharacterDecoder(self)

    def _free(
        self,
        sampling: Sampling,
        *,
        poems: int,
        lines: int | None,
        start: str,
        seed: int,
        maximum_characters: int | None,
    ) -> CharacterGeneration:
        beginning = prepare(start, set(self.vocabulary.characters))
        check_start(lines, sum(bool(line.strip()) for line in beginning.text.split("\n")[:-1]))
        return CharacterGeneration(
            self,
            beginning,
            sampling,
            seed=seed,
            poems=poems,
            lines=lines,
            maximum_characters=maximum_characters,
        )


class WordWriter(Writer, WordPoet):
    """A `WordPoet` that writes; open one with `quatrain.load(folder)`."""

    def _line_poet(self) -> LineDecoder:
        return WordDecoder(self)

    def _free(
        self,
        sampling: Sampling,
        *,
        poems: int,
        lines: int | None,
        start: str,
        seed: int,
        maximum_characters: int | None,
    ) -> WordGeneration:
        beginning = Start.of(start)
        check_start(lines, len(beginning.lines))
        words = maximum_characters and max(1, maximum_characters // CHARACTERS_A_WORD)
        return WordGeneration(
            self,
            beginning,
            sampling,
            seed=seed,
            poems=poems,
            lines=lines,
            maximum_words=words,
            settings={"start": start},
        )
