"""Windows and streams over a text, against plain loops over its numbers."""

from pathlib import Path

import numpy as np
import pytest

import quatrain
from quatrain import explain
from quatrain.corpus import Prepared, Streams, Windows, prepare
from quatrain.errors import CorpusError, SettingsError
from quatrain.explain.sequences.counts import StreamCounts, WindowCounts
from quatrain.explain.sequences.running_text import running_text
from quatrain.records import Explanation, Grids, Poem, Table

VERSE = "Salt on the sill,\nfrost at a window."
POEMS = ("The lamp is low.\n\nThe tide is in.", "A gull", "Rain, and the gate left open.")


def table(explanation: Explanation, title: str) -> Table:
    return next(
        part
        for part in explanation.parts
        if isinstance(part, Table) and part.title.startswith(title)
    )


@pytest.mark.parametrize("seed", range(200))
def test_counts_agree_with_the_sequences_of_training(seed: int) -> None:
    draw = np.random.default_rng(seed)
    total, length = int(draw.integers(2, 400)), int(draw.integers(1, 60))
    stride, lanes = int(draw.integers(1, 80)), int(draw.integers(1, 9))
    length = min(length, total - 1)
    text = (np.arange(total, dtype=np.uint16), np.array([0, total]), [0])

    windows = Windows(*text, lanes=lanes, length=length, stride=stride, seed=seed)
    counts = WindowCounts(total, length, stride, windows.lanes)
    starts = [start for start in range(0, total, stride) if start + length + 1 <= total]
    seen = {place for start in starts for place in range(start, start + length)}
    assert counts.count.value == windows.sequences == len(starts)
    assert counts.steps.value == windows.steps_per_epoch
    assert counts.read.value == windows.steps_per_epoch * windows.characters_per_step
    assert counts.covered.value == len(seen)
    assert counts.tail.value == total - (starts[-1] + length)
    if stride > length:
        assert counts.skipped.value == total - len(seen) - counts.tail.value

    streams = Streams(*text, lanes=lanes, length=length, seed=seed)
    lane_counts = StreamCounts(total, length, streams.lanes)
    inputs = [streams.batch(step)[0] for step in range(streams.steps_per_epoch)]
    read = np.concatenate(inputs)  # (steps x length, lanes)
    assert lane_counts.steps.value == streams.steps_per_epoch
    assert lane_counts.read.value == read.size == len(np.unique(read))
    assert lane_counts.left.value == total - read.size
    assert lane_counts.reach.value == len(read)


def test_windows_show_the_text_as_training_reads_it() -> None:
    explanation = explain.windows(VERSE, length=12, stride=5)
    whole = f"⊢{VERSE}\n⊣".replace("\n", "↵").replace(" ", "␣")
    rows = table(explanation, "Inputs of the windows").rows
    assert [row[3] for row in rows] == [whole[start : start + 12] for start in range(0, 26, 5)]
    assert explanation["T, the running text"] == len(whole) == 39
    assert explanation["alphabet"] == len(set(VERSE)) + 3
    pairs = table(explanation, "The pairs").rows
    assert pairs[0][1:2] == ("START",)
    assert pairs[-1][4] == "END"


@pytest.mark.parametrize(("length", "stride"), [(4, 1), (7, 3), (5, 5), (3, 8), (20, 6)])
def test_borders_and_coverage_agree_with_a_loop(length: int, stride: int) -> None:
    corpus = quatrain.Corpus(
        "three", "", "", tuple(map(Poem.from_text, POEMS)), quatrain.records.CleaningReport()
    )
    explanation = explain.windows(corpus, length=length, stride=stride)
    owner = [number for number, poem in enumerate(POEMS) for _ in range(len(poem) + 3)]
    starts = [k for k in range(0, len(owner), stride) if k + length + 1 <= len(owner)]
    crossing = sum(owner[k] != owner[k + length - 1] for k in starts)
    assert explanation["windows"] == len(starts)
    assert explanation["windows across a border"] == crossing
    alone = sum(len(range(0, len(poem) + 3 - length, stride)) for poem in POEMS)
    assert explanation["windows if each poem is cut alone"] == alone
    times = [sum(k <= place < k + length for k in starts) for place in range(len(owner))]
    rows = table(explanation, "Among the inputs").rows
    assert sum(int(row[1] or 0) for row in rows) == len(owner)
    for label, number, _ in rows:
        if " to " not in str(label):
            assert times.count(int(str(label))) == number


def test_streams_carry_their_lanes_through_the_text() -> None:
    explanation = explain.streams(VERSE, length=6, lanes=2)
    whole = f"⊢{VERSE}\n⊣".replace("\n", "↵").replace(" ", "␣")
    rows = table(explanation, "Inputs of the lanes").rows
    assert [row[3] for row in rows] == [whole[k : k + 6] for k in (0, 6, 12, 19, 25, 31)]
    assert explanation["left over"] == 3
    assert explanation["reach of the memory"] == 18


def test_a_prepared_corpus_gives_its_training_poems(tmp_path: Path) -> None:
    prepared: Prepared = prepare("anthology", tmp_path)
    explanation = explain.windows(prepared)
    laid = Windows(
        prepared.tokens,
        prepared.offsets,
        prepared.training,
        lanes=16,
        length=40,
        stride=3,
        seed=0,
    )
    assert explanation["windows"] == laid.sequences
    assert explanation["steps in a pass"] == laid.steps_per_epoch
    assert explanation["alphabet"] == prepared.vocabulary.size


def test_a_path_is_read_and_a_text_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "verse.txt"
    path.write_text(f"{VERSE}\n", encoding="utf-8")
    sizes = {running_text(source).size for source in (VERSE, str(path), path, VERSE.split("\n"))}
    assert sizes == {39}
    assert running_text("A null \0 and a bell \a").size == 24
    with pytest.raises(CorpusError, match="no file 'missing\\.txt', and it looks like"):
        explain.windows("missing.txt")


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "The text is empty"),
        ("  \n ", {}, "The text is empty"),
        ("Salt", {}, "need 41 numbers, and this text has 7: 4 characters, 1 line break,"),
        (VERSE, {"length": 0}, "'length'"),
        (VERSE, {"length": 5, "stride": 0}, "'stride'"),
        (VERSE, {"length": 5, "lanes": -1}, "'lanes'"),
        (VERSE, {"length": 2.5}, "'length'"),
    ],
)
def test_impossible_sizes_are_refused(text: str, options: dict[str, int], message: str) -> None:
    with pytest.raises((SettingsError, CorpusError), match=message):
        explain.windows(text, **options)


def test_what_no_window_sees_is_said_with_numbers() -> None:
    text = str(explain.windows(VERSE, length=4, stride=9))
    assert "5 numbers between two windows are no input of any" in text
    assert "In all, 23 of 39 numbers are never an input (59%)" in text


def test_windows_crossing_a_whole_short_poem_count_once() -> None:
    corpus = quatrain.Corpus(
        "two",
        "",
        "",
        (Poem.from_text("ab"), Poem.from_text("c" * 9)),
        quatrain.records.CleaningReport(),
    )
    assert explain.windows(corpus, length=8, stride=20)["windows across a border"] == 1


@pytest.mark.parametrize(("length", "stride"), [(12, 5), (4, 9), (3, 1), (30, 7)])
def test_the_picture_has_the_characters_of_each_window_below_the_text(
    length: int, stride: int
) -> None:
    (picture,) = explain.windows(VERSE, length=length, stride=stride).pictures
    assert isinstance(picture, Grids)
    whole = f"⊢{VERSE}\n⊣".replace("\n", "↵").replace(" ", "␣")
    for (grid,) in picture.bands:
        text, *windows = grid.values
        for row, (values, outline) in enumerate(zip(windows, grid.outlines, strict=True), 1):
            inside = [column for _, column in outline.cells]
            shown = [column for column, value in enumerate(values) if value is not None]
            assert [values[column] for column in shown] == [text[column] for column in shown]
            assert shown == [*inside, inside[-1] + 1]
            assert {place for place, _ in outline.cells} == {row}
            start = int(grid.rows[row].removeprefix("window ")) * stride
            assert "".join(str(values[column]) for column in inside) in whole[start:]
        unseen = {column for _, column in grid.hatchings[1].cells}
        seen = {column for outline in grid.outlines for _, column in outline.cells}
        assert not unseen & seen


def test_the_picture_of_streams_has_the_lanes_of_the_first_steps_and_the_last() -> None:
    (picture,) = explain.streams(VERSE, length=6, lanes=2).pictures
    assert isinstance(picture, Grids)
    steps = ["".join(map(str, row)) for grid in picture.bands[0] for row in grid.values]
    assert steps == ["⊢Salt␣", "frost␣", "on␣the", "at␣a␣w", "␣sill,", "indow."]
    long = explain.streams("anthology").pictures[0]
    assert isinstance(long, Grids)
    assert [grid.title for grid in long.bands[0]] == ["Step 0", "Step 1", "Step 61"]
    assert long.bands[0][0].rows[-1] == "lane 15"


@pytest.mark.slow
def test_two_million_characters_are_counted_in_seconds(tmp_path: Path) -> None:
    """Only the ends are shown; no step of the work is one per window in Python."""
    words = np.array(["harbour", "lamp", "boat", "tide", "rain", "slate", "gate", "gull", "reed"])
    draw = np.random.default_rng(0)
    poems = ("\n".join(map(" ".join, draw.choice(words, (14, 8)))) for _ in range(3_000))
    path = tmp_path / "long.txt"
    path.write_text("\n\n\n".join(poems), encoding="utf-8")
    explanation = explain.windows(path, length=100, stride=1)
    total = explanation["T, the running text"]
    assert isinstance(total, int)
    assert total > 1_500_000
    assert explanation["windows"] == total - 100
    assert len(str(explanation)) < 20_000
