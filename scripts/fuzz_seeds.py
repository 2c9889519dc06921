"""Seeds for `fuzz_readers.py`, and ways to spoil them.

In: a random generator. Out: the bytes of small, valid files of every kind that Quatrain reads, and
files like them with something wrong. All verse here is written for this script.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from quatrain.corpus import Vocabulary, WordVocabulary
from quatrain.poet import NgramIndex, artifact
from quatrain.poet.artifact import card
from quatrain.poet.network import CharacterSize, WordSize

POEMS = (
    "The ferry leaves, the harbour shrinks,\na gull goes over twice;\n\nthe evening pours itself "
    "and drinks\nthe last of all the ice.",
    "Salt on the window,\nsalt in the bread we broke here:\nthe tide keeps nothing.",
    "I mended nets till half past ten,\nI mended them till four,\n"
    "and in the morning, once again,\nthe wind was at the door.",
    "Ein Schiff — “ein Schiff!” — rief jemand;\nl'été s'en va, garçon.\nÆther & œuvre, 1990s, $5.",
)

PLAIN = (
    "\n\n\n".join(POEMS),
    f"THE FERRY\n\n{POEMS[0]}\n\n\nSalt\nby A. Author\n\n{POEMS[1]}\n\n-- A. A., Leith, 2021\n",
    "*** START OF THE PROJECT GUTENBERG EBOOK NETS ***\n\nNETS\n\n"
    f"{POEMS[2]}\n\n*** END OF THE PROJECT GUTENBERG EBOOK NETS ***\nlicence",
    POEMS[2].replace("\n", "\r\r\n"),
    "\n".join(f"  {line}     {5 * n}" for n, line in enumerate(POEMS[2].split("\n"), 1)),
)
MARKDOWN = (
    f"---\ntitle: Nets\nauthor: A. A.\ndate: 2020-01-02\n---\n\n# Nets\n\n{POEMS[2]}\n\n## Salt\n\n"
    f"{POEMS[1]}\n",
    f"# The ferry\n\n> epigraph\n\n{POEMS[0]}\n\n***\n\n*for M.*\n\n{POEMS[1]}\n",
)
TEI = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Nets</title>'
    "<author>A. A.</author></titleStmt></fileDesc></teiHeader><text><body><div><head>Nets"
    '<note>1850</note></head><lg type="stanza"><l n="1" met="-+-+">I mended nets<lb/> till half '
    '<app><lem>past</lem><rdg wit="#B">to</rdg></app> ten,</l><l part="I">I mended</l>'
    '<l part="F">them till four</l></lg><sp><speaker>A.</speaker><l>and <choice><sic>onec</sic>'
    "<corr>once</corr></choice> again</l><stage>Exit</stage></sp></div></body></text></TEI>",
    "<text><lg><lg><l>Salt on the window,<caesura/>salt</l></lg><lg><l>in the &amp; bread</l></lg>"
    "</lg></text>",
)
FORMS = (
    'title = "nets"\nabout = "Four lines."\nstanzas = ["ABAB"]\nmetre = "iambic 4"\n'
    'allow = ["inversion", "feminine"]\n',
    'title = "salt"\nstanzas = ["xxx"]\nsyllables = [5, 7, 5]\n',
    'title = "turns"\nstanzas = ["xx", "xx"]\nend_words = [[1, 2], [2, 1]]\n'
    'metre = ["iambic 4", "iambic 3"]\n',
    'title = "again"\nstanzas = ["ABA", "ABAA"]\nmetre = "anapestic 3"\n[refrains]\n1 = [4]\n'
    "3 = [6, 7]\n",
)
SETTINGS = (
    '[training]\nhidden = 64\nminutes = 2.5\nlearning_rate = 1e-3\nkind = "words"\n\n[split]\n'
    "validation = 0.1\n",
    '[cleaning]\nencoding = "utf-8"\nseparator = "blank lines"\nquotes = true\n\n[sampling]\n'
    "temperature = 0.7\ntop_k = 40\n",
)


def rows() -> list[dict[str, object]]:
    """Return the poems as rows of a table."""
    return [
        {"title": f"No. {n}", "author": "A. A.", "poem": poem, "year": 1990 + n}
        for n, poem in enumerate(POEMS)
    ]


def json_lines() -> bytes:
    """Return the poems as JSON lines, in the shapes that readers accept."""
    shapes: list[object] = [{"lines": poem.split("\n"), "title": "x"} for poem in POEMS]
    return "\n".join(json.dumps(row) for row in (*rows(), *shapes)).encode()


def comma_separated() -> bytes:
    """Return the poems as a table with commas."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows()[0]))
    writer.writeheader()
    writer.writerows(rows())
    return file.getvalue().encode()


def parquet(generator: random.Random) -> bytes:
    """Return the poems as a Parquet file, with columns of some other types."""
    import pyarrow
    from pyarrow import parquet as format_

    poems = pyarrow.array([row["poem"] for row in rows()])
    columns = [poems, poems.dictionary_encode(), pyarrow.array([list(p.split()) for p in POEMS])]
    extra = [pyarrow.array([None] * len(POEMS)), pyarrow.array(range(len(POEMS)))]
    table = pyarrow.table(
        {
            "poem": generator.choice(columns),
            "title": pyarrow.array(["a"] * len(POEMS)),
            generator.choice(("text", "n", "Ünï", "")): generator.choice(extra),
        }
    )
    file = io.BytesIO()
    format_.write_table(
        table, file, compression=generator.choice(("zstd", "snappy", "gzip", "none"))
    )
    return file.getvalue()


def write_poet(folder: Path, *, words: bool) -> None:
    """Write a small poet with random weights."""
    draws = np.random.default_rng(0)
    vocabulary: Vocabulary | WordVocabulary
    size: CharacterSize | WordSize
    if words:
        counts = {word: 9 for poem in POEMS for word in re.findall(r"[a-z]+|,", poem.lower())}
        vocabulary = WordVocabulary.from_counts(counts)
        size = WordSize(vocabulary.size, vocabulary.letters, 4, 3, 3, 1, 10, 1, 6)
    else:
        vocabulary = Vocabulary(tuple(sorted(set("".join(POEMS)))))
        size = CharacterSize(vocabulary.size, 5, 8, 1)
    tensors = {
        name: draws.normal(0, 0.5, shape).astype(np.float32) for name, shape in size.shapes.items()
    }
    index = None if words else NgramIndex.from_texts(POEMS)
    config = artifact.describe(
        version="0.1.0",
        tensors=tensors,
        corpus={"name": "nets", "poems": 4},
        training={},
        validation={"bits_per_character": 2.0},
        created="2025-01-31",
        direction="reversed" if words else "forward",
        stored="int8" if words else "float32",
    )
    artifact.save(
        folder,
        tensors=tensors,
        config=config,
        vocabulary=vocabulary,
        words=["the", "ice"],
        card=card.write(config, index),
        training_ngrams=index,
    )


# Ways to spoil bytes.

_TOKENS = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1a",
    b"\r\r\n",
    b"\n\r",
    b"\n\n\n\n",
    b"\t",
    b'"',
    b"'",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"&",
    b";",
    b",",
    b"=",
    b"#",
    b"-1",
    b"0",
    b"1e999",
    b"NaN",
    b"null",
    b"true",
    b"9223372036854775808",
    b"0.0",
    b"\xe2\x80\x94",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x92\xa9",
    b"&#0;",
    b"&#x110000;",
    b"<![CDATA[",
    b"<!--",
    b"<?xml version='1.0'?>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"---\n",
    b"# ",
    b"***",
    b"[[",
    b"title",
    b"poem",
    b"lines",
    b"stanzas",
    b"metre",
    b"A",
    b"again",
    b"end_words",
    b"refrains",
    b"hidden",
    b"dtype",
    b"F32",
    b"shape",
    b"data_offsets",
    b"format_version",
    b"\\ud800",
    b"\\u0000",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
)
"""Pieces that mean something to a reader, or that break encodings, line ends and numbers."""


def _flip(data: bytearray, generator: random.Random) -> None:
    for _ in range(generator.randint(1, 8)):
        data[generator.randrange(len(data))] ^= 1 << generator.randrange(8)


def _insert(data: bytearray, generator: random.Random) -> None:
    for _ in range(generator.randint(1, 4)):
        place = generator.randrange(len(data) + 1)
        data[place:place] = generator.choice(_TOKENS) * generator.choice((1, 1, 1, 2, 40))


def _delete(data: bytearray, generator: random.Random) -> None:
    first = generator.randrange(len(data))
    del data[first : first + generator.choice((1, 2, 8, 64, len(data)))]


def _repeat(data: bytearray, generator: random.Random) -> None:
    first = generator.randrange(len(data))
    piece = bytes(data[first : first + generator.choice((1, 4, 16, 80))])
    most = 200_000 // max(1, len(piece))
    data[first:first] = piece * min(most, generator.choice((1, 3, 50, 3_000, 60_000)))


def _swap(data: bytearray, generator: random.Random) -> None:
    size = generator.choice((1, 4, 20))
    first, second = (generator.randrange(len(data)) for _ in range(2))
    data[first : first + size], data[second : second + size] = (
        data[second : second + size],
        data[first : first + size],
    )


def _number(data: bytearray, generator: random.Random) -> None:
    """Replace a number in a text."""
    numbers = list(re.finditer(rb"-?\d+(\.\d+)?", bytes(data)))
    if numbers:
        span = generator.choice(numbers).span()
        values = (
            b"-1",
            b"0",
            b"1",
            b"999999999",
            b"1e400",
            b"-0.0",
            b"9" * 5_000,
            b"18446744073709551616",
        )
        data[slice(*span)] = generator.choice(values)


def _word(data: bytearray, generator: random.Random) -> None:
    """Put one word or string of a text in the place of another."""
    words = list(re.finditer(rb"\"[^\"\n]{0,60}\"|[A-Za-z_]+", bytes(data)))
    if len(words) > 1:
        one, other = generator.sample(words, 2)
        data[slice(*one.span())] = other.group()


def _nest(data: bytearray, generator: random.Random) -> None:
    """Put a piece deep into brackets, elements or tables."""
    depth = generator.choice((3, 50, 3_000, 30_000))
    before, after = generator.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"<l>", b"</l>"), (b"(", b")"))
    )
    first = generator.randrange(len(data))
    last = min(len(data), first + generator.choice((0, 5, 40)))
    data[first:last] = before * depth + bytes(data[first:last]) + after * depth


SPOILERS: dict[Callable[[bytearray, random.Random], None], int] = {
    _flip: 1,
    _insert: 2,
    _delete: 1,
    _repeat: 1,
    _swap: 1,
    _number: 4,
    _word: 4,
    _nest: 1,
}
"""Way to spoil bytes -> its weight: what keeps the syntax reaches further into a reader."""


def spoiled(seed: bytes, generator: random.Random) -> bytes:
    """Return bytes with one to three things wrong; sometimes none."""
    data = bytearray(seed)
    for _ in range(generator.choice((0, 1, 1, 1, 1, 2, 2, 3))):
        if data:
            generator.choices(list(SPOILERS), list(SPOILERS.values()))[0](data, generator)
    return bytes(data[:400_000])


def compressed(data: bytes, generator: random.Random) -> bytes:
    """Return bytes as gzip, spoiled before or after."""
    if generator.random() < 0.6:
        return gzip.compress(spoiled(data, generator), mtime=0)
    return spoiled(gzip.compress(data, mtime=0), generator)


def mend_hashes(folder: Path) -> None:
    """Write the true hashes of a poet's files into its `config.json`, if that can be read."""
    path = folder / "config.json"
    try:
        config = json.loads(path.read_bytes())
        for name, facts in config["files"].items():
            data = (folder / name).read_bytes()
            facts["sha256"], facts["bytes"] = hashlib.sha256(data).hexdigest(), len(data)
        path.write_text(json.dumps(config), encoding="utf-8")
    except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError):
        return  # spoiled too much to be mended, which is a case as well
