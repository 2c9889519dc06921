"""Poems in a form at the command line: what `quatrain write` and `quatrain revise` share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.streams import console, echo
from quatrain.errors import FormError, SettingsError

if TYPE_CHECKING:
    from quatrain.critic import Critic
    from quatrain.records import Poem
    from quatrain.write import Generation, WriteOptions, Writer


BATCH = 8
"""Most poems written side by side where nobody watches: more than twice as fast as one by one."""

BATCH_PARTICLES = 64
"""Most particles of a batch, over all its poems."""

SEPARATOR = "\n* * *\n"
"""Line printed between two poems."""

FORM_PANEL = "With a form"
"""Heading in --help of the options that need a form."""


class Detail(StrEnum):
    """Details that --show prints beside a poem."""

    form = "form"


class DictionName(StrEnum):
    """Names of dictions, as `quatrain.poet.DICTIONS` has them."""

    modern = "modern"
    any = "any"
    archaic = "archaic"


class SearchName(StrEnum):
    """Names of the searches for lines, as `write.options.SEARCH_NAMES` has them."""

    particles = "particles"
    beam = "beam"


Form = Annotated[
    str | None,
    typer.Option(
        help="Name of a form, or path of a .toml file; the poem keeps it.",
        rich_help_panel=FORM_PANEL,
    ),
]
DictionFlag = Annotated[
    DictionName | None,
    typer.Option(
        help="Leave archaic words out, as thy and o'er, prefer them, or do neither. "
        "Default: modern for verse, letters and poets adapted from others, else any.",
    ),
]
Particles = Annotated[
    int | None,
    typer.Option(
        help="Candidates per line: more is better and slower. "
        "Default: 8, or 16 for a character-level poet.",
        min=1,
        rich_help_panel=FORM_PANEL,
    ),
]
Avoid = Annotated[
    str, typer.Option(help="Words to avoid, separated by commas.", rich_help_panel=FORM_PANEL)
]
Against = Annotated[
    str | None,
    typer.Option(
        metavar="CORPUS",
        help="Never copy more than 6 words in a row from this corpus.",
        rich_help_panel=FORM_PANEL,
    ),
]
SearchFlag = Annotated[
    SearchName | None,
    typer.Option(
        help="How to search for a line. A beam finds verse that is more probable but plainer. "
        "Default: particles.",
        rich_help_panel=FORM_PANEL,
    ),
]
MayCopy = Annotated[
    bool,
    typer.Option(
        "--may-copy",
        help="Let lines copy more than 6 words in a row from the poet's own training texts.",
        rich_help_panel=FORM_PANEL,
    ),
]
CriticFlag = Annotated[
    str | None,
    typer.Option(
        metavar="hf:PATH",
        help="Let a language model on this machine choose between the lines that the poet "
        "proposes: a folder, or a .gguf file. Needs the extra 'critic'.",
        rich_help_panel=FORM_PANEL,
    ),
]
CriticStrength = Annotated[
    float | None,
    typer.Option(
        help="How much the critic counts: 0 not at all, 1 as much as the poet. Default: 0.5.",
        rich_help_panel=FORM_PANEL,
    ),
]
CriticPrompt = Annotated[
    str,
    typer.Option(
        help="What the critic reads before the poem, such as a title. "
        'Default: the form and the theme, like "A sonnet about winter sea".',
        rich_help_panel=FORM_PANEL,
    ),
]
ShowFlag = Annotated[
    Detail | None,
    typer.Option(help="Show stresses and rhyme letters.", rich_help_panel=FORM_PANEL),
]
Explain = Annotated[
    bool,
    typer.Option(
        "--explain", help="Explain, line by line, how the form is met.", rich_help_panel=FORM_PANEL
    ),
]


@dataclass(frozen=True)
class Display:
    """Settings of how finished poems are printed.

    Attributes:
        form: the form they keep, for `show` and `explain`.
        show: what to show beside a poem.
        explain: whether to explain how each line meets the form.
        json: whether to print JSON.
    """

    form: str
    show: Detail | None
    explain: bool
    json: bool

    def __post_init__(self) -> None:
        """Raise `SettingsError` if both JSON and a text with details are asked for."""
        if self.json and self.detailed:
            flag = "--explain" if self.explain else "--show"
            raise SettingsError(
                flag,
                "it beside --json",
                "one of them",
                "Leave one out. 'quatrain check --json' explains a poem as JSON.",
                message=f"{flag} and --json do not go together.",
            )

    @property
    def detailed(self) -> bool:
        """True if more than the text is printed."""
        return self.explain or self.show is not None

    def print_poem(self, poem: Poem, beside: Mapping[str, object] | None = None) -> None:
        """Print one finished poem.

        Args:
            poem: the poem.
            beside: further fields of its JSON.
        """
        from quatrain.form import check, load
        from quatrain.page import poems as poems_page
        from quatrain.page import verdict as verdict_page

        if self.json:
            echo(poems_page.as_json(poem, beside))
        elif self.detailed:
            verdict = check(poem, load(self.form))
            terminal = console()
            terminal.print(verdict_page.as_text(verdict), soft_wrap=True)
            if self.explain:
                terminal.print(verdict_page.explained(verdict), soft_wrap=True)
        else:
            echo(poem.text)


def write_in_form(writer: Writer, options: WriteOptions, display: Display) -> None:
    """Write poems in a form and print them.

    Args:
        writer: the poet.
        options: the options.
        display: how the poems are printed.
    """
    terminal = console()
    seed = options.seed_or_random()
    # A file or a pipe gets finished poems only: a restarted poem would be in it twice.
    live = terminal.is_terminal and not (display.json or display.detailed)
    size = 1
    if not live:
        size = max(1, min(BATCH, BATCH_PARTICLES // (options.particles or writer.particles)))
    try:
        for number in range(0, options.poems, size):
            count = min(size, options.poems - number)
            batch = replace(options, poems=count, seed=seed + number)
            if live:
                if number:
                    echo(SEPARATOR)
                generation = writer.begin(batch)
                if not number:
                    tell_unknown_words(generation.settings)
                _print_live(generation)
                continue
            with terminal.status(f"writing {count} poems" if count > 1 else "writing"):
                poems = _write_batch(writer, batch)
            for place, poem in enumerate(poems, number):
                if not place:
                    tell_unknown_words(poem.settings)
                elif not display.json:
                    echo(SEPARATOR)
                display.print_poem(poem)
    except KeyboardInterrupt:
        echo(f"seed {seed}", err=True)
        raise
    echo(f"seed {seed}", err=True)


def _write_batch(writer: Writer, options: WriteOptions) -> Iterator[Poem]:
    """Return poems written side by side.

    If one of them fails, those with the seeds before it are written one by one.

    Raises:
        FormError: the only poem fails.
    """
    try:
        return iter(writer.begin(options).poems)
    except FormError:
        if options.poems == 1:
            raise
    seed = options.seed_or_random()
    seeds = range(seed, seed + options.poems)
    return (writer.write(replace(options, poems=1, seed=number)) for number in seeds)


def tell_unknown_words(settings: Mapping[str, object]) -> None:
    """Tell on standard error what became of words that the poet, or the dictionary, does not know.

    Args:
        settings: what a poem records.
    """
    _tell_stand_ins(settings)
    _tell_guesses(settings)


def _tell_stand_ins(settings: Mapping[str, object]) -> None:
    """Tell which words stand in for unknown ones of the theme."""
    stand_ins = settings.get("stand_ins")
    if isinstance(stand_ins, Mapping):
        for word, others in stand_ins.items():
            instead = f"it takes {', '.join(others)} instead" if others else "it leaves it out"
            echo(f"This poet doesn't know {word!r}; for the theme {instead}.", err=True)


def _tell_guesses(settings: Mapping[str, object]) -> None:
    """Tell which words that you gave are pronounced by a guess."""
    from quatrain.meaning import similar_spellings

    guessed = settings.get("guessed")
    if not isinstance(guessed, Mapping):
        return
    for word, phonemes in guessed.items():
        similar = similar_spellings(word, 1) if word.islower() else []
        hint = f" Did you mean {similar[0]!r}?" if similar else ""
        echo(
            f"The pronunciation of {word!r} is a guess: {phonemes}. If it is wrong, spell the word "
            f"as it sounds.{hint}",
            err=True,
        )


def _print_live(generation: Generation) -> None:
    """Print the lines as they are written; Ctrl-C leaves those that are."""
    try:
        for piece in generation.pieces():
            echo(piece, nl=False)
    finally:
        echo()
    list(generation.finished())  # checks the poem against its form once more


def critic_of(name: str | None) -> Critic | None:
    """Open the critic of --critic, if it is given."""
    if name is None:
        return None
    from quatrain.critic import load

    with console().status("opening the critic"):
        return load(name)


def parse_lines(flags: list[str]) -> dict[int, str]:
    """Return the lines given as 3=TEXT, by their numbers.

    Raises:
        SettingsError: one is not given like that.
    """
    lines: dict[int, str] = {}
    for flag in flags:
        number, sign, text = flag.partition("=")
        if not sign or not number.strip().isdecimal() or not text.strip():
            raise SettingsError(
                "--line",
                repr(flag),
                "the line's number, =, and its text",
                'Write for example --line 3="And all the winter lay upon the sea"',
            )
        if int(number) in lines:
            raise SettingsError(
                "--line", f"line {int(number)} twice", "one text for it", "Take one of them out."
            )
        lines[int(number)] = text
    return lines


def parse_words(text: str) -> tuple[str, ...]:
    """Return words separated by commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
