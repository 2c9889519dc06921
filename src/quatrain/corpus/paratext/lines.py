"""Lines that are no verse: headings, dates, dedications, authors, signatures.

The functions look at a single line and know nothing of its neighbours; `poem` and `titles` do.
"""

from __future__ import annotations

import re

LONGEST_TITLE = 70
"""Characters in the longest title. The longest in the anthology has 32."""

_LONGEST_LABEL = 60
"""Characters in the longest dedication or signature."""

ROMAN = r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
"""Pattern of a Roman numeral; it matches the empty text, too."""

_COUNTED = (
    r"(?:sonnet|canto|poem|song|ode|part|book|psalm|fable|elegy|eclogue|haiku|limerick|stanza"
    r"|chapter|section|fytte|fit|no\.?|number|nr\.?)"
)
_NUMBER = rf"(?:\d{{1,4}}|(?=[MDCLXVI])(?-i:{ROMAN}))"
NUMBERED = re.compile(
    rf" *(?:#{{1,6}} +\S.*|[\[(]?(?:{_COUNTED} +)?{_NUMBER}[\])]?[.:]?"
    rf"|(?:the +)?{_COUNTED} +(?:the +)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth"
    r"|ninth|tenth|last)\.?)",
    re.IGNORECASE,
)
"""A heading that shows it by its form: `# Title`, `12`, `XII.`, `Sonnet 12`, `Canto the First`."""

INLINE_NUMBER = re.compile(r" *[\[(]?(?P<number>\d{1,4})[.)\]:] +(?=\D)")
"""A number at the start of a line of verse, as in `1. An old pond`."""

_BARE_NUMBER = re.compile(rf" *[\[(]?(?P<number>{_NUMBER})[\])]?[.:]?", re.IGNORECASE)

_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?"
    r"|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_YEAR = r"(?:1\d{3}|20\d{2})"
_YEARS = rf"(?:(?:c\.|ca\.?|circa) ?)?{_YEAR}(?: ?(?:-|--|–|—|/) ?(?:{_YEAR}|\d{{2}}))?\??"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_CALENDAR = (
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    rf"(?:(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?|{_MONTH} {_DAY}(?:,? {_YEAR})?"
    rf"|{_MONTH},? {_YEAR}"
    rf"|(?:spring|summer|autumn|fall|winter|christmas|easter|michaelmas|new year),? {_YEAR}"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-](?:{_YEAR}|\d{{2}})|{_YEAR}[./-]\d{{1,2}}(?:[./-]\d{{1,2}})?)"
)
_PLACE = r"(?:(?-i:[A-Z])[\w'’.-]*(?: (?:(?-i:[A-Z])[\w'’.-]*|of|on|upon|the|in|near|am)){0,4}, ?)"
_WRITTEN = (
    r"(?:(?:written|composed|published|dated|revised|draft(?:ed)?|first printed)(?: in)?:? )?"
)
_DATE = re.compile(
    rf"[_*(\[]*{_WRITTEN}{_PLACE}{{0,2}}(?:{_CALENDAR}|{_YEARS})[_*)\].]*", re.IGNORECASE
)
_BARE_YEAR = re.compile(rf"{_YEAR}\.?")

_PARTICLES = (
    r"de|da|di|del|della|des|du|von|van|der|den|le|la|of|the|and|y|e|ap|al|ibn|bin|el|à|zu|&|St\."
)
_NAME_WORD = r"(?:[^\W\d_a-z][\w'’.-]*)"
_NAME = rf"{_NAME_WORD}(?: ?(?:{_NAME_WORD}|(?:{_PARTICLES})\b)){{0,5}}"
_BYLINE = re.compile(
    rf"[_*(]*(?:by|By|BY|von|par|di|por|written by|Written by|Author:|author:|Poet:)"
    rf"(?: |:|$)\s*(?P<name>{_NAME}(?:,? (?:and|&) {_NAME})?(?:,? \(?{_YEARS}\)?)?)[_*)]*\.?"
)
_LOWER_BYLINE = re.compile(r"by (?P<name>[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,2})")
_DEDICATION = re.compile(
    r"[_*(\[]*(?:for|to|in memory of|in memoriam|i\. ?m\.|i\.m\.|dedicated to|inscribed to"
    r"|addressed to|für|à|pour|para|to the memory of|for the late|with love to)[ ,:]+"
    r"(?P<whom>\S.*?)[_*)\]]*\.?",
    re.IGNORECASE,
)
_WHOM = re.compile(r"[^\W\d_a-z]|(?:my|our|his|her|all|those|the|you|m\b)\b")
_SUBTITLE = re.compile(
    r"[_*]*(?:after|from|translated (?:from|by)|imitated from|adapted from|suggested by|set to"
    r"|a (?:fragment|ballad|sonnet|song|poem|villanelle|sestina|pantoum|translation|parody|riddle"
    r"|prayer|dialogue|draft)(?: (?:of|for|on|in|after|from|by)\b)?)\b.*",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"[_*]*[(\[][^()\[\]]*[)\]][_*.]*")
_DASH = re.compile(r"[_*]*(?:-{1,3}|—|–|―|~)\s*(?P<name>\S.*)")
_PLACE_OR_WORK = (
    rf"(?:, ?[_*(\"“]*(?:{_NAME_WORD}|\d[\w.]*)(?:[ ,]+(?:{_NAME_WORD}|\d[\w.]*"
    rf"|(?:{_PARTICLES}|in|on|to|a|an|for|aged|age|vol|lib|jr)\b\.?)){{0,9}}[_*)\"”.]*)"
)
"""A place, a date or a work after a name and a comma, in words with capitals."""

_SIGNATORY = re.compile(
    rf"[_*(]*(?:{_NAME}|(?:[A-Za-z]\. ?){{1,4}}|[Aa]non(?:ymous)?|[Uu]nknown|[Tt]raditional)[_*).]*"
    rf"{_PLACE_OR_WORK}?(?: [(\"“_*].{{0,40}})?"
)
_INITIALS = re.compile(rf"(?:[^\W\d_a-z]\. ?){{2,5}}(?:{_NAME_WORD})?{_PLACE_OR_WORK}?")
_END = re.compile(r"[\W_]*(?:the end|end|finis|fin|ende|explicit|laus deo|end of poem)[\W_]*", re.I)
_LINK = re.compile(
    r"(?:(?:source|from|via|url|link|read more)(?: at)?:? )?<?https?://\S+>?\.?", re.I
)
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)\s.*|all rights reserved\.?|first published in .*"
    r"|(?:from|source): .*",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?P<name>title|author|poet|by|date|year|written|published|dedication|epigraph|subtitle"
    r"|form|source|collection|language|translator|tags|rhyme scheme|metre|meter)\s*:\s*"
    r"(?P<value>\S.*)",
    re.IGNORECASE,
)
_RULER = frozenset("-*_~=#•·.+⁂❦☙◆◇■□●○§–—―^<>|/\\: ")
"""Characters of an ornament between poems or parts."""


_SPEAKING = re.compile(
    r"\W|_|.*[\d:]|(?:by|von|par|di|por|written|author|poet|for|to|in|i\.|dedicated|inscribed"
    r"|addressed|für|à|pour|para|with|after|from|translated|imitated|adapted|suggested|set|a"
    r"|copyright|all|first|source|via|url|link|read|https?)\b",
    re.IGNORECASE,
)


def may_speak(line: str) -> bool:
    """Return whether a line may be a date, a dedication, an author, a source or a field.

    It is the first look, for speed: most lines of verse are none of these.
    """
    return bool(_SPEAKING.match(line))


def is_numbered(line: str) -> bool:
    """Return whether a line is a heading by its form, such as `# Title`, `XII.` or `Sonnet 12`."""
    return len(line) <= LONGEST_TITLE and bool(NUMBERED.fullmatch(line.rstrip()))


def number_of(line: str) -> int:
    """Return the number that is all of a line, arabic or Roman; 0 if the line is none."""
    match = _BARE_NUMBER.fullmatch(line.rstrip())
    if not match:
        return 0
    digits = match["number"]
    return int(digits) if digits.isdecimal() else roman(digits)


def roman(numeral: str) -> int:
    """Return the value of a Roman numeral in capitals."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[c] for c in numeral]
    return sum(
        -value if value < max(values[place:]) else value for place, value in enumerate(values)
    )


def in_capitals(line: str) -> bool:
    """Return whether a line is in capitals, as titles are, and doesn't run on into the next."""
    return (
        line == line.upper()
        and line != line.lower()
        and len(line.strip()) <= LONGEST_TITLE
        and sum(map(str.isalpha, line)) >= 2
        and not line.rstrip().endswith((",", ";", ":"))
    )


def is_date(line: str) -> bool:
    """Return whether a line is a date, with or without a place: `Leith, 12 March 2019`."""
    return len(line) <= _LONGEST_LABEL and bool(_DATE.fullmatch(line.strip()))


def is_year(line: str) -> bool:
    """Return whether a line is nothing but the number of a year, which may be a title, too."""
    return bool(_BARE_YEAR.fullmatch(line.strip()))


def author_of(line: str) -> str:
    """Return the name in a line such as `by Ann Weir`; "" if it is none."""
    text = line.strip()
    match = _BYLINE.fullmatch(text) or _LOWER_BYLINE.fullmatch(text)
    if not match or len(text) > LONGEST_TITLE:
        return ""
    return match["name"].strip(" _*.,") if not match["name"].endswith(".") else match["name"]


def is_dedication(line: str) -> bool:
    """Return whether a line could be a dedication, such as `for Miriam`."""
    text = line.strip()
    match = _DEDICATION.fullmatch(text)
    return (
        match is not None
        and len(text) <= _LONGEST_LABEL
        and len(text.split()) <= 9
        and bool(_WHOM.match(match["whom"]))
        and not text.endswith((",", ";", ":", "!", "?"))
    )


def is_subtitle(line: str) -> bool:
    """Return whether a line below a title reads like one: `after Horace`, `(a fragment)`."""
    text = line.strip()
    if len(text) > LONGEST_TITLE or text.endswith((",", ";", ":")):
        return False
    return bool(_SUBTITLE.fullmatch(text) or _PARENTHESIS.fullmatch(text))


def is_signature(line: str) -> bool:
    """Return whether a line is a dash and a name (`-- A. W., Leith`), or initials alone."""
    text = line.strip()
    if len(text) > _LONGEST_LABEL:
        return False
    match = _DASH.fullmatch(text)
    if not match:
        return bool(_INITIALS.fullmatch(text))
    name = match["name"].rstrip(" ~")
    return bool(_SIGNATORY.fullmatch(name)) and not name.rstrip().endswith(
        ("-", "—", "–", ";", ":", "!", "?", ",")
    )


def is_attribution(line: str) -> bool:
    """Return whether a line below a quotation may say whose it is: a dash and a few words."""
    match = _DASH.fullmatch(line.strip())
    if not match or len(line.strip()) > _LONGEST_LABEL:
        return False
    source = match["name"].lstrip("\"“'‘_*(")
    return source[:1].isupper() and source[-1] not in "-—–;:!?,"


def is_end_mark(line: str) -> bool:
    """Return whether a line says that a text ends: `FINIS`, `The End`."""
    return bool(_END.fullmatch(line))


def is_rights(line: str) -> bool:
    """Return whether a line gives a link, a copyright or a source."""
    text = line.strip()
    return bool(_LINK.fullmatch(text) or _RIGHTS.fullmatch(text))


def is_ruler(line: str) -> bool:
    """Return whether a line is an ornament without a letter or digit: `* * *`, `---`, `. . .`."""
    text = line.strip()
    return len(text) >= 3 and _RULER.issuperset(text)


def field_of(line: str) -> tuple[str, str]:
    """Return the name, in lower case, and the value of a line such as `Title: The Mill`.

    Both are empty if the line is nothing of the kind.
    """
    match = _FIELD.fullmatch(line.strip())
    return (match["name"].lower(), match["value"].strip()) if match else ("", "")
