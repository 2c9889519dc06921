"""`quatrain write`: a trained poet writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.check import guard_of
from quatrain.cli.in_form import (
    FORM_PANEL,
    SEPARATOR,
    Against,
    Avoid,
    CriticFlag,
    CriticPrompt,
    CriticStrength,
    DictionFlag,
    Display,
    Explain,
    Form,
    MayCopy,
    Particles,
    SearchFlag,
    ShowFlag,
    critic_of,
    parse_lines,
    parse_words,
    write_in_form,
)
from quatrain.cli.options import Config, Json, Poet, report_user_errors, tables_of
from quatrain.cli.streams import console, echo
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quatrain.write import WriteOptions, Writer


@report_user_errors
def write(
    poet: Poet,
    lines: Annotated[
        int | None,
        typer.Option(help="Number of lines; without it, the poet or the form decides."),
    ] = None,
    poems: Annotated[int, typer.Option(help="Number of poems.", min=1)] = 1,
    start: Annotated[str, typer.Option(help="Text that the poem starts with.")] = "",
    temperature: Annotated[
        str | None,
        typer.Option(
            help="Randomness; 0 is none. Several, like 1.5,0.75,0.25, print side by side. "
            "Default: 0.8, or 0.7 for words in a form.",
        ),
    ] = None,
    top_k: Annotated[
        int | None, typer.Option(help="Draw only from the k likeliest symbols.")
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option(help="Draw only from the likeliest symbols, up to this total probability."),
    ] = None,
    min_p: Annotated[
        float | None,
        typer.Option(help="Drop symbols less likely than this fraction of the likeliest."),
    ] = None,
    contrast: Annotated[
        float | None,
        typer.Option(
            help="How much what follows from the poem counts against what would come anyway; "
            "0 is not at all. Default: 0.75 for words in a form, else 0.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            help="The same seed gives the same poem; each further poem has the next number.", min=0
        ),
    ] = None,
    diction: DictionFlag = None,
    form: Form = None,
    about: Annotated[
        str, typer.Option(help="Theme, in one or more words.", rich_help_panel=FORM_PANEL)
    ] = "",
    strength: Annotated[
        float | None,
        typer.Option(
            help="Strength of the theme, from 0 (none) to 100. Default: 1.",
            rich_help_panel=FORM_PANEL,
        ),
    ] = None,
    metre: Annotated[
        str,
        typer.Option(
            help='Metre such as "iambic 4", for a form that leaves it open, as villanelle does.',
            rich_help_panel=FORM_PANEL,
        ),
    ] = "",
    end: Annotated[
        str, typer.Option(help="Text that the last line ends with.", rich_help_panel=FORM_PANEL)
    ] = "",
    line: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N=TEXT",
            help="A line of your own; repeat it for more lines.",
            rich_help_panel=FORM_PANEL,
        ),
    ] = None,
    rhyme: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A=WORDS",
            help="Rhyme words of a letter, separated by commas; repeat it for more letters.",
            rich_help_panel=FORM_PANEL,
        ),
    ] = None,
    include: Annotated[
        str,
        typer.Option(
            help="Words to include, separated by commas; the poet need not know them.",
            rich_help_panel=FORM_PANEL,
        ),
    ] = "",
    avoid: Avoid = "",
    acrostic: Annotated[
        str,
        typer.Option(help="What the first letters of the lines spell.", rich_help_panel=FORM_PANEL),
    ] = "",
    against: Against = None,
    may_copy: MayCopy = False,
    particles: Particles = None,
    search: SearchFlag = None,
    critic: CriticFlag = None,
    critic_strength: CriticStrength = None,
    critic_prompt: CriticPrompt = "",
    show: ShowFlag = None,
    explain: Explain = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Write poems with a trained poet.

    With --form every poem keeps the form: number of lines, metre, rhymes, refrains.
    If that's impossible, Quatrain tells you why.

    Example: [bold]quatrain write my-poet --lines 8 --temperature 0.7 --seed 1[/bold]

    Example: [bold]quatrain write my-poet --temperature 1.5,0.75,0.25 --start "Shall I"[/bold]

    Example: [bold]quatrain write verse --form sonnet --about "winter sea" --show form[/bold]

    Example: [bold]quatrain write verse --form limerick --rhyme A=night,light --avoid love[/bold]
    """
    from quatrain.config import Sampling, settings
    from quatrain.write import WriteOptions, load
    from quatrain.write.option_checks import form_needed

    if form is None:
        flags = {
            "show": show,
            "explain": explain,
            "against": against,
            "critic": critic,
        }
        for flag, value in flags.items():
            if value:
                raise form_needed(f"--{flag}")
    sampling = tables_of(config).get("sampling")
    options = WriteOptions(
        poems=poems,
        lines=lines,
        start=start,
        sampling=settings(Sampling, sampling) if sampling else None,
        top_k=top_k,
        top_p=top_p,
        min_p=min_p,
        contrast=contrast,
        seed=seed,
        diction=diction.value if diction else None,
        form=form,
        metre=metre,
        end=end,
        fixed=parse_lines(line or []),
        rhyme=_parse_rhymes(rhyme or []),
        include=parse_words(include),
        avoid=parse_words(avoid),
        acrostic=acrostic,
        about=about,
        strength=strength,
        particles=particles,
        search=search.value if search else None,
        critic=critic_of(critic),
        critic_strength=critic_strength,
        critic_prompt=critic_prompt,
        guard=guard_of(against, None) if against else None,
        may_copy=may_copy,
    )
    temperatures = _parse_temperatures(temperature)
    if form is None:
        _write_free(load(poet), options, temperatures, json=json)
        return
    if len(temperatures) > 1:
        raise SettingsError(
            "--temperature",
            repr(temperature),
            "one number, with a form",
            "Give one temperature, or no form.",
            message=f"With a form, --temperature takes one number, not {temperature!r}.",
        )
    display = Display(form, show, explain, json)
    options = replace(options, temperature=temperatures[0])
    write_in_form(load(poet), options, display)


def _write_free(
    writer: Writer,
    options: WriteOptions,
    temperatures: Sequence[float | None],
    *,
    json: bool,
) -> None:
    """Write poems without a form and print them, side by side for several temperatures."""
    from quatrain.page import poems as poems_page

    seed = options.seed_or_random()
    choices = [replace(options, temperature=value, seed=seed) for value in temperatures]
    generations = [writer.begin(choice) for choice in choices]
    for typed, replacement in generations[0].substituted.items():
        echo(f"This poet doesn't know {typed!r}; it reads {replacement!r} instead.", err=True)
    if json:
        for generation in generations:
            for poem in generation.finished():
                echo(poems_page.as_json(poem))
        return
    terminal = console()
    if len(generations) > 1:
        columns = [
            (
                f"temperature {choice.drawing.temperature:g}",
                generation.poems,
                generation.statistics,
            )
            for choice, generation in zip(choices, generations, strict=True)
        ]
        terminal.print(poems_page.side_by_side(columns))
    else:
        for number in range(options.poems):
            if number:
                echo(SEPARATOR)
            for piece in generations[0].pieces(number):
                echo(piece, nl=False)
            echo()
        if terminal.is_terminal:
            terminal.print(poems_page.summary(generations[0].statistics), style="dim")
    echo(f"seed {seed}", err=True)


def _parse_temperatures(text: str | None) -> list[float] | list[None]:
    """Return the temperatures given with commas; None leaves it to the settings file."""
    if text is None:
        return [None]
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise SettingsError(
            "--temperature",
            repr(text),
            "a number, or several with commas between them",
            "Write for example --temperature 0.7 or --temperature 1.5,0.75,0.25",
        ) from None


def _parse_rhymes(flags: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the rhyme words given as A=light,night, by their letters.

    Raises:
        SettingsError: some are not given like that.
    """
    example = "Write for example --rhyme A=light,night"
    rhymes: dict[str, tuple[str, ...]] = {}
    for flag in flags:
        letter, _, text = flag.partition("=")
        letter, words = letter.strip(), parse_words(text)
        if len(letter) != 1 or not words:
            raise SettingsError("--rhyme", repr(flag), "a letter, =, and words", example)
        if letter.upper() in rhymes:
            raise SettingsError("--rhyme", f"the letter {letter!r} twice", "it once", example)
        rhymes[letter.upper()] = words
    return rhymes
