"""Count words in verse, and how often each word of one syllable stands on a beat.

    python scripts/count_words.py CORPUS.jsonl.gz [CORPUS.jsonl.gz ...]

writes `src/quatrain/sound/data/frequency.tsv`: a word, its count, for words of one syllable how
often it was placed and how often on a beat, and the percentage of capitals. Placed are the words of
lines of eight or ten syllables that can be pronounced in one way only; a beat is an even place,
where an iambic line has its beats. Capitals are counted inside lines, after a word and no
punctuation, so that names stand out; the column is empty for a word that never stands there.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

from quatrain.sound import pronounce, words

OUT = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data" / "frequency.tsv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=40_000)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    beats: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    syllables: dict[str, int] = {}
    for corpus in options.corpora:
        with gzip.open(corpus, "rt", encoding="utf-8") as rows:
            for row in rows:
                for line in json.loads(row)["lines"]:
                    line_words = words(line)
                    spoken = [word.spoken for word in line_words]
                    counts.update(spoken)
                    for before, word in pairwise(line_words):
                        if line[before.end : word.start] == " " and not line.isupper():
                            inside[word.spoken] += 1
                            capitals[word.spoken] += word.text[0].isupper()
                    for word in spoken:
                        if word not in syllables:
                            syllables[word] = _only_length(word)
                    lengths = [syllables[word] for word in spoken]
                    if sum(lengths) not in (8, 10) or 0 in lengths:
                        continue
                    place = 0
                    for word, length in zip(spoken, lengths, strict=True):
                        place += length
                        if length == 1:
                            placed[word] += 1
                            beats[word] += place % 2 == 0
    ranked = sorted(counts, key=lambda word: (-counts[word], word))[: options.most]
    rows_out = [
        f"{word}\t{counts[word]}\t{placed[word]}\t{beats[word]}\t{share}\n"
        for word in ranked
        for share in [round(100 * capitals[word] / inside[word]) if inside[word] else ""]
    ]
    OUT.write_text("".join(rows_out), encoding="utf-8")
    print(f"{len(ranked):,} of {len(counts):,} words, {OUT.stat().st_size:,} bytes")


def _only_length(word: str) -> int:
    """Return the number of syllables of a word if all pronunciations agree in it, else 0."""
    lengths = {pronunciation.syllables for pronunciation in pronounce(word)}
    return lengths.pop() if len(lengths) == 1 else 0


if __name__ == "__main__":
    main()
