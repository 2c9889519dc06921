"""The two kinds of poet that write: of characters, and of words.

In: settings. Out: poems.
"""

from __future__ import annotations

from quatrain.config import Sampling
from quatrain.poet import Poet, WordPoet
from quatrain.write.form_writer import FormWriter, check_start
from quatrain.write.line_poet import LinePoet, WordLines
from quatrain.write.spelled_lines import SpelledLines
from quatrain.write.start import prepare
from quatrain.write.word_start import Start
from quatrain.write.word_writing import WordWriting
from quatrain.write.writing import Writing

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
