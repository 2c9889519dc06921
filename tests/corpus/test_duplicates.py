"""Near-duplicates against the resemblance computed outright."""

import itertools
import random
import re
from pathlib import Path

import pytest

from quatrain.config import Cleaning
from quatrain.corpus import duplicates as module
from quatrain.corpus import read
from quatrain.corpus.duplicates import Duplicates

SONNET = [
    f"This is line {number} of a poem on {word}" for number, word in enumerate("abcdefghijklmn")
]


def found(*poems: list[str], keep: bool = False) -> list[bool]:
    detector = Duplicates(keep=keep)
    try:
        return detector.add(["\n".join(poem) for poem in poems])
    finally:
        detector.close()


def test_the_same_poem_but_for_marks_and_case_is_a_duplicate() -> None:
    other = [f"  “{line.upper()}” —" for line in SONNET]
    assert found(SONNET, ["something else"], other) == [False, False, True]


def test_one_letter_in_one_line_is_a_duplicate() -> None:
    assert found(SONNET, [*SONNET[:-1], SONNET[-1] + "s"]) == [False, True]


def test_half_the_lines_of_both_is_the_threshold() -> None:
    # 10 lines in common of 14 + 14 - 10 = 18; 9 of 19 are fewer than half.
    new = [f"new line {number}" for number in range(14)]
    assert found(SONNET[:10] + new[:4], SONNET) == [False, True]
    assert found(SONNET[:9] + new[:5], SONNET) == [False, False]


def test_a_shared_refrain_or_epigraph_is_not_enough() -> None:
    poems = [[f"{word} {n}" for n in range(8)] + ["and the rain it rains"] * 8 for word in "abcd"]
    assert found(*poems) == [False] * 4


def test_poems_of_marks_alone_are_no_duplicates() -> None:
    assert found(["***"], ["---"], ["***"]) == [False, False, False]


def test_many_different_one_line_poems_stay() -> None:
    detector = Duplicates(keep=False)
    assert not any(detector.add([f"only line {number}" for number in range(100_000)]))
    assert detector.add(["Only Line 77,777!"]) == [True]
    detector.close()


def test_versions_of_a_version_left_out_are_left_out_too() -> None:
    b = SONNET[:10] + [f"other {number}" for number in range(4)]
    c = SONNET[3:10] + b[10:] + ["new 1", "new 2", "new 3"]
    assert found(SONNET, b, c) == [False, True, True]
    assert found(SONNET, c) == [False, False]


def test_kept_duplicates_are_grouped_through_one_another() -> None:
    a = [f"a {number}" for number in range(12)]
    c = [f"c {number}" for number in range(12)]
    b = a + c
    detector = Duplicates(keep=True)
    detector.add(["\n".join(poem) for poem in (a, ["z"], c, b)])
    assert detector.groups().tolist() == [0, 1, 0, 0]
    detector.close()


def made_up(seed: int, poems: int) -> list[list[str]]:
    """Poems of lines from a small stock, many of them partly alike."""
    draw = random.Random(seed)
    made = [[f"line {draw.randrange(400)}" for _ in range(draw.randint(1, 14))]]
    for _ in range(poems - 1):
        if draw.random() < 0.5:
            model = draw.choice(made)
            made.append(
                [line if draw.random() < 0.8 else f"line {draw.randrange(400)}" for line in model]
            )
        else:
            made.append([f"line {draw.randrange(4000)}" for _ in range(draw.randint(1, 14))])
    return made


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("batch", [1, 17, 1000])
def test_against_all_pairs(seed: int, batch: int) -> None:
    poems = made_up(seed, 200)
    sets = [{re.sub(r"\W", "", line) for line in poem} for poem in poems]
    wanted = []
    for number, lines in enumerate(sets):
        best = max((len(lines & each) / len(lines | each) for each in sets[:number]), default=0)
        wanted.append(best >= module.THRESHOLD)
    detector = Duplicates(keep=False)
    texts = ["\n".join(poem) for poem in poems]
    seen = [
        each
        for start in range(0, 200, batch)
        for each in detector.add(texts[start : start + batch])
    ]
    detector.close()
    pairs = list(zip(seen, wanted, strict=True))
    assert sum(wanted) > 40
    assert not any(found and not there for found, there in pairs)
    assert sum(there and not found for found, there in pairs) <= 0.05 * sum(wanted)


def test_the_table_grows_without_forgetting(monkeypatch: pytest.MonkeyPatch) -> None:
    detector = Duplicates(keep=False)
    poems = [f"first {number}\nsecond {number}\nthird {number}" for number in range(40_000)]
    assert not any(detector.add(poems[:20_000]))
    assert not any(detector.add(poems[20_000:]))
    assert all(detector.add(poems[::7]))
    detector.close()


@pytest.mark.slow
def test_the_work_is_about_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    compare, compared = Duplicates._resemblance, [0]

    def counted(detector: Duplicates, one: int, other: int) -> float:
        compared[0] += 1
        return compare(detector, one, other)

    monkeypatch.setattr(Duplicates, "_resemblance", counted)
    detector = Duplicates(keep=False)
    for start in range(0, 20_000, 5_000):
        poems = range(start, start + 5_000)
        detector.add([f"one {n}\ntwo {n // 2}\nthree {n // 3}\nrefrain" for n in poems])
    detector.close()
    assert compared[0] <= 6 * 20_000, "every poem is compared with a few, however common a line"


def test_the_first_stays_and_the_others_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    versions = ["\n".join(SONNET), "\n".join(SONNET).upper(), "quite\nanother"]
    path.write_text("\n\n\n".join(versions), encoding="utf-8")
    corpus = read(path)
    assert [poem.text for poem in corpus.poems] == [versions[0], versions[2]]
    assert (corpus.report.duplicates, corpus.report.dropped) == (1, 1)
    corpus = read(path, cleaning=Cleaning(drop_duplicates=False))
    assert [poem.text for poem in corpus.poems] == versions
    assert (corpus.report.duplicates, corpus.report.dropped) == (1, 0)


def test_line_hashes_do_not_meet() -> None:
    lines = ["".join(pair) for pair in itertools.product("abcdefgh", repeat=6)]
    hashes, counts = module._line_hashes(["\n".join(lines)])
    assert len(set(hashes.tolist())) == len(lines) == counts.sum()
