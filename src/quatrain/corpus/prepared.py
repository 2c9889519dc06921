"""A corpus ready to train on: numbers, and which poems train and which validate.

`Prepared.open` takes a folder that `preparing` wrote. The tokens are read from disk as `train`
needs them.

The folder holds

    tokens.bin      every poem end to end: START, its characters, END; 1 or 2 bytes each
    offsets.npy     where each poem begins in the tokens, and where the last ends
    training.npy    indices of the training poems
    validation.npy  indices of the validation poems
    prepared.json   everything else, the other files' sizes, and the hashes of the .npy files

`prepared.json` is written last: without it nothing opens.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Split
from quatrain.corpus.vocabulary import Tokens, Vocabulary
from quatrain.errors import CorpusError, OutputError
from quatrain.records import CleaningReport, Facts, FactsRepr

TOKENS, PREPARED_JSON = "tokens.bin", "prepared.json"
ARRAYS = ("offsets", "training", "validation")
PARTIAL = ".partial"
_FORMAT = 2


@dataclass(frozen=True)
class Prepared(FactsRepr):
    """A corpus as numbers, divided into training and validation.

    Attributes:
        name: the corpus's short name.
        source: the source as the user gave it.
        sha256: hash of the cleaned poems, in order.
        vocabulary: the characters of the training poems.
        tokens: all poems end to end, shape (characters,), one or two bytes each.
        offsets: where poem i begins (offsets[i]) and ends (offsets[i + 1]), shape (poems + 1,).
        training, validation: indices of the poems on each side, ascending.
        words: word types of the training poems, sorted, in lower case.
        unknown: characters of the poems outside the vocabulary -> times seen.
        unknown_text: those characters in the order of the tokens, so that no text is lost.
        report: what was cleaned.
        notes: sentences for the user.
        split: the settings of the division.
    """

    name: str
    source: str
    sha256: str
    vocabulary: Vocabulary
    tokens: Tokens
    offsets: NDArray[np.int64]
    training: NDArray[np.int64]
    validation: NDArray[np.int64]
    words: tuple[str, ...]
    unknown: Mapping[str, int] = field(default_factory=dict)
    unknown_text: str = ""
    report: CleaningReport = field(default_factory=CleaningReport)
    notes: tuple[str, ...] = ()
    split: Split = field(default_factory=Split)

    @property
    def _facts(self) -> Facts:
        return {
            "corpus": self.name,
            "source": self.source,
            "training poems": len(self.training),
            "validation poems": len(self.validation),
            "characters": self.characters(range(len(self.offsets) - 1)),
            "vocabulary": self.vocabulary.size,
            "notes": " ".join(self.notes),
        }

    def characters(self, indices: NDArray[np.integer] | Sequence[int]) -> int:
        """Count the characters of the poems `indices` that are predicted (see `records.Score`).

        Every character and line break and one end symbol per poem; the start is given.
        """
        chosen = np.asarray(indices, dtype=np.int64)
        return int((self.offsets[chosen + 1] - self.offsets[chosen] - 1).sum())

    def spelling_nats(self, _indices: NDArray[np.integer] | Sequence[int]) -> float:
        """Return 0: only a word has letters that cost nats of their own (see `PreparedWords`)."""
        return 0.0

    def texts(self) -> Iterator[str]:
        """Yield every poem, with the characters outside the vocabulary."""
        done = 0
        for first, last in pairwise(self.offsets.tolist()):
            ids = self.tokens[first:last]
            unknown = int((ids == self.vocabulary.UNKNOWN).sum())
            yield self.vocabulary.decode(ids, self.unknown_text[done : done + unknown])
            done += unknown

    def predictions(self, indices: NDArray[np.integer] | Sequence[int]) -> int:
        """Count the predictions in the poems `indices`: here, one for each of `characters`.

        A `PreparedWords` has fewer predictions than characters.
        """
        return self.characters(indices)

    @classmethod
    def open(cls, folder: str | Path) -> Prepared:
        """Open a prepared folder; the tokens stay on disk.

        Raises:
            CorpusError: the folder is not a prepared corpus, or a file of it is missing,
                damaged or of another version.
        """
        folder = Path(folder)
        facts = _read_facts(folder)
        path = folder / PREPARED_JSON
        try:
            vocabulary = Vocabulary.from_json(json.dumps(facts["vocabulary"]))
            arrays = {
                name: _array(folder / f"{name}.npy", facts["files"][f"{name}.npy"])
                for name in ARRAYS
            }
            tokens = _tokens(folder / TOKENS, facts["files"][TOKENS]["bytes"], vocabulary)
            prepared = cls(
                name=facts["name"],
                source=facts["source"],
                sha256=facts["sha256"],
                vocabulary=vocabulary,
                tokens=tokens,
                words=tuple(facts["words"]),
                unknown=facts["unknown"],
                unknown_text=facts["unknown_text"],
                report=CleaningReport(
                    **facts["report"]
                    | {
                        "skipped_names": tuple(facts["report"]["skipped_names"]),
                        "omissions": (),
                        "doubts": (),
                    }
                ),
                notes=tuple(facts["notes"]),
                split=Split(**facts["split"]),
                **arrays,
            )
        except (KeyError, TypeError) as error:
            raise damaged(path, f"no usable entry {error}") from error
        if len(prepared.offsets) < 2 or int(prepared.offsets[-1]) != len(tokens):
            raise damaged(folder / "offsets.npy", "offsets that do not end where the tokens end")
        return prepared

    def to_json(self, files: Mapping[str, Mapping[str, object]]) -> bytes:
        """Return the content of `prepared.json`, given the sizes and hashes of the other files."""
        body = {
            "format": _FORMAT,
            "name": self.name,
            "source": self.source,
            "sha256": self.sha256,
            "vocabulary": json.loads(self.vocabulary.to_json()),
            "words": list(self.words),
            "unknown": dict(self.unknown),
            "unknown_text": self.unknown_text,
            "report": dataclasses.asdict(dataclasses.replace(self.report, omissions=(), doubts=())),
            "notes": list(self.notes),
            "split": dataclasses.asdict(self.split),
            "files": files,
        }
        text = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
        return json.dumps(
            {"check": hashlib.sha256(text.encode()).hexdigest(), "about": text}
        ).encode()


FRAME_MARKS = 2
"""Control characters in a framed poem: its start and its end."""

FRAME_LENGTH = FRAME_MARKS + 1
"""Characters that `framed` adds to a poem: the marks and the last line's end."""


def framed(text: str) -> str:
    """Put a poem between the two control characters that stand for its start and end."""
    return f"\0{text}\n\1"


def unframed(text: str) -> str:
    """Return a poem without what `framed` put around it."""
    return text[1:-2]


def write_small(prepared: Prepared, folder: Path) -> None:
    """Write all but the tokens, then move every file into place, `prepared.json` last.

    Expects the tokens in `tokens.bin.partial`. A process killed at any moment leaves a
    folder that either opens as it did before or does not open.

    Raises:
        OutputError: the folder cannot be written.
    """
    try:
        files: dict[str, dict[str, object]] = {
            TOKENS: {"bytes": (folder / (TOKENS + PARTIAL)).stat().st_size}
        }
        for name in ARRAYS:
            buffer = io.BytesIO()
            np.save(buffer, getattr(prepared, name), allow_pickle=False)
            content = buffer.getvalue()
            files[f"{name}.npy"] = {
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            (folder / f"{name}.npy{PARTIAL}").write_bytes(content)
        (folder / (PREPARED_JSON + PARTIAL)).write_bytes(prepared.to_json(files))
        (folder / PREPARED_JSON).unlink(missing_ok=True)
        for name in (*files, PREPARED_JSON):
            (folder / (name + PARTIAL)).replace(folder / name)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> OutputError:
    """Return the error for a folder that a prepared corpus cannot be written to."""
    return OutputError(
        str(folder),
        f"{error.strerror or error}".lower(),
        "a folder that can be written, with room for the text twice over",
        "Choose another folder, or make room on the disk.",
        message=f"{folder} can't be written: {error.strerror or error}.",
    )


def damaged(path: Path, defect: str) -> CorpusError:
    """Return the error for a prepared file that is not as it was written."""
    return CorpusError(
        str(path), defect, "the file as it was prepared", "Prepare the corpus again."
    )


def _read_facts(folder: Path) -> dict[str, Any]:
    """Read `prepared.json` and check it against its hash."""
    path = folder / PREPARED_JSON
    try:
        outer = json.loads(path.read_bytes())
        text = outer["about"]
        if hashlib.sha256(text.encode()).hexdigest() != outer["check"]:
            raise damaged(path, "a content that does not match its hash")
        facts: dict[str, Any] = json.loads(text)
    except OSError as error:
        raise CorpusError(
            str(path),
            f"{error.strerror or error}".lower(),
            "a folder with a prepared corpus",
            "Check the path, or prepare the corpus into it.",
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path, "a file that is not the JSON it was") from error
    if facts.get("format") != _FORMAT:
        raise damaged(path, f"the format {facts.get('format')!r} (this version reads {_FORMAT})")
    return facts


def _array(path: Path, expected: Mapping[str, object]) -> NDArray[np.int64]:
    """Read an array and check it against its size and hash."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise damaged(path, f"{error.strerror or error}".lower()) from error
    if len(content) != expected["bytes"]:
        raise damaged(path, f"{len(content):,} bytes instead of {expected['bytes']:,}")
    if hashlib.sha256(content).hexdigest() != expected["sha256"]:
        raise damaged(path, "a content that does not match its hash")
    array: NDArray[np.int64] = np.load(io.BytesIO(content), allow_pickle=False)
    return array


def _tokens(path: Path, expected: int, vocabulary: Vocabulary) -> Tokens:
    """Map the tokens into memory, checked against their size."""
    try:
        size = path.stat().st_size
        if size != expected:
            raise damaged(path, f"{size:,} bytes instead of {expected:,}")
        tokens: Tokens = np.memmap(path, dtype=vocabulary.dtype, mode="r")
    except OSError as error:
        raise damaged(path, f"{error.strerror or error}".lower()) from error
    return tokens
