"""The dictionary of meanings: its time and memory; and what tells which words are near a theme.

    python benchmarks/meaning.py open
    python benchmarks/meaning.py themes --corpus gutenberg_main.jsonl.gz

open: CPU time from before the import to after the first look-up, and the process's memory. The
records that every package imports are counted apart. Beside it, in the same run, the same lines as
rows of an SQLite database.
themes: how well the vectors of a poet, the relations of the dictionary and the poet's associations
rank its words by nearness to a theme, alone and joined. The words to be found are those that are
frequent where the corpus names the theme, as `benchmarks/write.py theme` defines them. The figures
are the mean over sixteen themes of the average precision of the first 300 words, and the share of
the first 50 that are right.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from machine import machine
from numpy.typing import NDArray
from write import passages, related

from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.meaning import shipped
from quatrain.poet import WordPoet, resolve
from quatrain.write.near import associations, cosines, nearness_to, theme_words
from quatrain.write.near import nearness as settings
from quatrain.write.near.nearness import relations_to

REPEATS = 9
THEMES = (
    "summer night,ship storm,grave churchyard,child cradle,forest deer,city street,bread hunger,"
    "moon silver,king crown,river bridge,snow,fire,music,money,horse,window lamp"
)
FOOT = """
status = open("/proc/self/status").read()  # Linux; getrusage would count the parent's memory
print(*times, int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""
BLOCKS = """
from time import process_time
times = [process_time()]
import quatrain.records
times.append(process_time())
from quatrain.meaning import look_up
times.append(process_time())
look_up("winter")
times.append(process_time())
"""
SQLITE = """
import sys
from time import process_time
times = [process_time()]
import sqlite3
times.append(process_time())
file = sqlite3.connect(f"file:{sys.argv[1]}?immutable=1", uri=True)
times.append(process_time())
(numbers,) = file.execute("SELECT senses FROM words WHERE word = 'winter'").fetchone()
for number in numbers.split():
    file.execute("SELECT line FROM senses WHERE number = ?", (int(number),)).fetchone()
times.append(process_time())
"""


def write_sqlite(path: Path) -> None:
    """Write words and senses as rows of a database."""
    database = shipped()
    words = database.words_from("", sys.maxsize)
    file = sqlite3.connect(path)
    file.execute("CREATE TABLE words (word TEXT PRIMARY KEY, senses TEXT) WITHOUT ROWID")
    file.execute("CREATE TABLE senses (number INTEGER PRIMARY KEY, line TEXT)")
    rows = ((word, " ".join(map(str, database.senses_of(word)))) for word in words)
    file.executemany("INSERT INTO words VALUES (?, ?)", rows)
    last = max(number for word in words for number in database.senses_of(word))
    size = database._block
    lines = (
        (number, database._sense_block(number // size)[number % size]) for number in range(last + 1)
    )
    file.executemany("INSERT INTO senses VALUES (?, ?)", lines)
    file.commit()
    file.execute("VACUUM")
    file.close()


def measured(code: str, *arguments: str) -> dict[str, float]:
    """Run some code in fresh processes; return median milliseconds and megabytes."""
    runs = []
    for _ in range(REPEATS):
        command = [sys.executable, "-c", code + FOOT, *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        runs.append([float(field) for field in done.stdout.split()])
    start, first, second, third, memory = (
        statistics.median(column) for column in zip(*runs, strict=True)
    )
    return {
        "import of records, or of sqlite3, ms": 1000 * (first - start),
        "opening, ms": 1000 * (second - first),
        "first look-up, ms": 1000 * (third - second),
        "memory of the process, MB": memory,
    }


def opening(_: argparse.Namespace) -> dict[str, object]:
    """Measure opening the dictionary, beside SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "meaning.sqlite"
        write_sqlite(path)
        rows = {"blocks": measured(BLOCKS), "SQLite": measured(SQLITE, str(path))}
        return {**rows, "SQLite, MB": path.stat().st_size / 1e6}


def rankings(poet: WordPoet, theme: str) -> dict[str, NDArray[np.float32]]:
    """Return how near every word is to a theme, by each measure, (vocabulary,)."""
    words = theme_words(theme.split(), poet.vocabulary)
    relations = np.zeros(poet.vocabulary.size, np.float32)
    for number, (_, strength) in relations_to(words.bases, poet.vocabulary).items():
        relations[number] = strength
    rows = {
        "vectors": cosines(poet.network.output.weight, words.ids),
        "relations": relations,
        "association": associations(poet, words.ids),
    }
    usual = settings.RELATION_WEIGHT, settings.VECTOR_WEIGHT
    for weights in (usual, (0.0, usual[1]), (usual[0], 0.0), (1.0, usual[1]), (1.0, 1.0)):
        settings.RELATION_WEIGHT, settings.VECTOR_WEIGHT = weights
        name = "joined, relations {:g}, vectors {:g}".format(*weights)
        rows[name] = nearness_to(words, poet).values
    settings.RELATION_WEIGHT, settings.VECTOR_WEIGHT = usual
    return rows


def themes(asked: argparse.Namespace) -> dict[str, object]:
    """Compare measures of nearness."""
    poet = WordPoet.load(resolve("verse"))
    corpus = list(passages(asked.corpus))
    empty = LIGHT_WORDS | ARTICLES
    is_content = np.array(
        [
            number >= poet.vocabulary.SPECIALS and token.isalpha() and token not in empty
            for number in range(poet.vocabulary.size)
            for token in [poet.vocabulary.token(number)]
        ]
    )
    scores: dict[str, list[tuple[float, float]]] = {}
    for theme in THEMES.split(","):
        right = [
            poet.vocabulary.numbers[word]
            for word in related(corpus, frozenset(theme.split()))
            if word in poet.vocabulary.numbers
        ]
        for name, values in rankings(poet, theme).items():
            order = np.argsort(-np.where(is_content, values, -9.0), kind="stable")[:300]
            hits = np.isin(order, right)
            precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
            average = float((precision * hits).sum() / min(len(right), len(order)))
            scores.setdefault(name, []).append((average, float(hits[:50].mean())))
    return {
        name: dict(zip(("average precision", "of 50"), np.mean(rows, axis=0).tolist(), strict=True))
        for name, rows in scores.items()
    }


def main() -> None:
    """Run the measurement you chose."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    for name, action in (("open", opening), ("themes", themes)):
        command = commands.add_parser(name, help=action.__doc__)
        command.set_defaults(action=action)
        if name == "themes":
            command.add_argument("--corpus", required=True, help="verse as JSON lines")
    asked = parser.parse_args()
    print(machine("numpy"), file=sys.stderr)
    print(json.dumps(asked.action(asked), indent=2))


if __name__ == "__main__":
    main()
