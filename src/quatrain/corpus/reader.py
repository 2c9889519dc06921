"""Reading any source: its files, their formats, cleaning and near-duplicates.

`Reader` takes a path, `anthology`, or `gutenberg:NUMBER` and yields batches of clean poems, in
bounded memory. `corpus` gathers them in a `Corpus`; `preparing` turns them into numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from quatrain.config import Cleaning
from quatrain.corpus import gutenberg
from quatrain.corpus.cleaning import Tally, clean
from quatrain.corpus.duplicates import Duplicates
from quatrain.corpus.files import ANTHOLOGY, SOURCES, files_of, unreadable
from quatrain.corpus.formats import TABLE_SUFFIXES, format_of, has_columns, suffix_of
from quatrain.corpus.identifiers import Identifiers
from quatrain.corpus.paratext.markup import plain_text
from quatrain.corpus.paratext.poem import verse_of_cell
from quatrain.corpus.raw_poems import RawPoem, ReadContext
from quatrain.errors import CorpusError, SettingsError


def source_name(source: str | Path) -> str:
    """Return the name or path of a source as text.

    Raises:
        CorpusError: it is neither a name nor a path.
    """
    if not isinstance(source, str | Path):
        raise CorpusError(
            "the source",
            f"a {type(source).__name__}",
            "a name or a path",
            "Pass what quatrain.read takes, such as 'poems.txt' or 'anthology'.",
        )
    return str(source)


@dataclass
class Batch:
    """Some clean poems.

    Attributes:
        poems: the poems, in the order of the source.
        origin: the file they were read from.
        done: bytes of the source read so far.
    """

    poems: list[RawPoem]
    origin: str
    done: int

    @property
    def texts(self) -> list[str]:
        """Verse of the poems."""
        return [poem.text for poem in self.poems]


@dataclass
class Reader:
    """Reads one source, cleans it and leaves out or groups near-duplicates.

    Attributes:
        source: the source as the user gave it.
        column: the column of a table that holds the poems.
        cleaning: the settings.
        base_url: Project Gutenberg's server; None is its own.
        whole: leave no poem out, not even an empty one.
        with_fields: whether poems keep the other columns of a table.
        facts: the columns that hold title, author, form or id, as the user named them.
        sets_aside: whether rows and files that can't be read are noted and passed over; if the
            first can't be read at all, the error is raised.
        tally: counts of what has been cleaned so far.
        name: a short name for the source.
        size: bytes of its files.
        duplicates: which poems belong together, once all batches have been read.
    """

    source: str
    column: str | None = None
    cleaning: Cleaning = field(default_factory=Cleaning)
    base_url: str | None = None
    whole: bool = False
    with_fields: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
    sets_aside: bool = False
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
                "the source",
                "an empty name",
                SOURCES,
                f"Name {SOURCES}; the current folder is '.'.",
                message="The source has no name.",
            )
        elif self.source.startswith(gutenberg.PREFIX):
            self.name = gutenberg.name_of(self.source)
            self._files = [gutenberg.fetch(self.source, self.base_url)]
        else:
            path = Path(self.source)
            try:
                self._files = files_of(path, self.tally)
            except OSError as error:
                raise unreadable(path, error) from error
            whole = path.resolve()
            self.name = whole.name[: len(whole.name) - len(suffix_of(whole))] or "corpus"
        if self.column is not None and not any(map(has_columns, self._files)):
            raise SettingsError(
                "setting 'column'",
                f"{self.column!r} for {self.source}, which has no columns",
                f"a file with columns ({' or '.join(TABLE_SUFFIXES)})",
                "Leave the column out.",
            )
        self.size = sum(file.stat().st_size for file in self._files)

    @property
    def files(self) -> list[tuple[str, Path]]:
        """Name within the source, and path, of each file, in the order in which they are read."""
        return [(self._name_in_source(path), path) for path in self._files]

    def batches(self) -> Iterator[Batch]:
        """Yield the clean poems that stay, in batches.

        Raises:
            CorpusError: a file cannot be read or is not what its suffix says, or the source
                holds no verse.
        """
        before = 0
        self.duplicates = Duplicates(keep=not self.cleaning.drop_duplicates)
        with closing(self.duplicates):
            for path in self._files:
                self.tally["files"] += 1
                self.tally.file = str(path)
                self.tally.name = self._name_in_source(path)
                for poems, done in self._read_or_set_aside(path):
                    if not self.whole:
                        poems = self._without_duplicates(self._without_empty(poems))
                    self.tally["poems"] += len(poems)
                    yield Batch(poems, str(path), before + done)
                before += path.stat().st_size
        if not self.tally["poems"]:
            files = self.tally["files"]
            raise CorpusError(
                self.source,
                f"no verse in {files} {'file' if files == 1 else 'files'}",
                "at least one line of verse",
                "Check that this is the source you meant.",
                message=f"{self.source} holds no verse.",
            )

    def _read_or_set_aside(self, path: Path) -> Iterator[tuple[list[RawPoem], int]]:
        """Yield clean poems of a file; set aside the rest of one that can't be read.

        Raises:
            CorpusError: it can't be read, and rows are not set aside or no poem was read before.
        """
        try:
            yield from self._read(path)
        except CorpusError as error:
            if not self.sets_aside or not self.tally["poems"]:
                raise
            self.tally.set_aside(0, f"The rest of this file was not read: {error}")

    def _without_empty(self, poems: list[RawPoem]) -> list[RawPoem]:
        """Leave out entries without text, and count them."""
        chosen = [poem for poem in poems if poem.text]
        self.tally["empty"] += len(poems) - len(chosen)
        return chosen

    def _without_duplicates(self, poems: list[RawPoem]) -> list[RawPoem]:
        """Look for near-duplicates and count them; leave them out if the settings say so."""
        duplicate = self.duplicates.add([poem.text for poem in poems])
        self.tally["duplicates"] += sum(duplicate)
        if not self.cleaning.drop_duplicates or not any(duplicate):
            return poems
        self.tally["dropped"] += sum(duplicate)
        return [poem for poem, old in zip(poems, duplicate, strict=True) if not old]

    def _read(self, path: Path) -> Iterator[tuple[list[RawPoem], int]]:
        """Yield clean poems of a file, with identifiers, and the bytes read so far."""
        file_format = format_of(path)
        context = ReadContext(
            self.column, self.cleaning, self.tally, self.with_fields, self.facts, self.sets_aside
        )
        identifiers = Identifiers(self._name_in_source(path))
        try:
            for poems, done in file_format.poems(path, context):
                if not file_format.is_clean:
                    plain = file_format.marks_verse or self.cleaning.keep_all
                    poems = self._clean(poems, plain=plain)
                yield [poem._replace(id=identifiers.of(poem)) for poem in poems], done
        except OSError as error:
            raise unreadable(path, error) from error

    def _name_in_source(self, path: Path) -> str:
        """Return the name of a file: in a folder, its path from there, with slashes."""
        source = Path(self.source)
        inside = source != path and path.is_relative_to(source)
        return path.relative_to(source).as_posix() if inside else path.name

    def _clean(self, poems: list[RawPoem], *, plain: bool) -> list[RawPoem]:
        """Clean poems that are whole in their file; `plain` ones hold nothing but verse."""
        texts = [poem.text for poem in poems]
        if not plain:
            texts = [plain_text(poem.text, self.tally, poem.line) for poem in poems]
        texts = clean(texts, self.cleaning, self.tally)
        poems = [poem._replace(text=text) for poem, text in zip(poems, texts, strict=True)]
        return poems if plain else [verse_of_cell(poem, self.tally) for poem in poems]
