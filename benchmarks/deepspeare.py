"""A word-level poet scored by the protocol of Deep-speare's language models (Lau et al. 2018).

The vocabulary is the words seen three times or more in the train file; all other words are one
unknown word. Every word is predicted, and so are the unknown word and the end of every line. The
poet's state is carried within a sonnet and reset between sonnets. A poet that reads lines from
their end is given them that way.

A poet with another vocabulary is scored by giving the unknown word all the probability that lies
outside the protocol's vocabulary. A word of the protocol that the poet does not know gets a share
of the poet's unknown word, according to its letters (`corpus.spelling`); the output counts such
words.

Some of the published sonnets stand in the train file and in another one. The sonnets of FILE that
share fewer than two lines with TRAIN are therefore scored once more on their own.

    python benchmarks/deepspeare.py --poet sonnets --train TRAIN.jsonl.gz --file FILE.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from quatrain.corpus.tokens import LINE_END
from quatrain.errors import UserError
from quatrain.layers import log_softmax
from quatrain.poet import WordPoet
from quatrain.corpus.spelling import Speller

LEAST = 3
SHARED = 2
"""Lines that two sonnets must share to count as versions of one sonnet."""
SHORT = 3
"""Words in a line that is too short to identify a sonnet: such lines do not count."""
Sonnet = list[list[str]]


@dataclass(frozen=True)
class Result:
    """The scores of one poet on one file.

    Attributes:
        perplexity: exp of the mean surprisal, with line ends and unknown words counted.
        nats: total surprisal.
        predictions: number of predictions; `unknown` of them are the unknown word and `line_ends`
            are line ends.
        apart: perplexity of the `sonnets_apart` that share fewer than two lines with TRAIN.
        vocabulary: words of the protocol; the poet does not know `spelled` of them.
    """

    poet: str
    file: str
    perplexity: float
    nats: float
    predictions: int
    unknown: int
    line_ends: int
    sonnets: int
    apart: float
    sonnets_apart: int
    vocabulary: int
    spelled: int
    seconds: float


def spaced_tokens(line: str) -> list[str]:
    """Return the tokens of a line in lower case, where spaces separate them already."""
    return [token.replace("—", "--").replace("–", "-") for token in line.lower().split()]


def sonnets(path: Path) -> Iterator[Sonnet]:
    """Yield the sonnets of a file: the tokens of each line, line ends included."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for row in file:
            if row.strip():
                yield [[*spaced_tokens(line), LINE_END] for line in json.loads(row)["lines"]]


def vocabulary(train: Path) -> set[str]:
    """Return the protocol's words, the line end included."""
    counts = Counter(token for sonnet in sonnets(train) for line in sonnet for token in line)
    return {token for token, count in counts.items() if count >= LEAST}


def lines_of(sonnet: Sonnet) -> set[tuple[str, ...]]:
    """Return the lines of a sonnet without punctuation, leaving out short ones."""
    lines = (tuple(token for token in line if token[0].isalnum()) for line in sonnet)
    return {line for line in lines if len(line) > SHORT}


class Judge:
    """The protocol's probabilities, derived from a poet's."""

    def __init__(self, poet: WordPoet, words: set[str]) -> None:
        self.poet = poet
        known = poet.vocabulary.numbers
        self.number: Mapping[str, int] = {word: known[word] for word in words if word in known}
        self.lacking = words - self.number.keys()
        speller = Speller(poet.vocabulary.words)
        self.share = {word: -speller.nats(word) for word in self.lacking}
        self.outside = np.ones(poet.vocabulary.size, dtype=np.float32)
        self.outside[list(self.number.values())] = 0.0

    def nats(self, queries: np.ndarray, tokens: Sequence[str]) -> np.ndarray:
        """Return the surprisal of each token after its query, in nats; shape (tokens,)."""
        unknown = self.poet.vocabulary.UNKNOWN
        logs = log_softmax(self.poet.network.output.value(queries))
        surprisal = np.empty(len(tokens))
        rest = (np.exp(logs) @ self.outside).astype(np.float64)
        spelled = math.fsum(map(math.exp, self.share.values()))
        rest -= np.exp(logs[:, unknown]) * spelled
        for place, token in enumerate(tokens):
            if token in self.number:
                surprisal[place] = -logs[place, self.number[token]]
            elif token in self.share:
                surprisal[place] = -(logs[place, unknown] + self.share[token])
            else:
                surprisal[place] = -math.log(max(rest[place], 1e-300))
        return surprisal


def score(poet: WordPoet, name: str, train: Path, file: Path) -> Result:
    """Score the sonnets of `file` under the vocabulary of `train`."""
    begun = time.monotonic()
    judge = Judge(poet, vocabulary(train))
    known = judge.number.keys() | judge.share.keys()
    seen = set().union(*map(lines_of, sonnets(train)))
    total, predictions, unknown, line_ends, count = 0.0, 0, 0, 0, 0
    nats_apart, predictions_apart, sonnets_apart = 0.0, 0, 0
    for sonnet in sonnets(file):
        ids = poet.vocabulary.encode_lines(sonnet, backwards=poet.backwards)
        ordered = [
            token
            for line in sonnet
            for token in ([*line[-2::-1], LINE_END] if poet.backwards else line)
        ]
        # A word outside the protocol's vocabulary is read as unknown, whatever the poet knows.
        for place, token in enumerate(ordered, start=1):
            if token not in known:
                ids[place] = poet.vocabulary.UNKNOWN
        vectors = poet.vectors(ids[:-2].astype(np.intp))[:, None]
        queries, _ = poet.network.read(vectors)
        nats = judge.nats(queries[:, 0], ordered)
        total += float(nats.sum())
        predictions += len(ordered)
        unknown += sum(token not in known for token in ordered)
        line_ends += sum(token == LINE_END for token in ordered)
        count += 1
        if len(lines_of(sonnet) & seen) < SHARED:
            nats_apart += float(nats.sum())
            predictions_apart += len(ordered)
            sonnets_apart += 1
    return Result(
        poet=name,
        file=str(file),
        perplexity=math.exp(total / predictions),
        nats=total,
        predictions=predictions,
        unknown=unknown,
        line_ends=line_ends,
        sonnets=count,
        apart=math.exp(nats_apart / predictions_apart) if sonnets_apart else math.nan,
        sonnets_apart=sonnets_apart,
        vocabulary=len(known),
        spelled=len(judge.lacking),
        seconds=time.monotonic() - begun,
    )


def main() -> None:
    """Print the perplexity."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--poet", required=True, help="a word-level poet: its folder or its name")
    parser.add_argument("--train", required=True, type=Path, help="the protocol's train file")
    parser.add_argument("--file", required=True, type=Path, help="the sonnets to score")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    try:
        poet = WordPoet.load(asked.poet)
        result = score(poet, asked.poet, asked.train, asked.file)
    except (UserError, OSError) as error:
        sys.exit(f"deepspeare.py: {error}")
    if asked.json:
        print(json.dumps(asdict(result)))
        return
    print(f"perplexity {result.perplexity:.2f}")
    print(
        f"{result.apart:.2f} in the {result.sonnets_apart} sonnets with at most one line of TRAIN"
    )
    print(
        f"{result.predictions:,} predictions in {result.sonnets} sonnets, {result.line_ends:,} of "
        f"them line ends and {result.unknown:,} the unknown word; {result.vocabulary:,} words, "
        f"{result.spelled} of them spelled; {result.seconds:.1f} s"
    )


if __name__ == "__main__":
    main()
