"""Preparing a source of any size to train on, in bounded memory.

`prepare` takes a source and writes a folder with a `Prepared` corpus (see `prepared`).

Pass one cleans the source and writes the poems to a temporary file, as UTF-8
with U+0000 and U+0001 around each, and keeps a few numbers per poem. Then the
poems are divided and the alphabet of the training poems is known. Pass two
turns that file into tokens: a look-up per byte where a block is ASCII, per code
point where not. The text goes through a temporary file because reading, cleaning and the
search for duplicates cost most: this way they are done once.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Cleaning, Split
from quatrain.corpus.prepared import (
    FRAME_LENGTH,
    FRAME_MARKS,
    PARTIAL,
    TOKENS,
    Prepared,
    framed,
    unframed,
    unwritable,
    write_small,
)
from quatrain.corpus.reader import Reader, source_name
from quatrain.corpus.reading_notes import reading_notes
from quatrain.corpus.splitting import digest, divide_lines, divide_poems
from quatrain.corpus.vocabulary import Vocabulary, code_points, default_minimum_count
from quatrain.corpus.words import WordCounter
from quatrain.errors import InternalError

_BLOCK = 4 * 2**20
"""Bytes of text in a block."""
_MOST_LISTED = 20
"""Unknown characters that a note lists, at most."""

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is, in bytes of both passes."""


def prepare(
    source: str | Path,
    folder: str | Path,
    *,
    column: str | None = None,
    cleaning: Cleaning | None = None,
    split: Split | None = None,
    progress: Progress | None = None,
    base_url: str | None = None,
    alphabet: Sequence[str] = (),
) -> Prepared:
    """Read, clean, divide and number a source, and keep the result in a folder.

    The folder is made if need be, and only its own files are replaced (see `prepared`).
    Memory does not grow with the text but for some 200 bytes a poem.

    Args:
        source: as for `read`.
        folder: where to keep the result.
        column: the column that holds the poems, for CSV and Parquet.
        cleaning: what to clean; the defaults if None.
        split: how to divide the poems; the defaults if None.
        progress: called from time to time with how much is done.
        base_url: where to fetch books of Project Gutenberg, if not from itself.
        alphabet: characters that are known even if no training poem has them.

    Raises:
        CorpusError: the source cannot be read, holds no verse, or cannot be divided.
        OutputError: the folder cannot be written.
        SettingsError: a setting does not fit the source.
        ExtraError: an optional dependency is needed.
    """
    reader = Reader(source_name(source), column, cleaning or Cleaning(), base_url)
    split = split or Split()
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        spill = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed below
    except OSError as error:
        raise unwritable(folder, error) from error
    with spill:
        try:
            poem_file = _PoemFile(spill, split.seed)
            for batch in reader.batches():
                poem_file.add(batch.texts)
                if progress:
                    progress(batch.done, 2 * reader.size)
            return _finish(poem_file, reader, split, folder, progress, alphabet)
        except OSError as error:
            raise unwritable(folder, error) from error


class _PoemFile:
    """Clean poems in a temporary file, and where each stands in it."""

    def __init__(self, file: IO[bytes], seed: int) -> None:
        self.file = file
        self._seed = seed
        self.sha256 = hashlib.sha256()
        self.counts = _Characters()
        self.digests = array("Q")
        self.ends = array("q", [0])
        self.lengths = array("q")

    def add(self, poems: list[str]) -> None:
        """Write poems to the file."""
        if not poems:
            return
        data = "".join(map(framed, poems)).encode()
        self.file.write(data)
        self.sha256.update(data)
        self.counts.add(data)
        encoded = [poem.encode() for poem in poems]
        self.digests.extend(digest(poem, self._seed) for poem in encoded)
        sizes = np.cumsum([len(poem) + FRAME_LENGTH for poem in encoded])
        self.ends.extend((self.ends[-1] + sizes).tolist())
        self.lengths.extend(len(poem) + FRAME_LENGTH for poem in poems)

    def poems(self, indices: NDArray[np.int64]) -> Iterator[bytes]:
        """Yield some of the poems with their marks, end to end in blocks of UTF-8."""
        block = bytearray()
        for index in indices.tolist():
            self.file.seek(self.ends[index])
            block += self.file.read(self.ends[index + 1] - self.ends[index])
            if len(block) >= _BLOCK:
                yield bytes(block)
                block.clear()
        yield bytes(block)

    def blocks(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield the whole file in blocks: the first poem, the one after the last, the text."""
        self.file.seek(0)
        ends = np.frombuffer(self.ends, dtype=np.int64)
        first = 0
        while first < len(ends) - 1:
            last = int(np.searchsorted(ends, ends[first] + _BLOCK, side="right")) - 1
            last = max(last, first + 1)
            yield first, last, self.file.read(int(ends[last] - ends[first]))
            first = last


class _Characters:
    """Counts of each character in UTF-8 text."""

    def __init__(self) -> None:
        self._ascii = np.zeros(128, dtype=np.int64)
        self._others: Counter[int] = Counter()

    def add(self, data: bytes, sign: int = 1) -> None:
        """Count the characters of `data`; `sign` -1 takes them off again."""
        if not data.isascii():
            codes = code_points(data.decode())
            values, counts = np.unique(codes[codes > 127], return_counts=True)
            for value, count in zip(values.tolist(), counts.tolist(), strict=True):
                self._others[value] += sign * count
            data = codes[codes < 128].astype(np.uint8).tobytes()
        # Counting pairs of bytes halves the work.
        pairs = np.bincount(
            np.frombuffer(data, dtype="<u2", count=len(data) // 2), minlength=2**16
        ).reshape(256, 256)
        self._ascii += sign * (pairs.sum(axis=0) + pairs.sum(axis=1))[:128]
        if len(data) % 2:
            self._ascii[data[-1]] += sign

    def characters(self) -> dict[str, int]:
        """Characters of verse, the marks of start and end left out, and their counts."""
        plain = {chr(code): int(self._ascii[code]) for code in range(2, 128)}
        plain |= {chr(code): count for code, count in self._others.items()}
        return {character: count for character, count in plain.items() if count > 0}


def _finish(
    poem_file: _PoemFile,
    reader: Reader,
    split: Split,
    folder: Path,
    progress: Progress | None,
    alphabet: Sequence[str],
) -> Prepared:
    """Divide the poems, find the alphabet, write the tokens, and all the rest."""
    notes = list(reading_notes(reader.tally.report()))
    if len(poem_file.lengths) == 1:
        poem_file = _divided(poem_file, split, reader.source)
        training, validation = np.array([0]), np.array([1])
        characters = [length - FRAME_MARKS for length in poem_file.lengths]
        notes.append(
            "The corpus is a single poem: its last lines are the validation part, "
            f"{characters[1]} of {sum(characters)} characters."
        )
    else:
        training, validation = divide_poems(
            np.frombuffer(poem_file.digests, dtype=np.uint64),
            np.frombuffer(poem_file.lengths, dtype=np.int64),
            None if reader.cleaning.drop_duplicates else reader.duplicates.groups(),
            split.validation,
            reader.source,
        )
    everything = poem_file.counts.characters()
    for data in poem_file.poems(validation):
        poem_file.counts.add(data, -1)
    counts = poem_file.counts.characters()
    minimum = split.minimum_count or default_minimum_count(sum(everything.values()))
    counts |= {character: max(minimum, counts.get(character, 0)) for character in alphabet}
    vocabulary = Vocabulary.from_counts(counts, minimum)
    known = set(vocabulary.characters)
    unknown = {
        character: count
        for character, count in sorted(everything.items(), key=lambda item: (-item[1], item[0]))
        if character not in known
    }
    notes.extend(_alphabet_notes(unknown, minimum))
    words, unknown_text = _write_tokens(
        poem_file, vocabulary, validation, folder, reader.size, progress
    )
    prepared = Prepared(
        name=reader.name,
        source=reader.source,
        sha256=poem_file.sha256.hexdigest(),
        vocabulary=vocabulary,
        tokens=np.empty(0, dtype=vocabulary.dtype),
        offsets=np.concatenate([[0], np.cumsum(np.frombuffer(poem_file.lengths, dtype=np.int64))]),
        training=training,
        validation=validation,
        words=words,
        unknown=unknown,
        unknown_text=unknown_text,
        report=reader.tally.report(),
        notes=tuple(notes),
        split=split,
    )
    write_small(prepared, folder)
    return Prepared.open(folder)


def _divided(poem_file: _PoemFile, split: Split, source: str) -> _PoemFile:
    """Divide the only poem of a corpus into one that trains and one that validates."""
    poem = unframed(b"".join(poem_file.poems(np.array([0]))).decode())
    poem_file.file.seek(0)
    poem_file.file.truncate()
    two = _PoemFile(poem_file.file, split.seed)
    two.add(list(divide_lines(poem, split.validation, source)))
    two.sha256 = poem_file.sha256
    return two


def _write_tokens(
    poem_file: _PoemFile,
    vocabulary: Vocabulary,
    validation: NDArray[np.int64],
    folder: Path,
    size: int,
    progress: Progress | None,
) -> tuple[tuple[str, ...], str]:
    """Write `tokens.bin.partial`.

    Returns:
        The words of the training poems, and all characters outside the vocabulary, in order.
    """
    table = vocabulary.table
    plain = table[:256].tobytes() if vocabulary.dtype == np.uint8 else None
    ends = np.frombuffer(poem_file.ends, dtype=np.int64)
    words = WordCounter()
    unknown: list[str] = []
    with (folder / (TOKENS + PARTIAL)).open("wb") as file:
        written = 0
        for first, last, data in poem_file.blocks():
            if plain is not None and data.isascii():
                codes: NDArray[np.unsignedinteger] = np.frombuffer(data, np.uint8)
                numbers = np.frombuffer(data.translate(plain), np.uint8)
            else:
                codes = code_points(data.decode())
                numbers = table[codes]
            written += file.write(numbers.tobytes())
            unknown += map(chr, codes[numbers == vocabulary.UNKNOWN].tolist())
            start = 0
            low, high = np.searchsorted(validation, (first, last))
            for poem in validation[low:high].tolist():
                words.add(data[start : int(ends[poem] - ends[first])])
                start = int(ends[poem + 1] - ends[first])
            words.add(data[start:])
            if progress:
                progress(size + size * last // (len(ends) - 1), 2 * size)
    expected = sum(poem_file.lengths) * vocabulary.dtype.itemsize
    if written != expected:
        raise InternalError(f"{expected} bytes of tokens expected, {written} written")
    return words.types(), "".join(unknown)


def _alphabet_notes(unknown: dict[str, int], minimum: int) -> Iterator[str]:
    """Yield a sentence on the characters outside the alphabet, if there are any."""
    if not unknown:
        return
    number = len(unknown)
    listed = ", ".join(map(repr, list(unknown)[:_MOST_LISTED]))
    more = f" and {number - _MOST_LISTED} others" if number > _MOST_LISTED else ""
    characters = f"{number:,} character{'s' if number != 1 else ''}"
    if minimum == 1:
        occur = "occur" if number != 1 else "occurs"
        yield f"{characters} in the validation poems never {occur} in training: {listed}{more}."
    else:
        yield (
            f"{characters} too rare to learn (fewer than {minimum} in the training poems) count "
            f"as unknown, in {sum(unknown.values()):,} places: {listed}{more}."
        )
