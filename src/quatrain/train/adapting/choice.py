"""The poet that a run starts from, if the user names none.

Every shipped poet that the settings allow is scored on the poems set apart for validation, and so
is an n-gram of the poems to learn from. The n-gram stands for a poet trained from scratch: on
small corpora the two are close (`docs/decisions/0004-training.md`). The best predictor wins.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quatrain.config import Training
from quatrain.corpus import Prepared, Vocabulary
from quatrain.poet import Poet, artifact
from quatrain.poet.artifact import Artifact
from quatrain.poet.baselines import KneserNey, fitting_order
from quatrain.poet.registry import bundled
from quatrain.records import Poem, Score
from quatrain.train.adapting.sampling import sample_poems
from quatrain.train.adapting.transfer import architecture

SCRATCH = "scratch"
"""The name of no base: `--from scratch`."""

MOST_SCORED = 20_000
"""Characters of validation poems that choose the base, at most: 2 to 4 seconds a poet."""

MOST_COUNTED = 500_000
"""Characters of training poems that the n-gram counts, at most: about two seconds."""

ORDER = 5
"""Characters of the n-grams, as in `quatrain evaluate`."""

_FEW_POEMS = 3
"""Validation poems below which a comparison is called unsure; this number is judgement."""


@dataclass(frozen=True)
class Choice:
    """A base for a corpus, and why.

    Attributes:
        base: the poet to start from; None to start from scratch.
        reasons: sentences for the user.
    """

    base: Artifact | None
    reasons: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The base's name as `--from` takes it."""
        return SCRATCH if self.base is None else self.base.folder.name


def choose_base(prepared: Prepared, settings: Training) -> Choice:
    """Choose the shipped poet that predicts the corpus best, or none.

    Word-level poets come first. They are compared in lower case, since capitals cost them
    nothing. Only if an n-gram of the corpus is better than all of them, as in another language,
    character-level ones are compared.

    Args:
        prepared: the corpus; its validation poems are scored.
        settings: the user's. A poet of another kind or size is no candidate.
    """
    candidates = _candidates(settings)
    if not any(candidates.values()):
        return Choice(None)
    unseen = sample_poems(prepared, prepared.validation, MOST_SCORED)
    seen = sample_poems(prepared, prepared.training, MOST_COUNTED)
    reasons: list[str] = []
    for kind, folders in candidates.items():
        if not folders:
            continue
        bases = {folder.name: artifact.load(folder) for folder in folders}
        scores = {name: Poet.from_artifact(base).evaluate(unseen) for name, base in bases.items()}
        order, own = _own_score(seen, unseen, lower=kind == "words")
        best = min(scores, key=lambda name: scores[name].bits_per_character)
        if scores[best].bits_per_character < own.bits_per_character:
            return Choice(bases[best], (*reasons, _chosen(best, scores, order, own)))
        reasons.append(_refused(best, scores[best], order, own))
    return Choice(
        None,
        (*reasons, "So the poet starts from scratch. --from NAME starts from one all the same."),
    )


def _candidates(settings: Training) -> dict[str, list[Path]]:
    """Return the folders of the shipped poets that the settings allow, by kind, words first.

    Only their `config.json` is read.
    """
    folders: dict[str, list[Path]] = {"words": [], "characters": []}
    if settings.vocabulary is not None:  # the user wants the corpus's own words
        return folders
    for folder in bundled().values():
        config = json.loads((folder / artifact.CONFIG).read_text(encoding="utf-8"))
        facts = architecture(config)
        if all(getattr(settings, name) in (None, value) for name, value in facts.items()):
            folders[facts["kind"]].append(folder)
    return folders


def _own_score(seen: Sequence[Poem], unseen: Sequence[Poem], *, lower: bool) -> tuple[int, Score]:
    """Score an n-gram of the poems to learn from; return its order, too.

    Args:
        seen: the poems to count.
        unseen: the poems to score.
        lower: whether both are read in lower case.
    """
    if lower:
        seen, unseen = _in_lower_case(seen), _in_lower_case(unseen)
    vocabulary = Vocabulary.from_counts(Counter("".join(poem.text + "\n" for poem in seen)))
    order = fitting_order(seen, vocabulary, ORDER)
    return order, KneserNey.fit(seen, vocabulary, order).evaluate(unseen)


def _in_lower_case(poems: Sequence[Poem]) -> list[Poem]:
    return [Poem.from_lines(poem.text.lower().split("\n")) for poem in poems]


def _chosen(best: str, scores: Mapping[str, Score], order: int, own: Score) -> str:
    """Say which poet was chosen, and by how much it is better than the others."""
    poems = own.poems
    others = [
        f"{score.bits_per_character:.2f} for {name!r}"
        for name, score in sorted(scores.items(), key=lambda item: item[1].bits_per_character)
        if name != best
    ]
    others.append(f"{own.bits_per_character:.2f} for a {order}-gram of your own poems")
    count = f"{poems} of your poems" if poems > 1 else "one of your poems"
    return (
        f"Starts from {best!r}: {scores[best].bits_per_character:.2f} bits a character on {count}, "
        f"against {_listed(others)}. --from NAME starts from another poet, --from {SCRATCH} from "
        "none." + ("" if poems >= _FEW_POEMS else " So few poems make the comparison unsure.")
    )


def _refused(best: str, score: Score, order: int, own: Score) -> str:
    """Say why no poet of a kind was chosen."""
    unknown = (
        f" ({score.unknown / score.words:.0%} of the words and marks are unknown to it)"
        if score.words
        else ""
    )
    return (
        f"{best!r} predicts your poems worse than a {order}-gram of them does: "
        f"{score.bits_per_character:.2f} bits a character against {own.bits_per_character:.2f}"
        f"{unknown}."
    )


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
