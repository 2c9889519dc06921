"""Time and memory of the dictionary of meanings, each in a process of its own.

    python benchmarks/meaning.py

open: CPU time from before the import to after the first look-up, and the process's memory. The
records that every package imports are counted apart. Beside it, in the same run, the same lines as
rows of an SQLite database.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import machine

from quatrain.meaning import shipped

REPEATS = 9
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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "meaning.sqlite"
        write_sqlite(path)
        sizes = {"SQLite, MB": path.stat().st_size / 1e6}
        rows = {"blocks": measured(BLOCKS), "SQLite": measured(SQLITE, str(path))}
    print(machine("numpy"), file=sys.stderr)
    print(json.dumps({**rows, **sizes}, indent=2))


if __name__ == "__main__":
    main()
