"""What every poet that writes can do: poems free of form, poems in a form, lines anew.

In: settings. Out: poems. The two kinds of poet are in `writer`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TypedDict, Unpack

from quatrain.config import Sampling, settings
from quatrain.errors import InternalError, SettingsError
from quatrain.form import Form
from quatrain.form import load as load_form
from quatrain.poet import WordPoet, is_control
from quatrain.records import Alternative, Poem
from quatrain.write.constrained.decoder import LineDecoder
from quatrain.write.constrained.generation import SEARCHES, ConstrainedGeneration
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.constrained.request import Request, check_strength, needs_form, plan
from quatrain.write.free.characters import CharacterGeneration
from quatrain.write.free.words import WordGeneration
from quatrain.write.overlap import Guard, OverlapIndex
from quatrain.write.revise.lines import check_line, form_of, repeated, with_lines
from quatrain.write.revise.word import alternatives

MOST_PARTICLES = 512
"""Each takes a row of everything the poet computes: of words, half a megabyte."""

MAXIMUM_CHARACTERS = 4000
"""Where a poem without a number of lines ends at the latest, unless asked otherwise."""


class FormOptions(TypedDict, total=False):
    """The options of `Writer.begin` but the number of poems."""

    lines: int | None
    start: str
    sampling: Sampling | None
    temperature: float | None
    top_k: int | None
    top_p: float | None
    min_p: float | None
    seed: int
    maximum_characters: int | None
    form: Form | str | Path | None
    end: str
    fixed: Mapping[int, str]
    rhyme: Mapping[str, Sequence[str]]
    include: Sequence[str]
    avoid: Sequence[str]
    acrostic: str
    about: str
    strength: float | None
    particles: int | None
    search: str | None
    guard: OverlapIndex | None
    may_copy: bool


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


def check_words(**wishes: object) -> None:
    """Raise `SettingsError` for a text where several are wanted: it would be read letter by letter.

    Args:
        **wishes: by the setting's name.
    """
    for name, value in wishes.items():
        if isinstance(value, str):
            raise SettingsError(
                f"setting {name!r}",
                f"the text {value!r}",
                "a list of words",
                f"Write [{value!r}].",
            )


def check_signs(**texts: str) -> None:
    """Raise `SettingsError` for a text with characters that a terminal obeys.

    Args:
        **texts: by the setting's name.
    """
    for name, text in texts.items():
        bad = sorted({each for each in text if is_control(each) and not each.isspace()})
        if bad:
            raise SettingsError(
                f"setting {name!r}",
                ", ".join(map(repr, bad)),
                "characters that can be shown",
                "Leave them out.",
            )


class Writer(ABC):
    """A poet that writes.

    The same poet, settings and seed give the same poem.
    """

    @abstractmethod
    def _line_poet(self) -> LineDecoder:
        """What writes lines in a form."""

    @abstractmethod
    def _free(
        self,
        sampling: Sampling,
        *,
        poems: int,
        lines: int | None,
        start: str,
        seed: int,
        maximum_characters: int | None,
    ) -> CharacterGeneration | WordGeneration:
        """Begin to write free of form."""

    @cached_property
    def _lines(self) -> LineDecoder:
        return self._line_poet()

    def write(self, **options: Unpack[FormOptions]) -> Poem:
        """Write one poem; `begin` says what the options are.

        Example:
            print(poet.write(lines=8, temperature=0.7, seed=1))
            print(poet.write(form="sonnet", about="winter sea", seed=1))
        """
        return self.begin(**options).poems[0]

    def write_many(self, poems: int, **options: Unpack[FormOptions]) -> list[Poem]:
        """Write several poems side by side, many times faster than one after another.

        Poem k has the seed `seed` + k, so that it can be written again alone. (Products of
        several columns round differently from those of one. Should a draw fall within that
        rounding of the border between two symbols, the poem goes another way; it did in
        none of 24,000 characters tried.)
        """
        return self.begin(poems=poems, **options).poems

    def write_best(self, poems: int, **options: Unpack[FormOptions]) -> Poem:
        """Write several poems in a form; the one that surprises the poet least.

        Raises:
            SettingsError: no form is given.
        """
        writing = self.begin(poems=poems, **options)
        if not isinstance(writing, ConstrainedGeneration):
            raise SettingsError("setting 'form'", "none", "a form", "Give one, as form='sonnet'.")
        return writing.best

    def revise(
        self, poem: Poem, line: int | Collection[int], **options: Unpack[FormOptions]
    ) -> Poem:
        """Write some lines of a poem anew and keep the others as they are.

        Args:
            poem: in a form, or with `form` given.
            line: its number, from 1, or several; a line that comes back is revised where it
                stands first.
            **options: as those of `begin`.

        Raises:
            SettingsError: there is no form, or no such line.
            FormError: the lines kept break the form, or no line fits between them.
        """
        form = form_of(poem, options.get("form"))
        numbers = set(line) if isinstance(line, Collection) else {line}
        if not numbers:
            raise SettingsError("setting 'line'", "none", "the number of a line", "Give some.")
        for number in sorted(numbers):
            check_line(poem, number)
        fixed = dict(options.get("fixed") or {})
        fresh = numbers | set(fixed)
        for each in plan(Request(form, lines=len(poem.lines))):
            number = each.number + 1
            if each.repeats is not None and number in numbers:
                raise repeated(number, each.repeats + 1)
            if each.repeats is None and number not in numbers:
                fixed.setdefault(number, poem.lines[each.number].text)
            if each.repeats is not None and each.repeats + 1 in fresh:
                fresh.add(number)
        changed: FormOptions = {**options}
        changed["form"], changed["fixed"], changed["lines"] = form, fixed, len(poem.lines)
        written = self.write(**changed)
        texts = {number: written.lines[number - 1].text for number in fresh}
        revised = with_lines(poem, texts)  # what is kept keeps its signs and capitals
        if not self._prosody.checker.check(revised, form).kept:
            raise InternalError("lines that were kept are heard otherwise than they were read")
        return replace(written, stanzas=revised.stanzas, title=poem.title, author=poem.author)

    def alternatives(
        self,
        poem: Poem,
        line: int,
        word: int | str,
        *,
        count: int = 5,
        form: Form | str | Path | None = None,
        avoid: Sequence[str] = (),
        guard: OverlapIndex | None = None,
        may_copy: bool = False,
    ) -> list[Alternative]:
        """The poem with one word changed to another, in the ways that surprise the poet least.

        Nothing is drawn by lot: of the words with which the poem keeps its form, those are given
        that make the whole of it likeliest, the likeliest first. (The line is read to its end for
        the 256 that are likeliest after what the poet reads before the word, the next line for
        the best 64 of them, the whole poem for the best 16.) If the line comes back elsewhere,
        the word changes there too.

        Args:
            poem: in a form, or with `form` given.
            line: its number, from 1.
            word: its number in the line, from 1, or the word itself. Parts of a word with a
                hyphen count each.
            count: how many at most.
            form: the form to keep, if the poem does not name it.
            avoid: words that are not wanted.
            guard: of a corpus; no run of words with the new one in it is copied from it.
            may_copy: whether such a run may be copied from the poet's own texts.

        Raises:
            SettingsError: there is no form, no such line, or no such word in it; or the poet is
                one of characters.
            FormError: other lines break the form, or no other word fits.
        """
        check_numbers(count=count)
        check_words(avoid=avoid)
        if not isinstance(self, WordPoet):
            raise SettingsError(
                "setting 'word'",
                "a poet of characters",
                "a poet of words: it weighs whole words",
                "Take 'verse' or 'sonnets', or revise the whole line.",
            )
        kept = form_of(poem, form)
        return alternatives(
            self, self._prosody, poem, kept, line, word, count=count, avoid=avoid,
            guards=self._guards(guard, may_copy),
        )  # fmt: skip

    def _guards(self, guard: OverlapIndex | None, may_copy: bool) -> list[Guard]:
        own = None if may_copy else self._lines.poet.training_ngrams
        return [each for each in (guard, own) if each is not None]

    @cached_property
    def _prosody(self) -> Prosody:
        return Prosody(self._lines)

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
        form: Form | str | Path | None = None,
        end: str = "",
        fixed: Mapping[int, str] | None = None,
        rhyme: Mapping[str, Sequence[str]] | None = None,
        include: Sequence[str] = (),
        avoid: Sequence[str] = (),
        acrostic: str = "",
        about: str = "",
        strength: float | None = None,
        particles: int | None = None,
        search: str | None = None,
        guard: OverlapIndex | None = None,
        may_copy: bool = False,
    ) -> CharacterGeneration | WordGeneration | ConstrainedGeneration:
        """Begin to write; the result gives the text as it is drawn, and then the poems.

        Args:
            poems: how many, side by side.
            lines: how many lines exactly, blank ones not counted; None lets the poet end its
                poem.
            start: the beginning of every poem, part of it. Without a line break at its end its
                last line goes on; a poet that writes lines from their end finds that line an end.
            sampling: how symbols, words or characters, are drawn; the four settings below go
                over it.
            temperature: divides the logits; 0 always takes the likeliest symbol.
            top_k: draw only from the k likeliest symbols.
            top_p: draw only from the fewest symbols whose probabilities sum to p.
            min_p: draw only from symbols at least min_p times as likely as the likeliest.
            seed: of the first poem; each further one has the next number.
            maximum_characters: about where a poem ends at the latest; by default 4000 if no
                number of lines is asked for. Of words one is drawn for every five, and the line
                is finished. Not with a form.
            form: a form's name, a .toml file or a `Form`; every poem keeps it strictly. All
                that follows needs one.
            end: how the last line ends.
            fixed: number of a line, from 1 -> its text.
            rhyme: letter of the form's scheme -> words that its lines end in.
            include: words that every poem has.
            avoid: words that no poem has.
            acrostic: what the first letters of the lines spell.
            about: words of a theme, towards which a poet of words is steered.
            strength: how strongly, 1 unless given, 0 not at all.
            particles: lines drawn side by side for each line kept, by default 8, of characters
                16; more follow the poet more closely, and take longer.
            search: "particles" or "beam". A beam keeps the likeliest beginnings of a line and
                writes what is likelier, and plainer; at temperature 0 it draws nothing by lot.
            guard: of a corpus; no line is kept that copies a long run from it.
            may_copy: whether lines may copy more than six words in a row from the texts the poet
                was trained on; it knows them if an index of them goes with it.

        Raises:
            SettingsError: a setting is out of range, wishes contradict each other, the start has
                characters the poet does not know, or all the lines already.
            PoetError: the poet's alphabet cannot spell the words that a form needs.
            FormError: there is no such form, what is given breaks it, or no line can meet it.
        """
        check_numbers(particles=particles)
        if particles is not None and particles > MOST_PARTICLES:
            raise SettingsError(
                "setting 'particles'", f"{particles:,}", f"at most {MOST_PARTICLES}", "Lower it."
            )
        if search not in (None, *SEARCHES):
            raise SettingsError(
                "setting 'search'", repr(search), " or ".join(map(repr, SEARCHES)), "Correct it."
            )
        check_words(include=include, avoid=avoid)
        for words in (rhyme or {}).values():
            check_words(rhyme=words)
        for place, text in (fixed or {}).items():
            if type(place) is not int:
                raise SettingsError(
                    "setting 'fixed'",
                    f"the key {place!r}",
                    "numbers of lines, from 1",
                    "Write {3: 'And ...'}.",
                )
            check_signs(fixed=text)
        check_signs(start=start, end=end)
        wishes: dict[str, object] = {
            "end": end, "fixed": dict(fixed or {}), "rhyme": dict(rhyme or {}),
            "include": tuple(include), "avoid": tuple(avoid), "acrostic": acrostic, "about": about,
        }  # fmt: skip
        if form is None:
            others = {"search": search, "guard": guard, "may_copy": may_copy}
            for name, value in {**wishes, **others}.items():
                if value:
                    raise needs_form(f"setting {name!r}")
            for name, number in (("strength", strength), ("particles", particles)):
                if number is not None:
                    raise needs_form(f"setting {name!r}", f"{number!r} without a form")
        check_numbers(poems=poems, lines=lines, seed=seed, maximum_characters=maximum_characters)
        chosen = settings(
            Sampling,
            asdict(sampling) if sampling else None,
            {"temperature": temperature, "top_k": top_k, "top_p": top_p, "min_p": min_p},
        )
        if form is not None:
            if maximum_characters is not None:
                raise SettingsError(
                    "setting 'maximum_characters'",
                    f"{maximum_characters} with a form",
                    "none: the form says how long the poem is",
                    "Leave it out.",
                )
            if strength is not None:
                check_strength(strength, about)
            request = Request(
                form if isinstance(form, Form) else load_form(form), lines=lines, start=start,
                strength=1.0 if strength is None else strength,
                **wishes,  # type: ignore[arg-type]
            )  # fmt: skip
            return ConstrainedGeneration(
                self._lines, self._prosody, request, chosen, seed=seed, poems=poems,
                particles=particles, search=search or "particles",
                guards=self._guards(guard, may_copy),
                settings={"start": start, "lines": lines, **wishes,
                          "strength": strength, "particles": particles, "search": search,
                          "may_copy": may_copy or None},
            )  # fmt: skip
        if maximum_characters is None and lines is None:
            maximum_characters = MAXIMUM_CHARACTERS
        return self._free(
            chosen, poems=poems, lines=lines, start=start, seed=seed,
            maximum_characters=maximum_characters,
        )  # fmt: skip


def check_start(lines: int | None, complete: int) -> None:
    """Raise `SettingsError` if the start has all the lines already."""
    if lines is not None and complete >= lines:
        raise SettingsError(
            "setting 'lines'",
            f"{lines}, and a start of {complete} full lines",
            "more lines than the start has",
            "Ask for more lines, or give a shorter start.",
        )
