"""A word poet that writes.

In: settings. Out: poems.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Unpack

from quatrain.config import Sampling, settings
from quatrain.errors import InternalError, SettingsError
from quatrain.form import Form
from quatrain.form import load as load_form
from quatrain.poet import WordPoet
from quatrain.records import Alternative, Poem
from quatrain.write.alternatives import alternatives
from quatrain.write.copying import CopyGuard
from quatrain.write.formed import PARTICLES, FormedWriting
from quatrain.write.kept import check_line, form_of, repeated, with_lines
from quatrain.write.prosody import Prosody
from quatrain.write.request import Request, check_strength, needs_form, plan
from quatrain.write.word_start import Start
from quatrain.write.word_writing import WordWriting
from quatrain.write.writer import Options, check_numbers

MAXIMUM_WORDS = 800
"""About where a poem without a number of lines ends at the latest, unless asked otherwise."""


class FormOptions(Options, total=False):
    """The options of `WordWriter.begin` beside those that every way of writing shares."""

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
    guard: CopyGuard | None


class WordWriter(WordPoet):
    """A `WordPoet` that writes; open one with `quatrain.load(folder)`.

    The same poet, settings and seed give the same poem.
    """

    def write(self, **options: Unpack[FormOptions]) -> Poem:
        """Write one poem; `begin` says what the options are.

        Example:
            print(poet.write(lines=8, temperature=0.7, seed=1))
            print(poet.write(form="sonnet", about="winter sea", seed=1))
        """
        return self.begin(**options).poems[0]

    def write_many(self, poems: int, **options: Unpack[FormOptions]) -> list[Poem]:
        """Write several poems side by side; poem k has the seed `seed` + k."""
        return self.begin(poems=poems, **options).poems

    def write_best(self, poems: int, **options: Unpack[FormOptions]) -> Poem:
        """Write several poems in a form; the one that surprises the poet least, word by word.

        Raises:
            SettingsError: no form is given.
        """
        writing = self.begin(poems=poems, **options)
        if not isinstance(writing, FormedWriting):
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
        numbers = {line} if isinstance(line, int) else set(line)
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
        guard: CopyGuard | None = None,
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
            guard: of a training corpus; no run of words with the new one in it is copied from it.

        Raises:
            SettingsError: there is no form, no such line, or no such word in it.
            FormError: other lines break the form, or no other word fits.
        """
        check_numbers(count=count)
        kept = form_of(poem, form)
        return alternatives(
            self, self._prosody, poem, kept, line, word, count=count, avoid=avoid, guard=guard
        )

    @cached_property
    def _prosody(self) -> Prosody:
        return Prosody(self)

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
        guard: CopyGuard | None = None,
    ) -> WordWriting | FormedWriting:
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
                with the line in which they run out. Not with a form.
            form: a form's name, a .toml file or a `Form`; every poem keeps it strictly. All
                that follows needs one.
            end: how the last line ends.
            fixed: number of a line, from 1 -> its text.
            rhyme: letter of the form's scheme -> words that its lines end in.
            include: words that every poem has.
            avoid: words that no poem has.
            acrostic: what the first letters of the lines spell.
            about: words of a theme, towards which the poem is steered.
            strength: how strongly, 1 unless given, 0 not at all.
            particles: lines drawn side by side for each line kept, 8 unless given; more follow
                the poet more closely, and take longer.
            guard: of a training corpus; no line is kept that copies a long run from it.

        Raises:
            SettingsError: a setting is out of range, wishes contradict each other, or the start
                has all the lines already.
            FormError: there is no such form, what is given breaks it, or no line can meet it.
        """
        check_numbers(particles=particles)
        wishes: dict[str, object] = {
            "end": end, "fixed": dict(fixed or {}), "rhyme": dict(rhyme or {}),
            "include": tuple(include), "avoid": tuple(avoid), "acrostic": acrostic, "about": about,
        }  # fmt: skip
        if form is None:
            for name, value in {**wishes, "guard": guard}.items():
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
                    "setting 'maximum_characters'", f"{maximum_characters} with a form",
                    "none: the form says how long the poem is", "Leave it out.",
                )  # fmt: skip
            if strength is not None:
                check_strength(strength, about)
            request = Request(
                form if isinstance(form, Form) else load_form(form), lines=lines, start=start,
                strength=1.0 if strength is None else strength,
                **wishes,  # type: ignore[arg-type]
            )  # fmt: skip
            return FormedWriting(
                self, self._prosody, request, chosen, seed=seed, poems=poems,
                particles=PARTICLES if particles is None else particles, guard=guard,
                settings={"start": start, "lines": lines, **wishes,
                          "strength": strength, "particles": particles},
            )  # fmt: skip
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
