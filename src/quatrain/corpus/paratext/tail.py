"""The foot of a poem: signature, date, `FINIS`, copyright.

`without_tail` reads the paragraphs of a poem from the bottom until it meets verse.
"""

from __future__ import annotations

from quatrain.corpus.paratext import lines
from quatrain.corpus.paratext.margins import Paragraphs
from quatrain.corpus.paratext.rows import Findings, Row


def without_tail(paragraphs: Paragraphs, findings: Findings) -> Paragraphs:
    """Take off what stands below the verse, and note it; one line at least is left."""
    while paragraphs:
        *above, last = paragraphs
        row = last[-1]
        alone = len(last) == 1
        kind = _kind(row, last[:-1], above, parted=alone or _all_marked(last))
        if not kind or (alone and not above):
            if alone and above and not kind:
                _doubt(row, above, findings)
            break
        if kind in ("date", "signature", "rights"):
            findings.keep(kind, row.text, row.number)
        else:
            findings.omit(kind, row.text, row.number)
        paragraphs = [*above, last[:-1]] if not alone else above
    return paragraphs


def _kind(row: Row, before: list[Row], above: Paragraphs, *, parted: bool) -> str:
    """Return what the last line of a poem is; "" if it is verse, or nothing shows it."""
    text = row.text.strip()
    if lines.is_ruler(text):
        return "ruler"
    if lines.is_end_mark(text) and (parted or text.isupper()):
        return "end mark"
    if lines.is_rights(text):
        return "rights"
    if lines.is_date(text) and (parted or not lines.is_year(text)):
        return "date"
    if lines.is_signature(text) and _is_signature(text, before, above, parted=parted):
        return "signature"
    if parted and lines.author_of(text) and (above or before):
        return "signature"
    return ""


def _is_signature(text: str, before: list[Row], above: Paragraphs, *, parted: bool) -> bool:
    """Return whether a dash and a name are a signature rather than a line of verse.

    Poets begin lines with a dash, too. Right below the verse a signature must have more than a
    single word, and no other line may begin with a dash.
    """
    name = text.lstrip("-—–―~_* ")
    verse = [*(row for rows in above for row in rows), *before]
    if any(row.text.strip().startswith(("-", "—", "–")) for row in verse):
        return "," in name or "." in name
    return parted or len(name.split()) > 1 or "," in name


def _all_marked(rows: list[Row]) -> bool:
    return all(
        lines.is_date(row.text) or lines.is_signature(row.text) or lines.is_rights(row.text)
        for row in rows
    )


def _doubt(row: Row, above: Paragraphs, findings: Findings) -> None:
    """Note a last line that stands alone and could be a signature or a dedication."""
    text = row.text.strip()
    verse = {line.text.strip().casefold() for rows in above for line in rows}
    if text.casefold() in verse or text[-1:] in ".,;:!?\"'”’-—–":
        return
    words = text.split()
    if lines.is_dedication(text):
        findings.doubt("dedication", text, row.number)
    elif 1 < len(words) <= 4 and all(word[0].isupper() for word in words):
        findings.doubt("signature", text, row.number)
