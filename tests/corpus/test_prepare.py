"""Preparing a corpus: what is written, how it is divided, and that it opens or says why not."""

import dataclasses
import json
import signal
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.config import Cleaning, Split
from quatrain.corpus import Prepared, Streams, Vocabulary, prepare, read
from quatrain.corpus.splitting import digest, divide_lines, divide_poems
from quatrain.corpus.words import WordCounter, words_of
from quatrain.errors import CorpusError, OutputError
from quatrain.records import Poem

FILES = ["offsets.npy", "prepared.json", "tokens.bin", "training.npy", "validation.npy"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def texts_of(prepared: Prepared, indices: np.ndarray) -> list[str]:
    decode = prepared.vocabulary.decode
    offsets = prepared.offsets
    return [decode(prepared.tokens[offsets[i] : offsets[i + 1]]).rstrip("\n") for i in indices]


def test_the_tokens_are_the_poems(verse_file: Path, tmp_path: Path) -> None:
    corpus, prepared = read(verse_file), prepare(verse_file, tmp_path / "out")
    both = np.sort(np.concatenate([prepared.training, prepared.validation]))
    assert both.tolist() == list(range(60))
    assert texts_of(prepared, both) == [poem.text for poem in corpus.poems]
    encoded = np.concatenate([prepared.vocabulary.encode_poem(poem) for poem in corpus.poems])
    assert np.array_equal(prepared.tokens, encoded)
    assert prepared.sha256 == corpus.sha256
    assert prepared.report == corpus.report
    assert (prepared.name, prepared.source) == ("verse", str(verse_file))
    assert names(tmp_path / "out") == FILES


def test_in_memory_and_on_disk_agree(
    verse_file: Path, tmp_path: Path, prepare_in_memory: Callable[..., Prepared]
) -> None:
    poems = read(verse_file).poems
    disk = prepare(verse_file, tmp_path)
    memory = prepare_in_memory(
        [poems[i] for i in disk.training], [poems[i] for i in disk.validation]
    )
    assert memory.vocabulary == disk.vocabulary
    assert memory.words == disk.words
    assert texts_of(memory, memory.validation) == texts_of(disk, disk.validation)
    assert memory.characters(memory.training) == disk.characters(disk.training)


def test_characters_are_those_predicted(prepare_in_memory: Callable[..., Prepared]) -> None:
    prepared = prepare_in_memory([Poem.from_lines(["ab", "", "c"])], [Poem.from_lines(["d"])])
    # "ab\n\nc\n" and the end: seven; "d\n" and the end: three.
    assert prepared.characters(prepared.training) == 7
    assert prepared.characters([0, 1]) == 10
    assert prepared.unknown == {"d": 1}


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3, 0.5])
def test_the_share_is_reached_by_whole_poems(
    verse_file: Path, tmp_path: Path, share: float
) -> None:
    prepared = prepare(verse_file, tmp_path, split=Split(validation=share))
    found = prepared.characters(prepared.validation) / prepared.characters(range(60))
    assert share <= found < share + 0.03


def test_the_division_follows_the_seed_and_not_the_order(verse_file: Path, tmp_path: Path) -> None:
    poems = verse_file.read_text(encoding="utf-8").strip().split("\n\n\n\n")
    turned = tmp_path / "turned.txt"
    turned.write_text("\n\n\n\n".join(reversed(poems)), encoding="utf-8")
    one = prepare(verse_file, tmp_path / "a")
    again = prepare(verse_file, tmp_path / "b")
    other = prepare(turned, tmp_path / "c")
    seeded = prepare(verse_file, tmp_path / "d", split=Split(seed=1))
    assert np.array_equal(one.validation, again.validation)
    assert sorted(texts_of(one, one.validation)) == sorted(texts_of(other, other.validation))
    assert sorted(texts_of(one, one.validation)) != sorted(texts_of(seeded, seeded.validation))
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_near_duplicates_stay_on_one_side(tmp_path: Path) -> None:
    source = tmp_path / "versions.txt"
    poems = [
        "\n".join([f"poem {p} line {n}" for n in range(8)] + [f"version {v} of {p}"])
        for p in range(20)
        for v in range(4)
    ]
    source.write_text("\n\n\n".join(poems), encoding="utf-8")
    prepared = prepare(
        source,
        tmp_path / "out",
        cleaning=Cleaning(drop_duplicates=False),
        split=Split(validation=0.4),
    )
    assert len(prepared.offsets) == 81
    assert not {i // 4 for i in prepared.training} & {i // 4 for i in prepared.validation}
    assert "60 poems are nearly the same as an earlier one" in " ".join(prepared.notes)
    dropped = prepare(source, tmp_path / "dropped")
    assert len(dropped.offsets) == 21
    assert "60 poems left out: nearly the same" in " ".join(dropped.notes)


@pytest.mark.parametrize("drop_duplicates", [True, False])
@pytest.mark.parametrize("count", [1, 2, 60])
def test_in_memory_and_on_disk_divide_alike(
    verse_file: Path, tmp_path: Path, count: int, drop_duplicates: bool
) -> None:
    source = tmp_path / "some.txt"
    texts = verse_file.read_text(encoding="utf-8").strip().split("\n\n\n\n")[:count]
    nearly = [text.replace("the", "a", 1) for text in texts[:20] if count > 2]
    source.write_text("\n\n\n\n".join([*texts, *nearly]), encoding="utf-8")
    cleaning = Cleaning(drop_duplicates=drop_duplicates)
    split = Split(validation=0.3, seed=5)
    prepared = prepare(source, tmp_path / "out", cleaning=cleaning, split=split)
    training, validation = read(source, cleaning=cleaning).split(split)
    for side, poems in ((prepared.training, training), (prepared.validation, validation)):
        encoded = [prepared.vocabulary.encode_poem(poem) for poem in poems]
        assert np.array_equal(
            np.concatenate([prepared.tokens[slice(*prepared.offsets[i : i + 2])] for i in side]),
            np.concatenate(encoded),
        )
    assert len(training) + len(validation) == max(2, count + len(nearly) * (not drop_duplicates))


@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(0, 9)), min_size=2, max_size=30),
    st.floats(0.01, 0.5),
    st.integers(0, 5),
)
def test_any_division_is_one(poems: list[tuple[int, int]], share: float, seed: int) -> None:
    first: dict[int, int] = {}
    groups = np.array([first.setdefault(group, i) for i, (_, group) in enumerate(poems)])
    lengths = np.array([length for length, _ in poems])
    digests = np.array([digest(f"{i}".encode(), seed) for i in range(len(poems))], dtype=np.uint64)
    if len(first) == 1:
        with pytest.raises(CorpusError, match="all nearly the same"):
            divide_poems(digests, lengths, groups, share, "here")
        return
    training, validation = divide_poems(digests, lengths, groups, share, "here")
    assert sorted([*training.tolist(), *validation.tolist()]) == list(range(len(poems)))
    assert len(training)
    assert len(validation)
    assert not set(groups[training]) & set(groups[validation])
    sizes = np.bincount(groups, weights=lengths)
    largest = max(1.5 * share * lengths.sum(), sizes[sizes > 0].min())
    assert lengths[validation].sum() <= largest


def test_two_poems_go_one_to_each_side(tmp_path: Path) -> None:
    source = tmp_path / "two.txt"
    source.write_text("one\npoem that is longer\n\n\nanother\npoem", encoding="utf-8")
    prepared = prepare(source, tmp_path / "out")
    assert texts_of(prepared, prepared.validation) == ["another\npoem"]


def test_a_single_poem_is_divided_by_lines_and_it_is_told(tmp_path: Path) -> None:
    source = tmp_path / "one.txt"
    source.write_text("a line\n" * 8 + "an eel\nlinen\n", encoding="utf-8")
    prepared = prepare(source, tmp_path / "out", split=Split(validation=0.2))
    assert texts_of(prepared, prepared.training) == ["\n".join(["a line"] * 8)]
    assert texts_of(prepared, prepared.validation) == ["an eel\nlinen"]
    assert prepared.sha256 == read(source).sha256
    assert prepared.notes[-1] == (
        "The corpus is a single poem: its last lines are the validation part, 13 of 69 characters."
    )


@pytest.mark.parametrize(
    ("text", "share", "parts"),
    [
        ("a\nb", 0.1, ("a", "b")),
        ("a\n\nb", 0.5, ("a", "b")),
        ("a\nb\n\nc\nd", 0.5, ("a\nb", "c\nd")),
        ("a\n\nb\n\nc\nd", 0.3, ("a\n\nb\n\nc", "d")),
        ("a\nb\nc", 0.5, ("a", "b\nc")),
    ],
)
def test_dividing_lines(text: str, share: float, parts: tuple[str, str]) -> None:
    assert divide_lines(text, share, "here") == parts


def test_the_alphabet_is_that_of_the_training_poems(tmp_path: Path) -> None:
    source = tmp_path / "marks.jsonl"
    rows = [{"lines": [f"poem {chr(0x4E00 + n)} {n}", "and its second line"]} for n in range(40)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    prepared = prepare(source, tmp_path / "out", split=Split(validation=0.25))
    training = Counter("".join(texts_of(prepared, prepared.training)))
    assert set(prepared.vocabulary.characters) == set(training) | {"\n"}
    assert len(prepared.unknown) == len(prepared.validation)
    (note,) = [note for note in prepared.notes if "never occur in training" in note]
    assert note.startswith(f"{len(prepared.unknown)} characters in the validation poems never")
    assert all(repr(character) in note for character in prepared.unknown)
    fewer = prepare(source, tmp_path / "fewer", split=Split(validation=0.25, minimum_count=5))
    corpus = read(source)
    counts = Counter("".join(corpus.poems[i].text for i in fewer.training))
    assert fewer.vocabulary.characters == tuple(
        sorted({character for character, n in counts.items() if n >= 5} | {"\n"})
    )
    everything = Counter("".join(poem.text for poem in corpus.poems))
    unknown = set(everything) - set(fewer.vocabulary.characters)
    assert fewer.unknown == {character: everything[character] for character in unknown}
    lost = sum((fewer.tokens == Vocabulary.UNKNOWN).tolist())
    assert lost == sum(fewer.unknown.values())


def test_more_than_256_characters_take_two_bytes(tmp_path: Path) -> None:
    source = tmp_path / "many.txt"
    poems = ["\n".join(chr(0x4E00 + 7 * p + n) * 3 for n in range(7)) for p in range(60)]
    source.write_text("\n\n\n".join([*poems, *(poem[::-1] for poem in poems)]), encoding="utf-8")
    prepared = prepare(source, tmp_path / "out")
    assert prepared.tokens.dtype == np.uint16
    assert "".join(texts_of(prepared, prepared.training)).strip()


def test_blocks_make_no_difference(
    verse_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = prepare(verse_file, tmp_path / "a")
    monkeypatch.setattr("quatrain.corpus.decoding.BLOCK", 3000)
    monkeypatch.setattr("quatrain.corpus.preparing._BLOCK", 100)
    prepare(verse_file, tmp_path / "b")
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert whole.words


def test_progress_rises_to_its_total(verse_file: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    prepare(verse_file, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (2 * verse_file.stat().st_size,) * 2


def test_open_gives_back_every_field(verse_file: Path, tmp_path: Path) -> None:
    made = prepare(verse_file, tmp_path, split=Split(validation=0.2, seed=3, minimum_count=2))
    opened = Prepared.open(tmp_path)
    for field in dataclasses.fields(Prepared):
        assert np.array_equal(getattr(made, field.name), getattr(opened, field.name)), field.name
    assert isinstance(opened.tokens, np.memmap)
    streams = Streams(opened.tokens, opened.offsets, opened.training, lanes=4, length=16, seed=0)
    assert streams.batch(0)[0].shape == (16, 4)


def test_preparing_again_replaces_only_its_own(verse_file: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    prepare(verse_file, tmp_path)
    prepare(verse_file, tmp_path, split=Split(seed=4))
    assert Prepared.open(tmp_path).split.seed == 4
    assert names(tmp_path) == sorted([*FILES, "mine.txt"])


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["gone", "cut", "changed"])
def test_a_damaged_folder_names_the_file(
    verse_file: Path, tmp_path: Path, name: str, harm: str
) -> None:
    prepare(verse_file, tmp_path)
    path = tmp_path / name
    content = bytearray(path.read_bytes())
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(content[:-2])
    elif name == "tokens.bin":
        pytest.skip("a gigabyte of tokens is not hashed at every opening")
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    with pytest.raises(CorpusError) as caught:
        Prepared.open(tmp_path)
    assert caught.value.where == str(path)
    assert "repare the corpus" in caught.value.remedy


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        Prepared.open(tmp_path / "nowhere")
    assert str(caught.value) == (
        f"{tmp_path / 'nowhere' / 'prepared.json'}: got no such file or directory; expected a "
        "folder with a prepared corpus. Check the path, or prepare the corpus into it."
    )


def test_a_folder_that_cannot_be_made(verse_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError, match="can't be written: Not a directory"):
        prepare(verse_file, tmp_path / "file" / "out")


def test_an_error_in_the_source_leaves_what_was_there(verse_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    prepare(verse_file, folder)
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "good"}\nbad\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="line 2"):
        prepare(bad, folder)
    assert Prepared.open(folder).name == "verse"
    assert names(folder) == FILES


KILLED = """
import os, signal, sys, pathlib
import quatrain.corpus.prepared as prepared
import quatrain.corpus

moves = int(sys.argv[3])
replace = pathlib.Path.replace

def counted(self, target):
    global moves
    if moves == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    moves -= 1
    return replace(self, target)

pathlib.Path.replace = counted
quatrain.corpus.prepare(sys.argv[1], sys.argv[2])
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize("moves", [0, 2, 4])
def test_a_killed_prepare_leaves_nothing_that_opens(
    verse_file: Path, tmp_path: Path, moves: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(verse_file), str(tmp_path), str(moves)], check=False
    )
    assert done.returncode == -signal.SIGKILL
    with pytest.raises(CorpusError):
        Prepared.open(tmp_path)
    assert prepare(verse_file, tmp_path).name == "verse"
    assert names(tmp_path) == FILES


@pytest.mark.slow
def test_memory_does_not_grow_with_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for block in ("decoding.BLOCK", "preparing._BLOCK"):
        monkeypatch.setattr(f"quatrain.corpus.{block}", 2**16)
    peaks = []
    for size in (1, 1, 4):
        source = tmp_path / "long.txt"
        lines = [f"line {n % 1000} of a poem that has {n * 7} words" for n in range(20_000 * size)]
        poems = ["\n".join(lines[n : n + 500]) for n in range(0, len(lines), 500)]
        source.write_text("\n\n\n".join(poems), encoding="utf-8")
        del lines, poems
        tracemalloc.start()
        prepare(source, tmp_path / "out")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.1 * peaks[1]


def test_words() -> None:
    text = "O'er the to-day; 'tis e'en so--well, naïve L'Été! x1 don’t -- '"
    assert words_of(text) == [
        "o'er", "the", "to-day", "tis", "e'en", "so", "well", "naïve", "l'été", "x", "don’t",
    ]  # fmt: skip


@given(st.lists(st.text(st.sampled_from("abÀéß'’- ,.1\n"), max_size=40), max_size=5))
def test_counting_in_blocks_finds_the_words_of_the_text(blocks: list[str]) -> None:
    counter = WordCounter()
    for block in blocks:
        counter.add(block.encode())
    assert counter.types() == tuple(sorted({word for block in blocks for word in words_of(block)}))


def test_only_the_most_frequent_words_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quatrain.corpus.words.MOST_WORDS", 2)
    counter = WordCounter()
    counter.add(b"a b b c c c")
    assert counter.types() == ("b", "c")


def test_importing_the_room_is_light() -> None:
    code = (
        "import sys, quatrain.corpus; "
        "print([m for m in ('lxml', 'pyarrow', 'pooch', 'requests', 'charset_normalizer', "
        "'rich', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
