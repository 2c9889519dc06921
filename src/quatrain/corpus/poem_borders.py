"""The rule by which the poems of a plain text file are told apart.

`rule_of` looks at the beginning of a file and chooses one rule for all of it:

1. *Headings.* A line `# Title` begins a poem. So do at least two of these: a number or Roman
   numeral, if they count upwards ("XII.", "Sonnet 12"); a title in capitals, alone between blank
   lines; a title in capitals and small letters that stands alone above its poem, if the file
   begins with one and all lines that stand alone are such titles.
2. *Single blank lines*, if nearly all gaps are of one blank line and the
   median stanza between them would have ten lines or more. Stanzas that long
   are rare (Spenser's has nine), poems are not.
3. *Several blank lines* separate poems; a single one ends a stanza.
4. *Ornaments* such as `* * *`, if there is no title above the first.
5. *One poem*, if there are none, or fewer than one wide gap in a hundred.

With 3, a first line that stands alone is a title if at least half the poems
begin so.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from quatrain.corpus.paratext import lines
from quatrain.corpus.paratext.drama import Cast, cast_of
from quatrain.corpus.paratext.margins import RUNNING_HEAD
from quatrain.corpus.paratext.titles import CLOSED, is_title_case, runs_on

NEVER = "\0"
"""A gap that no tidied text has."""

_POEM_LINES = 10
"""Median lines of a block from which blocks are poems rather than stanzas."""
_GAPS = 100
"""Paragraphs per wide gap above which wide gaps do not separate poems."""
_UPWARDS = 0.7
"""Share of numbers that must be greater than the one before, or begin again at 1."""
_COLLECTIONS = re.compile(
    r"(?:sonnets|poems|songs|odes|haikus?|limericks|tanka|verses|lyrics|ballads|epigrams|elegies"
    r"|psalms|hymns|fables|rhymes|sequence|canzoni|rondels|villanelles|cinquains|contents)\b",
    re.IGNORECASE,
)
"""Words in the title of a sequence of poems rather than of one poem in parts."""


_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Rule:
    """The rule that separates a file's poems.

    Attributes:
        name: the rule in words, for the report.
        gap: the line breaks that separate poems.
        headings: kinds of heading that begin a poem: "mark", "number", "year",
            "capitals", "above", "title", "inline"; "above" is a title in capitals with no
            blank line below it.
        titles: whether a first line that stands alone is the title.
        rulers: whether ornaments separate poems.
        sections: whether numbers below a title number the parts of one poem.
        numerals: whether numbers are headings; None if there are fewer than two.
        inline: what the number is that paragraphs have in their first line: "title" or
            "section number"; "" if they have none.
        has_rulers: whether there are ornaments in the text.
        wide: whether titles in capitals have several blank lines above them.
        cast: the speakers, in a play.
    """

    name: str
    gap: str = "\n\n\n"
    headings: frozenset[str] = frozenset()
    titles: bool = False
    rulers: bool = False
    sections: bool = False
    numerals: bool | None = None
    inline: str = ""
    has_rulers: bool = False
    wide: bool = False
    cast: Cast = field(default_factory=Cast)

    @property
    def by_paragraph(self) -> bool:
        """True if the text is looked at paragraph by paragraph."""
        return bool(self.headings or self.titles or self.rulers)


def rule_of(sample: str) -> Rule:
    """Choose the rule for a tidied text from its beginning, as the module says."""
    chunks = [chunk.strip("\n") for chunk in re.split(r"\n{3,}", sample.strip("\n"))]
    by_chunk = [chunk.split("\n\n") for chunk in chunks]
    paragraphs = [paragraph for chunk in by_chunk for paragraph in chunk]
    cast = cast_of(paragraphs)
    rule = _by_headings(by_chunk, cast) or _by_gaps(chunks, paragraphs)
    numerals = None
    if "number" in rule.headings or sum(_kind(p) == "number" for p in paragraphs) > 1:
        numerals = "number" in rule.headings
    rulers = any(lines.is_ruler(line) for line in sample.split("\n") if line[:1] not in _LETTERS)
    return replace(rule, cast=cast, numerals=numerals, has_rulers=rulers)


def _by_gaps(chunks: Sequence[str], paragraphs: Sequence[str]) -> Rule:
    """Return the rule of a file without headings."""
    lengths = [paragraph.count("\n") + 1 for paragraph in _verse(paragraphs)]
    if (
        len(lengths) > 1
        and 4 * (len(chunks) - 1) < len(paragraphs)
        and statistics.median(lengths) >= _POEM_LINES
    ):
        return Rule("single blank lines separate poems", gap="\n\n")
    if len(chunks) > 1 and len(paragraphs) > _GAPS * len(chunks):
        name = "all text is one poem (too few wide gaps to separate poems)"
        return Rule(name, gap=NEVER)
    if len(chunks) > 1:
        titled = sum(_title_stands_alone(chunk) for chunk in chunks)
        several = "several blank lines separate poems"
        return Rule(several, titles=2 * titled >= len(chunks))
    if any(map(lines.is_ruler, paragraphs[1:-1])) and not _is_head(paragraphs):
        return Rule("rows of stars or dashes separate poems", rulers=True)
    return Rule("all text is one poem (no headings or wide gaps)")


def kind_of_heading(paragraph: str, *, wide: bool, rule: Rule) -> str:
    """Return the kind of heading with which a paragraph begins a poem; "" if with none.

    Args:
        paragraph: the paragraph, without blank lines.
        wide: whether several blank lines stand above it.
        rule: the file's rule.
    """
    kind = _kind(paragraph)
    if kind == "capitals" and rule.wide and not wide:
        return ""
    return kind if kind in rule.headings else ""


def _by_headings(by_chunk: Sequence[Sequence[str]], cast: Cast) -> Rule | None:
    """Return the rule of a file whose poems begin with headings; None if they don't."""
    paragraphs = [paragraph for chunk in by_chunk for paragraph in chunk]
    kinds = [_kind(paragraph) for paragraph in paragraphs]
    counts = Counter(kind for kind in kinds if kind == "mark")
    if numbers := _counting_numbers(paragraphs, kinds):
        counts["number"] = numbers
    if kinds[0] == "year" and kinds.count("year") > 1:
        counts["year"] = kinds.count("year")
    wide, capitals = _capitals(by_chunk)
    if capitals and not cast:
        counts["capitals"] = capitals
    first_lines = [p.split("\n")[0] for p, k in zip(paragraphs, kinds, strict=True) if k == "above"]
    if not cast and kinds[0] == "above" and len(set(first_lines)) == len(first_lines) > 1:
        counts["above"] = len(first_lines)
    hashes = any(paragraph.lstrip().startswith("# ") for paragraph in paragraphs)
    if counts and (counts.total() >= 2 or hashes):
        sections = _are_sections(paragraphs, kinds, frozenset(counts))
        name = "each heading starts a new poem"
        if sections:
            name += ", and numbers below it count its parts"
        return Rule(name, headings=frozenset(counts), sections=sections, wide=wide)
    if numbered := _numbered_inline(paragraphs):
        if all(paragraph.count("\n") + 1 in CLOSED for paragraph in numbered):
            kind = frozenset({"inline"})
            return Rule("each number starts a new poem", headings=kind, inline="title")
        if len(by_chunk) == 1:
            name = "all text is one poem (numbers count its stanzas)"
            return Rule(name, gap=NEVER, inline="section number")
    if len(by_chunk) == 1 and not cast and _titles_alone(paragraphs):
        kind = frozenset({"title"})
        return Rule("each title that stands alone starts a new poem", headings=kind)
    return None


def _kind(paragraph: str) -> str:
    """Return what heading a paragraph looks like, whatever the rest of the file."""
    first, _, rest = paragraph.strip("\n").partition("\n")
    if lines.is_numbered(first):
        if lines.is_date(first):
            return "year" if lines.is_year(first) else ""
        return "number" if lines.number_of(first) else "mark"
    if lines.in_capitals(first) and not _is_beside(first):
        if not rest:
            return "capitals"
        others = rest.split("\n")
        if len(others) > 1 and not any(row == row.upper() for row in others):
            return "above"
    if not rest and not runs_on(first) and first.strip()[-1:] not in ".!" and _starts_large(first):
        return "title"
    return "inline" if rest and lines.INLINE_NUMBER.match(first) else ""


def _is_beside(line: str) -> bool:
    """Return whether a line in capitals is no title: an author, a date, an end."""
    return bool(
        lines.author_of(line)
        or RUNNING_HEAD.fullmatch(line)
        or lines.is_date(line)
        or lines.is_end_mark(line)
        or lines.is_signature(line)
        or lines.field_of(line)[0]
    )


def _starts_large(line: str) -> bool:
    return len(line) <= lines.LONGEST_TITLE and line.strip()[:1].isupper()


def _counting_numbers(paragraphs: Sequence[str], kinds: Sequence[str]) -> int:
    """Return how many headings are numbers, if they count upwards; 0 if they don't.

    A countdown in a poem, or the pronoun I on lines of its own, counts nothing.
    """
    numbers = [
        lines.number_of(paragraph.split("\n")[0])
        for paragraph, kind in zip(paragraphs, kinds, strict=True)
        if kind == "number"
    ]
    steps = [after > before or after == 1 < before for before, after in pairwise(numbers)]
    if len(numbers) == 1:
        return 1
    return len(numbers) if steps and sum(steps) >= _UPWARDS * len(steps) else 0


def _capitals(by_chunk: Sequence[Sequence[str]]) -> tuple[bool, int]:
    """Return whether only titles in capitals with wide gaps above them count, and how many do.

    A line in capitals that comes back is a refrain or a running head.
    """
    below_wide, below_one, seen = 0, 0, Counter[str]()
    for number, chunk in enumerate(by_chunk):
        for place, paragraph in enumerate(chunk):
            if _kind(paragraph) != "capitals":
                continue
            seen[paragraph.strip()] += 1
            if place:
                below_one += place + 1 < len(chunk) and _kind(chunk[place - 1]) != "capitals"
            elif number:
                below_wide += 1
    first = bool(by_chunk) and _kind(by_chunk[0][0]) == "capitals"
    if sum(seen.values()) > 2 * len(seen):
        return False, 0
    if not below_wide and not first:
        return False, 0  # a poem may shout a line or two
    wide = below_wide > 0
    return wide, below_wide + first if wide else below_one + first


def _are_sections(
    paragraphs: Sequence[str], kinds: Sequence[str], headings: frozenset[str]
) -> bool:
    """Return whether numbers below a title count the parts of one poem.

    They do not if the title names a collection, or if every part is a sonnet, a haiku or the
    like.
    """
    titles = headings - {"number"}
    if "number" not in headings or not (titles or kinds[0] == "title"):
        return False
    parts: list[int] = []
    title = ""
    below_title = False
    for place, (paragraph, kind) in enumerate(zip(paragraphs, kinds, strict=True)):
        first, _, rest = paragraph.strip("\n").partition("\n")
        if kind in titles or (place == 0 and kind == "title"):
            title, below_title = first, True
        elif kind == "number":
            if not title or (below_title and lines.number_of(first) != 1):
                return False
            if _COLLECTIONS.search(title):
                return False
            below_title = False
            parts.append(rest.count("\n") + 1 if rest else 0)
        elif parts:
            parts[-1] += paragraph.count("\n") + 1
    return any(count not in CLOSED for count in parts)


def _numbered_inline(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs whose first line begins with its number: 1, 2, 3; or none."""
    numbers, chosen = [], []
    for paragraph in paragraphs:
        match = lines.INLINE_NUMBER.match(paragraph)
        if match and "\n" in paragraph:
            second = lines.INLINE_NUMBER.match(paragraph.split("\n")[1])
            if second:  # every line has a number, not every stanza
                return []
            numbers.append(int(match["number"]))
            chosen.append(paragraph)
    counts = len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return chosen if counts and 2 * len(chosen) > len(paragraphs) else []


def _titles_alone(paragraphs: Sequence[str]) -> bool:
    """Return whether all lines that stand alone are different titles, the first among them."""
    alone: list[str] = []
    verse = [row for paragraph in paragraphs if "\n" in paragraph for row in paragraph.split("\n")]
    for place, paragraph in enumerate(paragraphs):
        if "\n" in paragraph or (place and _is_marked(paragraph)):
            continue
        below = paragraphs[place + 1 : place + 2]
        if _kind(paragraph) not in ("title", "capitals") or not below or "\n" not in below[0]:
            return False
        alone.append(paragraph.strip())
    if len(alone) < 2 or "\n" in paragraphs[0] or len(set(alone)) < len(alone):
        return False
    if all(is_title_case(title, verse) for title in alone):
        return True
    longest = max(map(len, alone))
    return all(
        paragraph.count("\n") >= 2 for paragraph in paragraphs if "\n" in paragraph
    ) and longest < statistics.median(map(len, verse))


def _is_marked(paragraph: str) -> bool:
    """Return whether a line that stands alone shows that it is a date, a dedication or the like."""
    return bool(
        lines.author_of(paragraph)
        or lines.is_date(paragraph)
        or lines.is_dedication(paragraph)
        or lines.is_signature(paragraph)
        or lines.is_end_mark(paragraph)
        or lines.is_ruler(paragraph)
    )


def _is_head(paragraphs: Sequence[str]) -> bool:
    """Return whether a file begins with a line that could be the title of all of it."""
    first = paragraphs[0]
    if lines.is_ruler(first):
        return False
    return "\n" not in first.strip("\n") and not first.rstrip().endswith((",", ";", ":", "."))


def _verse(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs of a file that are not plainly something else."""
    return [
        paragraph
        for place, paragraph in enumerate(paragraphs)
        if "\n" in paragraph or not (place == 0 or _is_marked(paragraph) or _kind(paragraph))
    ] or list(paragraphs)


def _title_stands_alone(chunk: str) -> bool:
    first, gap, _ = chunk.strip("\n").partition("\n\n")
    return (
        bool(gap) and "\n" not in first and len(first) <= lines.LONGEST_TITLE and not runs_on(first)
    )
