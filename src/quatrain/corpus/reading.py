"""From a source's name to clean poems.

In: a path, `anthology`, or `gutenberg:NUMBER`. Out: a `Corpus`, or the poems
one after another in bounded memory. `preparing` uses the same stream.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from quatrain.config import Cleaning, Split
from quatrain.corpus import gutenberg, plain, tables, tei
from quatrain.corpus.cleaning import Tally, clean
from quatrain.corpus.duplicates import Duplicates
from quatrain.corpus.prepared import ABOUT, framed
from quatrain.corpus.splitting import digest, divide, divide_lines
from quatrain.corpus.tables import Raw
from quatrain.errors import CorpusError, SettingsError
from quatrain.records import CleaningReport, Line, Poem
from quatrain.records.doors import corpus_as_html

ANTHOLOGY = "anthology"
"""The name of the poems that come with Quatrain."""

SUFFIXES = (".txt", ".jsonl", ".jsonl.gz", ".csv", ".parquet", ".xml", ".tei")
"""What kinds of file are read, in capitals or not."""

_TABLES = (".csv", ".parquet")
_WANTED = f"a file ({', '.join(SUFFIXES)}), a folder, '{ANTHOLOGY}' or 'gutenberg:NUMBER'"

_POET = "quatrain-poet"
"""The format that a poet's `config.json` names; the room `poet` reads the rest."""
_CONFIG_BYTES = 4 * 2**20

Facts = tuple[str, str, str]
"""Title, author and form of a poem, each possibly empty."""


@dataclass(frozen=True)
class Corpus:
    """Clean poems and how they came to be so.

    Attributes:
        name: a short name, from the file's or the folder's.
        source: the source as the user gave it.
        sha256: hash of the poems' text in their order, whatever the path.
        poems: the poems, at least one.
        report: what was cleaned.
        cleaning: the settings it was cleaned with.
    """

    name: str
    source: str
    sha256: str
    poems: tuple[Poem, ...]
    report: CleaningReport
    cleaning: Cleaning = field(default_factory=Cleaning)

    def _repr_html_(self) -> str:
        """Return the corpus as HTML; a notebook calls it."""
        return corpus_as_html(self.name, self.source, self.poems)

    def split(self, settings: Split | None = None) -> tuple[tuple[Poem, ...], tuple[Poem, ...]]:
        """The poems to train on and the poems to validate with, as `prepare` divides them.

        Raises:
            CorpusError: the corpus cannot be divided.
        """
        settings = settings or Split()
        texts = [poem.text for poem in self.poems]
        if len(texts) == 1:
            parts = divide_lines(texts[0], settings.validation, self.source)
            first, last = (Poem.from_lines(part.split("\n"), source=self.source) for part in parts)
            return (first,), (last,)
        groups = np.arange(len(texts))
        if not self.cleaning.drop_duplicates:
            with closing(Duplicates(keep=True)) as duplicates:
                duplicates.add(texts)
                groups = duplicates.groups()
        sides = divide(
            np.array([digest(text.encode(), settings.seed) for text in texts], dtype=np.uint64),
            np.array([len(text) + 3 for text in texts]),  # as in the tokens: three marks a poem
            groups,
            settings.validation,
            self.source,
        )
        training, validation = (tuple(self.poems[number] for number in side) for side in sides)
        return training, validation


@dataclass
class Batch:
    """Some clean poems.

    Attributes:
        texts: their verse.
        facts: what is known of each; empty if nothing is known of any.
        origin: the file they were read from.
        done: bytes of the source read so far.
    """

    texts: list[str]
    facts: list[Facts]
    origin: str
    done: int


@dataclass
class Reader:
    """Reads one source, cleans it and leaves out or groups near-duplicates.

    Attributes:
        source: the source as the user gave it.
        column: the column of a table that holds the poems.
        cleaning: the settings.
        base_url: Project Gutenberg's server, if another than usual.
        whole: leave no poem out, not even an empty one.
        tally: what has been cleaned so far.
        name: a short name for the source.
        size: bytes of its files.
        duplicates: which poems belong together, once all batches have been read.
    """

    source: str
    column: str | None = None
    cleaning: Cleaning = field(default_factory=Cleaning)
    base_url: str | None = None
    whole: bool = False
    tally: Tally = field(default_factory=Tally)
    name: str = field(init=False)
    size: int = field(init=False)
    duplicates: Duplicates = field(init=False)

    def __post_init__(self) -> None:
        if self.source == ANTHOLOGY:
            self.name = ANTHOLOGY
            self._files = [Path(__file__).parent / "anthology" / "poems.jsonl"]
        elif not self.source:
            raise CorpusError(
                "the source", "an empty name", _WANTED, "Name it; the current folder is '.'."
            )
        elif self.source.startswith(gutenberg.PREFIX):
            self.name = gutenberg.name_of(self.source)
            self._files = [gutenberg.fetch(self.source, self.base_url)]
        else:
            path = Path(self.source)
            try:
                self._files = _files(path, self.tally)
            except OSError as error:
                raise _unreadable(path, error) from error
            whole = path.resolve()
            self.name = whole.name[: len(whole.name) - len(_suffix(whole))] or "corpus"
        if self.column is not None and not any(_suffix(each) in _TABLES for each in self._files):
            raise SettingsError(
                "setting 'column'",
                f"{self.column!r} for {self.source}, which has no columns",
                f"a file with columns ({' or '.join(_TABLES)})",
                "Leave the column out.",
            )
        self.size = sum(file.stat().st_size for file in self._files)

    def batches(self) -> Iterator[Batch]:
        """The clean poems that stay, in batches.

        Raises:
            CorpusError: a file cannot be read or is not what its suffix says, or the source
                holds no verse.
        """
        before = 0
        tally = self.tally
        self.duplicates = Duplicates(keep=not self.cleaning.drop_duplicates)
        with closing(self.duplicates):
            for path in self._files:
                tally.files += 1
                for texts, facts, done in self._pieces(path):
                    if self.whole:
                        tally.poems += len(texts)
                        yield Batch(texts, facts, str(path), before + done)
                        continue
                    kept = [number for number, text in enumerate(texts) if text]
                    tally.empty += len(texts) - len(kept)
                    texts = [texts[number] for number in kept]
                    if facts:
                        facts = [facts[number] for number in kept]
                    seen = self.duplicates.add(texts)
                    tally.duplicates += sum(seen)
                    if self.cleaning.drop_duplicates and any(seen):
                        tally.dropped += sum(seen)
                        texts = [text for text, old in zip(texts, seen, strict=True) if not old]
                        if facts:
                            facts = [each for each, old in zip(facts, seen, strict=True) if not old]
                    tally.poems += len(texts)
                    yield Batch(texts, facts, str(path), before + done)
                before += path.stat().st_size
        if not tally.poems:
            raise CorpusError(
                self.source,
                f"no verse in {tally.files} {'file' if tally.files == 1 else 'files'}",
                "at least one line of verse",
                "Check that this is the source you meant.",
            )

    def _pieces(self, path: Path) -> Iterator[tuple[list[str], list[Facts], int]]:
        try:
            if _suffix(path) == ".txt":
                for texts, titles, done in plain.poems(path, self.cleaning, self.tally):
                    known = any(titles)
                    yield texts, [(title, "", "") for title in titles] if known else [], done
                return
            for rows, done in self._rows(path):
                texts = clean([row.text for row in rows], self.cleaning, self.tally)
                yield texts, [row[1:] for row in rows], done
        except OSError as error:
            raise _unreadable(path, error) from error

    def _rows(self, path: Path) -> Iterator[tables.Piece]:
        suffix = _suffix(path)
        if suffix in (".jsonl", ".jsonl.gz"):
            self.tally.encodings["utf-8"] += 1
            return tables.json_lines(path)
        if suffix == ".csv":
            found, pieces = tables.comma_separated(path, self.column, self.cleaning.encoding)
            self.tally.encodings[found] += 1
            return pieces
        if suffix == ".parquet":
            return tables.parquet(path, self.column)
        return _whole(path, tei.poems(path))


def read(
    source: str | Path,
    *,
    column: str | None = None,
    cleaning: Cleaning | None = None,
    base_url: str | None = None,
) -> Corpus:
    """Read and clean a whole source into memory.

    Args:
        source: a file (see `SUFFIXES`), a folder of them, `anthology`, or `gutenberg:NUMBER`.
        column: the column that holds the poems, for CSV and Parquet.
        cleaning: what to clean; the defaults if None.
        base_url: where to fetch books of Project Gutenberg, if not from itself.

    Raises:
        CorpusError: the source cannot be read or holds no verse.
        SettingsError: a setting does not fit the source.
        ExtraError: an optional dependency is needed.
    """
    reader = Reader(str(source), column, cleaning or Cleaning(), base_url)
    content = hashlib.sha256()
    poems: list[Poem] = []
    for batch in reader.batches():
        content.update("".join(map(framed, batch.texts)).encode())
        poems.extend(_poems(batch))
    return Corpus(
        reader.name,
        reader.source,
        content.hexdigest(),
        tuple(poems),
        reader.tally.report(),
        reader.cleaning,
    )


def stream(
    source: str | Path,
    *,
    column: str | None = None,
    cleaning: Cleaning | None = None,
    base_url: str | None = None,
) -> Iterator[Poem]:
    """Read and clean a source poem by poem, in memory that does not grow with the text.

    The arguments and errors are those of `read`; an error in a late file comes late.
    """
    for batch in Reader(str(source), column, cleaning or Cleaning(), base_url).batches():
        yield from _poems(batch)


def stream_all(
    source: str | Path, *, column: str | None = None, encoding: str | None = None
) -> Iterator[Poem]:
    """Read a source poem by poem and leave none out, for reading aloud rather than training.

    Near-duplicates stay, and so does the typography; a row without a line is a poem without a
    stanza. Memory does not grow with the text. The arguments and errors are those of `read`.
    """
    cleaning = Cleaning(
        fold_quotes=False, fold_dashes=False, drop_duplicates=False, encoding=encoding
    )
    for batch in Reader(str(source), column, cleaning, whole=True).batches():
        yield from _poems(batch)


def _poems(batch: Batch) -> Iterator[Poem]:
    facts = batch.facts or [("", "", "")] * len(batch.texts)
    for text, (title, author, form) in zip(batch.texts, facts, strict=True):
        stanzas = tuple(
            tuple(Line(line) for line in stanza.split("\n"))
            for stanza in text.split("\n\n")
            if stanza
        )
        yield Poem(stanzas, title, author, form, batch.origin)


def _whole(path: Path, poems: Iterator[Raw]) -> Iterator[tables.Piece]:
    yield list(poems), path.stat().st_size


def _suffix(path: Path) -> str:
    """Which of `SUFFIXES` a file has, "" if none."""
    name = path.name.lower()
    return next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")


def _files(path: Path, tally: Tally) -> list[Path]:
    if path.is_dir():
        return _folder(path, tally)
    if not path.exists():
        raise CorpusError(str(path), "no such file or folder", _WANTED, "Check the path.")
    if not _suffix(path):
        raise CorpusError(
            str(path),
            f"the suffix {path.suffix!r}" if path.suffix else "no suffix",
            f"one of {', '.join(SUFFIXES)}",
            "Rename the file if it is one of these, or convert it.",
        )
    if not path.is_file():
        raise CorpusError(
            str(path), "neither a file nor a folder", "a file of verse", "Check the path."
        )
    return [path]


def _unreadable(path: Path, error: OSError) -> CorpusError:
    return CorpusError(
        error.filename or str(path),
        f"{error.strerror or error}".lower(),
        "a file that can be read",
        "Check the file and who may read it.",
    )


def _raise(error: OSError) -> None:
    raise error


def _folder(folder: Path, tally: Tally) -> list[Path]:
    """The readable files of a folder, sorted.

    Links that lead out of it are left out, and so are hidden files and folders, and the
    folders of poets: what Quatrain writes is not what it reads.
    """
    if _of_a_poet(folder):
        raise CorpusError(
            str(folder),
            "a poet's folder",
            "a folder of verse",
            "Give the folder or the file that holds the texts.",
        )
    root = folder.resolve()
    files: list[Path] = []
    for above, folders, names in os.walk(folder, onerror=_raise):
        kept = [name for name in folders if name[0] != "." and not _of_a_poet(Path(above, name))]
        tally.unsupported += len(folders) - len(kept)
        folders[:] = kept
        for name in names:
            path = Path(above, name)
            if name[0] != "." and _suffix(path) and _inside(path, root) and path.is_file():
                files.append(path)
            else:
                tally.unsupported += 1
    if not files:
        raise CorpusError(
            str(folder),
            f"no file that can be read among {tally.unsupported}",
            f"files with the suffixes {', '.join(SUFFIXES)}",
            "Check that this is the folder you meant.",
        )
    return sorted(files, key=lambda path: path.relative_to(folder).parts)


def _inside(path: Path, root: Path) -> bool:
    """Whether a path, its links followed, is under `root`."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # links that lead in a circle; which of the two, Python decides
        return False


def _of_a_poet(folder: Path) -> bool:
    """Whether a folder holds a poet, or a training run that has made none yet."""
    run, config = folder / "training", folder / "config.json"
    try:
        if (run / "last.safetensors").exists() or (run / "data" / ABOUT).exists():
            return True
        if not config.is_file():
            return False
        with config.open("rb") as file:
            about = json.loads(file.read(_CONFIG_BYTES))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(about, dict) and about.get("format") == _POET
