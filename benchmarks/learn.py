"""The loss that a character LSTM reaches in little time.

Trains on the first 90 % of a text and scores the last 10 %, as the usual character benchmarks do
with the 1.1 MB of Shakespeare's plays known as tinyshakespeare. Time is wall-clock time from the
first step to the last, with the validations in between. The score is `CharacterPoet.evaluate` of
the finished poet over the whole last tenth, its state carried from the first character to the
last.

    python benchmarks/learn.py tinyshakespeare.txt --seconds 111
    python benchmarks/learn.py tinyshakespeare.txt --seconds 1200 --set dropout=0.4
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import tomllib
from pathlib import Path

from in_memory import prepared
from machine import machine
from quatrain.config import Training, settings
from quatrain.native import configure_native_libraries
from quatrain.poet import CharacterPoet
from quatrain.records import Poem, Validation
from quatrain.train.device import accelerator
from quatrain.train.report import NullReporter
from quatrain.train.publishing import Publisher
from quatrain.train.run import train_prepared
from quatrain.train.size import propose_for


class Printing(NullReporter):
    """A reporter that prints each validation as it comes."""

    def __init__(self, quiet: bool) -> None:
        self.rows: list[Validation] = []
        self.quiet = quiet

    def planned(self, settings: Training, reasons: tuple[str, ...]) -> None:
        if not self.quiet:
            print(
                f"hidden {settings.hidden} x {settings.layers}, dropout {settings.dropout}, "
                f"batch {settings.batch} x {settings.length}, "
                f"learning rate {settings.learning_rate}, {settings.precision}"
            )

    def noted(self, message: str) -> None:
        print(message, file=sys.stderr)

    def validated(self, validation: Validation) -> None:
        self.rows.append(validation)
        if not self.quiet:
            print(
                f"{validation.seconds:7.1f} s  epoch {validation.epoch:6.2f}  "
                f"training {validation.training_nats:.4f}  "
                f"validation {validation.nats_per_character:.4f} nats/character",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", type=Path)
    parser.add_argument("--seconds", type=float, default=111.0)
    parser.add_argument(
        "--set", nargs="*", default=[], metavar="NAME=VALUE", help="training settings"
    )
    parser.add_argument("--keep", type=Path, help="keep the poet in this folder")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    configure_native_libraries()

    text = given.text.read_text(encoding="utf-8")
    cut = int(0.9 * len(text))
    first, last = (Poem.from_lines(part.split("\n")) for part in (text[:cut], text[cut:]))
    data = prepared([first], [last], name=given.text.stem)
    chosen = settings(
        Training,
        {"minutes": given.seconds / 60, "validations": 6, "patience": 0},
        tomllib.loads("\n".join(given.set)),
    )
    reporter = Printing(given.json)
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary) / "poet"
        plan = propose_for(data, chosen)
        trained = train_prepared(data, plan, accelerator(chosen), Publisher(folder), reporter)
        exact = CharacterPoet.load(folder).evaluate([last])
    result = {
        "machine": machine("torch", "numpy"),
        "alphabet": data.vocabulary.size - 3,
        "seconds": round(trained.seconds, 1),
        "epochs": round(trained.epochs, 2),
        "training_nats": round(trained.training_nats, 4),
        "nats_per_character": round(exact.nats_per_character, 4),
        "bits_per_character": round(exact.bits_per_character, 4),
        "characters": exact.characters,
        "curve": [
            (round(row.seconds, 1), round(row.nats_per_character, 4)) for row in reporter.rows
        ],
    }
    if given.json:
        print(json.dumps(result))
    else:
        print(result["machine"])
        print(
            f"{result['nats_per_character']:.4f} nats/character over {exact.characters:,} "
            f"characters after {result['seconds']} s ({result['epochs']} epochs)"
        )


if __name__ == "__main__":
    main()
