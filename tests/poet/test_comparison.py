"""A poet beside simpler models: how texts are read, what is fitted, and what a stranger may ask."""

import dataclasses
import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from quatrain.config import Cleaning, Split
from quatrain.corpus import Vocabulary, gutenberg, read
from quatrain.errors import CorpusError, PoetError, SettingsError
from quatrain.poet import CharacterPoet, compare
from quatrain.records import Comparison

Trained = Callable[..., CharacterPoet]
NOT_AT_HAND = (
    "The poet's training corpus can't be found, so no n-gram is fitted. "
    "Give it with --train to compare."
)
VERSES = [
    "Le soir descend, déjà,\nl’eau s’est refermée.",
    "Où va la clé d’un champ ?\nElle dort là, rouillée.",
    "Un pas, ’puis’ rien. L’été\ns’éloigne à pas comptés.",
]


@pytest.fixture
def trained(tensors_of: Callable[..., dict[str, np.ndarray]]) -> Trained:
    """A poet with random weights that says it learned from `source`; `says` lies over that."""

    def make(
        source: Path | str,
        *,
        cleaning: Cleaning | None = None,
        column: str | None = None,
        says: Mapping[str, object] | None = None,
    ) -> CharacterPoet:
        cleaning, split = cleaning or Cleaning(), Split(validation=0.3)
        corpus = read(source, cleaning=cleaning, column=column)
        counts = Counter("".join(poem.text for poem in corpus.split(split)[0]))
        vocabulary = Vocabulary.from_counts(counts)
        about = {
            "name": corpus.name,
            "source": str(source),
            "sha256": corpus.sha256,
            "column": column,
            "cleaning": dataclasses.asdict(cleaning),
            "split": dataclasses.asdict(split),
        }
        tensors = tensors_of(vocabulary.size)
        return CharacterPoet(
            tensors, vocabulary, config={"corpus": about | dict(says or {})}, name="tiny"
        )

    return make


@pytest.fixture
def verses(tmp_path: Path) -> Path:
    path = tmp_path / "verses.txt"
    path.write_text("\n\n\n".join(VERSES), encoding="utf-8")
    return path


def unknown(comparison: Comparison) -> int:
    return comparison.scores["tiny (LSTM)"].unknown


def test_another_text_keeps_its_own_encoding(
    trained: Trained, verses: Path, tmp_path: Path
) -> None:
    old, other = tmp_path / "old.txt", tmp_path / "other.txt"
    old.write_bytes("\n\n\n".join(VERSES).replace("’", "'").encode("latin-1"))
    poet = trained(old, cleaning=Cleaning(encoding="latin-1"))
    other.write_text("éé\né", encoding="utf-8")
    assert unknown(compare(poet, other)) == 0
    assert unknown(compare(poet, other, encoding="latin-1")) == 6  # two for each é
    assert "5-gram, Kneser-Ney" in compare(poet, old).scores
    with pytest.raises(CorpusError, match="expected text in ascii"):
        compare(poet, old, encoding="ascii")


@pytest.mark.parametrize("encoding", [None, "utf-8"])
def test_every_text_is_folded_as_the_training_corpus_was(
    trained: Trained, verses: Path, tmp_path: Path, encoding: str | None
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("l’l’l’l", encoding="utf-8")
    kept, folded = trained(verses, cleaning=Cleaning(fold_quotes=False)), trained(verses)
    kept_knows, folded_knows = (
        mark in poet.vocabulary.characters for mark, poet in (("’", kept), ("'", folded))
    )
    assert kept_knows
    assert folded_knows
    assert unknown(compare(kept, other, encoding=encoding)) == 0
    assert unknown(compare(folded, other, encoding=encoding)) == 0
    assert "5-gram, Kneser-Ney" in compare(kept, verses, encoding=encoding).scores


def test_the_column_is_remembered_for_the_training_corpus_alone(
    trained: Trained, verses: Path, tmp_path: Path
) -> None:
    table = tmp_path / "verses.csv"
    rows = "".join(f'"{verse}","{verse[::-1]}"\n' for verse in VERSES)
    table.write_text("left,right\n" + rows, encoding="utf-8")
    poet = trained(table, column="left")
    assert compare(poet, table).scores["tiny (LSTM)"].poems < len(VERSES)
    other = tmp_path / "other.txt"
    other.write_text("la clé", encoding="utf-8")
    assert "5-gram, Kneser-Ney" in compare(poet, other).scores
    copy = tmp_path / "copy.csv"
    copy.write_bytes(table.read_bytes())
    with pytest.raises(CorpusError, match="poems with --column"):
        compare(poet, copy)
    assert "5-gram, Kneser-Ney" in compare(poet, other, training=copy).scores


def test_a_large_alphabet_has_room_for_four_characters(trained: Trained, tmp_path: Path) -> None:
    source = tmp_path / "wide.txt"
    rows = ["".join(map(chr, range(at, at + 20))) for at in range(0x4E00, 0x4E00 + 7000, 20)]
    source.write_text(
        "\n\n\n".join("\n".join(rows[at : at + 5]) for at in range(0, len(rows), 5)),
        encoding="utf-8",
    )
    poet = trained(source)
    assert poet.vocabulary.size > 4096
    comparison = compare(poet, source)
    assert list(comparison.scores) == [
        "tiny (LSTM)", "4-gram, Kneser-Ney", "unigram", "uniform"
    ]  # fmt: skip
    assert comparison.notes[-1] == (
        "A 4-gram stands in for the 5-gram: the poet's alphabet is too large for more, or its "
        "training poems are too short."
    )


@pytest.mark.parametrize("text", ["a\n\n\nb", "a\nb"])
def test_tiny_training_poems_have_room_for_four_symbols(
    trained: Trained, tmp_path: Path, text: str
) -> None:
    source = tmp_path / "tiny.txt"
    source.write_text(text, encoding="utf-8")
    assert "4-gram, Kneser-Ney" in compare(trained(source), source).scores


def test_the_training_corpus_is_found_again_where_it_was(trained: Trained, verses: Path) -> None:
    other = verses.with_name("other.txt")
    other.write_text("la clé", encoding="utf-8")
    assert "5-gram, Kneser-Ney" in compare(trained(verses), other).scores
    assert "5-gram, Kneser-Ney" in compare(trained("anthology"), other).scores
    moved = verses.rename(verses.with_name("moved.txt"))
    poet = trained(moved, says={"source": str(verses)})
    assert compare(poet, other).notes == (NOT_AT_HAND,)
    assert "5-gram, Kneser-Ney" in compare(poet, other, training=moved).scores
    with pytest.raises(CorpusError, match="expected the corpus 'moved', as it was when the poet"):
        compare(poet, other, training=other)


@pytest.mark.parametrize(
    "source",
    ["gutenberg:1041", "/dev/zero", "{}/pipe.txt", "{}/verses.pdf", "a" * 5000, "a\0b", "", None],
)
def test_what_a_poet_names_is_neither_fetched_nor_waited_for(
    trained: Trained,
    verses: Path,
    tmp_path: Path,
    source: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fetched: list[object] = []
    monkeypatch.setattr(gutenberg, "fetch", lambda *_: fetched.append(1) or verses)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "verses.pdf").write_bytes(b"%PDF")
    other = tmp_path / "other.txt"
    other.write_text("la clé", encoding="utf-8")
    poet = trained(verses, says={"source": source and source.format(tmp_path)})
    assert compare(poet, other).notes == (NOT_AT_HAND,)
    assert not fetched
    assert "5-gram, Kneser-Ney" in compare(poet, other, training="gutenberg:1041").scores
    assert fetched


def test_a_column_that_the_named_corpus_does_not_have_is_no_mistake_of_the_user(
    trained: Trained, verses: Path
) -> None:
    other = verses.with_name("other.txt")
    other.write_text("la clé", encoding="utf-8")
    poet = trained(verses)
    assert compare(poet, other).notes == ()
    poet.config = {"corpus": {**poet.config["corpus"], "column": "poem"}}
    assert compare(poet, other).notes == (NOT_AT_HAND,)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"cleaning": None}, "'corpus.cleaning' in {}: got None; expected an object."),
        ({"cleaning": "all"}, "'corpus.cleaning' in {}: got 'all'; expected an object."),
        (
            {"cleaning": {"bogus": 1}},
            "'corpus' in {}: got setting 'bogus' in [cleaning]: an unknown name; "
            "expected a known one.",
        ),
        (
            {"cleaning": {"fold_quotes": "yes"}},
            "'corpus' in {}: got setting 'fold_quotes': 'yes'; expected true or false.",
        ),
        ({"split": [1]}, "'corpus.split' in {}: got [1]; expected an object."),
        (
            {"split": {"validation": 2.0}},
            "'corpus' in {}: got setting 'validation': 2.0; expected a number from 0.001 to 0.5.",
        ),
        ({"split": {"seed": 2**80}}, f"'corpus' in {{}}: got setting 'seed': {2**80}; expected "),
        ({"source": 3}, "'corpus.source' in {}: got 3; expected a text."),
        ({"sha256": ["ab"]}, "'corpus.sha256' in {}: got ['ab']; expected a text."),
        ({"column": {}}, "'corpus.column' in {}: got {{}}; expected a text."),
    ],
)
def test_an_origin_that_no_training_writes(
    trained: Trained, verses: Path, facts: dict[str, object], message: str
) -> None:
    with pytest.raises(PoetError) as caught:
        compare(trained(verses, says=facts), verses)
    assert str(caught.value).startswith(message.format("config.json of the poet 'tiny'"))
    assert str(caught.value).endswith(
        "Copy the poet's folder again from where it came, or train the poet again."
    )


def test_a_config_whose_corpus_is_no_object(trained: Trained, verses: Path) -> None:
    poet = trained(verses)
    poet.config = {"corpus": "text"}
    with pytest.raises(PoetError, match=r"'corpus' in config\.json of the poet 'tiny': got"):
        compare(poet, verses)


def test_a_part_needs_the_training_corpus(trained: Trained, verses: Path) -> None:
    other = verses.with_name("other.txt")
    other.write_text("la clé", encoding="utf-8")
    with pytest.raises(SettingsError, match="a text the poet was not trained on"):
        compare(trained(verses), other, part="training")
    whole = [compare(trained(verses), verses, part=part) for part in ("training", "validation")]
    assert sum(each.scores["tiny (LSTM)"].poems for each in whole) == len(VERSES)


def test_a_large_folder_or_one_elsewhere_is_not_read_unasked(
    trained: Trained, verses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("la clé", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    verses.rename(folder / verses.name)
    poet = trained(folder)
    assert compare(poet, other).notes == ()
    monkeypatch.setattr("quatrain.poet.origin.UNNAMED_BYTES", 10)
    assert compare(poet, other).notes == (NOT_AT_HAND,)
    assert compare(poet, other, training=folder).notes == ()
    shared = trained(folder, says={"source": "//host/share"})
    assert compare(shared, other).notes == (NOT_AT_HAND,)
