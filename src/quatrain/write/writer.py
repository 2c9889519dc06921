"""A poet that writes.

In: settings. Out: poems.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TypedDict, Unpack

from quatrain.config import Sampling, settings
from quatrain.errors import SettingsError
from quatrain.poet import Poet
from quatrain.records import Poem
from quatrain.write.start import prepare
from quatrain.write.writing import Writing

MAXIMUM_CHARACTERS = 4000
"""Where a poem without a number of lines ends at the latest, unless asked otherwise."""


class Options(TypedDict, total=False):
    """The options of `Writer.begin` that every way of writing shares."""

    lines: int | None
    start: str
    sampling: Sampling | None
    temperature: float | None
    top_k: int | None
    top_p: float | None
    min_p: float | None
    seed: int
    maximum_characters: int | None


def check_numbers(**numbers: int | None) -> None:
    """Raise `SettingsError` for a number of poems, lines and so on that cannot be.

    Args:
        **numbers: by the setting's name; None was not given.
    """
    for name, value in numbers.items():
        least = 0 if name == "seed" else 1
        if value is not None and (type(value) is not int or value < least):
            raise SettingsError(
                f"setting {name!r}",
                repr(value),
                f"a whole number, {least} or more",
                "Correct the value.",
            )


class Writer(Poet):
    """A `Poet` that writes; open one with `quatrain.load(folder)`.

    The same poet, settings and seed give the same poem.
    """

    def write(self, **options: Unpack[Options]) -> Poem:
        """Write one poem; `begin` says what the options are.

        Example:
            print(poet.write(lines=8, temperature=0.7, seed=1))
        """
        return self.begin(**options).poems[0]

    def write_many(self, poems: int, **options: Unpack[Options]) -> list[Poem]:
        """Write several poems side by side, many times faster than one after another.

        Poem k has the seed `seed` + k, so that it can be written again alone. (Products of
        several columns round differently from those of one. Should a draw fall within that
        rounding of the border between two characters, the poem goes another way; it did in
        none of 24,000 characters tried.)
        """
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
    ) -> Writing:
        """Begin to write; the result gives the text as it is drawn, and then the poems.

        Args:
            poems: how many, side by side.
            lines: how many lines exactly, blank ones not counted; None lets the poet end
                its poem.
            start: the beginning of every poem, part of it.
            sampling: how characters are drawn; the four settings below go over it.
            temperature: divides the logits; 0 always takes the likeliest character.
            top_k: draw only from the k likeliest characters.
            top_p: draw only from the fewest characters whose probabilities sum to p.
            min_p: draw only from characters at least min_p times as likely as the likeliest.
            seed: of the first poem; each further one has the next number.
            maximum_characters: most characters to draw per poem; by default 4000 if no
                number of lines is asked for, otherwise as many as the lines need.

        Raises:
            SettingsError: a setting is out of range; the start has characters the poet does
                not know, or all the lines already.
        """
        check_numbers(poems=poems, lines=lines, seed=seed, maximum_characters=maximum_characters)
        chosen = settings(
            Sampling,
            asdict(sampling) if sampling else None,
            {"temperature": temperature, "top_k": top_k, "top_p": top_p, "min_p": min_p},
        )
        beginning = prepare(start, set(self.vocabulary.characters))
        complete = sum(bool(line.strip()) for line in beginning.text.split("\n")[:-1])
        if lines is not None and complete >= lines:
            raise SettingsError(
                "setting 'lines'",
                f"{lines}, and a start of {complete} full lines",
                "more lines than the start has",
                "Ask for more lines, or give a shorter start.",
            )
        if maximum_characters is None and lines is None:
            maximum_characters = MAXIMUM_CHARACTERS
        return Writing(
            self,
            beginning,
            chosen,
            seed=seed,
            poems=poems,
            lines=lines,
            maximum_characters=maximum_characters,
        )
