"""Poems as one row of numbers: what sequences are cut from.

`running_text` takes a text, a path, a poem, a corpus or a prepared corpus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus import Corpus, Prepared, Vocabulary, read
from quatrain.corpus.files import ANTHOLOGY
from quatrain.corpus.formats import suffix_of
from quatrain.corpus.gutenberg import PREFIX
from quatrain.corpus.prepared import framed
from quatrain.corpus.vocabulary import Tokens, code_points
from quatrain.errors import CorpusError, UserError
from quatrain.records import Poem, as_poem

Text: TypeAlias = "str | Path | Poem | Sequence[str] | Corpus | Prepared"
"""Text in any form that `running_text` takes."""

_LONGEST_PATH = 1024
"""Characters of a text that may still be a path: no file system takes longer ones."""


@dataclass(frozen=True)
class RunningText:
    """Poems end to end, as numbers.

    Attributes:
        name: what the text is called in a title.
        vocabulary: the alphabet.
        tokens: the numbers of all poems, shape (T,).
        offsets: where each poem begins in `tokens`, and where the last one ends, (poems + 1,).
        breaks: line breaks among the tokens, those between stanzas included.
    """

    name: str
    vocabulary: Vocabulary
    tokens: Tokens
    offsets: NDArray[np.int64]
    breaks: int

    @property
    def size(self) -> int:
        """T: count of the numbers."""
        return int(self.tokens.size)

    @property
    def poems(self) -> int:
        """Count of the poems."""
        return len(self.offsets) - 1

    @property
    def characters(self) -> int:
        """Count of the characters without line breaks, START and END."""
        return self.size - self.breaks - 2 * self.poems

    def sign(self, place: int) -> str:
        """Return the character at a place, "START" or "END"."""
        number = int(self.tokens[place])
        special = {Vocabulary.START: "START", Vocabulary.END: "END", Vocabulary.UNKNOWN: "unknown"}
        return special.get(number) or self.vocabulary.characters[number - len(special)]


def running_text(source: Text) -> RunningText:
    """Lay poems end to end as numbers.

    Args:
        source: a str that names a file or folder that exists, `anthology` or `gutenberg:NUMBER`
            is read like any corpus; any other str is the text itself. A prepared corpus gives its
            training poems, every other source all of its poems.

    Raises:
        CorpusError: the source can't be read, holds no verse, or looks like the name of a file
            that isn't there.
        UserError: it is nothing of this kind.
    """
    if isinstance(source, Prepared):
        return _of_prepared(source)
    if isinstance(source, str) and not _names_a_source(source):
        return _of_poems("a text", [_poem_of(source)])
    if isinstance(source, str | Path):
        source = read(source)
    if isinstance(source, Corpus):
        return _of_poems(source.name, source.poems)
    return _of_poems("a text", [_poem_of(source)])


def _names_a_source(text: str) -> bool:
    """Return whether a text is the name of something to read."""
    if text == ANTHOLOGY or text.startswith(PREFIX):
        return True
    if not text.strip() or "\n" in text or len(text) > _LONGEST_PATH:
        return False
    try:
        path = Path(text)
        if path.exists():
            return True
    except (OSError, ValueError):  # a name that the file system refuses
        return False
    if suffix_of(path) and not text.count(" "):
        raise CorpusError(
            text,
            "no such file",
            "a file that exists, or a text",
            "Check the path.",
            message=f"There is no file {text!r}, and it looks like the name of one.",
        )
    return False


def _poem_of(source: Poem | Sequence[str] | str) -> Poem:
    poem = as_poem(source) if not isinstance(source, str) else Poem.from_text(source)
    if not poem.lines:
        raise CorpusError(
            "the text",
            "no characters",
            "at least one line",
            "Give a text, or the path of a file.",
            message="The text is empty.",
        )
    return poem


def _of_poems(name: str, poems: Iterable[Poem]) -> RunningText:
    # U+0000 and U+0001 stand for START and END in the table of the vocabulary.
    plain = (poem.text.replace("\0", "\ufffd").replace("\1", "\ufffd") for poem in poems)
    codes = code_points("".join(map(framed, plain)))
    values, counts = np.unique(codes[codes > 1], return_counts=True)
    characters = zip(map(chr, values.tolist()), counts.tolist(), strict=True)
    vocabulary = Vocabulary.from_counts(dict(characters))
    starts = np.flatnonzero(codes == 0)
    offsets = np.append(starts, codes.size).astype(np.int64)
    breaks = int((codes == ord("\n")).sum())
    return RunningText(name, vocabulary, vocabulary.table[codes], offsets, breaks)


def _of_prepared(prepared: Prepared) -> RunningText:
    if not len(prepared.training):
        raise UserError(
            "the prepared corpus", "no training poems", "at least one", "Prepare it again."
        )
    starts, ends = prepared.offsets[prepared.training], prepared.offsets[prepared.training + 1]
    tokens = np.concatenate(
        [
            prepared.tokens[start:end]
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
    )
    offsets = np.concatenate([[0], np.cumsum(ends - starts)]).astype(np.int64)
    vocabulary = prepared.vocabulary
    breaks = int((tokens == vocabulary.encode("\n")[0]).sum())
    name = f"the training poems of {prepared.name}"
    return RunningText(name, vocabulary, tokens, offsets, breaks)
