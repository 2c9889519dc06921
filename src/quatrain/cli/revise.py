"""`quatrain revise`: rewrite some lines of a poem, or one word of it; the rest stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quatrain.cli.check import guard_of
from quatrain.cli.in_form import (
    Against,
    Avoid,
    CriticFlag,
    CriticPrompt,
    CriticStrength,
    DictionFlag,
    Display,
    Explain,
    MayCopy,
    Particles,
    SearchFlag,
    ShowFlag,
    critic_of,
    parse_words,
)
from quatrain.cli.options import Json, report_user_errors, standard_input
from quatrain.cli.streams import echo
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quatrain.records import Alternative, Poem
    from quatrain.write import WriteOptions, Writer


@report_user_errors
def revise(
    path: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="The poem: a text file, or .jsonl from 'write --json'; - reads standard input.",
            show_default=False,
        ),
    ],
    line: Annotated[
        list[int],
        typer.Option(help="Number of the line to rewrite; repeat it for more lines.", min=1),
    ],
    form: Annotated[
        str | None, typer.Option(help="The form that the poem keeps, if the file does not name it.")
    ] = None,
    which: Annotated[
        int, typer.Option("--poem", help="Number of the poem, in a file that holds several.", min=1)
    ] = 1,
    poet: Annotated[
        Path, typer.Option(metavar="POET", help="A poet's folder, or a shipped poet's name.")
    ] = Path("verse"),
    alternatives: Annotated[int, typer.Option(help="Number of alternatives.", min=1)] = 1,
    word: Annotated[
        str | None,
        typer.Option(
            metavar="N|WORD",
            help="Change only this word of the line: the word, or its number in the line.",
        ),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(help="Randomness; 0 is none. Default: 0.8."),
    ] = None,
    about: Annotated[str, typer.Option(help="Theme, in one or more words.")] = "",
    diction: DictionFlag = None,
    avoid: Avoid = "",
    against: Against = None,
    may_copy: MayCopy = False,
    seed: Annotated[
        int | None,
        typer.Option(
            help="The same seed gives the same lines; each alternative has the next number.",
            min=0,
        ),
    ] = None,
    particles: Particles = None,
    search: SearchFlag = None,
    critic: CriticFlag = None,
    critic_strength: CriticStrength = None,
    critic_prompt: CriticPrompt = "",
    show: ShowFlag = None,
    explain: Explain = False,
    json: Json = False,
) -> None:
    """Rewrite lines of a poem, or change one word; the form and the rest stay the same.

    --word tries every word that fits and lists the most likely ones. It isn't random.
    Each word has a score, in nats. Negative: the poet finds the new poem more likely
    than your original.

    Example: [bold]quatrain revise sonnet.txt --line 7 --form sonnet[/bold]

    Example: [bold]quatrain revise sonnet.txt --line 13 --line 14 --form sonnet[/bold]

    Example: [bold]quatrain revise mine.txt --line 2 --word 3 --form haiku --alternatives 5[/bold]
    """
    from quatrain.write import WriteOptions, load
    from quatrain.write.revise.lines import form_of

    if word is not None:
        random = {
            "temperature": temperature is not None,
            "about": about,
            "seed": seed is not None,
            "particles": particles is not None,
            "search": search,
            "critic": critic,
            "critic-strength": critic_strength is not None,
            "critic-prompt": critic_prompt,
        }
        _check_word_flags([f"--{name}" for name, value in random.items() if value], line)
        if diction:
            raise SettingsError(
                "--diction",
                "it beside --word",
                "one of them",
                "Leave it out, or name the words with --avoid.",
                message="--diction has no effect with --word, which writes archaic words only "
                "into a poem that has some.",
            )
    poem = _read_poem(path, which)
    display = Display(form or poem.form, show, explain, json)
    options = WriteOptions(
        form=form_of(poem, form),
        temperature=temperature,
        about=about,
        diction=diction.value if diction else None,
        avoid=parse_words(avoid),
        guard=guard_of(against, None) if against else None,
        seed=seed,
        particles=particles,
        search=search.value if search else None,
        critic=critic_of(critic),
        critic_strength=critic_strength,
        critic_prompt=critic_prompt,
        may_copy=may_copy,
    )
    writer = load(poet)
    if word is None:
        _revise_lines(writer, poem, line, options, alternatives, display)
        return
    changed = writer.alternatives(
        poem,
        line[0],
        int(word) if word.strip().isdecimal() else word,
        count=alternatives,
        form=options.form,
        avoid=options.avoid,
        guard=options.guard,
        may_copy=may_copy,
    )
    _print_alternatives(changed, line[0], display, listed=alternatives > 1)


def _check_word_flags(flags: Sequence[str], lines: Sequence[int]) -> None:
    """Raise `SettingsError` for flags, or several lines, that do not go with --word."""
    for flag in flags:
        raise SettingsError(
            flag,
            "it beside --word",
            "one of them",
            "Leave one of them out.",
            message=f"{flag} has no effect with --word, which isn't random.",
        )
    if len(set(lines)) > 1:
        raise SettingsError(
            "--line",
            "several beside --word",
            "the line of the word",
            "Give one line.",
            message="--word changes one word, so --line takes one number.",
        )


def _revise_lines(
    writer: Writer,
    poem: Poem,
    lines: list[int],
    options: WriteOptions,
    count: int,
    display: Display,
) -> None:
    """Rewrite the lines `count` times and print each version."""
    seed = options.seed_or_random()
    for number in range(count):
        revised = writer.revise(poem, lines, replace(options, seed=seed + number))
        if count == 1 or display.json or display.detailed:
            display.print_poem(revised)
            continue
        for place in sorted(set(lines)):
            echo(f"{place:>3}  {revised.lines[place - 1].text}")
        echo("")
    echo(f"seed {seed}", err=True)


def _print_alternatives(
    alternatives: Sequence[Alternative], line: int, display: Display, *, listed: bool
) -> None:
    """Print poems with one word changed; as a list of lines, or whole."""
    for alternative in alternatives:
        if listed and not (display.json or display.detailed):
            text = alternative.poem.lines[line - 1].text
            score = f"{alternative.difference:+.1f}"
            echo(f"{line:>3}  {text}  ({alternative.word}, {score})")
            continue
        facts = {
            "word": alternative.word,
            "surprisal": alternative.surprisal,
            "difference": alternative.difference,
        }
        display.print_poem(alternative.poem, facts)


def _read_poem(path: str, number: int) -> Poem:
    """Return a poem of a file by its number, from 1; note if it is the first of several."""
    from quatrain.corpus import stream_all
    from quatrain.records import Poem

    poems = iter([standard_input()] if path == "-" else stream_all(path))
    poem = next(poems, Poem(()))
    for place in range(1, number):
        following = next(poems, None)
        if following is None:
            raise SettingsError(
                "--poem", str(number), f"1 to {place}: {path} has no more", "Correct the number."
            )
        poem = following
    if number == 1 and next(poems, None) is not None:
        echo(f"{path} holds several poems: this is the first. --poem 2 takes the next.", err=True)
    if not poem.lines:
        raise SettingsError(path, "no poem", "a poem of at least one line", "Give another file.")
    return poem
