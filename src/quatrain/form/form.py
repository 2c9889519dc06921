"""A form, as data.

In: the values of a form's file, checked by `parsing`. Out: a `Form`, which `check` holds a
poem to and `write` keeps while writing. docs/forms.md explains each field.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from quatrain.form.metre import MetreAutomaton, metre_with
from quatrain.records import Facts, FactsRepr

DEFAULT_RHYMES = frozenset({"perfect", "rich", "mosaic", "promoted"})
"""Kinds of rhyme a form allows unless its file lists others."""


UNRHYMED = "x"
"""The letter of a line that rhymes with no other line near it, in a row of rhyme letters."""


@dataclass(frozen=True)
class Form(FactsRepr):
    """A verse form: what a poem in it has to keep.

    `quatrain.forms()` lists those that come with Quatrain, `quatrain.form.load` reads one.

    Attributes:
        name: the name to ask for it by, such as "haiku".
        title, about: its name and what it is, for a reader.
        stanzas: the rhyme scheme of each stanza, a letter per line; x rhymes with nothing, and of
            the rhyme of a dot nothing is asked; small letters and capitals are the same letter.
        again: stanzas repeated as often as the poem likes, each with letters of its own.
        chain: whether the middle rhyme of a stanza of `again` is the outer rhyme of the next.
        close: stanzas at the end of a form with `again`; they take the rhyme the chain reached.
        metre: foot and number of feet of each line in turn, repeated; empty for no metre, or for
            one that the form leaves open.
        one_metre: whether all lines keep one metre, whichever it is.
        usual: foot and number of feet in which such a form is written, unless you say otherwise.
        allow: names of the metrical licences allowed (`LICENCES`).
        syllables: syllables of each line in turn, repeated; empty if they are not counted.
        rhymes: kinds of rhyme allowed.
        refrains: number of a line, from 1 -> numbers of the lines that repeat it.
        rentrement: numbers of the lines that repeat only the opening words of line 1; they have no
            metre of their own.
        carry: for each stanza of `again`, the lines of the stanza before that it repeats, as
            pairs (line before, line now), from 1.
        end_words: stanza by stanza, the line of the first stanza whose last word each line ends
            in.
        acrostic: the letters the lines begin with, or empty.
        least: the smallest number of stanzas of `again`.
        gaps: lines of `stanzas` before which a space stands on the page, besides the stanzas' own.
        indents: lines of `stanzas` that are set in on the page.
        variants: the same form as tradition has it otherwise: longer, or of another scheme.
    """

    name: str
    title: str
    about: str = ""
    stanzas: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    chain: bool = False
    close: tuple[str, ...] = ()
    metre: tuple[tuple[str, int], ...] = ()
    allow: frozenset[str] = frozenset()
    syllables: tuple[int, ...] = ()
    rhymes: frozenset[str] = DEFAULT_RHYMES
    refrains: dict[int, tuple[int, ...]] = field(default_factory=dict)
    rentrement: tuple[int, ...] = ()
    carry: tuple[tuple[int, int], ...] = ()
    end_words: tuple[tuple[int, ...], ...] = ()
    acrostic: str = ""
    least: int = 1
    gaps: tuple[int, ...] = ()
    indents: tuple[int, ...] = ()
    one_metre: bool = False
    usual: tuple[str, int] = ("iambic", 5)
    variants: tuple[Form, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.about}" if self.about else self.name

    @property
    def fixed(self) -> bool:
        """True if the number of lines is fixed."""
        return not self.again

    @property
    def _facts(self) -> Facts:
        return {
            "form": self.name,
            "title": self.title,
            "stanzas": self.shape,
            "metre": ", ".join(dict.fromkeys(f"{foot} {feet}" for foot, feet in self.metre)),
            "syllables": ", ".join(map(str, self.syllables)),
            "what it is": self.about,
        }

    @property
    def shape(self) -> str:
        """Rhyme scheme on one line, stanzas apart: `ABAB CDCD EFEF GG`."""
        parts = list(self.stanzas)
        if self.again:
            parts += [*self.again, "..."]
        return " ".join([*parts, *self.close])

    @property
    def opening_lines(self) -> int:
        """Number of lines of `stanzas`, before those of `again`."""
        return sum(map(len, self.stanzas))

    @property
    def closing_lines(self) -> int:
        """Number of lines of `close`."""
        return sum(map(len, self.close))

    @property
    def repeated_lines(self) -> int:
        """Number of lines of `again`, once through."""
        return sum(map(len, self.again))

    def metre_of(self, line: int) -> MetreAutomaton | None:
        """Return the metre of a line, counted from 0, or None."""
        if not self.metre or line + 1 in self.rentrement:
            return None
        foot, feet = self.metre[line % len(self.metre)]
        return _metre_with(foot, feet, self.allow)

    def in_metre(self, foot: str, feet: int) -> Form:
        """Return the form with one metre in all lines, and without its variants."""
        return replace(self, metre=((foot, feet),), one_metre=False, variants=())

    def syllables_of(self, line: int) -> int | None:
        """Return the number of syllables of a line, counted from 0, or None."""
        if not self.syllables or line + 1 in self.rentrement:
            return None
        return self.syllables[line % len(self.syllables)]

    def rhyme_letters(self, stanzas: int) -> list[list[str | None]]:
        """Return the rhyme letter of each line, stanza by stanza.

        It is `UNRHYMED` where a line rhymes with none, and None where nothing is asked. Each stanza
        of `again` gets new letters, except for a rhyme that is chained on. If the form does not
        allow that number of stanzas, the nearest number it allows is returned.
        """
        unasked: dict[str, str | None] = {"X": UNRHYMED, ".": None}
        rows = [
            [unasked.get(letter, letter) for letter in stanza.upper()] for stanza in self.stanzas
        ]
        if not self.again:
            return rows
        unused = len({letter for row in rows for letter in row if letter and letter.isupper()})
        link: str | None = None
        for number in range(max(self.least, stanzas - len(self.stanzas) - len(self.close))):
            scheme = self.again[number % len(self.again)].upper()
            letters = unasked | ({scheme[0]: link} if self.chain and link else {})
            for letter in scheme:
                if letter not in letters:
                    letters[letter] = _letter(unused)
                    unused += 1
            rows.append([letters[letter] for letter in scheme])
            link = letters[scheme[1]] if self.chain else None
        rows += [[link] * len(scheme) for scheme in self.close]
        return rows


@lru_cache(maxsize=1000)
def _metre_with(foot: str, feet: int, allowed: frozenset[str]) -> MetreAutomaton:
    """Return `metre_with` of the same arguments, made once: a form is asked for every line."""
    return metre_with(foot, feet, allowed)


def _letter(number: int) -> str:
    """Return the letter of the rhyme with that number: A to Z, then A2, B2, ..."""
    round_number, place = divmod(number, 26)
    return chr(ord("A") + place) + (str(round_number + 1) if round_number else "")
