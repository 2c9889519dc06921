"""A word poet that writes.

In: settings. Out: poems.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Unpack

from quatrain.config import Sampling, settings
from quatrain.errors import SettingsError
from quatrain.form import Form
from quatrain.form import load as load_form
from quatrain.poet import WordPoet
from quatrain.records import Poem
from quatrain.write.copying import CopyGuard
from quatrain.write.formed import PARTICLES, FormedWriting
from quatrain.write.prosody import Prosody
from quatrain.write.request import Request, plan
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
    strength: float
    particles: int
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
        form = options.get("form") or poem.form
        if not form:
            raise SettingsError(
                "setting 'form'", "none, and a poem that names none", "a form",
                "Give the form that the poem is to keep.",
            )  # fmt: skip
        numbers = {line} if isinstance(line, int) else set(line)
        for number in sorted(numbers):
            if not 1 <= number <= len(poem.lines):
                raise SettingsError(
                    "setting 'line'", f"line {number}", f"1 to {len(poem.lines)}",
                    "Correct the number of the line.",
                )  # fmt: skip
        loaded = form if isinstance(form, Form) else load_form(form)
        asked = Request(loaded, lines=len(poem.lines))
        fixed = dict(options.get("fixed") or {})
        for each in plan(asked):
            number = each.number + 1
            if each.repeats is not None and number in numbers:
                raise SettingsError(
                    "setting 'line'", f"line {number}",
                    f"line {each.repeats + 1}, which comes back there",
                    f"Revise line {each.repeats + 1}.",
                )  # fmt: skip
            if each.repeats is None and number not in numbers:
                fixed.setdefault(number, poem.lines[each.number].text)
        changed: FormOptions = {**options}
        changed["form"], changed["fixed"], changed["lines"] = loaded, fixed, len(poem.lines)
        return self.write(**changed)

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
        strength: float = 1.0,
        particles: int = PARTICLES,
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
            strength: how strongly.
            particles: lines drawn side by side for each line kept; more follow the poet more
                closely, and take longer.
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
            for name, value in wishes.items():
                if value:
                    raise SettingsError(f"setting {name!r}", f"{value!r} without a form", "a form",
                                        "Give one, as form='sonnet' or --form sonnet.")  # fmt: skip
        check_numbers(poems=poems, lines=lines, seed=seed, maximum_characters=maximum_characters)
        chosen = settings(
            Sampling,
            asdict(sampling) if sampling else None,
            {"temperature": temperature, "top_k": top_k, "top_p": top_p, "min_p": min_p},
        )
        if form is not None:
            request = Request(
                form if isinstance(form, Form) else load_form(form),
                lines=lines, start=start, strength=strength, **wishes,  # type: ignore[arg-type]
            )  # fmt: skip
            return FormedWriting(
                self, self._prosody, request, chosen, seed=seed, poems=poems,
                particles=particles, guard=guard,
                settings={"start": start, "lines": lines, **wishes},
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
