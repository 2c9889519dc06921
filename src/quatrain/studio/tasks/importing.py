"""Texts as drafts, in a worker: what we exported comes back as it was, other texts are read."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from quatrain.corpus import stream_all
from quatrain.errors import CorpusError
from quatrain.page import tei
from quatrain.page.export import LEGEND, from_latex, from_markdown, from_web_page
from quatrain.records import CleaningReport, Line, Omission, Poem
from quatrain.studio.drafts.documents import MOST_BYTES, Document, new_document, size_of
from quatrain.studio.schemas.document import Document as DocumentSchema
from quatrain.studio.schemas.texts import MOST_LINE, MOST_LINES
from quatrain.studio.tasks.exporting import JSON_FORMAT, JSON_VERSION

MOST_POEMS = 500
"""Drafts made of one text."""

_MOST_QUOTED = 5
"""Rows that a note quotes."""

_OURS: tuple[Callable[[str], Poem | None], ...] = (
    from_markdown, from_latex, from_web_page, tei.from_plain_document,
)  # fmt: skip
"""Readers of what we export, each of which knows its own."""

_READABLE = ".txt, .md, .xml, .tei, .json, .jsonl, .csv, .html or .tex from the desk"

_ROW_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
"""Ends of rows, as `corpus` takes them."""

_KNOWN = {
    ".txt": ".txt", ".text": ".txt", ".md": ".md", ".markdown": ".md", ".xml": ".xml",
    ".tei": ".tei", ".json": ".json", ".jsonl": ".jsonl", ".csv": ".csv", ".html": ".html",
    ".htm": ".html", ".tex": ".tex", "": "",
}  # fmt: skip
"""Ending of a name -> the format that it means."""


@dataclass
class _Imported:
    """Documents made so far, and notes on them."""

    documents: list[Document] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def imported(name: str, text: str) -> dict[str, Any]:
    """Return the documents that a text holds, and notes on how it was read.

    Args:
        name: of the file, whose ending says what it is; "" for a text that was pasted.
        text: its content.

    Returns:
        "documents" and "notes".

    Raises:
        CorpusError: the text is of another format, or holds no verse.
    """
    text = text.removeprefix("\ufeff")
    shown = name.strip() or "the text"
    if not text.strip():
        raise _refused(shown, "no text", "verse", f"{shown[:1].upper()}{shown[1:]} is empty.")
    result = _Imported()
    kind = _kind(name, text, shown)
    ours = next(filter(None, (read(text) for read in _OURS)), None)
    if ours is not None:
        _add(result, [ours])
    elif text.rstrip().endswith(LEGEND):
        raise _refused(
            shown,
            "a poem with its stresses written above the lines",
            "the lines alone",
            "Export the draft again without them, and import that.",
        )
    elif kind == ".json":
        _read_json(result, text, shown)
    elif kind in (".html", ".tex"):
        raise _refused(
            shown,
            "a page or document that the desk did not export",
            _READABLE,
            "Copy the poem and paste it as text.",
        )
    else:
        _read(result, text, kind, shown)
    if not result.documents:
        reasons = " ".join(result.notes)
        raise CorpusError(
            shown,
            "no poem that a draft can hold",
            "at least one line of verse",
            reasons or "Check that this is the text you meant.",
            message=f"Nothing in {shown} can be imported.",
        )
    return {"documents": result.documents, "notes": result.notes}


def _kind(name: str, text: str, shown: str) -> str:
    """Return the ending that says how to read a text: its own, or one that its content shows."""
    ending = _KNOWN.get(Path(name.strip().lower()).suffix)
    start = text.lstrip()[:200].lower()
    if ending in ("", ".txt", None):
        if start.startswith(("<?xml", "<tei")):
            return ".xml"
        if start.startswith(("<!doctype html", "<html")):
            return ".html"
        if start.startswith("{") or (start.startswith("[") and _is_json(text)):
            return ".json" if _is_json(text) else ".jsonl" if _is_json(_first(text)) else ".txt"
    if ending is None:
        suffix = Path(name).suffix
        if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", suffix):
            raise _refused(
                shown, f"the ending {suffix}", _READABLE, "Save it as text, or copy and paste it."
            )
        return ".txt"
    return ending or ".txt"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _first(text: str) -> str:
    return text.lstrip().partition("\n")[0]


def _read_json(result: _Imported, text: str, shown: str) -> None:
    """Take a draft or several that we exported, or poems as other programs write them."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(shown, "text that is not JSON", "JSON", "Correct the file.") from error
    entries = value if isinstance(value, list) else [value]
    others = []
    for entry in entries:
        if isinstance(entry, dict) and entry.get("format") == JSON_FORMAT:
            result.documents.append(_exported_document(entry, shown))
        else:
            others.append(json.dumps(entry, ensure_ascii=False))
    if others:
        _read(result, "\n".join(others) + "\n", ".jsonl", shown)


def _exported_document(entry: dict[str, Any], shown: str) -> Document:
    """Return the document of a draft that was exported as JSON."""
    version = entry.get("format_version")
    if not isinstance(version, int) or version > JSON_VERSION:
        raise _refused(
            shown,
            f"version {version!r} of the format",
            f"version {JSON_VERSION}",
            "Install a newer Quatrain, or export the draft as text.",
        )
    try:
        return DocumentSchema.model_validate(entry.get("document")).model_dump()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise _refused(
            shown, f"a draft with a wrong value in {place}", "a draft", f"{first['msg']}."
        ) from error


def _read(result: _Imported, text: str, kind: str, shown: str) -> None:
    """Take the poems that the readers of `corpus` find in a text."""
    with tempfile.TemporaryDirectory(prefix="quatrain-") as folder:
        path = Path(folder, f"text{kind}")
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
        try:
            stream = stream_all(path, encoding="utf-8" if kind in (".txt", ".md") else None)
            poems = list(stream)
        except CorpusError as error:
            raise _named(error, str(path), shown) from error
    _add(result, _spaced_as(text, poems) if kind in (".txt", ".md") else poems)
    result.notes += _notes(stream.report, poems)


def _spaced_as(text: str, poems: Sequence[Poem]) -> list[Poem]:
    """Return poems with the spaces and accents of the rows that they were read from.

    Reading takes away indents and composes accents; in a draft they are the writer's.
    """
    rows: dict[str, deque[str]] = defaultdict(deque)
    for row in _ROW_END.split(text):
        rows[_plain(row)].append(row.rstrip())

    def exact(line: Line) -> Line:
        same = rows.get(_plain(line.text))
        if not same:
            return line
        return Line(same.popleft() if len(same) > 1 else same[0])

    return [
        replace(poem, stanzas=tuple(tuple(map(exact, stanza)) for stanza in poem.stanzas))
        for poem in poems
    ]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _add(result: _Imported, poems: Sequence[Poem]) -> None:
    """Add documents of poems in place, as far as drafts can hold them."""
    for number, poem in enumerate(poems, 1):
        if len(result.documents) >= MOST_POEMS:
            left_out = len(poems) - number + 1
            result.notes.append(
                f"The first {MOST_POEMS} poems were taken, {left_out:,} more were left out. "
                "Import the rest from a file of its own."
            )
            return
        if not poem.lines:
            continue
        document = _document(poem)
        if reason := _too_large(document):
            name = poem.title or f"Poem {number}"
            result.notes.append(f"{name} was left out: {reason}. Divide it.")
        else:
            result.documents.append(document)


def _document(poem: Poem) -> Document:
    gaps = [
        not place and number > 0
        for number, stanza in enumerate(poem.stanzas)
        for place in range(len(stanza))
    ]
    texts = [_clean(line.text).rstrip() for line in poem.lines]
    return new_document(_clean(poem.title)[:500], texts, gaps)


def _clean(text: str) -> str:
    """Return a text without what no line of a draft may have."""
    return re.sub("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]", "", text)


def _too_large(document: Document) -> str:
    lines = document["lines"]
    if len(lines) > MOST_LINES:
        return f"it has {len(lines):,} lines, and a draft at most {MOST_LINES:,}"
    if any(len(line["text"]) > MOST_LINE for line in lines):
        return f"it has a line of more than {MOST_LINE:,} characters"
    if size_of(document) > MOST_BYTES:
        return f"it is longer than {MOST_BYTES / 2**20:.0f} MB"
    return ""


def _notes(report: CleaningReport, poems: Sequence[Poem]) -> Iterator[str]:
    """Yield sentences on what was recognised, left out and cleaned."""
    if len(poems) > 1:
        yield from (f"{rule[:1].upper()}{rule[1:]}." for rule in report.rules)
    yield from (f"The poems are in the column {columns}." for columns in report.columns)
    titles = {poem.title for poem in poems}
    omissions = [omission for omission in report.omissions if omission.text not in titles]
    if omissions:
        yield f"Not taken as verse: {_quoted(omissions)}."
    if report.doubts:
        yield f"Taken as verse, though it may be something else: {_quoted(report.doubts)}."
    authors = sorted({poem.author for poem in poems if poem.author})
    if authors:
        more = f" and {len(authors) - _MOST_QUOTED} more" if len(authors) > _MOST_QUOTED else ""
        yield f"Left out, because drafts name no author: {', '.join(authors[:_MOST_QUOTED])}{more}."
    if report.entities:
        yield f"{report.entities:,} HTML entities became characters."
    if report.control:
        yield f"{report.control:,} control characters were removed."


def _quoted(omissions: Sequence[Omission]) -> str:
    listed = "; ".join(
        f"“{' '.join(omission.text.split())[:60]}” ({omission.kind}"
        + (f", line {omission.line:,})" if omission.line else ")")
        for omission in omissions[:_MOST_QUOTED]
    )
    more = len(omissions) - _MOST_QUOTED
    return listed + (f"; and {more:,} more" if more > 0 else "")


def _refused(shown: str, actual: str, expected: str, remedy: str) -> CorpusError:
    return CorpusError(
        shown, actual, expected, remedy, message=f"{shown} can't be imported: it is {actual}."
    )


def _named(error: CorpusError, path: str, shown: str) -> CorpusError:
    """Return an error with the name of the text instead of the path that it was read from."""
    where, actual, expected, remedy, message = (
        part.replace(path, shown).replace(Path(path).name, shown)
        for part in (error.where, error.found, error.wanted, error.remedy, error.message)
    )
    return CorpusError(where, actual, expected, remedy, message=message)
