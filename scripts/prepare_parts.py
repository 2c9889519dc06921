"""Make `src/quatrain/sound/data/parts.txt` from Brill's lexicon of parts of speech.

    make parts

fetches TextBlob from the package index, which carries the lexicon of Brill's tagger (Brill 1992,
"A simple rule-based part of speech tagger"; counted in the Brown corpus and the Penn Treebank; MIT
licence). It keeps the words that occur in verse and whose part of speech
`quatrain.sound.scansion.parts_of_speech` would not guess. The result is the same on every machine.
The list ships prepared; you need this script only to make it again.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

from prepare_lexicon import wheel

from quatrain.sound.frequency import words_by_frequency
from quatrain.sound.scansion.parts_of_speech import PartOfSpeech, closed_class, guess_from_ending

SOURCE = (
    "textblob", "0.20.1", "f957699169a3e7b9a03a504883111b7b6973679496b9af959db2f74ee2449977",
)  # fmt: skip
OUT = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data" / "parts.txt"
PARTS = {
    PartOfSpeech.NOUN: "NN NNS NNP NNPS",
    PartOfSpeech.ADJECTIVE: "JJ JJR JJS",
    PartOfSpeech.VERB: "VB VBD VBZ VBP",
    PartOfSpeech.PARTICIPLE: "VBG VBN",
    PartOfSpeech.ADVERB: "RB RBR RBS WRB RP EX",
    PartOfSpeech.DETERMINER: "DT PRP$ WP$",
    PartOfSpeech.PREPOSITION: "IN TO",
    PartOfSpeech.PRONOUN: "PRP WP WDT",
    PartOfSpeech.CONJUNCTION: "CC",
    PartOfSpeech.AUXILIARY: "MD",
    PartOfSpeech.NUMERAL: "CD UH",
}
OF_TAG = {tag: part for part, tags in PARTS.items() for tag in tags.split()}


def lexicon(text: str) -> dict[str, PartOfSpeech]:
    """Words in lower case and what they most often are; a common word before a name."""
    common: dict[str, PartOfSpeech] = {}
    names: dict[str, PartOfSpeech] = {}
    for line in text.splitlines():
        word, _, tags = line.partition(" ")
        part = OF_TAG.get(tags.split(" ")[0].split("|")[0])
        if part is not None and not line.startswith(";;;"):
            (common if word.islower() else names).setdefault(word.lower(), part)
    return names | common


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = wheel(*SOURCE, Path(folder))
        known = lexicon(archive.read("textblob/en/en-lexicon.txt").decode())
    by_part: dict[PartOfSpeech, list[str]] = defaultdict(list)
    for word in sorted(set(words_by_frequency()) & set(known) - set(closed_class())):
        if word.strip("'").isalpha() and known[word] != guess_from_ending(word):
            by_part[known[word]].append(word)
    rows = [f"{part.name} {' '.join(by_part[part])}\n" for part in sorted(by_part)]
    OUT.write_text("".join(rows), encoding="utf-8")
    print(f"{sum(map(len, by_part.values())):,} words, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
