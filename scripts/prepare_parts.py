"""Make `parts.txt` and `heteronyms.txt` in `src/quatrain/sound/data` from two packages.

    make parts

fetches TextBlob from the package index, which carries the lexicon of Brill's tagger (Brill 1992,
"A simple rule-based part of speech tagger"; counted in the Brown corpus and the Penn Treebank; MIT
licence). `parts.txt` keeps the words that occur in verse and whose part of speech
`quatrain.sound.scansion.parts_of_speech` would not guess.

It fetches misaki too, whose American word list says how a word is stressed as another part of
speech: `heteronyms.txt` keeps the words that are stressed differently (a *record*, to *record*).

The result is the same on every machine. The lists ship prepared; you need this script only to make
them again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from prepare_lexicon import SOURCES, WORD, arpabet, wheel

from quatrain.sound.frequency import words_by_frequency
from quatrain.sound.scansion.parts_of_speech import PartOfSpeech, closed_class, guess_from_ending

SOURCE = (
    "textblob", "0.20.1", "f957699169a3e7b9a03a504883111b7b6973679496b9af959db2f74ee2449977",
)  # fmt: skip
DATA = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data"
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


def heteronyms(word_list: dict[str, str | dict[str, str | None]]) -> Iterator[str]:
    """Yield a row for each word that another part of speech stresses differently.

    A row is the word, its usual stress, and each other part of speech with its stress.
    """
    parts = {"NOUN": PartOfSpeech.NOUN, "ADJ": PartOfSpeech.ADJECTIVE, "VERB": PartOfSpeech.VERB}
    for word, said in sorted(word_list.items()):
        if isinstance(said, str) or not WORD.fullmatch(word):
            continue
        stresses = {tag: stress_of(ipa, word) for tag, ipa in said.items() if ipa}
        usual = stresses.get("DEFAULT", "")
        others = [
            f"{parts[tag].name} {stress}"
            for tag, stress in sorted(stresses.items())
            if tag in parts and stress != usual and len(stress) == len(usual)
        ]
        if others:
            yield f"{word} {usual} {' '.join(others)}\n"


def stress_of(ipa: str, word: str) -> str:
    """Return the stress of each vowel of a pronunciation, 0, 1 or 2; "" if it can't be read."""
    phonemes = arpabet(ipa, word) or ()
    return "".join(phoneme[-1] for phoneme in phonemes if phoneme[-1].isdigit())


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = wheel(*SOURCE, Path(folder))
        known = lexicon(archive.read("textblob/en/en-lexicon.txt").decode())
        misaki = wheel("misaki", *SOURCES["misaki"], Path(folder))
        heteronym_rows = list(heteronyms(json.loads(misaki.read("misaki/data/us_gold.json"))))
    by_part: dict[PartOfSpeech, list[str]] = defaultdict(list)
    for word in sorted(set(words_by_frequency()) & set(known) - set(closed_class())):
        if word.replace("'", "").isalpha() and known[word] != guess_from_ending(word):
            by_part[known[word]].append(word)
    rows = [f"{part.name} {' '.join(by_part[part])}\n" for part in sorted(by_part)]
    (DATA / "parts.txt").write_text("".join(rows), encoding="utf-8")
    (DATA / "heteronyms.txt").write_text("".join(heteronym_rows), encoding="utf-8")
    print(f"{sum(map(len, by_part.values())):,} words, {len(heteronym_rows)} heteronyms")


if __name__ == "__main__":
    main()
