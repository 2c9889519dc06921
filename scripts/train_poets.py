"""Train the poets that ship with Quatrain again, from data you give by path.

    python scripts/train_poets.py verse --corpora FOLDER --sonnets TRAIN --out work/verse
    python scripts/train_poets.py verse --start work/first/verse ... --out work/verse
    python scripts/train_poets.py sonnets --base work/verse --sonnets TRAIN --valid VALID --out ...
    python scripts/train_poets.py blend work/verse work/tuned --sonnets TRAIN --valid VALID ...
    python scripts/train_poets.py alone --sonnets TRAIN --valid VALID --out work/alone
    python scripts/train_poets.py near --base work/verse --corpora FOLDER --sonnets TRAIN ...
    python scripts/train_poets.py letters --corpora FOLDER --out work/letters
    python scripts/train_poets.py ship    work/verse work/sonnets work/letters
    python scripts/train_poets.py score --poet src/quatrain/poet/shipped/verse --prepared DATA
    python scripts/train_poets.py score --poet src/quatrain/poet/shipped/sonnets --tokens VALID

FOLDER holds verse as JSON lines with "lines"; TRAIN and VALID are Deep-speare's sonnets, whose
words are already split. `blend` averages the weights of poets, in the shares that predict half of
VALID best (`poet_average.py`). Two commands are for measuring: `alone` learns from TRAIN and
nothing else, `near` from TRAIN and verse of FOLDER that resembles it (`poet_texts.py`). `ship`
stores a poet's matrices in 8 bits and puts it into the package, and `score` writes how well it
predicts, by the definition of `records.Score`, into its folder. A training resumes where it was
interrupted.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from poet_average import best_average, score_of_tokens
from poet_texts import MINIMUM_COUNT, Tokens, halves_apart, index, sonnets, usual, verse_near

from quatrain.config import Split, Training
from quatrain.corpus import Prepared, PreparedWords, WordLimits, WordVocabulary, prepare
from quatrain.corpus.prepared_words import WORDS_JSON
from quatrain.page.terminal import VisibleConsole
from quatrain.page.training import TerminalReporter, trained_as_text
from quatrain.poet import NgramIndex, Poet, WordPoet, artifact
from quatrain.poet.artifact import card
from quatrain.records import Poem, Trained
from quatrain.train import checkpoint as disk
from quatrain.train.corpus_facts import CorpusFacts, describe_base
from quatrain.train.data import Data
from quatrain.train.device import accelerator
from quatrain.train.folder import RunFolder
from quatrain.train.publishing import Publisher, validation_facts
from quatrain.train.run import train_prepared
from quatrain.train.size import propose_for

SHIPPED = Path("src/quatrain/poet/shipped")
VERSE: dict[str, Any] = {
    "kind": "words", "direction": "reversed", "vocabulary": 20_000, "embedding": 16, "filters": 16,
    "widths": 6, "highway": 1, "projection": 256, "negatives": 0, "word_dropout": 0.0,
    "hidden": 800, "layers": 1, "dropout": 0.1, "recurrent_dropout": 0.0, "batch": 256,
    "length": 35, "learning_rate": 3e-3, "warmup": 0.02, "validations": 12, "patience": 0,
}  # fmt: skip
"""Settings for a GPU: every word is scored, many lanes are read side by side."""

FURTHER: dict[str, Any] = VERSE | {"learning_rate": 2e-3}
"""Settings of a poet trained further; the lower rate is judgement, no other was tried."""

SONNETS: dict[str, Any] = VERSE | {
    "dropout": 0.25, "recurrent_dropout": 0.3, "batch": 16, "learning_rate": 1e-3,
    "averaging": 0.998, "warmup": 0.05,
}  # fmt: skip
"""Settings of an adapted poet: the best of six tried on VALID; docs/words.md has them."""

ALONE: dict[str, Any] = SONNETS | {
    "hidden": 512, "dropout": 0.5, "word_dropout": 0.1, "negatives": 1024,
    "learning_rate": 2e-3,
}  # fmt: skip

NEAR: dict[str, Any] = SONNETS | {
    "dropout": 0.15, "recurrent_dropout": 0.2, "learning_rate": 7e-4, "averaging": 0.9985,
    "validations": 8, "threads": 1,
}  # fmt: skip
"""Settings of a poet adapted to five times as many words, on one core; judgement."""

LETTERS: dict[str, Any] = {"kind": "characters", "hidden": 896, "layers": 1, "patience": 0,
                           "dropout": 0.1, "recurrent_dropout": 0.0, "batch": 256, "length": 100,
                           "learning_rate": 3e-3, "validations": 10}  # fmt: skip


def run(
    data: Data,
    out: Path,
    settings: dict[str, Any],
    corpus_facts: CorpusFacts,
    base: artifact.Artifact | None = None,
    training_ngrams: NgramIndex | None = None,
) -> Trained:
    """Train in a folder, or resume the run there."""
    training = Training(**settings)
    device = accelerator(training)
    folder = RunFolder(out)
    saved = disk.read(folder.checkpoint) if folder.checkpoint.exists() else None
    console = VisibleConsole(highlight=False)
    with folder.held(), TerminalReporter(console) as reporter:
        plan = propose_for(
            data, training, adapting=base is not None, gpu=device.device.type != "cpu"
        )
        publisher = Publisher(out, corpus_facts, training_ngrams)
        trained = train_prepared(data, plan, device, publisher, reporter, saved or base)
    console.print(trained_as_text(trained))
    return trained


def verse(arguments: argparse.Namespace) -> None:
    """Train a word-level poet on all corpora, from the weights of another if you give one."""
    data = RunFolder(arguments.out).data
    base = artifact.load(arguments.start) if arguments.start else None
    if not (data / WORDS_JSON).exists():
        prepared = prepare(arguments.corpora, data, split=Split(validation=0.01))
        words = PreparedWords.of(
            prepared, backwards=True,
            vocabulary=WordPoet.from_artifact(base).vocabulary if base else WordLimits(
                most=VERSE["vocabulary"], always=tuple(usual(sonnets(arguments.sonnets)))
            ),
        )  # fmt: skip
        words.write(data)
    prepared = Prepared.open(data)
    settings = (FURTHER if base else VERSE) | {"minutes": arguments.minutes}
    run(PreparedWords.open(data), arguments.out, settings, corpora_facts(prepared, base), base)


def corpora_facts(prepared: Prepared, base: artifact.Artifact | None = None) -> CorpusFacts:
    """Return the facts of all corpora together."""
    return CorpusFacts(
        name="verse of Project Gutenberg and Standard Ebooks",
        sha256=prepared.sha256,
        poems=len(prepared.training) + len(prepared.validation),
        licence="public domain",
        base=describe_base(base) if base else None,
    )


def split_words(
    training: list[Tokens], validation: list[Tokens], vocabulary: WordVocabulary | WordLimits
) -> PreparedWords:
    """Return poems whose words are split already, as a poet that reads backwards learns them."""
    return PreparedWords.from_tokens(
        training + validation,
        np.arange(len(training)),
        np.arange(len(training), len(training) + len(validation)),
        backwards=True,
        vocabulary=vocabulary,
    )


def adapt(arguments: argparse.Namespace) -> None:
    """Adapt the verse poet to sonnets; the best pass over them is chosen on VALID."""
    base = artifact.load(arguments.base)
    training, validation = sonnets(arguments.sonnets), sonnets(arguments.valid)
    data = split_words(training, validation, WordPoet.from_artifact(base).vocabulary)
    corpus_facts = CorpusFacts(
        name="Deep-speare's train sonnets, after " + base.config["corpus"]["name"],
        poems=len(training),
        licence="Apache-2.0",
    )
    run(
        data,
        arguments.out,
        SONNETS | {"minutes": arguments.minutes},
        corpus_facts,
        base,
        index(training),
    )


def blend(arguments: argparse.Namespace) -> None:
    """Average poets; the shares are chosen on half of VALID and reported on the other."""
    halves = halves_apart(sonnets(arguments.valid), sonnets(arguments.sonnets))
    poet = best_average(arguments.poets, *halves, arguments.steps)
    artifact.save(arguments.out, tensors=poet.tensors, config=poet.config,
                  vocabulary=poet.vocabulary, words=poet.words,
                  card=card.write(poet.config, poet.training_ngrams),
                  training_ngrams=poet.training_ngrams)  # fmt: skip


def score(arguments: argparse.Namespace) -> None:
    """Score a stored poet on poems it was not trained on, and write that into its folder."""
    poet = Poet.load(arguments.poet)
    if arguments.tokens:
        if not isinstance(poet, WordPoet):
            raise SystemExit("Only a word-level poet reads words that are split.")
        found = score_of_tokens(poet, sonnets(arguments.tokens))
    else:
        prepared = Prepared.open(arguments.prepared)
        if prepared.sha256 != poet.config["corpus"]["sha256"]:
            raise SystemExit(f"{arguments.prepared} is not what {arguments.poet} was trained on.")
        apart = set(prepared.validation.tolist())
        texts = [text for index, text in enumerate(prepared.texts()) if index in apart]
        found = poet.evaluate([Poem.from_lines(text.split("\n")) for text in texts])
    path = arguments.poet / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["validation"] = validation_facts(found)
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")
    (arguments.poet / "README.md").write_text(
        card.write(config, poet.training_ngrams), encoding="utf-8"
    )
    print(arguments.poet, json.dumps(asdict(found)), json.dumps(config["validation"]))


def alone(arguments: argparse.Namespace) -> None:
    """Train a poet on Deep-speare's train sonnets alone; the best pass is chosen on VALID."""
    training, validation = sonnets(arguments.sonnets), sonnets(arguments.valid)
    data = split_words(training, validation, WordLimits(minimum_count=MINIMUM_COUNT))
    corpus_facts = CorpusFacts(
        name="Deep-speare's train sonnets", poems=len(training), licence="Apache-2.0"
    )
    run(data, arguments.out, ALONE | {"minutes": arguments.minutes}, corpus_facts)


def near(arguments: argparse.Namespace) -> None:
    """Adapt the verse poet to sonnets and verse near them; half of VALID chooses the pass."""
    base = artifact.load(arguments.base)
    train, valid = sonnets(arguments.sonnets), sonnets(arguments.valid)
    resembling = verse_near(arguments.corpora, train, valid)
    choosing, _ = halves_apart(valid, train)
    training = [*train, *train, *resembling]
    corpus_facts = CorpusFacts(
        name="Deep-speare's train sonnets and verse near them, after "
        + base.config["corpus"]["name"],
        poems=len(train) + len(resembling),
        licence="Apache-2.0, public domain",
    )
    run(
        split_words(training, choosing, WordPoet.from_artifact(base).vocabulary),
        arguments.out,
        NEAR | {"minutes": arguments.minutes},
        corpus_facts,
        base,
        index([*train, *resembling]),
    )


def letters(arguments: argparse.Namespace) -> None:
    """Train a character-level poet on all corpora."""
    data = RunFolder(arguments.out).data
    if not (data / "prepared.json").exists():
        prepare(arguments.corpora, data, split=Split(validation=0.01))
    prepared = Prepared.open(data)
    settings = LETTERS | {"minutes": arguments.minutes}
    run(prepared, arguments.out, settings, corpora_facts(prepared))


def ship(arguments: argparse.Namespace) -> None:
    """Put poets into the package, their matrices in 8 bits."""
    for folder in arguments.poets:
        read = artifact.load(folder)
        diction = "any" if folder.name == "sonnets" else "modern"
        config = {**read.config, "stored": "int8", "diction": diction}
        config.pop("files")
        if arguments.note:
            config["notes"] = [*config.get("notes", []), *arguments.note]
        artifact.save(
            SHIPPED / folder.name,
            tensors=read.tensors,
            config=config,
            vocabulary=read.vocabulary,
            words=read.words,
            card=card.write(config, read.training_ngrams),
            training_ngrams=read.training_ngrams,
        )
        print(f"{folder} -> {SHIPPED / folder.name}")


def main() -> None:
    """Run the command you chose."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    options: dict[str, dict[str, Any]] = {
        "--corpora": {"required": True, "type": Path, "help": "a folder of verse as JSON lines"},
        "--sonnets": {"required": True, "type": Path, "help": "Deep-speare's train file"},
        "--valid": {"required": True, "type": Path, "help": "Deep-speare's valid file"},
        "--base": {"required": True, "type": Path, "help": "the verse poet"},
        "--out": {"required": True, "type": Path, "help": "the poet's folder"},
        "--poet": {"required": True, "type": Path, "help": "the poet to score"},
        "poets": {"nargs": "+", "type": Path, "help": "folders of poets"},
        "--steps": {"type": int, "default": 5, "help": "shares are multiples of 1 / STEPS"},
        "--start": {"type": Path, "help": "a verse poet to train further"},
        "--prepared": {"type": Path, "help": "the prepared corpus of a run: its training/data"},
        "--tokens": {"type": Path, "help": "poems whose words are already split"},
        "--note": {"action": "append", "help": "a sentence for the poets' cards"},
        "--minutes": {"type": float, "default": 6.3, "help": "training time"},
    }
    for name, action, names in (
        ("verse", verse, ("--corpora", "--sonnets", "--out", "--minutes", "--start")),
        ("sonnets", adapt, ("--base", "--sonnets", "--valid", "--out", "--minutes")),
        ("blend", blend, ("poets", "--sonnets", "--valid", "--out", "--steps")),
        ("alone", alone, ("--sonnets", "--valid", "--out", "--minutes")),
        ("near", near, ("--base", "--corpora", "--sonnets", "--valid", "--out", "--minutes")),
        ("letters", letters, ("--corpora", "--out", "--minutes")),
        ("score", score, ("--poet", "--prepared", "--tokens")),
        ("ship", ship, ("poets", "--note")),
    ):
        command = commands.add_parser(name, help=action.__doc__)
        command.set_defaults(action=action)
        for option in names:
            command.add_argument(option, **options[option])
    arguments = parser.parse_args()
    arguments.action(arguments)


if __name__ == "__main__":
    main()
