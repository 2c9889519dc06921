"""Words without their endings, and with them.

In: a word as it stands in a text. Out: the words of the dictionary that it may be a form of, and
the other way round. Irregular forms are listed; the rest follows WordNet's own rules of detachment
(morphy(7WN)), with a few for verse: *walketh*, *pass'd*, *king's*.
"""

from __future__ import annotations

from collections.abc import Iterator

from quatrain.meaning.database import Database

RULES = {
    "n": (
        ("'s", ""),
        ("s", ""),
        ("ses", "s"),
        ("xes", "x"),
        ("zes", "z"),
        ("ches", "ch"),
        ("shes", "sh"),
        ("men", "man"),
        ("ies", "y"),
        ("oes", "o"),
    ),
    "v": (
        ("s", ""),
        ("ies", "y"),
        ("es", "e"),
        ("es", ""),
        ("ed", "e"),
        ("ed", ""),
        ("ing", "e"),
        ("ing", ""),
        ("eth", "e"),
        ("eth", ""),
        ("'d", "e"),
        ("'d", ""),
        ("ied", "y"),
        ("ieth", "y"),
    ),
    "a": (
        ("er", ""),
        ("est", ""),
        ("er", "e"),
        ("est", "e"),
        ("ier", "y"),
        ("iest", "y"),
    ),
}
"""Part of speech -> endings of its forms, each with what the word has in its place."""

_ENDINGS = {"n": ("s",), "v": ("s", "ed", "ing"), "a": ("er", "est"), "r": ()}
"""Endings of regular forms by part of speech."""

_OLD_ENDINGS = ("eth", "ieth")
"""Endings that today's words have by chance."""

_HISSES = ("s", "x", "z", "ch", "sh", "o")
"""Ends of words that take -es, not -s: *wishes*, *goes*."""

_VOWELS = frozenset("aeiou")


def lemmas(word: str, database: Database) -> list[str]:
    """Return the words of the dictionary that a word may be a form of, the word itself first.

    Args:
        word: in any case; with spaces if it is several.
        database: the dictionary.
    """
    form = _folded(word)
    bases = [form, *(base for _, base in _bases(form, database))]
    return [base for base in dict.fromkeys(bases) if base in database]


def senses_of(word: str, database: Database) -> dict[int, str]:
    """Return the senses that a word may have: number -> the word it is a form of.

    Those of the word itself come first, and of each word the most used. A form has senses of its
    part of speech alone: *geese* is no verb, as *to goose* is.

    Args:
        word: in any case; with spaces if it is several.
        database: the dictionary.
    """
    form = _folded(word)
    senses = dict.fromkeys(database.senses_of(form), form)
    for part, base in _bases(form, database):
        for number in database.senses_of(base):
            if database.sense(number).part == part:
                senses.setdefault(number, base)
    return senses


def _folded(word: str) -> str:
    """Return a word as the dictionary spells it: in lower case, with single spaces."""
    return " ".join(word.lower().replace("’", "'").replace("_", " ").split())


def _bases(form: str, database: Database) -> Iterator[tuple[str, str]]:
    """Yield the words that a form may be of, each after the letter of its part of speech."""
    is_listed = form in database
    for part in "nva":
        irregular = database.irregular.get((part, form), ())
        yield from ((part, base) for base in irregular)
        if irregular:
            continue  # *wives* is of *wife*, and not of *wive*
        for ending, instead in RULES[part]:
            if is_listed and ending in _OLD_ENDINGS:
                continue  # *teeth* is not of *tee*
            base = form.removesuffix(ending) + instead
            if form.endswith(ending) and len(base) > 1 and _has_part(base, part, database):
                yield part, base


def forms(lemma: str, database: Database) -> list[str]:
    """Return the forms of a word of the dictionary, itself first: *sing, sang, sung, sings ...*."""
    found = [lemma]
    for part, endings in _ENDINGS.items():
        if not _has_part(lemma, part, database):
            continue
        irregular = database.irregular_forms.get((part, lemma), ())
        found += irregular
        for ending in endings:
            if not irregular or (part == "v" and _is_regular(ending, irregular)):
                found.append(_with_ending(lemma, ending))
    return list(dict.fromkeys(found))


def _is_regular(ending: str, irregular: tuple[str, ...]) -> bool:
    """Return whether a verb with irregular forms has a regular one too: *sings*, *singing*."""
    if ending == "ing":  # irregular only if a letter is doubled: *stopping*
        return not any(form.endswith(ending) for form in irregular)
    return ending == "s" or all(form.endswith("ing") for form in irregular)  # *died*, *dying*


def _with_ending(word: str, ending: str) -> str:
    """Return a word with a regular ending: *hoped*, *cries*, *wishes*."""
    if word.endswith("y") and word[-2:-1] not in _VOWELS and ending != "ing":
        return word[:-1] + ("ies" if ending == "s" else "i" + ending)
    if ending == "s":
        return word + ("es" if word.endswith(_HISSES) else "s")
    if word.endswith("e") and not (ending == "ing" and word.endswith(("ee", "oe", "ye"))):
        return word[:-1] + ending
    return word + ending


def _has_part(word: str, part: str, database: Database) -> bool:
    """Return whether the dictionary has a word as a part of speech."""
    return any(database.sense(number).part == part for number in database.senses_of(word))
