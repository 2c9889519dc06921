"""A prepared corpus as words, for training a word-level poet.

A `PreparedWords` is made from a `Prepared`, or from lines of tokens. It has the same poems on the
same sides of the split, and `train` uses it in the place of the characters. On disk it has two
files beside theirs:

    words.safetensors  every poem end to end: START, its tokens, END; and where each begins
    words.json         the vocabulary, how often each word was seen, and the first file's hash
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from quatrain.corpus.prepared import Prepared, damaged, unwritable
from quatrain.corpus.spelling import Speller
from quatrain.corpus.style_counter import StyleCounter
from quatrain.corpus.tokens import Style, poem_tokens
from quatrain.corpus.vocabulary import Tokens
from quatrain.corpus.word_vocabulary import WordLimits, WordVocabulary
from quatrain.errors import CorpusError
from quatrain.records import Poem

WORDS, WORDS_JSON = "words.safetensors", "words.json"
_FORMAT = 2

Progress = Callable[[int, int], None]
Lines = Sequence[Sequence[str]]
"""A poem: the tokens of each line, line ends included."""


@dataclass(frozen=True)
class PreparedWords:
    """A corpus as word tokens, divided into training and validation.

    Attributes:
        vocabulary: the words of the training poems.
        counts: how often each number occurs in the training poems, shape (size,).
        tokens: all poems end to end, shape (tokens,), two bytes each.
        offsets: where poem i begins and ends, shape (poems + 1,).
        training, validation: indices of the poems on each side, ascending.
        backwards: whether every line is reversed.
        lengths: characters predicted in each poem when it is read as characters, (poems,).
        spelling: nats that the letters of each poem's unknown words cost (`Speller`), (poems,).
    """

    vocabulary: WordVocabulary
    counts: NDArray[np.int64]
    tokens: Tokens
    offsets: NDArray[np.int64]
    training: NDArray[np.int64]
    validation: NDArray[np.int64]
    backwards: bool
    lengths: NDArray[np.int64]
    spelling: NDArray[np.float64]

    def characters(self, indices: NDArray[np.integer] | Sequence[int]) -> int:
        """Count the characters of the poems `indices`, as `records.Score` does."""
        return int(self.lengths[np.asarray(indices, dtype=np.int64)].sum())

    def predictions(self, indices: NDArray[np.integer] | Sequence[int]) -> int:
        """Count the tokens of the poems `indices` that are predicted, each end included."""
        chosen = np.asarray(indices, dtype=np.int64)
        return int((self.offsets[chosen + 1] - self.offsets[chosen] - 1).sum())

    def spelling_nats(self, indices: NDArray[np.integer] | Sequence[int]) -> float:
        """Return what the letters of unknown words cost in the poems `indices`, in nats."""
        return float(self.spelling[np.asarray(indices, dtype=np.int64)].sum())

    @classmethod
    def of(
        cls,
        prepared: Prepared,
        *,
        backwards: bool = False,
        vocabulary: WordVocabulary | WordLimits | None = None,
        progress: Progress | None = None,
    ) -> PreparedWords:
        """Tokenise a prepared corpus.

        Args:
            prepared: the corpus as characters.
            backwards: reverse every line.
            vocabulary: the vocabulary of a trained poet, to be used as it is, or which words of
                the training poems a new one keeps; by default as `WordLimits` says.
            progress: called with the number of poems done and of all poems.

        Raises:
            CorpusError: the training poems hold no word.
        """
        style = StyleCounter()
        in_training = np.zeros(len(prepared.offsets) - 1, dtype=bool)
        in_training[prepared.training] = True

        def lines() -> Iterator[Lines]:
            for index, text in enumerate(prepared.texts()):
                poem = Poem.from_lines(text.split("\n"))
                if in_training[index]:
                    style.add_poem(line.text for line in poem.lines)
                if progress and index % 100 == 0:
                    progress(index, len(in_training))
                yield poem_tokens(poem)

        return cls.from_tokens(
            lines(),
            prepared.training,
            prepared.validation,
            backwards=backwards,
            vocabulary=vocabulary,
            style=style.style,
            lengths=np.diff(prepared.offsets) - 1,
        )

    @classmethod
    def from_tokens(
        cls,
        poems: Iterable[Lines],
        training: NDArray[np.int64],
        validation: NDArray[np.int64],
        *,
        backwards: bool = False,
        vocabulary: WordVocabulary | WordLimits | None = None,
        style: Callable[[], Style] = Style,
        lengths: NDArray[np.int64] | None = None,
    ) -> PreparedWords:
        """Prepare poems that are tokens already.

        Args:
            poems: every poem, of both sides.
            training: indices of the poems to train on.
            validation: indices of the others.
            backwards: reverse every line.
            vocabulary: as in `of`.
            style: called for the corpus's style once the poems have been read.
            lengths: characters of each poem; by default those of its tokens and a space each.
        """
        types: dict[str, int] = {}
        numbers, ends = array("I"), array("q", [0])
        characters = array("q")
        for lines in poems:
            count = 0
            for line in lines:
                for token in line:
                    numbers.append(types.setdefault(token, len(types)))
                    count += len(token) + 1
            ends.append(len(numbers))
            characters.append(count)
        flat = np.frombuffer(numbers, dtype=np.uintc)
        starts = np.frombuffer(ends, dtype=np.int64)
        names = list(types)
        if not isinstance(vocabulary, WordVocabulary):
            counts = _counts(flat, starts, training, len(types)).tolist()
            seen = {word: count for word, count in zip(names, counts, strict=True) if count}
            vocabulary = WordVocabulary.from_counts(seen, vocabulary, style=style())
        table = vocabulary.encode(names)
        tokens, offsets = _laid_out(table[flat], starts, vocabulary, backwards=backwards)
        return cls(
            vocabulary=vocabulary,
            counts=_counts(tokens, offsets, training, vocabulary.size),
            tokens=tokens,
            offsets=offsets,
            training=training,
            validation=validation,
            backwards=backwards,
            lengths=lengths if lengths is not None else np.frombuffer(characters, dtype=np.int64),
            spelling=_spelling(names, flat, starts, vocabulary),
        )

    def write(self, folder: str | Path) -> None:
        """Write the words to a folder; `words.json` comes last.

        Raises:
            OutputError: the folder cannot be written.
        """
        folder = Path(folder)
        arrays = {
            "tokens": np.ascontiguousarray(self.tokens),
            "offsets": self.offsets,
            "training": self.training,
            "validation": self.validation,
            "counts": self.counts,
            "lengths": np.ascontiguousarray(self.lengths),
            "spelling": self.spelling,
        }
        content = safetensors.numpy.save(arrays)
        facts = {
            "format": _FORMAT,
            "sha256": hashlib.sha256(content).hexdigest(),
            "backwards": self.backwards,
            "vocabulary": self.vocabulary.facts(),
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / WORDS_JSON).unlink(missing_ok=True)
            for name, data in ((WORDS, content), (WORDS_JSON, json.dumps(facts).encode())):
                partial = folder / f"{name}.partial"
                partial.write_bytes(data)
                partial.replace(folder / name)
        except OSError as error:
            raise unwritable(folder, error) from error

    @classmethod
    def open(cls, folder: str | Path) -> PreparedWords:
        """Open what `write` wrote.

        Raises:
            CorpusError: a file is missing, damaged or of another version.
        """
        path = Path(folder) / WORDS_JSON
        try:
            facts = json.loads(path.read_bytes())
            content = (Path(folder) / WORDS).read_bytes()
            if facts["format"] != _FORMAT:
                raise damaged(
                    path, f"the format {facts['format']!r} (this version reads {_FORMAT})"
                )
            if hashlib.sha256(content).hexdigest() != facts["sha256"]:
                raise damaged(Path(folder) / WORDS, "a content that does not match its hash")
            arrays = safetensors.numpy.load(content)
            return cls(
                vocabulary=WordVocabulary.from_facts(facts["vocabulary"]),
                backwards=bool(facts["backwards"]),
                **arrays,
            )
        except OSError as error:
            raise CorpusError(
                str(path),
                f"{error.strerror or error}".lower(),
                "a corpus prepared as words",
                "Prepare the corpus again.",
            ) from error
        except (ValueError, KeyError, TypeError, safetensors.SafetensorError) as error:
            raise damaged(path, "a file that is not what was written") from error


def _spelling(
    names: Sequence[str],
    numbers: NDArray[np.integer],
    starts: NDArray[np.int64],
    vocabulary: WordVocabulary,
) -> NDArray[np.float64]:
    """Return the nats that the letters of unknown words cost in each poem, (poems,).

    Args:
        names: every token type.
        numbers: all poems end to end, as indices of `names`.
        starts: where each poem begins, and the end.
        vocabulary: the words that are known.
    """
    speller, known = Speller(vocabulary.words), vocabulary.numbers
    nats = np.array([0.0 if name in known else speller.nats(name) for name in names])
    before = np.concatenate([[0.0], np.cumsum(nats[numbers])])
    return np.diff(before[starts])


def _laid_out(
    numbers: Tokens, starts: NDArray[np.int64], vocabulary: WordVocabulary, *, backwards: bool
) -> tuple[Tokens, NDArray[np.int64]]:
    """Put poems between START and END, every line reversed if asked; return their offsets, too."""
    if backwards:
        numbers = numbers[_reversed_order(numbers, starts, vocabulary)]
    poems = len(starts) - 1
    offsets = starts + 2 * np.arange(poems + 1)
    tokens = np.empty(int(offsets[-1]), dtype=vocabulary.dtype)
    inside = np.ones(len(tokens), dtype=bool)
    inside[offsets[:-1]] = inside[offsets[1:] - 1] = False
    tokens[offsets[:-1]] = vocabulary.START
    tokens[offsets[1:] - 1] = vocabulary.END
    tokens[inside] = numbers
    return tokens, offsets


def _reversed_order(
    numbers: Tokens, starts: NDArray[np.int64], vocabulary: WordVocabulary
) -> NDArray[np.int64]:
    """Return the order of the tokens with every line reversed, line ends in place."""
    ends = (numbers == vocabulary.LINE) | (numbers == vocabulary.STANZA)
    places = np.arange(len(numbers))
    # A word's line begins after the last end before it, and reaches to the next one.
    before = np.maximum.accumulate(np.where(ends, places, -1))
    bounds = np.zeros(len(numbers) + 1, dtype=bool)
    bounds[starts[:-1]] = True  # a poem begins a line, too
    before = np.maximum(before, np.maximum.accumulate(np.where(bounds[:-1], places - 1, -1)))
    after = np.minimum.accumulate(np.where(ends, places, len(numbers))[::-1])[::-1]
    return np.where(ends, places, before + after - places)


def _counts(
    tokens: NDArray[Any], offsets: NDArray[np.int64], poems: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """Count each number below `size` in some poems; shape (size,)."""
    counts = np.zeros(size, dtype=np.int64)
    for poem in poems.tolist():
        counts += np.bincount(tokens[offsets[poem] : offsets[poem + 1]], minlength=size)
    return counts
