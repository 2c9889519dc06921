"""Reading any source: its files, their formats, cleaning and near-duplicates.

`Reader` takes a path, `anthology`, or `gutenberg:NUMBER` and yields batches of clean poems, in
bounded memory. `corpus` gathers them in a `Corpus`; `preparing` turns them into numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from quatrain.config import Cleaning
from quatrain.corpus import gutenberg
from quatrain.corpus.cleaning import Tally, clean
from quatrain.corpus.duplicates import Duplicates
from quatrain.corpus.files import ANTHOLOGY, SOURCES, files_of, unreadable
from quatrain.corpus.formats import TABLE_SUFFIXES, format_of, has_columns, suffix_of
from quatrain.corpus.paratext.markup import plain_text
from quatrain.corpus.paratext.poem import verse_of_cell
from quatrain.corpus.raw_poems import RawPoem, ReadContext
from quatrain.errors import CorpusError, SettingsError
from quatrain.records import Paratext

Facts = tuple[str, str, str, tuple[Paratext, ...], int]
"""Title, author, form, paratexts and line of a poem, as in `RawPoem`; each possibly empty."""


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
        texts: their verse.
        facts: title, author, form, paratexts and line of each; empty if none has any.
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
        base_url: Project Gutenberg's server; None is its own.
        whole: leave no poem out, not even an empty one.
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
                for texts, facts, done in self._read(path):
                    if not self.whole:
                        texts, facts = self._without_empty(texts, facts)
                        texts, facts = self._without_duplicates(texts, facts)
                    self.tally["poems"] += len(texts)
                    yield Batch(texts, facts, str(path), before + done)
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

    def _without_empty(self, texts: list[str], facts: list[Facts]) -> tuple[list[str], list[Facts]]:
        """Leave out entries without text, and count them."""
        chosen = [number for number, text in enumerate(texts) if text]
        self.tally["empty"] += len(texts) - len(chosen)
        return [texts[number] for number in chosen], [facts[number] for number in chosen if facts]

    def _without_duplicates(
        self, texts: list[str], facts: list[Facts]
    ) -> tuple[list[str], list[Facts]]:
        """Look for near-duplicates and count them; leave them out if the settings say so."""
        duplicate = self.duplicates.add(texts)
        self.tally["duplicates"] += sum(duplicate)
        if not self.cleaning.drop_duplicates or not any(duplicate):
            return texts, facts
        self.tally["dropped"] += sum(duplicate)
        chosen = [number for number, old in enumerate(duplicate) if not old]
        return [texts[number] for number in chosen], [facts[number] for number in chosen if facts]

    def _read(self, path: Path) -> Iterator[tuple[list[str], list[Facts], int]]:
        """Yield clean poems of a file, their facts, and the bytes read so far."""
        file_format = format_of(path)
        context = ReadContext(self.column, self.cleaning, self.tally)
        try:
            for poems, done in file_format.poems(path, context):
                if not file_format.is_clean:
                    plain = file_format.marks_verse or self.cleaning.keep_all
                    poems = self._clean(poems, plain=plain)
                texts = [poem.text for poem in poems]
                facts = [poem[1:] for poem in poems]
                yield texts, facts if any(map(any, facts)) else [], done
        except OSError as error:
            raise unreadable(path, error) from error

    def _clean(self, poems: list[RawPoem], *, plain: bool) -> list[RawPoem]:
        """Clean poems that are whole in their file; `plain` ones hold nothing but verse."""
        texts = [poem.text for poem in poems]
        if not plain:
            texts = [plain_text(poem.text, self.tally, poem.line) for poem in poems]
        texts = clean(texts, self.cleaning, self.tally)
        poems = [poem._replace(text=text) for poem, text in zip(poems, texts, strict=True)]
        return poems if plain else [verse_of_cell(poem, self.tally) for poem in poems]
