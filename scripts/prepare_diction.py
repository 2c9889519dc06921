"""Prepare the list of archaic words that `quatrain.write.diction` reads.

    python scripts/prepare_diction.py --wordnet /usr/share/wordnet CORPUS.jsonl.gz [...]

writes `src/quatrain/write/data/archaic.tsv`: a word, and why it is there.

- `form`, `word`: lists of our own (scripts/diction/words.toml).
- `ambiguous`: another of them: words that older verse has in an archaic sense, as *wilt*.
- `verb`: a verb in -est or -eth: *lovest*, *walketh*. Its stem is a verb of WordNet, and it is
  neither a word of WordNet (*honest*, *teeth*) nor the superlative of an adjective (*longest*).
- `elision`: a word with 'st or 't (*know'st*, *is't*) or e'er in it, a vowel left out before the
  metre counts it (*heav'n*, *wand'ring*, *o'er*), or an *e* that it makes count (*wingèd*).
- `past`: a past tense spelled with t that dictionaries spell with ed: *drest*, *stopt*.
- `stem`: what *lov'd* and *stirr'd* leave before the ending: *lov*, *stirr*. In most places where
  the corpus has it, 'd follows.
- `dictionary`: WordNet 3.0 calls it archaic or poetic in every sense that it has.
- `corpus`: WordNet does not know it, and it is much rarer in the later verse of the corpus:
  *haue*, *deare*, *sayd*.

The corpus is verse with the years in which its authors died. A poem counts as written 30 years
before, and as early if that is before 1860. `corpus` takes words whose log odds of early against
late verse are at least `LOG_ODDS`, and their z-score at least `Z_SCORE` (Monroe, Colaresi and Quinn
2008, *Fightin' Words*). `--sample N` prints N of the marked words of the shipped poets at random,
with their sources, to be read by hand.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from quatrain.corpus.tokens import line_tokens
from quatrain.poet import bundled_words

OUT = Path(__file__).parents[1] / "src" / "quatrain" / "write" / "data" / "archaic.tsv"
LISTS = Path(__file__).parent / "diction" / "words.toml"
FREQUENCY = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data" / "frequency.tsv"

EARLY, YEARS_BEFORE_DEATH = 1860, 30
"""Year before which verse is early, and how long before the author's death it is dated."""

LEAST = 5
"""Times that a word must occur in the corpus, unless our own lists have it."""

LOG_ODDS, Z_SCORE = 1.5, 2.0
"""Least log odds of early against late verse, and their least z-score.

Chosen by hand on the words of the shipped poets from n to z, and checked on those from a to m.
"""

STEM_SHARE = 0.5
"""Least share of its occurrences in which 'd follows what counts as the stem of a verb in 'd."""

CAPITALS = 50
"""Percentage of capitals inside lines from which a word counts as a name."""

POSES = ("noun", "verb", "adj", "adv")
_LABEL = re.compile(r"\barchaic\b|\(poetic\b")
_QUOTED_LABEL = re.compile(r"`([a-z]+)' is (?:an )?archaic")
_VOWELS = ("e", "o", "i", "a", "u", "v", "ve")
"""What an apostrophe inside a word stands for: *heav'n*, *mem'ry*, *bus'ness*, *e'en*."""


class WordNet:
    """What WordNet's files say of words.

    Args:
        folder: with `data.noun`, `index.noun`, `noun.exc` and their kin.

    Attributes:
        lemmas: word -> its parts of speech.
        archaic: words that are labelled archaic or poetic in every sense.
    """

    def __init__(self, folder: Path) -> None:
        self.lemmas: dict[str, set[str]] = defaultdict(set)
        self._irregular: dict[str, set[str]] = defaultdict(set)
        senses: Counter[str] = Counter()
        labels: Counter[str] = Counter()
        archaism = {
            (fields[0], pos)
            for pos in POSES
            for fields, _ in _synsets(folder / f"data.{pos}")
            if _words(fields)[0] == "archaism"
        }
        for pos in POSES:
            for row in (folder / f"index.{pos}").read_text(encoding="utf-8").splitlines():
                if not row.startswith(" "):
                    self.lemmas[row.split()[0]].add(pos)
            for row in (folder / f"{pos}.exc").read_text(encoding="utf-8").splitlines():
                inflected, *stems = row.split()
                self._irregular[inflected].update(stems)
            for fields, gloss in _synsets(folder / f"data.{pos}"):
                words = _words(fields)
                senses.update(words)
                labels.update(_labelled(fields, words, gloss, archaism))
        self.archaic = {word for word, count in labels.items() if count >= senses[word]}

    def knows(self, word: str) -> bool:
        """Return whether a word, or what it is inflected from, is in WordNet."""
        return word in self._irregular or any(stem in self.lemmas for stem in _stems(word))

    def is_verb(self, word: str) -> bool:
        """Return whether a word is a verb in its first form."""
        return "verb" in self.lemmas.get(word, ())

    def is_past(self, word: str) -> bool:
        """Return whether a word ends in ed and comes from a verb."""
        return word.endswith("ed") and any(map(self.is_verb, _stems(word)))

    def is_adjective(self, word: str) -> bool:
        """Return whether a word is an adjective or an adverb."""
        return bool({"adj", "adv"} & self.lemmas.get(word, set()))

    def verbs_of(self, word: str) -> set[str]:
        """Return a verb's first form for its past tense or itself; empty for no verb."""
        return {verb for verb in {word, *self._irregular.get(word, ())} if self.is_verb(verb)}


def _synsets(path: Path) -> Iterator[tuple[list[str], str]]:
    """Yield the fields and the gloss of every synset of a data file."""
    for row in path.read_text(encoding="utf-8").splitlines():
        if not row.startswith(" "):
            data, _, gloss = row.partition(" | ")
            yield data.split(), gloss


def _words(fields: Sequence[str]) -> list[str]:
    """Return the words of a synset in lower case, without a mark of their syntax."""
    count = int(fields[3], 16)
    return [re.sub(r"\(.*\)", "", fields[4 + 2 * place]).lower() for place in range(count)]


def _labelled(
    fields: Sequence[str], words: list[str], gloss: str, archaism: set[tuple[str, str]]
) -> set[str]:
    """Return the words of a synset that it calls archaic or poetic, in it or by a pointer."""
    quoted = set(_QUOTED_LABEL.findall(gloss))
    if quoted:
        return quoted & set(words)
    if _LABEL.search(gloss.split('"')[0]):
        return set(words)
    start = 5 + 2 * len(words)
    pointers = [fields[place : place + 4] for place in range(start, len(fields) - 3, 4)]
    labelled: set[str] = set()
    for pointer in pointers[: int(fields[start - 1])]:
        if pointer[0] == ";u" and (pointer[1], "noun") in archaism:
            source = int(pointer[3][:2], 16)
            labelled |= {words[source - 1]} if source else set(words)
    return labelled


def _stems(word: str) -> Iterator[str]:
    """Yield a word, and what it may be inflected from."""
    yield word
    for ending in ("s", "es", "ed", "ing", "er", "est", "ly", "'s"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word[: -len(ending)]
            yield from (stem, stem + "e")
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]
            if stem.endswith("i"):
                yield stem[:-1] + "y"
    if word.endswith("men"):
        yield word[:-2] + "an"


@dataclass(frozen=True)
class Counts:
    """Occurrences of words in early and in late verse.

    Attributes:
        early, late: word -> times.
        before_d: word -> times that 'd follows it.
    """

    early: Counter[str]
    late: Counter[str]
    before_d: Counter[str]

    @classmethod
    def of(cls, corpora: Iterable[Path]) -> Counts:
        """Count the words of all poems whose authors' deaths are dated."""
        counts = cls(Counter(), Counter(), Counter())
        for corpus in corpora:
            with gzip.open(corpus, "rt", encoding="utf-8") as rows:
                for poem in map(json.loads, rows):
                    if poem.get("death") is None:
                        continue
                    early = int(poem["death"]) - YEARS_BEFORE_DEATH < EARLY
                    side = counts.early if early else counts.late
                    for tokens in map(line_tokens, poem["lines"]):
                        side.update(tokens)
                        counts.before_d.update(
                            word for word, ending in pairwise(tokens) if ending == "'d"
                        )
        return counts

    def log_odds(self, word: str) -> tuple[float, float]:
        """Return the log odds of a word in early against late verse, and their z-score.

        Equations 15 to 22 of Monroe et al. (2008), with a prior of one occurrence of every word.
        """
        early, late = self.early[word] + 1, self.late[word] + 1
        total_early, total_late = self.early.total(), self.late.total()
        difference = math.log(early / (total_early - early)) - math.log(late / (total_late - late))
        return difference, difference / math.sqrt(1 / early + 1 / late)


class Archaisms:
    """The rules that mark a word as archaic.

    Args:
        lists: our own lists, by name.
        wordnet: the dictionary.
        counts: the corpus.
        names: words that are mostly names.
    """

    def __init__(
        self, lists: dict[str, set[str]], wordnet: WordNet, counts: Counts, names: set[str]
    ) -> None:
        self._lists, self._wordnet, self._counts, self._names = lists, wordnet, counts, names

    def source(self, word: str) -> str:
        """Return which rule marks a word, or an empty text for a word of today."""
        for name in ("form", "word", "ambiguous"):
            if word in self._lists[name]:
                return name
        if not word[0].isalpha() or word in self._lists["kept"] or word in self._names:
            return ""
        if "'" in word:
            return "elision" if self._is_elision(word) else ""
        if word.endswith(("èd", "éd")):
            return "elision"
        if word in self._wordnet.archaic:
            return "dictionary"
        if self._wordnet.knows(word) and not self._is_old_verb(word):
            return ""
        rules = {"verb": self._is_old_verb, "past": self._is_old_past, "stem": self._is_stem,
                 "corpus": self._is_early}  # fmt: skip
        return next((name for name, rule in rules.items() if rule(word)), "")

    def _is_elision(self, word: str) -> bool:
        """Return whether a word with an apostrophe leaves out a vowel as older verse does."""
        if word.endswith(("'st", "'t")) and not word.endswith("n't"):
            return True
        if any(part in word for part in ("e'er", "o'er", "e'en", "ta'en")):
            return True
        start, _, end = word.partition("'")
        full = (start + vowel + end for vowel in _VOWELS)
        return len(start) > 1 and len(end) > 0 and any(map(self._wordnet.knows, full))

    def _is_old_verb(self, word: str) -> bool:
        """Return whether a word is a verb in -est or -eth, and nothing else."""
        wordnet = self._wordnet
        if word in wordnet.lemmas or not word.endswith(("est", "eth")):
            return False
        stem = word[:-3]
        stems = [stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else stem]
        stems += [stem[:-1] + "y"] if stem.endswith("i") else []
        if word.endswith("est") and any(map(wordnet.is_adjective, stems)):
            return False
        return any(wordnet.verbs_of(candidate) for candidate in stems if len(candidate) > 1)

    def _is_old_past(self, word: str) -> bool:
        """Return whether a word is a past tense in t: *drest*, *stopt*, *crost*."""
        return word.endswith("t") and any(
            self._wordnet.is_past(past) for past in (word[:-1] + "ed", word[:-1] + "sed",
                                                     word[:-1] + word[-2:-1] + "ed")
        )  # fmt: skip

    def _is_stem(self, word: str) -> bool:
        """Return whether a word is what is left of a verb before 'd."""
        wordnet, counts = self._wordnet, self._counts
        doubled = len(word) > 2 and word[-1] == word[-2] and wordnet.is_verb(word[:-1])
        times = counts.early[word] + counts.late[word]
        return counts.before_d[word] >= STEM_SHARE * times and (
            doubled or wordnet.is_verb(word + "e")
        )

    def _is_early(self, word: str) -> bool:
        """Return whether a word has gone out of use in the later verse of the corpus."""
        log_odds, z_score = self._counts.log_odds(word)
        return log_odds >= LOG_ODDS and z_score >= Z_SCORE


def read_lists() -> dict[str, set[str]]:
    """Read our own lists, with the forms of the verbs."""
    texts = tomllib.loads(LISTS.read_text(encoding="utf-8"))
    lists = {name: set(text.split()) for name, text in texts.items()}
    verbs = {form for verb in lists["verbs"] for form in _forms(verb)}
    return {
        "form": lists["forms"],
        "word": lists["words"] | verbs,
        "ambiguous": lists["ambiguous"],
        "kept": lists["kept"],
    }


def _forms(verb: str) -> list[str]:
    """Return a verb with its -s, -ed and -ing."""
    if verb.endswith("y"):
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    stem = verb[:-1] if verb.endswith("e") else verb
    return [verb, verb + "s", stem + "ed", stem + "ing"]


def read_names() -> set[str]:
    """Read which words are mostly names, by their capitals inside lines."""
    rows = (row.split("\t") for row in FREQUENCY.read_text(encoding="utf-8").splitlines())
    return {row[0] for row in rows if row[4] and int(row[4]) >= CAPITALS}


def main() -> None:
    """Write the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    lists, counts = read_lists(), Counts.of(options.corpora)
    archaisms = Archaisms(lists, WordNet(options.wordnet), counts, read_names())
    both = counts.early + counts.late
    words = {word for word, count in both.items() if count >= LEAST}
    words |= lists["form"] | lists["word"] | lists["ambiguous"]
    sources = {word: source for word in sorted(words) if (source := archaisms.source(word))}
    OUT.write_text("".join(f"{word}\t{source}\n" for word, source in sources.items()), "utf-8")
    known = set(bundled_words().words)
    shipped = [word for word in sources if word in known]
    print(f"{OUT}: {len(sources):,} words, {OUT.stat().st_size:,} bytes")
    print(f"{len(shipped):,} of the shipped poets' {len(known):,} words:")
    print(dict(Counter(sources[word] for word in shipped)))
    for word in sorted(random.Random(options.seed).sample(shipped, options.sample)):
        log_odds, z_score = counts.log_odds(word)
        print(f"{word}\t{sources[word]}\t{both[word]}\t{log_odds:+.1f}\t{z_score:+.1f}")


if __name__ == "__main__":
    main()
