"""Groups of poems compared: numbers worked by hand, intervals against references, mistakes."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from quatrain.cli import app
from quatrain.errors import OutputError, SettingsError
from quatrain.page import group_comparison as page
from quatrain.records import Estimate, GroupComparison, Heatmap, Measure
from quatrain.scale import ScanOptions, compare, scan_corpus
from quatrain.scale.comparison.bootstrap import GroupEstimates, differences, estimates_of
from quatrain.scale.comparison.counting import BASES, Counts, _schemes
from quatrain.scale.comparison.grouping import Labels, in_order, keys_of, name_of
from quatrain.scale.comparison.measures import Amounts
from quatrain.scale.provenance import FILE

stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
pytest.importorskip("pyarrow", reason="pyarrow is not installed")

RUN = CliRunner()
COUPLETS = (
    ["The lamps are lit along the quay", "and all the boats have put to sea"],
    ["The baker leaves his loaves to cool", "The children run away to school"],
)
PROSE = ["A gull comes in", "against everything that the morning had", "promised"]


def write(path: Path, poems: list[tuple[list[str], str, int | None, str]]) -> Path:
    rows = [
        json.dumps({"id": f"p{n}", "lines": lines, "author": author, "year": year, "book": book})
        for n, (lines, author, year, book) in enumerate(poems)
    ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def results(folder: Path, kind: str = "parquet") -> Path:
    """Thirty poems: Ada's couplets of the 1810s and 1820s, Ben's prose, one by Cy, one unsigned."""
    poems: list[tuple[list[str], str, int | None, str]] = [
        (COUPLETS[n % 2] * (1 + n % 3), "Ada", 1810 + n, "Quays") for n in range(16)
    ]
    poems += [(PROSE, "Ben", 1795 + n, "Mornings") for n in range(12)]
    poems += [(COUPLETS[0], "Cy", None, "Quays"), (PROSE, "", 1900, "")]
    source = write(folder / "poems.jsonl", poems)
    scan_corpus(source, folder / f"of-{kind}", ScanOptions(format=kind))
    return folder / f"of-{kind}"


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return results(tmp_path_factory.mktemp("comparison"))


def estimate(record: GroupComparison, group: str, section: str, name: str) -> Estimate | None:
    place = next(
        number
        for number, measure in enumerate(record.measures)
        if (measure.section, measure.name) == (section, name)
    )
    return next(other for other in record.groups if other.name == group).estimates[place]


def value(record: GroupComparison, group: str, section: str, name: str) -> float:
    found = estimate(record, group, section, name)
    assert found is not None
    return found.value


def test_shares_are_those_of_the_tables(scanned: Path) -> None:
    import pyarrow.parquet as pq

    record = compare(scanned, by="author", groups=("Ada", "Ben"))
    poems = [
        poem for poem in pq.read_table(scanned / "poems").to_pylist() if poem["author"] == "Ada"
    ]
    own = {poem["poem_id"] for poem in poems}
    lines, pairs = (
        [row for row in pq.read_table(scanned / table).to_pylist() if row["poem_id"] in own]
        for table in ("lines", "rhymes")
    )
    ada = record.groups[0]
    assert (ada.name, ada.poems, ada.lines) == ("Ada", 16, len(lines))
    metres = Counter(poem["metre"] for poem in poems if poem["foot"] != "free")
    for metre, count in metres.items():
        assert value(record, "Ada", "metres", metre) == pytest.approx(100 * count / metres.total())
    assert value(record, "Ada", "regularity", "lines in the metre") == pytest.approx(
        100 * np.mean([poem["regularity"] for poem in poems if poem["foot"] != "free"])
    )
    syllables = [line["syllables"] for line in lines]
    assert value(record, "Ada", "syllables in a line", "mean") == pytest.approx(np.mean(syllables))
    assert value(record, "Ada", "syllables in a line", "8 syllables") == pytest.approx(
        100 * syllables.count(8) / len(syllables)
    )
    rhyming = sum(line["rhyme"] is not None for line in lines)
    assert value(record, "Ada", "rhyme", "lines that rhyme") == pytest.approx(
        100 * rhyming / len(lines)
    )
    distances = Counter(pair["distance"] for pair in pairs)
    assert value(record, "Ada", "distance of rhymes", "1 line apart") == pytest.approx(
        100 * distances[1] / len(pairs)
    )
    names = Counter(variation.split(" (")[0] for line in lines for variation in line["variations"])
    for place in record.section("variations"):
        found = ada.estimates[place]
        assert found is not None
        assert found.value == pytest.approx(100 * names[record.measures[place].name] / len(lines))
    assert value(record, "Ada", "schemes of stanzas", "aa") == pytest.approx(100 * 6 / 16)


def test_shares_of_a_whole_sum_up(scanned: Path) -> None:
    record = compare(scanned, by="author", most=2, least=1)
    for section in ("feet", "syllables in a line", "schemes of stanzas"):
        places = [
            place for place in record.section(section) if record.measures[place].name != "mean"
        ]
        for group in record.groups:
            shares = [group.estimates[place] for place in places]
            assert sum(share.value for share in shares if share) == pytest.approx(100)


def test_csv_tables_give_the_same(scanned: Path, tmp_path: Path) -> None:
    other = compare(results(tmp_path, "csv"), by="author,decade")
    record = compare(scanned, by="author,decade")
    assert (other.measures, other.groups, other.notes) == (
        record.measures,
        record.groups,
        record.notes,
    )


def amounts(numerators: list[float], bases: list[float], unit: str = "syllables") -> Amounts:
    table = np.zeros((len(bases), len(BASES)))
    table[:, 0] = bases
    column = np.array(numerators, dtype=float)[:, None]
    return Amounts((Measure("test", "test", unit, "poems"),), column, table, np.array([0]))


def estimates(made: Amounts, seed: int = 0, resamples: int = 1_000) -> Estimate:
    everything = np.arange(len(made.bases))
    found = estimates_of(made, everything, resamples, np.random.default_rng(seed)).estimates[0]
    assert found is not None
    return found


def test_the_interval_is_that_of_resamples_drawn_one_by_one() -> None:
    draw = np.random.default_rng(5)
    numbers, weights = draw.integers(0, 9, 30).astype(float), draw.integers(1, 5, 30).astype(float)
    found = estimates(amounts(list(numbers), list(weights)), seed=3)
    generator = np.random.default_rng(3)
    ratios = []
    for _ in range(1_000):
        chosen = generator.integers(0, 30, 30)
        ratios.append(numbers[chosen].sum() / weights[chosen].sum())
    assert found.value == pytest.approx(numbers.sum() / weights.sum())
    assert (found.low, found.high) == pytest.approx(np.percentile(ratios, [2.5, 97.5]))


@pytest.mark.slow
def test_the_interval_of_a_mean_is_that_of_scipy() -> None:
    numbers = np.random.default_rng(2).gamma(2.0, 3.0, 60)
    found = estimates(amounts(list(numbers), [1.0] * 60), resamples=20_000)
    reference = stats.bootstrap(
        (numbers,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx((reference.low, reference.high), rel=0.01)


@pytest.mark.slow
def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Poems of 1 to 12 lines whose rate differs from poem to poem, 40 at a time."""
    draw = np.random.default_rng(8)
    hits = 0
    for trial in range(400):
        lines = draw.integers(1, 13, 40)
        rates = draw.beta(2, 6, 40)
        counts = draw.binomial(lines, rates)
        found = estimates(
            amounts(list(100.0 * counts), list(map(float, lines)), "%"), trial, resamples=400
        )
        hits += found.low <= 25 <= found.high
    assert 0.90 <= hits / 400 <= 0.98


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=12),
    st.integers(0, 1_000),
)
def test_the_interval_contains_the_estimate(poems: list[tuple[int, int]], seed: int) -> None:
    made = amounts([100.0 * min(a, b) for a, b in poems], [float(b) for _, b in poems], "%")
    generator = np.random.default_rng(seed)
    found = estimates_of(made, np.arange(len(poems)), 100, generator)
    (one,) = found.estimates
    if not sum(b for _, b in poems):
        assert one is None
        return
    assert one is not None
    assert 0 <= one.low <= one.value <= one.high <= 100.0000001
    (difference,) = differences(found, found)
    assert difference is not None
    assert difference.low <= difference.value == 0 <= difference.high


@pytest.mark.parametrize("poems", [1, 7, 66])
def test_what_no_poem_has_may_still_occur(poems: int) -> None:
    none = estimates(amounts([0.0] * poems, [3.0] * poems, "%"))
    every = estimates(amounts([300.0] * poems, [3.0] * poems, "%"))
    exact = stats.binomtest(0, poems).proportion_ci(method="exact")
    assert (none.low, none.value, none.high) == pytest.approx((0, 0, 100 * exact.high))
    assert (every.low, every.value, every.high) == pytest.approx((100 - 100 * exact.high, 100, 100))


def test_a_rare_thing_does_not_differ_from_none_in_a_few_poems() -> None:
    def group(numerators: list[float], seed: int) -> GroupEstimates:
        made = amounts(numerators, [1.0] * len(numerators), "%")
        poems = np.arange(len(numerators))
        return estimates_of(made, poems, 1_000, np.random.default_rng(seed))

    few, many = group([0.0] * 20, 1), group([100.0] * 50 + [0.0] * 950, 2)
    (difference,) = differences(few, many)
    assert difference is not None
    assert difference.value == pytest.approx(-5)
    assert not difference.excludes_zero


def test_differences_are_told_in_both_directions(scanned: Path) -> None:
    there = compare(scanned, by="author", groups=("Ada", "Ben"))
    back = compare(scanned, by="author", groups=("Ben", "Ada"))
    assert there.measures == back.measures
    assert there.groups == tuple(reversed(back.groups))
    for one, other in zip(there.differences, back.differences, strict=True):
        assert (one is None) == (other is None)
        if one and other:
            assert (one.value, one.low, one.high) == pytest.approx(
                (-other.value, -other.high, -other.low), abs=0.02
            )
    place = there.section("rhyme")[0]
    rhyme = there.differences[place]
    assert rhyme is not None
    assert rhyme.excludes_zero
    shown = str(page.as_explanation(there))
    assert "lines that rhyme, more frequent in Ada than in Ben" in shown
    assert "lines that rhyme, rarer in Ben than in Ada" in str(page.as_explanation(back))


def test_the_draws_of_a_group_depend_on_its_name_and_the_seed_alone(scanned: Path) -> None:
    alone = compare(scanned, by="author", groups=("Ada",), seed=4)
    beside = compare(scanned, by="author", groups=("Ben", "Ada"), seed=4)
    other = compare(scanned, by="author", groups=("Ada",), seed=5)
    name = ("Ada", "syllables in a line", "8 syllables")
    assert estimate(alone, *name) == estimate(beside, *name)
    assert alone.groups != other.groups
    assert "There is only one group." in alone.notes


def test_small_groups_are_together_and_told(scanned: Path) -> None:
    record = compare(scanned, by="author", least=5)
    assert [(group.name, group.poems) for group in record.groups] == [
        ("Ada", 16),
        ("Ben", 12),
        ("others (2 groups)", 2),
    ]
    assert "2 groups of fewer than 5 poems are together as others (2 poems)." in record.notes
    assert "Fewer than 5 poems, so that intervals are rough: others (2 groups)." in record.notes
    assert record.differences == ()


def test_groups_by_time_are_in_the_order_of_time(scanned: Path) -> None:
    record = compare(scanned, by="decade", least=1)
    assert [group.name for group in record.groups] == [
        "1790s",
        "1800s",
        "1810s",
        "1820s",
        "1900s",
        "no decade",
    ]
    record = compare(scanned, by="century, author", least=1)
    assert [group.name for group in record.groups][:3] == [
        "18th century, Ben",
        "19th century, Ada",
        "19th century, Ben",
    ]
    assert [group.name for group in compare(scanned, by="book", least=1).groups] == [
        "Quays",
        "Mornings",
        "no book",
    ]


def test_years_before_christ() -> None:
    labels = Labels(("century", "decade"))
    rows = [labels.of({"year": year}) for year in (-44, -100, -99, 1, 100, 101, 1900, 2112, None)]
    assert [name_of(row[:1], ("century",)) for row in rows] == [
        "1st century BC",
        "2nd century BC",
        "1st century BC",
        "1st century",
        "1st century",
        "2nd century",
        "19th century",
        "22nd century",
        "no century",
    ]
    centuries = Counter(row[:1] for row in rows)
    assert [label[0] for label in in_order(centuries, ("century",), ())] == [
        "2nd century BC",
        "1st century BC",
        "1st century",
        "2nd century",
        "19th century",
        "22nd century",
        None,
    ]


def test_the_scheme_of_a_stanza_starts_from_a() -> None:
    letters = ["C", "D", None, "C", "D", "A2", "A2", "E"]
    assert list(_schemes([1, 1, 1, 1, 2, 3, 3, 3], letters)) == ["abxa", "aab"]
    assert list(_schemes([1] * 21, ["A"] * 21)) == []
    assert list(_schemes([], [])) == []


def test_counts_of_some_poems() -> None:
    counts = Counts()
    for number in range(4):
        counts.add((str(number),), {("feet", "iambic"): 1, ("lengths", str(number)): number + 1})
    some = counts.only(np.array([1, 3]))
    assert some.labels == [("1",), ("3",)]
    assert set(some.places) == {("feet", "iambic"), ("lengths", "1"), ("lengths", "3")}
    names = {place: name for name, place in some.places.items()}
    assert sorted(
        (poem, names[count], amount) for poem, count, amount in zip(*some.triplets, strict=True)
    ) == [
        (0, ("feet", "iambic"), 1),
        (0, ("lengths", "1"), 2),
        (1, ("feet", "iambic"), 1),
        (1, ("lengths", "3"), 4),
    ]


def told(call: Callable[[], object]) -> str:
    with pytest.raises((SettingsError, OutputError)) as caught:
        call()
    return str(caught.value)


def test_mistakes_are_told(scanned: Path, tmp_path: Path) -> None:
    assert "There is nothing to compare" in told(lambda: compare(scanned))
    assert "Did you mean 'author'?" in told(lambda: compare(scanned, by="auhtor"))
    assert "Did you mean 'book'?" in told(lambda: compare(scanned, by="bok"))
    assert "Name every key once" in told(lambda: keys_of("author,author"))
    assert "Did you mean 'Ada'?" in told(lambda: compare(scanned, by="author", groups=("Adda",)))
    assert "There is no group 'Zoe'. The groups are Ada, Ben" in told(
        lambda: compare(scanned, by="author", groups=("Zoe",))
    )
    assert "a whole number from 100" in told(lambda: compare(scanned, by="author", resamples=9))
    assert "quatrain scan anthology --out anthology-results" in told(
        lambda: compare(scanned, "anthology")
    )
    assert "quatrain scan gutenberg:1041 --out gutenberg-1041-results" in told(
        lambda: compare(scanned, "gutenberg:1041")
    )
    assert f"There is no folder {tmp_path / 'off'}" in told(
        lambda: compare(scanned, tmp_path / "off")
    )
    assert "holds no results of a scan" in told(lambda: compare(scanned, tmp_path))
    undated = write(tmp_path / "undated.jsonl", [(PROSE, "Ben", None, "")])
    scan_corpus(undated, tmp_path / "undated")
    assert "No poem has a decade. If a field of the source holds the year" in told(
        lambda: compare(tmp_path / "undated", by="decade")
    )
    empty = results(tmp_path)
    for part in (empty / "poems").iterdir():
        part.unlink()
    assert "have no poems" in told(lambda: compare(scanned, empty))


def test_damaged_results_are_told(tmp_path: Path) -> None:
    folder = results(tmp_path)
    part = next((folder / "lines").iterdir())
    part.write_bytes(part.read_bytes()[:100])
    assert "can't be read as a part of the table lines" in told(
        lambda: compare(folder, by="author")
    )
    part.unlink()
    assert f"{part.name} is missing" in told(lambda: compare(folder, by="author"))


def test_results_that_are_not_finished_are_compared_with_a_note(tmp_path: Path) -> None:
    folder = results(tmp_path)
    record = json.loads((folder / FILE).read_text(encoding="utf-8"))
    record.update(finished=False, quatrain="0.0.0")
    other = results(tmp_path, "csv")
    (folder / FILE).write_text(json.dumps(record), encoding="utf-8")
    notes = compare(folder, other).notes
    assert any("is not finished" in note for note in notes)
    assert any("different versions" in note for note in notes)


@pytest.mark.slow
def test_the_command_prints_a_table_json_csv_and_latex(scanned: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    command = ["compare", str(scanned), "--by", "author", "--group", "Ada", "--group", "Ben"]
    table = RUN.invoke(app, command)
    assert table.exit_code == 0, table.output
    assert "What differs" in table.stdout
    read = json.loads(RUN.invoke(app, [*command, "--json"]).stdout)
    assert [group["name"] for group in read["groups"]] == ["Ada", "Ben"]
    assert read["by"] == ["author"]
    assert len(read["differences"]) == len(read["groups"][0]["measures"])
    rows = list(csv.DictReader(RUN.invoke(app, [*command, "--csv"]).stdout.splitlines()))
    assert len(rows) == 2 * len(read["differences"])
    assert float(rows[0]["low"]) <= float(rows[0]["value"]) <= float(rows[0]["high"])
    assert "\\begin{" in RUN.invoke(app, [*command, "--latex"]).stdout
    assert "\\documentclass" in RUN.invoke(app, [*command, "--latex", "--document"]).stdout
    drawn = RUN.invoke(app, [*command, "--figure", str(tmp_path)])
    assert drawn.exit_code == 0, drawn.output
    assert (tmp_path / "metres.png").read_bytes()[:4] == b"\x89PNG"
    wrong = RUN.invoke(app, [*command, "--json", "--csv"])
    assert wrong.exit_code == 1
    many = RUN.invoke(app, ["compare", str(scanned), "--by", "decade", "--least", "1"])
    assert "commonest" in many.stdout


def test_a_comparison_shows_itself(scanned: Path) -> None:
    record = compare(scanned, by="decade", least=1)
    assert "<table" in record._repr_html_()
    assert "\\begin{" in record._repr_latex_()
    (picture, *_) = page.as_explanation(record, pictures=True).pictures
    assert isinstance(picture, Heatmap)
    assert picture.x == ("1790s", "1800s", "1810s", "1820s", "1900s", "no decade")
