"""Make `wordnet.safetensors` in `src/quatrain/meaning/data` from the files of WordNet 3.0.

    python scripts/prepare_meaning.py [/usr/share/wordnet]

The source is the database of WordNet 3.0 (Princeton University), as the Debian package
`wordnet-base` installs it. Its licence is in `src/quatrain/meaning/data/NOTICE`.

What is kept: every word and sense, also those of several words; of a sense its part of speech, its
words, its definition without the examples, and its relations (`RELATIONS`); and the irregular
forms. What is not: examples, sentence frames, lexicographers' files, and counts, which only order
the senses of a word. `quatrain.meaning.database` reads the file and describes it.

The result is the same on every machine. The file ships prepared; you need this script only to make
it again.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
"""Letter of a part of speech -> name of its files; the letters' order settles ties."""

RELATIONS = {
    "@": "b", "@i": "b",  # broader
    "~": "n", "~i": "n",  # narrower
    "!": "a",  # antonym
    "&": "s", "^": "s", "$": "s",  # similar, see also, group of verbs
    "#p": "w", "#m": "w", "#s": "w",  # wholes
    "%p": "p", "%m": "p", "%s": "p",  # parts
    "+": "d", "\\": "d", "<": "d",  # derived, pertains to, participle of
    ";u": "u",  # usage label
    ";c": "t",  # topic
}  # fmt: skip
"""WordNet's sign of a pointer -> the letter that the prepared file has for it."""

BLOCK = 128
"""Senses, or words, in one compressed block: a block is read in a tenth of a millisecond."""

DATA = Path(__file__).parents[1] / "src" / "quatrain" / "meaning" / "data"

_EXAMPLE = re.compile(r'[;:,]?\s*"')
"""Where the definition ends and the examples begin."""


Key = tuple[str, int]
"""Part of speech of a sense, and where its line stands in the data file."""


class Pointer(NamedTuple):
    """A relation of a sense, or of one of its words: numbers of words count from 1, 0 is all."""

    relation: str
    target: Key
    word: int
    target_word: int


class Synset(NamedTuple):
    """One line of a data file."""

    part: str
    words: tuple[str, ...]
    definition: str
    pointers: tuple[Pointer, ...]


def synsets(folder: Path) -> dict[Key, Synset]:
    """Read the data files: part of speech and offset -> sense, in their order."""
    result = {}
    for part, name in PARTS.items():
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                offset, synset = parsed(line)
                result[part, offset] = synset
    return result


def parsed(line: str) -> tuple[int, Synset]:
    """Return the offset and the sense of a line (wndb(5WN))."""
    fields, _, gloss = line.partition(" | ")
    offset, _, kind, count, *rest = fields.split()
    end = 2 * int(count, 16)
    words = tuple(re.sub(r"\(\w+\)$", "", word).replace("_", " ") for word in rest[:end:2])
    pointers = []
    for start in range(end + 1, end + 1 + 4 * int(rest[end]), 4):
        sign, target, part, ends = rest[start : start + 4]
        if sign in RELATIONS:
            numbers = int(ends[:2], 16), int(ends[2:], 16)
            pointers.append(Pointer(RELATIONS[sign], (part, int(target)), *numbers))
    definition = _EXAMPLE.split(gloss.strip(), maxsplit=1)[0].strip(" ;:")
    part = "a" if kind == "s" else kind
    return int(offset), Synset(part, words, " ".join(definition.split()), tuple(pointers))


def counts(folder: Path) -> dict[tuple[str, str, int], int]:
    """Read how often a sense is marked in texts: word, part of speech, number of sense."""
    result = {}
    for line in (folder / "cntlist.rev").read_text(encoding="utf-8").splitlines():
        key, number, count = line.split()
        word, _, rest = key.partition("%")
        result[word, "nvara"[int(rest[0]) - 1], int(number)] = int(count)
    return result


def senses_of_words(folder: Path, numbers: Mapping[Key, int]) -> dict[str, list[int]]:
    """Return every word in lower case with its senses, the most used first."""
    used = counts(folder)
    rows: defaultdict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for place, (part, name) in enumerate(PARTS.items()):
        for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            word, _, _, pointers, *rest = line.split()
            for sense, offset in enumerate(rest[int(pointers) + 2 :], 1):
                count = used.get((word, part, sense), 0)
                row = (-count, sense, place, numbers[part, int(offset)])
                rows[word.replace("_", " ")].append(row)
    return {word: [number for *_, number in sorted(row)] for word, row in rows.items()}


def irregular_forms(folder: Path) -> Iterator[str]:
    """Yield each irregular form as a line: part of speech, form, the words that it is of."""
    for part, name in PARTS.items():
        for line in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
            form, *bases = (field.replace("_", " ") for field in line.split())
            if other := [base for base in bases if base != form]:
                yield "\t".join((part, form, *other))


def sense_lines(senses: Mapping[Key, Synset], numbers: Mapping[Key, int]) -> Iterator[str]:
    """Yield each sense as a line: part of speech, words, definition, relations."""
    for key, synset in senses.items():
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for pointer in synset.pointers:
            step = numbers[pointer.target] - numbers[key]
            ends = f".{pointer.word}.{pointer.target_word}" if pointer.word else ""
            groups[pointer.relation].append(f"{step}{ends}")
        relations = " ".join(name + ",".join(steps) for name, steps in sorted(groups.items()))
        yield "\t".join((synset.part, "|".join(synset.words), synset.definition, relations))


def packed(lines: Sequence[str]) -> NDArray[np.uint8]:
    """Return lines compressed."""
    return np.frombuffer(zlib.compress("\n".join(lines).encode(), 9), np.uint8)


def blocks(lines: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    """Return lines compressed in blocks: the bytes; where each block starts and the last ends."""
    parts = [packed(lines[start : start + BLOCK]) for start in range(0, len(lines), BLOCK)]
    starts = np.cumsum([0, *map(len, parts)]).astype(np.uint32)
    return np.concatenate(parts), starts


def prepare(folder: Path, path: Path) -> None:
    """Write the prepared file."""
    senses = synsets(folder)
    numbers = {key: number for number, key in enumerate(senses)}
    words = senses_of_words(folder, numbers)
    word_lines = [f"{word}\t{' '.join(map(str, words[word]))}" for word in sorted(words)]
    tensors = {
        "irregular": packed(list(irregular_forms(folder))),
        "first_words": packed(sorted(words)[::BLOCK]),
    }
    tensors["words"], tensors["word_starts"] = blocks(word_lines)
    tensors["senses"], tensors["sense_starts"] = blocks(list(sense_lines(senses, numbers)))
    metadata = {"source": "WordNet 3.0, Princeton University", "block": str(BLOCK)}
    safetensors.numpy.save_file(tensors, path, metadata)
    print(f"{len(words):,} words, {len(senses):,} senses, {path.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--out", type=Path, default=DATA / "wordnet.safetensors")
    asked = parser.parse_args()
    prepare(asked.folder, asked.out)


if __name__ == "__main__":
    main()
