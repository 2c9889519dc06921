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
    tell_unknown_words,
)
from quatrain.cli.line_numbers import lines_to_rewrite
from quatrain.cli.options import Json, KeepAll, report_user_errors
from quatrain.cli.poem_source import check_rewritable, default_poet, read_poem, rewrite
from quatrain.cli.streams import echo
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quatrain.corpus.poem_file import PoemFile
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
        list[str] | None,
        typer.Option(metavar="NUMBERS", help="Lines to rewrite, such as 7 or 3-5,9."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBERS", help="Lines to keep; all others are rewritten."),
    ] = None,
    form: Annotated[
        str | None, typer.Option(help="The form that the poem keeps, if the file does not name it.")
    ] = None,
    which: Annotated[
        int, typer.Option("--poem", help="Number of the poem, in a file that holds several.", min=1)
    ] = 1,
    poet: Annotated[
        Path | None,
        typer.Option(
            metavar="POET",
            help="A poet's folder, or a shipped poet's name. "
            "Default: the poet that wrote the poem, if the file says so, else verse.",
        ),
    ] = None,
    alternatives: Annotated[
        int | None, typer.Option(help="Number of alternatives to list. Default: 1.", min=1)
    ] = None,
    pick: Annotated[
        int | None,
        typer.Option(
            help="Take this one of the alternatives, from 1; give the --seed that listed them.",
            min=1,
        ),
    ] = None,
    in_place: Annotated[
        bool,
        typer.Option(
            "--in-place",
            help="Write the lines into FILE; the old file is kept as FILE.bak, .bak2 and so on.",
        ),
    ] = False,
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
    keep_all: KeepAll = False,
    json: Json = False,
) -> None:
    """Rewrite lines of a poem, or change one word; the form and the rest stay the same.

    --word tries every word that fits and lists the most likely ones. It isn't random.
    Each word has a score, in nats. Negative: the poet finds the new poem more likely
    than your original.

    Example: [bold]quatrain revise sonnet.txt --line 7 --form sonnet[/bold]

    Example: [bold]quatrain revise sonnet.txt --line 3-5,9 --form sonnet --alternatives 4[/bold]

    Example: [bold]quatrain revise sonnet.txt --keep 1-8 --form sonnet --seed 6 --in-place[/bold]

    Example: [bold]quatrain revise mine.txt --line 2 --word 3 --form haiku --alternatives 5[/bold]
    """
    from quatrain.write import WriteOptions, load
    from quatrain.write.revise.lines import form_of

    file = read_poem(path, which, keep_all=keep_all)
    poem = file.poem
    lines = lines_to_rewrite(line or [], keep or [], len(poem.lines))
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
        _check_word_flags([f"--{name}" for name, value in random.items() if value], lines)
        if diction:
            raise SettingsError(
                "--diction",
                "it beside --word",
                "one of them",
                "Leave it out, or name the words with --avoid.",
                message="--diction has no effect with --word, which writes archaic words only "
                "into a poem that has some.",
            )
    count = _check_choice(alternatives, pick, in_place=in_place)
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
    if in_place:
        check_rewritable(path, file, lines)
    writer = load(poet or default_poet(file))
    if word is None:
        seed = options.seed_or_random()
        options = replace(options, seed=seed)
        if pick is None and not in_place:
            _revise_lines(writer, poem, lines, options, count, display)
        else:
            options = replace(options, seed=seed + (pick or 1) - 1)
            revised = writer.revise(poem, lines, options)
            tell_unknown_words(revised.settings)
            _finish(revised, file, display, in_place=in_place)
        echo(f"seed {seed}", err=True)
        return
    changed = writer.alternatives(
        poem,
        lines[0],
        int(word) if word.strip().isdecimal() else word,
        count=count,
        form=options.form,
        avoid=options.avoid,
        guard=options.guard,
        may_copy=may_copy,
    )
    if pick is None and not in_place:
        _print_alternatives(changed, lines[0], display, listed=count > 1)
        return
    chosen = picked(changed, pick or 1)
    _finish(chosen.poem, file, display, in_place=in_place, beside=_facts(chosen))


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
    if len(lines) > 1:
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
    for number in range(count):
        seed = options.seed_or_random() + number
        revised = writer.revise(poem, lines, replace(options, seed=seed))
        if not number:
            tell_unknown_words(revised.settings)
        if count == 1 or display.json or display.detailed:
            display.print_poem(revised)
            continue
        echo(f"--pick {number + 1}")
        for place in lines:
            echo(f"{place:>3}  {revised.lines[place - 1].text}")
        echo("")


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
        display.print_poem(alternative.poem, _facts(alternative))


def _facts(alternative: Alternative) -> dict[str, object]:
    """Return what the JSON of a poem with one word changed has beside it."""
    return {
        "word": alternative.word,
        "surprisal": alternative.surprisal,
        "difference": alternative.difference,
    }


def _check_choice(alternatives: int | None, pick: int | None, *, in_place: bool) -> int:
    """Return the number of alternatives; raise `SettingsError` if the choice is not possible."""
    if pick is not None and alternatives is not None and pick > alternatives:
        raise SettingsError(
            "--pick",
            f"{pick} of {alternatives}",
            f"1 to {alternatives}",
            "Pick another, or ask for more --alternatives.",
            message=f"--pick {pick} is not among {alternatives} alternatives.",
        )
    if in_place and pick is None and (alternatives or 1) > 1:
        raise SettingsError(
            "--in-place",
            f"{alternatives} alternatives",
            "one",
            "Say which with --pick, or leave --alternatives out.",
            message=f"--in-place can't write {alternatives} alternatives into one file.",
        )
    return alternatives or pick or 1


def picked(alternatives: Sequence[Alternative], pick: int) -> Alternative:
    """Return one of the poems with another word, by its number from 1."""
    if pick > len(alternatives):
        raise SettingsError(
            "--pick",
            str(pick),
            f"1 to {len(alternatives)}",
            "Pick one of them.",
            message=f"There is no alternative {pick}: only {len(alternatives)} "
            f"{'word fits' if len(alternatives) == 1 else 'words fit'}.",
        )
    return alternatives[pick - 1]


def _finish(
    revised: Poem,
    file: PoemFile,
    display: Display,
    *,
    in_place: bool,
    beside: dict[str, object] | None = None,
) -> None:
    """Print the version chosen, or write it into its file."""
    if in_place:
        rewrite(file, revised)
    if not in_place or display.json or display.detailed:
        display.print_poem(revised, beside)
