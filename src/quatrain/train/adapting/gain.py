"""The gain of an adapted poet over its base, on poems that neither learned from."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from quatrain.corpus import Prepared
from quatrain.poet import Poet, artifact
from quatrain.poet.artifact import Artifact, card
from quatrain.records import Adaptation
from quatrain.train.adapting.sampling import sample_poems

MOST_SCORED = 40_000
"""Characters of validation poems that are scored, at most: 4 to 8 seconds a poet."""

SAMPLE_LINES, SAMPLE_TEMPERATURE, SAMPLE_SEED = 4, 0.7, 0
"""Lines, temperature and seed of what both poets write."""

LEAST_GAIN = 0.005
"""Bits a character below which a gain is called none: it would round to 0.00."""

_FEW_POEMS = 5
"""Poems below which the gain is called unsure; this number is judgement."""


def measure_gain(base: Artifact, folder: Path, prepared: Prepared) -> Adaptation:
    """Score a base and the poet adapted from it on validation poems, and let both write.

    The validation poems chose which pass over the corpus was kept, so the gain is flattered a
    little.

    Args:
        base: the poet that the run started from.
        folder: the adapted poet.
        prepared: the corpus.
    """
    poems = sample_poems(prepared, prepared.validation, MOST_SCORED)
    old, new = Poet.from_artifact(base), Poet.load(folder)
    before, after = old.poem_nats(poems), new.poem_nats(poems)
    characters = sum(len(poem.text) + 2 for poem in poems)
    return Adaptation(
        base=base.folder.resolve().name,
        base_nats_per_character=float(before.sum()) / characters,
        nats_per_character=float(after.sum()) / characters,
        poems=len(poems),
        better=int((after < before).sum()),
        sample_before=_sample(base.folder),
        sample_after=_sample(folder),
    )


def _sample(folder: Path) -> str:
    """Write a few lines with a poet."""
    from quatrain.write import load

    poem = load(folder).write(lines=SAMPLE_LINES, temperature=SAMPLE_TEMPERATURE, seed=SAMPLE_SEED)
    return poem.text


def gain_sentence(gain: Adaptation) -> str:
    """Say in a sentence or two what adapting gained."""
    base, adapted = gain.base_bits_per_character, gain.bits_per_character
    unseen = f"{gain.poems} poems it never saw" if gain.poems > 1 else "one poem it never saw"
    unsure = "" if gain.poems >= _FEW_POEMS else " On so few poems this may be chance; add more."
    if base - adapted < LEAST_GAIN:
        return (
            f"Adapting gained nothing: {adapted:.3f} bits a character on {unseen}, {base:.3f} with "
            f"{gain.base!r} as it is. Write with {gain.base!r}, or train on more poems.{unsure}"
        )
    better = f" It is better on {gain.better} of them." if gain.poems > 1 else ""
    return (
        f"Adapting gained {base - adapted:.3f} bits a character ({gain.share:.1%}): {adapted:.3f} "
        f"on {unseen}, {base:.3f} with {gain.base!r} as it is.{better}{unsure}"
    )


def record_gain(folder: Path, gain: Adaptation) -> None:
    """Add the gain and the two samples to a poet's `config.json` and card.

    Raises:
        OutputError: the folder cannot be written.
    """
    poet = artifact.load(folder)
    config = {**poet.config, "adaptation": dataclasses.asdict(gain)}
    config.pop("files")
    artifact.save(
        folder,
        tensors=poet.tensors,
        config=config,
        vocabulary=poet.vocabulary,
        words=poet.words,
        card=card.write(config, poet.training_ngrams),
        training_ngrams=poet.training_ngrams,
    )
