"""Checks, scans, rhymes and forms, as tasks. Those that answer at once return JSON as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quatrain.errors import FormError, SettingsError
from quatrain.form import Form, check_draft, forms, load, source
from quatrain.page import draft as draft_page
from quatrain.page import forms as forms_page
from quatrain.page import rhyme as rhyme_page
from quatrain.page import scansion as scansion_page
from quatrain.page import word_panel as panel_page
from quatrain.records import Poem
from quatrain.sound import rhymes
from quatrain.sound.rhyme.search import KINDS, rhyming_words
from quatrain.studio.tasks import loaded
from quatrain.word_search import USUAL_KINDS, DraftPlace, WordFilters, word_panel


def check(lines: Sequence[str], gaps: Sequence[bool], form: str, metre: str) -> str:
    """Return the check of a draft, with offsets in UTF-16 units, as JavaScript counts."""
    return draft_page.as_json(check_draft(lines, form or None, metre.strip(), gaps), utf16=True)


def scan(lines: Sequence[str], gaps: Sequence[bool]) -> str:
    """Return the scansion of verse: syllables, stresses, feet, metre and rhymes."""
    poem = _poem(lines, gaps)
    return scansion_page.as_json(loaded.scanner().scan(poem), loaded.schemer().scheme(poem))


def rhyming(word: str, kinds: Sequence[str], limit: int) -> str:
    """Return words that rhyme with a word or a phrase, at most `limit` of each kind."""
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise SettingsError(
            "kinds",
            repr(unknown[0]),
            f"some of {', '.join(KINDS)}",
            "Take one of these.",
            message=f"{unknown[0]!r} is not a kind of rhyme: they are {', '.join(KINDS)}.",
        )
    listed = rhyming_words(word, kinds=kinds or KINDS, min_count=3)
    counts: dict[str, int] = dict.fromkeys(KINDS, 0)
    chosen = []
    for rhyme in listed:
        counts[rhyme.rhyme.kind] += 1
        if counts[rhyme.rhyme.kind] <= limit:
            chosen.append(rhyme_page.word_as_json(rhyme))
    return f'{{"word":{json.dumps(word)},"rhymes":[{",".join(chosen)}]}}'


def rhyme(first: str, second: str) -> str:
    """Return how two words rhyme, and why."""
    return f'{{"rhyme":{rhyme_page.as_json(rhymes(first, second))}}}'


def scheme(lines: Sequence[str]) -> str:
    """Return the rhyme scheme of verse, with the rhymes that make it; lines count from 1."""
    poem = _poem(lines, ())
    found = loaded.schemer().scheme(poem)
    links = ",".join(
        f'{{"first":{link.first + 1},"second":{link.second + 1},'
        f'"rhyme":{rhyme_page.as_json(link.rhyme)}}}'
        for link in found.links
    )
    letters = json.dumps(found.letters)
    return f'{{"scheme":{json.dumps(str(found))},"letters":{letters},"links":[{links}]}}'


def words(wanted: dict[str, Any]) -> str:
    """Return all about a word, or what fits an empty slot.

    Args:
        wanted: what `schemas.words.WordsRequest` dumps, with the folder of the poet.
    """
    asked, draft = wanted["filters"], wanted["draft"]
    filters = WordFilters(
        near=asked["near"],
        rhyme=asked["rhyme"],
        stress=asked["stress"],
        syllables=asked["syllables"],
        kinds=asked["kinds"] or USUAL_KINDS,
    )
    place = None
    if draft is not None:
        missing = draft["line"] - len(draft["lines"]) if draft["form"] else 0
        place = DraftPlace(
            draft["lines"] + [""] * missing,  # lines that only the form has so far
            draft["line"],
            draft["word"],
            draft["form"] or None,
            draft["metre"].strip(),
        )
    panel = word_panel(
        wanted["word"],
        filters=filters,
        place=place,
        only_fitting=wanted["only_fitting"],
        poet=loaded.poet(wanted["poet"]),
    )
    return panel_page.as_json(panel)


def list_forms(folder: str) -> list[dict[str, Any]]:
    """Return the forms that ship, and those in a folder, of which some may have errors."""
    listed = [_summary(form) for form in forms()]
    names = {entry["name"] for entry in listed}
    for path in sorted(Path(folder).glob("*.toml")):
        if path.stem in names:
            continue
        try:
            listed.append(_summary(load(path)))
        except FormError as error:
            listed.append(
                {
                    "name": path.stem,
                    "title": path.stem,
                    "lines": None,
                    "rhyme": "",
                    "metre": "",
                    "description": "",
                    "usable": False,
                    "why": str(error),
                }
            )
    return listed


def describe_form(name: str) -> dict[str, Any]:
    """Return a form with its stanzas, its variants and the text of its file."""
    form = load(name)
    return {
        **_summary(form),
        "stanzas": [*form.stanzas, *form.again, *form.close],
        "variants": [_summary(variant) for variant in form.variants],
        "source": source(name),
    }


def _poem(lines: Sequence[str], gaps: Sequence[bool]) -> Poem:
    """Return lines as a poem; an empty one is left out, a gap begins a stanza."""
    rows: list[str] = []
    for number, line in enumerate(lines):
        if number < len(gaps) and gaps[number]:
            rows.append("")
        if line.strip():
            rows.append(line)
    return Poem.from_lines(rows)


def _summary(form: Form) -> dict[str, Any]:
    usual = form.usual if form.one_metre else None
    fixed = form.opening_lines + form.closing_lines if form.fixed else None
    return {
        "name": form.name,
        "title": form.title,
        "lines": fixed,
        "rhyme": form.shape,
        "metre": forms_page.measure_in_words(form.metre, form.syllables, usual),
        "description": form.about,
        "usable": True,
        "why": "",
    }
