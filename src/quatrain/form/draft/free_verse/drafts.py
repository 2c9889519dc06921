"""A draft without a form: scanned line by line, with the rhymes it has.

In: the lines of a draft, and where its stanzas begin. Out: a `DraftCheck` of lines that are free,
or, where the writer asks for a metre, of lines that keep it or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from quatrain.form.check import Checker
from quatrain.form.draft.free_verse.likely import LikelyForms
from quatrain.form.draft.line.parts import LineAnalyst, LineParts, filled
from quatrain.form.draft.wording import joined
from quatrain.form.draft.written import MOST_LINES, WrittenLines, nearest_mates, read_lines
from quatrain.form.metre import metre_with
from quatrain.records import Line, Metre, Poem
from quatrain.records.draft import DraftCheck, DraftLine
from quatrain.sound import Scanner, Schemer

LICENCES = frozenset({"inversion", "feminine", "pyrrhic", "iamb", "catalectic"})
"""Metrical licences of a draft that has a metre, but no form: those of forms in any metre."""

CHUNK_LINES = 16
"""Lines that are scanned together, at most: their metre helps to scan each of them."""

CACHE_LIMIT = 400
"""Groups of lines whose scansion is kept in memory; one more clears them."""


class FreeDrafts:
    """Checks drafts without a form; the scanner is loaded at the first.

    Args:
        checker: gives ear and rhymer.
        analyst: takes lines apart.
    """

    def __init__(self, checker: Checker, analyst: LineAnalyst) -> None:
        self._checker = checker
        self._analyst = analyst
        self._likely = LikelyForms(checker)
        self._scanner: Scanner | None = None
        self._schemer: Schemer | None = None
        self._scanned: dict[tuple[str, ...], tuple[tuple[LineParts, Metre], ...]] = {}

    def check(
        self, lines: Sequence[str], gaps: Sequence[bool], metre: tuple[str, int] | None
    ) -> DraftCheck:
        """Check a draft without a form.

        Args:
            lines: the lines; empty ones are passed over.
            gaps: whether a stanza begins with each line.
            metre: the metre asked for, or None.
        """
        written = read_lines(lines)
        stanzas = _stanzas(written, gaps)
        judged = [place for stanza in stanzas for place in stanza]
        letters = self._letters(written.texts, stanzas)
        by_place = {place: letter for place, letter in zip(judged, letters, strict=True) if letter}
        mates = nearest_mates([by_place.get(place) for place in range(len(lines))])
        starts = {stanza[0] for stanza in stanzas[1:]}
        scanned = {} if metre else self._scan(written.texts, stanzas)
        draft_lines: list[DraftLine] = []
        for place, text in enumerate(written.texts):
            line = DraftLine(
                place + 1,
                lines[place] if text else "",
                "free" if text else "empty",
                gap=place in starts,
                rhyme=by_place.get(place),
                mates=mates[place],
            )
            if text:
                line = self._filled(line, text, scanned.get(place), metre)
                line = replace(line, notes=(*line.notes, *written.notes.get(place, ())))
            draft_lines.append(line)
        the_metre, fitting = _metre_of([metre for _, metre in scanned.values()])
        if metre:
            the_metre = str(Metre(metre[0], (metre[1],)))
        scheme = [[by_place.get(place) for place in stanza] for stanza in stanzas]
        return DraftCheck(
            "",
            "",
            the_metre,
            _summary(draft_lines, the_metre, fitting, scheme, asked=metre is not None),
            not any(line.faults for line in draft_lines),
            bool(judged),
            (),
            self._likely.forms([written.texts[place] for place in judged], letters),
            tuple(draft_lines),
        )

    def _filled(
        self,
        line: DraftLine,
        text: str,
        scanned: tuple[LineParts, Metre] | None,
        metre: tuple[str, int] | None,
    ) -> DraftLine:
        """Return a line with what it has."""
        if metre:
            parts = self._analyst.parts(text, metre_with(*metre, LICENCES))
            faults = (parts.fault,) if parts.fault else ()
            state, wanted = "broken" if faults else "kept", f"{metre[0]} {metre[1]}"
            line = replace(line, state=state, wanted=wanted, faults=faults)
        else:
            parts = scanned[0] if scanned else self._analyst.parts(text, None)
        return filled(line, parts)

    def _letters(
        self, texts: Sequence[str], stanzas: Sequence[Sequence[int]]
    ) -> tuple[str | None, ...]:
        """Return the rhyme letter of each line that is judged."""
        if not stanzas:
            return ()
        if self._schemer is None:
            self._schemer = Schemer(self._checker.rhymer)
        poem = Poem(tuple(tuple(Line(texts[place]) for place in stanza) for stanza in stanzas))
        return self._schemer.scheme(poem, links=False).letters

    def _scan(
        self, texts: Sequence[str], stanzas: Sequence[Sequence[int]]
    ) -> dict[int, tuple[LineParts, Metre]]:
        """Return the parts and the metre of each line that is judged.

        Lines are scanned in groups, and a group that hasn't changed is not scanned again.
        """
        scanned: dict[int, tuple[LineParts, Metre]] = {}
        for group in _groups(stanzas):
            key = tuple(texts[place] for place in group)
            parts = self._scanned.get(key)
            if parts is None:
                if self._scanner is None:
                    self._scanner = Scanner(self._checker.ear)
                (scansion,) = self._scanner.scan_many([Poem((tuple(map(Line, key)),))])
                parts = tuple((self._analyst.scanned(line), line.metre) for line in scansion.lines)
                if len(self._scanned) >= CACHE_LIMIT:
                    self._scanned.clear()
                self._scanned[key] = parts
            scanned |= zip(group, parts, strict=True)
        return scanned


def _stanzas(written: WrittenLines, gaps: Sequence[bool]) -> list[list[int]]:
    """Return the indices of the lines that are judged, stanza by stanza."""
    stanzas: list[list[int]] = []
    begins, count = True, 0
    for place, text in enumerate(written.texts):
        begins |= not text or (place < len(gaps) and gaps[place])
        if not text:
            continue
        if count == MOST_LINES:
            break
        if begins:
            stanzas.append([])
        stanzas[-1].append(place)
        begins, count = False, count + 1
    return stanzas


def _groups(stanzas: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return stanzas joined, or cut, into groups of up to `CHUNK_LINES` lines."""
    groups: list[list[int]] = [[]]
    for stanza in stanzas:
        if groups[-1] and len(groups[-1]) + len(stanza) > CHUNK_LINES:
            groups.append([])
        for place in stanza:
            if len(groups[-1]) == CHUNK_LINES:
                groups.append([])
            groups[-1].append(place)
    return [group for group in groups if group]


def _metre_of(metres: Sequence[Metre]) -> tuple[str, int]:
    """Return the metre that most lines have, in words, and how many; empty without a majority."""
    metred = Counter(metre for metre in metres if metre.feet)
    if not metred:
        return "", 0
    metre, count = metred.most_common(1)[0]
    return (str(metre), count) if 2 * count > len(metres) else ("", 0)


def _summary(
    lines: Sequence[DraftLine],
    metre: str,
    fitting: int,
    scheme: Sequence[Sequence[str | None]],
    *,
    asked: bool,
) -> str:
    """Return a sentence on a draft without a form."""
    written = [line for line in lines if line.state != "empty"]
    if not written:
        return "No line yet"
    parts = [f"{len(written):,} line{'' if len(written) == 1 else 's'}"]
    wrong = [line.number for line in written if line.state == "broken"]
    if asked and len(wrong) > 3:
        parts.append(f"{len(written) - len(wrong):,} of them in {metre}")
    elif asked:
        names = f" but line{'' if len(wrong) == 1 else 's'} {joined(list(map(str, wrong)))}"
        parts.append(f"all in {metre}{names if wrong else ''}")
    elif metre:
        parts.append(metre if fitting == len(written) else f"{metre} in {fitting:,} of them")
    letters = " ".join("".join(letter or "x" for letter in stanza) for stanza in scheme)
    if any(letter for stanza in scheme for letter in stanza) and len(letters) <= 60:
        parts.append(f"rhymes {letters}")
    if len(written) > MOST_LINES:
        parts.append(f"lines after {MOST_LINES:,} are only counted")
    return "; ".join(parts)
