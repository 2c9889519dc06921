"""Give spoiled files to every reader, and report what they do not refuse in a sentence.

    python scripts/fuzz_readers.py --minutes 10 --seed 1 --out findings
    python scripts/fuzz_readers.py --cases 300 --seed 1
    python scripts/fuzz_readers.py --again findings/csv-0001

Read are texts, Markdown, JSON lines, gzip, CSV, Parquet, TEI, forms, settings and poets' folders. A
finding is an exception that is no `UserError`, a case that takes over 10 seconds of processor time
(or 100 in all), or one that needs over 2 GiB more memory than before. It is saved with its
traceback in `--out`, one of each kind; the exit status is 1 if there are any. The same seed gives
the same cases.

The readers run in a process of their own, which is replaced when it hangs or dies.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import fuzz_seeds as seeds

import quatrain
from quatrain import form
from quatrain.config import Cleaning, Sampling, Split, Training, settings, tables
from quatrain.errors import UserError
from quatrain.poet import Poet
from quatrain.poet.registry import list_poets

SECONDS, ALL_SECONDS = 10.0, 100.0
"""Time of the processor that a small file may take, and time in all: a busy machine is slow."""

BYTES = 2 << 30
"""Memory that a small file may take, beside what the process has."""

_PROGRESS = 60.0
"""Seconds between two lines about progress."""


def read_verse(path: Path) -> None:
    """Read a file of poems, and every poem in it."""
    corpus = quatrain.read(path)
    for poem in corpus.poems:
        assert all(line.text == line.text.strip("\n") for line in poem.lines)


def read_column(path: Path) -> None:
    """Read a table whose column is named."""
    quatrain.read(path, column="poem")


def read_form(path: Path) -> None:
    """Read a form, and check a poem against it."""
    form.check(seeds.POEMS[2], form.load(path))


def read_settings(path: Path) -> None:
    """Read a settings file into every kind of settings."""
    read = tables(path)
    for kind in (Cleaning, Sampling, Split, Training):
        settings(kind, read.get(kind.__name__.lower()))


def read_poet(path: Path) -> None:
    """Open a poet and score a line with it; list one in twenty, beside those that ship."""
    config = path / "config.json"
    if config.exists() and zlib.crc32(config.read_bytes()) % 20 == 0:
        list_poets(path)
    Poet.load(path).evaluate("the ice, the ferry leaves")


@dataclass(frozen=True)
class Target:
    """One kind of input.

    Attributes:
        suffix: of the file; empty for a folder.
        make: writes a case at a path.
        read: reads it.
    """

    suffix: str
    make: Callable[[Path, random.Random], None]
    read: Callable[[Path], None]


def spoiled(*texts: str | bytes) -> Callable[[Path, random.Random], None]:
    """Return a maker of spoiled files from some seeds."""

    def make(path: Path, generator: random.Random) -> None:
        text = generator.choice(texts)
        data = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(seeds.spoiled(data, generator))

    return make


def make_gzip(path: Path, generator: random.Random) -> None:
    """Write spoiled JSON lines in gzip."""
    path.write_bytes(seeds.compressed(seeds.json_lines(), generator))


def make_parquet(path: Path, generator: random.Random) -> None:
    """Write a spoiled Parquet file."""
    path.write_bytes(seeds.spoiled(seeds.parquet(generator), generator))


def make_poet(path: Path, generator: random.Random) -> None:
    """Write a poet's folder in which one or two files are spoiled, their hashes often mended."""
    words = generator.random() < 0.5
    seeds.write_poet(path, words=words)
    names = ("config.json", "vocab.json", "model.safetensors", "copies.safetensors")
    for name in generator.sample(names, generator.randint(1, 2)):
        if (path / name).exists():
            data = (path / name).read_bytes()
            (path / name).write_bytes(seeds.spoiled(data, generator))
    if generator.random() < 0.8:
        seeds.mend_hashes(path)


TARGETS: dict[str, Target] = {
    "txt": Target(".txt", spoiled(*seeds.PLAIN), read_verse),
    "md": Target(".md", spoiled(*seeds.MARKDOWN), read_verse),
    "jsonl": Target(".jsonl", spoiled(seeds.json_lines()), read_verse),
    "gzip": Target(".jsonl.gz", make_gzip, read_verse),
    "csv": Target(".csv", spoiled(seeds.comma_separated()), read_verse),
    "column": Target(".csv", spoiled(seeds.comma_separated()), read_column),
    "parquet": Target(".parquet", make_parquet, read_verse),
    "tei": Target(".xml", spoiled(*seeds.TEI), read_verse),
    "form": Target(".toml", spoiled(*seeds.FORMS), read_form),
    "settings": Target(".toml", spoiled(*seeds.SETTINGS), read_settings),
    "poet": Target("", make_poet, read_poet),
}


@dataclass(frozen=True)
class Outcome:
    """Result of a case.

    Attributes:
        finding: the kind of finding; empty if it is none.
        trace: its traceback, if it has one.
        refused: whether the file was refused in a sentence.
    """

    finding: str = ""
    trace: str = ""
    refused: bool = False


def attempt(target: Target, path: Path) -> Outcome:
    """Read a case within this process."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # enormous weights overflow, for example
            target.read(path)
    except UserError as error:
        return Outcome("" if str(error).strip() else "an empty message", refused=True)
    except BaseException as error:  # the whole point is to see everything
        place = next(
            (
                f"{Path(frame.filename).name}:{frame.name}"
                for frame in reversed(traceback.extract_tb(error.__traceback__))
                if "quatrain" in Path(frame.filename).parts
            ),
            "?",
        )
        return Outcome(f"{type(error).__name__} in {place}", traceback.format_exc())
    grown = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    return Outcome(f"{grown >> 20} MiB") if grown > BYTES else Outcome()


def serve(connection: Connection) -> None:
    """Read the cases that come through a connection, within the limit of memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    while True:
        name, path = connection.recv()
        connection.send(attempt(TARGETS[name], path))


class Reader:
    """A process that reads cases, replaced when it does not answer."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("fork")
        self._connection, other = context.Pipe()
        self._process = context.Process(target=serve, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def read(self, name: str, path: Path) -> Outcome:
        """Return what became of a case."""
        self._connection.send((name, path))
        try:
            if self._answers():
                outcome: Outcome = self._connection.recv()
                return outcome
            finding = f"over {SECONDS:.0f} seconds"
        except EOFError:
            finding = f"the process ended ({self._process.exitcode})"
        self.close()
        self._start()
        return Outcome(finding)

    def _answers(self) -> bool:
        """Wait for the answer; return False when the time is up."""
        begun, used = time.monotonic(), self._processor_seconds()
        while time.monotonic() < begun + ALL_SECONDS:
            if self._connection.poll(1.0):
                return True
            if self._processor_seconds() > used + SECONDS:
                return False
        return False

    def _processor_seconds(self) -> float:
        """Return the processor time of the process so far; 0 if it has ended."""
        try:
            facts = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()


def run(options: argparse.Namespace) -> int:
    """Make and read cases until time or number is up; return the number of findings."""
    names = options.targets or list(TARGETS)
    kinds: set[tuple[str, str]] = set()
    reader = Reader()
    begun = told = time.monotonic()
    case = 0
    tally = {name: [0, 0] for name in names}
    with tempfile.TemporaryDirectory() as scratch:
        while case < options.cases and time.monotonic() < begun + 60 * options.minutes:
            name = names[case % len(names)]
            target = TARGETS[name]
            path = Path(scratch) / f"case{target.suffix}"
            target.make(path, random.Random(f"{options.seed} {case}"))
            outcome = reader.read(name, path)
            tally[name][outcome.refused] += 1
            kind = name, outcome.finding
            if outcome.finding and kind not in kinds:
                kinds.add(kind)
                text = f"case {case}: {outcome.finding}\n{outcome.trace}"
                report(options.out, name, len(kinds), path, text)
            if path.is_dir():
                shutil.rmtree(path)
            case += 1
            if time.monotonic() > told + _PROGRESS:
                told = time.monotonic()
                print(f"{case} cases, {len(kinds)} findings, {told - begun:.0f} s", flush=True)
    reader.close()
    for name, (accepted, refused) in tally.items():
        print(f"{name:10} {accepted:6} read {refused:6} refused")
    print(f"{case} cases, {len(kinds)} findings, {time.monotonic() - begun:.0f} s")
    return len(kinds)


def report(out: Path | None, name: str, number: int, path: Path, text: str) -> None:
    """Print a finding and save it, if a folder was given."""
    print(f"{name}: {text}", flush=True)
    if out is None:
        return
    folder = out / f"{name}-{number:04}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "finding.txt").write_text(text, encoding="utf-8", errors="replace")
    if path.is_dir():
        shutil.copytree(path, folder / path.name, dirs_exist_ok=True)
    else:
        shutil.copy(path, folder / path.name)


def again(folder: Path) -> int:
    """Read a saved finding once more; return 1 if it is still one."""
    name = folder.name.rpartition("-")[0]
    path = folder / f"case{TARGETS[name].suffix}"
    reader = Reader()
    outcome = reader.read(name, path)
    reader.close()
    print(f"{folder}: {outcome.finding or 'nothing'}\n{outcome.trace}")
    return int(bool(outcome.finding))


def main() -> None:
    """Run the fuzzer."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="stop after this time")
    parser.add_argument("--cases", type=int, default=sys.maxsize, help="stop after so many cases")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--targets",
        nargs="+",
        choices=TARGETS,
        metavar="KIND",
        help=f"what to read: {', '.join(TARGETS)}",
    )
    parser.add_argument("--out", type=Path, help="folder for the findings")
    parser.add_argument("--again", type=Path, help="a saved finding to read once more")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if options.again:
        raise SystemExit(again(options.again))
    raise SystemExit(1 if run(options) else 0)


if __name__ == "__main__":
    main()
