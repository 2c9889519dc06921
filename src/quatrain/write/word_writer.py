"""A word poet that writes.

In: settings. Out: poems.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Unpack

from quatrain.config import Sampling, settings
from quatrain.errors import SettingsError
from quatrain.poet import WordPoet
from quatrain.records import Poem
from quatrain.write.word_start import Start
from quatrain.write.word_writing import WordWriting
from quatrain.write.writer import Options, check_numbers

MAXIMUM_WORDS = 800
"""About where a poem without a number of lines ends at the latest, unless asked otherwise."""


class WordWriter(WordPoet):
    """A `WordPoet` that writes; open one with `quatrain.load(folder)`.

    The same poet, settings and seed give the same poem.
    """

    def write(self, **options: Unpack[Options]) -> Poem:
        """Write one poem; `begin` says what the options are.

        Example:
            print(poet.write(lines=8, temperature=0.7, seed=1))
        """
        return self.begin(**options).poems[0]

    def write_many(self, poems: int, **options: Unpack[Options]) -> list[Poem]:
        """Write several poems side by side; poem k has the seed `seed` + k."""
        return self.begin(poems=poems, **options).poems

    def begin(
        self,
        *,
        poems: int = 1,
        lines: int | None = None,
        start: str = "",
        sampling: Sampling | None = None,
        temperature: float | None = None,
        top_k: int | None = None,
        top_p: float | None = None,
        min_p: float | None = None,
        seed: int = 0,
        maximum_characters: int | None = None,
    ) -> WordWriting:
        """Begin to write; the result gives the lines as they are drawn, and then the poems.

        Args:
            poems: how many, side by side.
            lines: how many lines exactly; None lets the poet end its poem.
            start: the beginning of every poem. Without a line break at its end its last line
                goes on; a poet that writes lines from their end finds that line an end.
            sampling: how words are drawn; the four settings below go over it.
            temperature: divides the logits; 0 always takes the likeliest word.
            top_k: draw only from the k likeliest words.
            top_p: draw only from the fewest words whose probabilities sum to p.
            min_p: draw only from words at least min_p times as likely as the likeliest.
            seed: of the first poem; each further one has the next number.
            maximum_characters: most words to draw, five characters to a word; a poem ends
                with the line in which they run out.

        Raises:
            SettingsError: a setting is out of range, or the start has all the lines already.
        """
        check_numbers(poems=poems, lines=lines, seed=seed, maximum_characters=maximum_characters)
        chosen = settings(
            Sampling,
            asdict(sampling) if sampling else None,
            {"temperature": temperature, "top_k": top_k, "top_p": top_p, "min_p": min_p},
        )
        beginning = Start.of(start)
        if lines is not None and len(beginning.lines) >= lines:
            raise SettingsError(
                "setting 'lines'",
                f"{lines}, and a start of {len(beginning.lines)} full lines",
                "more lines than the start has",
                "Ask for more lines, or give a shorter start.",
            )
        words = MAXIMUM_WORDS if lines is None else None
        if maximum_characters is not None:
            words = max(1, maximum_characters // 5)
        return WordWriting(
            self,
            beginning,
            chosen,
            seed=seed,
            poems=poems,
            lines=lines,
            maximum_words=words,
            settings={"start": start},
        )
