"""A corpus as a run needs it beside its characters: as words, and as an index against copying."""

from __future__ import annotations

from quatrain.config import Training
from quatrain.corpus import Prepared, PreparedWords, WordLimits
from quatrain.poet import NgramIndex
from quatrain.poet.artifact import Artifact
from quatrain.poet.ngram_index import MOST_WORDS
from quatrain.train import adapting
from quatrain.train import size as sizes
from quatrain.train.folder import RunFolder
from quatrain.train.report import Reporter


def prepare_words(
    prepared: Prepared,
    folder: RunFolder,
    settings: Training,
    base: Artifact | None,
    reporter: Reporter,
) -> None:
    """Write the corpus as words beside its characters, if a word-level poet is to be trained."""
    kind: str | None = settings.kind
    if kind is None:
        kind, reason = sizes.kind_for(prepared.characters(prepared.training))
        reporter.noted(reason)
    if kind == "characters":
        return
    if base is not None:
        words = adapting.words(prepared, base)
        new = words.vocabulary.size - base.vocabulary.size
        reporter.noted(
            f"Vocabulary: {base.vocabulary.size:,} words from the base poet and {new:,} new "
            f"{'one' if new == 1 else 'ones'} from your poems."
        )
    else:
        most = sizes.vocabulary_for(prepared.characters(prepared.training) // 4, settings)
        backwards = settings.direction != "forward"
        words = PreparedWords.of(prepared, backwards=backwards, vocabulary=WordLimits(most=most))
    if words.vocabulary.style.lower_case:
        reporter.noted("Your poems have no capitals, so the poet writes none.")
    unknown = float((words.tokens == words.vocabulary.UNKNOWN).mean())
    reporter.noted(f"{unknown:.1%} of the words are outside the vocabulary and count as unknown.")
    words.write(folder.new_data)


def index_ngrams(
    prepared: Prepared, base: Artifact | None, reporter: Reporter
) -> NgramIndex | None:
    """Build the index of the training poems that keeps the poet from copying them."""
    ends = prepared.offsets
    index = NgramIndex.from_texts(
        prepared.vocabulary.decode(prepared.tokens[ends[poem] : ends[poem + 1]])
        for poem in prepared.training
    )
    if index is not None:
        adapted = base is not None and base.training_ngrams is not None
        reporter.noted(
            f"The poet stores hashes of your poems ({_size(index.megabytes)}), so that in a form "
            f"it copies no more than {index.longest} words in a row from them."
            + (" The base poet's own index stays with the base poet." if adapted else "")
        )
    elif prepared.characters(prepared.training) > MOST_WORDS:
        reporter.noted(
            "These poems are too many to index against copying. Where that matters, write with "
            "--against."
        )
    return index


def _size(megabytes: float) -> str:
    return f"{megabytes:.1f} MB" if megabytes >= 0.1 else f"{1000 * megabytes:.0f} kB"
