"""A trained poet, opened: on poets whose cells are known because they were built by hand."""

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quatrain.corpus import Vocabulary
from quatrain.errors import CorpusError, SettingsError
from quatrain.explain.inspection import cells as room
from quatrain.explain.inspection import sample as drawing
from quatrain.explain.inspection.cells import (
    SHIFTS,
    CellMeasurements,
    FeatureTracking,
    Saturation,
    Tracker,
    _Sums,
    measure_cells,
)
from quatrain.explain.inspection.diagnosis import Memory, diagnose
from quatrain.explain.inspection.features import FEATURES, features, quotation_mask
from quatrain.explain.inspection.report import SHOWN_CHARACTERS, inspect
from quatrain.explain.inspection.sample import PIECE_CHARACTERS, Sample, sample
from quatrain.layers import sigmoid
from quatrain.poet import CharacterPoet
from quatrain.poet.network import CharacterSize
from quatrain.records import Chart, Explanation, Heatmap, Note, Poem, Table

LETTERS = "\n ,ABTabcdehimnorstuwy"
HIDDEN = 8
COUNTER, LETTER, DEAD = 2, 5, 7


def verses(count: int, seed: int = 0) -> list[Poem]:
    draw = np.random.default_rng(seed)
    words = "the moon is tired, and the tide has wandered home; Be still".replace(";", ",")
    known = ["".join(c for c in word if c in LETTERS) for word in words.split()]
    return [
        Poem.from_lines([" ".join(draw.choice(known, draw.integers(2, 9))) for _ in range(6)])
        for _ in range(count)
    ]


def tensors(layers: int = 1, scale: float = 0.5, seed: int = 0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    size = CharacterSize(alphabet=len(LETTERS) + 3, embedding=4, hidden=HIDDEN, layers=layers)
    return {
        name: draw.normal(0, scale, shape).astype(np.float32) for name, shape in size.shapes.items()
    }


def poet(made: dict[str, np.ndarray]) -> CharacterPoet:
    return CharacterPoet(made, Vocabulary(tuple(sorted(LETTERS))), name="tiny")


@pytest.fixture(scope="module")
def built() -> CharacterPoet:
    """One layer whose cell 2 counts characters and is cleared by a line break, whose cell 5 is
    1 at letters, and whose cell 7 never shows anything."""
    made = tensors()
    vocabulary = Vocabulary(tuple(sorted(LETTERS)))
    embedding = np.zeros_like(made["embedding.weight"])
    embedding[:, 3] = np.random.default_rng(1).normal(0, 1, len(embedding))
    for number, character in enumerate(vocabulary.characters, start=3):
        embedding[number, 0] = character == "\n"
        embedding[number, 1] = character.isalpha()
    weights, bias = made["lstm.0.weight_input"], made["lstm.0.bias"]
    recurrent = made["lstm.0.weight_hidden"]
    for cell in (COUNTER, LETTER, DEAD):
        rows = [gate * HIDDEN + cell for gate in range(4)]  # input, forget, candidate, output
        weights[rows], recurrent[rows], bias[rows] = 0.0, 0.0, 0.0
        i, f, g, o = rows
        if cell == COUNTER:  # c = f c + 0.01, f = 0 at a line break and 1 elsewhere
            bias[i], bias[f], bias[g], bias[o] = 30, 30, math.atanh(0.01), -30
            weights[f, 0] = -60
            weights[i, 0] = -60
        if cell == LETTER:  # c = tanh of whether it is a letter
            bias[i], bias[f], bias[o] = 30, -30, 30
            weights[g, 1] = 2
        if cell == DEAD:
            bias[o] = -30
    made["embedding.weight"] = embedding.astype(np.float32)
    return poet(made)


@pytest.fixture(scope="module")
def found(built: CharacterPoet) -> CellMeasurements:
    return measure_cells(built, verses(40), seed=0)


@pytest.fixture(scope="module")
def opened(built: CharacterPoet) -> Explanation:
    return inspect(built, "the moon\nis Tired", corpus=verses(40))


def part(explanation: Explanation, title: str) -> Table:
    [table] = [
        each for each in explanation.parts if isinstance(each, Table) and each.title == title
    ]
    return table


def picture(explanation: Explanation, name: str) -> Heatmap:
    [heatmap] = [each for each in explanation.pictures if each.name == name]
    assert isinstance(heatmap, Heatmap)
    return heatmap


# What a cell might track


def test_features_by_hand() -> None:
    found = dict(zip(FEATURES, features("It's,\né 'X.'").T.astype(int).tolist(), strict=True))
    #                                    ▷  I  t  '  s  ,  ↵  é     '  X  .  '
    assert found == {
        "position in the line":         [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 6],
        "position in the poem":         [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1],
        "inside a word":                [0, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0],
        "position in the word":         [0, 1, 2, 3, 4, 0, 0, 1, 0, 0, 1, 0, 0],
        "just after a line break":      [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        "inside a quotation":           [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0],
        "at a vowel":                   [0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        "at a capital":                 [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "open_at"),
    [
        ('say "no" and go', '"no'),
        ('"one" and "two"', '"one"two'),
        ("“so” he said", "“so"),
        ("« oui » dit-il", "« oui "),
        ("„ja“, sagt er", "„ja"),
        ('never "closed', ""),
        ("the lover's heart, o'er all lovers' hearts", ""),
        ("'Fair, kind, and true,' is all", "'Fair, kind, and true,"),
        ("'Tis so; he said 'Thou liest!' and went", "'Thou liest!"),
        ("'Thus, 'tis over.'", "'Thus, 'tis over."),
        ("I am 'Will.' and 'Will.'", "'Will.'Will."),
        ("", ""),
    ],
)
def test_where_a_quotation_is_open(text: str, open_at: str) -> None:
    where = quotation_mask(text)
    assert where.shape == (len(text),)
    assert "".join(c for c, inside in zip(text, where, strict=True) if inside) == open_at


@given(st.text(alphabet="ab'\"\n ,.E", max_size=60))
def test_features_count_as_they_should(text: str) -> None:
    whole = features(text)
    assert whole.shape == (len(text) + 1, len(FEATURES))
    assert (whole >= 0).all()
    assert (whole[1:, 0] == [len(text[: n + 1].split("\n")[-1]) for n in range(len(text))]).all()
    assert whole[-1, 1] == text.count("\n")
    for column in (2, 4, 5, 6, 7):
        assert set(whole[:, column].tolist()) <= {0.0, 1.0}


LOOKING_AHEAD = [
    FEATURES.index(name) for name in ("inside a word", "position in the word", "inside a quotation")
]


@given(st.text(alphabet="ab'’\"\n ,.E", max_size=40))
def test_what_is_still_to_come_changes_the_features_only_where_it_is_said(text: str) -> None:
    whole = features(text)
    for n in range(len(text) + 1):
        so_far = features(text[:n])
        np.testing.assert_array_equal(
            np.delete(whole[: n + 1], LOOKING_AHEAD, axis=1),
            np.delete(so_far, LOOKING_AHEAD, axis=1),
        )
        known = n if text[:n].endswith(("'", "’")) else n + 1  # but for an apostrophe just read
        words = LOOKING_AHEAD[:2]
        np.testing.assert_array_equal(whole[:known, words], so_far[:known, words])


def test_an_apostrophe_and_a_quotation_look_ahead() -> None:
    word, position, quotation = LOOKING_AHEAD
    assert features("it's")[3, [word, position]].tolist() == [1, 3]
    assert features("it'")[3, [word, position]].tolist() == [0, 0]
    assert features('"a"')[1:, quotation].tolist() == [1, 1, 0]
    assert features('"a')[1:, quotation].tolist() == [0, 0]


# The search over cells


def test_the_cells_that_were_built_are_found_on_poems_not_searched(found: CellMeasurements) -> None:
    by_name = {tracking.feature: tracking for tracking in found.tracking}
    line, word = by_name["position in the line"], by_name["inside a word"]
    assert (line.cells[0].layer, line.cells[0].number) == (0, COUNTER)
    assert line.cells[0].held_out == pytest.approx(1.0, abs=1e-3)
    assert (word.cells[0].layer, word.cells[0].number) == (0, LETTER)
    assert word.cells[0].held_out == pytest.approx(1.0, abs=1e-4)  # float32 on any processor
    for tracking in (line, word):
        assert tracking.best_is_beyond_chance
        assert tracking.chance < 0.3
        r = [abs(cell.searched) for cell in tracking.cells]
        assert len(r) == 3
        assert r == sorted(r, reverse=True)
    assert by_name["inside a quotation"].cells == ()
    assert not by_name["inside a quotation"].best_is_beyond_chance


def test_correlations_are_those_of_the_cells_read_one_step_at_a_time(
    built: CharacterPoet, found: CellMeasurements
) -> None:
    layer, embedding = built.network.lstm.layers[0], built.network.embedding
    for half, count in enumerate(found.sample.characters):
        states, labels = [], []
        for text in found.sample.halves[half]:
            state = layer.start(1)
            ids = [Vocabulary.START, *built.vocabulary.encode(text).tolist()]
            for time, number in enumerate(ids):
                _, state = layer.step(embedding.value(np.array([number])), state)
                if time:
                    states.append(state.cell[0])
            labels.append(features(text)[1:])
        cells, columns = np.array(states), np.concatenate(labels)
        assert len(cells) == len(columns) == count
        for number, tracking in enumerate(found.tracking):
            for cell in tracking.cells:
                expected = np.corrcoef(cells[:, cell.number], columns[:, number])[0, 1]
                told = cell.held_out if half else cell.searched
                assert told == pytest.approx(expected, abs=1e-5)


def test_gates_and_dead_cells_are_counted(built: CharacterPoet, found: CellMeasurements) -> None:
    layer, embedding = built.network.lstm.layers[0], built.network.embedding
    low, high, total = np.zeros(4), np.zeros(4), 0
    shown = []
    for text in found.sample.texts:
        state = layer.start(1)
        for time, number in enumerate([Vocabulary.START, *built.vocabulary.encode(text).tolist()]):
            vector = embedding.value(np.array([number]))
            summed = (
                vector @ layer.weight_input.T + state.hidden @ layer.weight_hidden.T + layer.bias
            )
            _, state = layer.step(vector, state)
            if time:
                gates = sigmoid(summed[0]).reshape(4, HIDDEN)
                low += (gates < 0.1).sum(axis=1)
                high += (gates > 0.9).sum(axis=1)
                total += HIDDEN
                shown.append(state.hidden[0])
    expected = [
        Saturation(0, gate, low[row] / total, high[row] / total)
        for gate, row in (("input", 0), ("forget", 1), ("output", 3))
    ]
    for told, wanted in zip(found.saturation, expected, strict=True):
        assert (told.layer, told.gate) == (wanted.layer, wanted.gate)
        assert (told.low, told.high) == pytest.approx((wanted.low, wanted.high), abs=1e-3)
    still = np.flatnonzero(np.std(shown, axis=0) < 0.01)
    assert found.dead == tuple((0, int(cell)) for cell in still)
    assert {(0, COUNTER), (0, DEAD)} <= set(found.dead), "one that shows nothing is dead"
    assert found.cells == HIDDEN


def test_where_there_is_nothing_to_find_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Features that know nothing of the text: the search flatters itself, the check does not."""
    draw = np.random.default_rng(3)

    def blind(text: str) -> np.ndarray:
        steps = draw.normal(0, 1, (1 + len(text), len(FEATURES)))
        return np.cumsum(steps, axis=0).astype(np.float32)  # slow, as a cell's values are

    monkeypatch.setattr(room, "features", blind)
    made = poet(tensors())
    tracking = [each for seed in range(5) for each in measure_cells(made, verses(8), seed).tracking]
    searched = np.mean([abs(each.cells[0].searched) for each in tracking])
    held_out = np.mean([abs(each.cells[0].held_out) for each in tracking])
    assert held_out < 0.75 * searched
    assert sum(each.best_is_beyond_chance for each in tracking) <= 4, (
        "two of forty are expected by chance"
    )


def test_features_are_never_rolled_back_to_where_they_were(built: CharacterPoet) -> None:
    sums = _Sums(built)
    for _ in range(4):  # two characters: any roll but a whole one turns 0 1 to 1 0
        sums.read(["a\n"] * 10, np.random.default_rng(0))
    r = sums.correlations()[:, :, FEATURES.index("just after a line break")]
    assert np.abs(r[:, 0]).max() > 0.9
    np.testing.assert_allclose(r[:, 1:], np.repeat(-r[:, :1], SHIFTS, axis=1), atol=1e-5)
    sums.read(["\n"], np.random.default_rng(0))  # there is no other way to roll one character


def test_found_asks_for_the_same_direction() -> None:
    best = Tracker(0, 1, 0.5, 0.4)
    assert FeatureTracking("a", (best,), 0.3).best_is_beyond_chance
    assert not FeatureTracking("a", (best,), 0.4).best_is_beyond_chance
    assert not FeatureTracking("a", (replace(best, held_out=-0.4),), 0.3).best_is_beyond_chance
    assert FeatureTracking("a", (Tracker(0, 1, -0.5, -0.4),), 0.3).best_is_beyond_chance
    assert not FeatureTracking("a", (), 0.3).best_is_beyond_chance
    other = replace(best, number=2, held_out=0.2)
    tracking = FeatureTracking("a", (best, other), 0.3)
    assert [tracking.is_beyond_chance(cell) for cell in tracking.cells] == [True, False]


def test_layers_are_told_apart() -> None:
    found = measure_cells(poet(tensors(layers=2)), verses(6), seed=0)
    assert found.cells == 2 * HIDDEN
    assert [each.layer for each in found.saturation] == [0, 0, 0, 1, 1, 1]
    every = {(c.layer, c.number) for each in found.tracking for c in each.cells}
    assert {layer for layer, _ in every} == {0, 1}
    assert all(0 <= number < HIDDEN for _, number in every)


def test_the_same_seed_opens_the_same(built: CharacterPoet, found: CellMeasurements) -> None:
    assert measure_cells(built, verses(40), seed=0) == found
    assert measure_cells(built, verses(40), seed=1).sample != found.sample


# The sample


def test_a_sample_is_whole_poems_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    poems = verses(40)
    texts = {poem.text + "\n" for poem in poems}
    monkeypatch.setattr(drawing, "SAMPLE_CHARACTERS", 2000)
    drawn = sample(poems, np.random.default_rng(0))
    assert drawn.separate_poems
    assert set(drawn.texts) <= texts
    assert len(set(drawn.texts)) == len(drawn.texts)
    for half, characters in zip(drawn.halves, drawn.characters, strict=True):
        assert sum(map(len, half)) == characters >= 1000 > sum(map(len, half[:-1]))


def long_poem(name: str, lines: int = 1000) -> Poem:
    return Poem.from_lines([f"{name} {number} of many" for number in range(lines)])


@given(st.lists(st.integers(1, 400), min_size=2, max_size=6), st.integers(0, 5))
def test_no_poem_is_in_both_halves(lengths: list[int], seed: int) -> None:
    poems = [long_poem(f"poem{number}", lines) for number, lines in enumerate(lengths)]
    drawn = sample(poems, np.random.default_rng(seed))
    assert drawn.separate_poems
    searched, held_out = ({line.split()[0] for text in half for line in text.splitlines()}
                          for half in drawn.halves)  # fmt: skip
    assert searched
    assert held_out
    assert not searched & held_out


def test_the_second_of_two_poems_is_read_however_long_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "SAMPLE_CHARACTERS", 8000)
    for seed in range(4):
        drawn = sample([long_poem("long"), long_poem("short", 3)], np.random.default_rng(seed))
        assert sorted(half[0].split()[0] for half in drawn.halves) == ["long", "short"]
        assert 4000 <= max(drawn.characters) < 4000 + PIECE_CHARACTERS


def test_a_long_poem_is_read_in_pieces_of_whole_lines() -> None:
    poem = long_poem("line")
    drawn = sample([poem], np.random.default_rng(0))
    assert not drawn.separate_poems
    pieces = [""] * len(drawn.texts)
    pieces[::2], pieces[1::2] = drawn.halves
    assert "".join(pieces) == poem.text + "\n"
    assert all(piece.endswith("\n") and len(piece) <= PIECE_CHARACTERS for piece in pieces)
    drawn = sample([Poem.from_lines(["x" * 3000, "y"])], np.random.default_rng(0))
    assert drawn == Sample((("x" * 3000 + "\n",), ("y\n",)), separate_poems=False)


def test_a_poem_without_a_character_is_none() -> None:
    empty = Poem.from_lines([])
    with pytest.raises(CorpusError, match=r"got 1; expected at least two"):
        sample([empty, Poem.from_lines(["the moon"]), empty], np.random.default_rng(0))
    drawn = sample([empty, long_poem("line")], np.random.default_rng(0))
    assert all(drawn.halves), "one poem beside an empty one is one poem"
    assert not drawn.separate_poems


def test_that_the_halves_are_of_one_poem_is_told(built: CharacterPoet, opened: Explanation) -> None:
    poem = Poem.from_lines(line for verse in verses(40) for line in str(verse).splitlines())
    alone = str(inspect(built, "the moon", corpus=[poem]))
    assert "on one half of the pieces of the only poem (" in alone
    assert "Both halves come from one poem, so it may be too high for other poems." in alone
    assert "on one half of the poems (" in str(opened)
    assert "only poem" not in str(opened)


# What the poet cannot read


def test_characters_outside_the_alphabet_are_counted_and_told(
    built: CharacterPoet, opened: Explanation
) -> None:
    poems = [*verses(4), Poem.from_lines(["the moon, zz"])]
    characters = sum(len(poem.text) + 1 for poem in poems)
    assert measure_cells(built, poems, seed=0).unknown == pytest.approx(2 / characters)
    told = inspect(built, "the moon", corpus=poems)
    share = f"{200 / characters:.2g}%"
    note = (
        f"{share} of the characters of this verse are outside the poet's alphabet. To the "
        "poet they are all the same character."
    )
    assert Note(note) in told.parts
    assert "outside the poet's alphabet" not in str(opened)


def test_a_poet_of_another_alphabet_is_not_judged() -> None:
    """On verse it can hardly read it would be judged by one symbol, repeated."""
    made = tensors()
    alphabet = tuple(sorted({"\n", " ", *"абвгдежзийклмнопрсту"}))
    assert len(alphabet) == len(LETTERS)
    stranger = CharacterPoet(made, Vocabulary(alphabet), name="stranger")
    poems = [Poem.from_lines(["ten aa", "ten bb"]), Poem.from_lines(["tend a", "tend b"])]
    with pytest.raises(CorpusError) as told:
        inspect(stranger, "а", corpus=poems)
    assert str(told.value) == (
        "the poems to measure the poet on: got 71.4% of the characters outside its alphabet, most "
        "often 't', 'e', 'n', 'a', 'b', 'd'; expected at most 10%. Give other verse, ideally "
        "what the poet was trained on, cleaned in the same way."
    )


@pytest.mark.parametrize(("unknown", "refused"), [(1, False), (2, True)])
def test_a_tenth_is_still_read(built: CharacterPoet, unknown: int, refused: bool) -> None:
    line = "z" * unknown + "a" * (9 - unknown)  # ten characters with the line break
    poems = [Poem.from_lines([line])] * 2
    if refused:
        with pytest.raises(CorpusError, match=r"got 20\.0% of the characters"):
            measure_cells(built, poems, seed=0)
    else:
        assert measure_cells(built, poems, seed=0).unknown == pytest.approx(0.1)


@pytest.mark.parametrize(("seed", "shown"), [(-1, "-1"), (0.5, "0.5"), (True, "True")])
def test_a_seed_is_a_whole_number_of_at_least_0(
    built: CharacterPoet, seed: int, shown: str
) -> None:
    with pytest.raises(SettingsError) as told:
        inspect(built, "the moon", corpus=verses(4), seed=seed)
    assert str(told.value) == (
        f"the seed: got {shown}; expected a whole number of at least 0. Give another number."
    )


@pytest.mark.parametrize("poems", [[], [Poem.from_lines(["the moon"])]])
def test_one_poem_is_not_enough(built: CharacterPoet, poems: list[Poem]) -> None:
    with pytest.raises(CorpusError) as told:
        inspect(built, "the moon", corpus=poems)
    assert str(told.value) == (
        f"the poems to measure cells on: got {len(poems)}; expected at least two, or one of over "
        "2,000 characters. Give more verse: what is measured on one poem is checked on another."
    )


# The text


def test_heat_maps_are_the_gates_and_cells_at_every_step(
    built: CharacterPoet, opened: Explanation
) -> None:
    text = "the moon\nis Tired"
    maps = {name: picture(opened, name) for name in
            ("cells", "input-gates", "forget-gates", "output-gates")}  # fmt: skip
    for heatmap in maps.values():
        assert heatmap.x == ("▷", *text.replace("\n", "↵").replace(" ", "␣"))
        assert len(heatmap.values) == len(heatmap.y)
        assert {len(row) for row in heatmap.values} == {len(text) + 1}
        assert heatmap.y[0] == "0/2 position in the line"
    assert maps["cells"].limits == (-1.0, 1.0)
    assert maps["cells"].diverging
    assert maps["forget-gates"].limits == (0.0, 1.0)
    assert not maps["forget-gates"].diverging
    numbers = [int(label.split()[0].removeprefix("0/")) for label in maps["cells"].y]
    layer, embedding = built.network.lstm.layers[0], built.network.embedding
    state = layer.start(1)
    for time, number in enumerate([0, *built.vocabulary.encode(text).tolist()]):
        vector = embedding.value(np.array([number]))
        summed = vector @ layer.weight_input.T + state.hidden @ layer.weight_hidden.T + layer.bias
        i, f, _, o = sigmoid(summed[0]).reshape(4, HIDDEN)
        _, state = layer.step(vector, state)
        expected = {"cells": np.tanh(state.cell[0]), "input-gates": i, "forget-gates": f,
                    "output-gates": o}  # fmt: skip
        for name, values in expected.items():
            column = [row[time] for row in maps[name].values]
            np.testing.assert_allclose(column, values[numbers], rtol=1e-5, atol=1e-6)


def test_surprise_is_the_poets_own(built: CharacterPoet, opened: Explanation) -> None:
    text = "the moon\nis Tired"
    state, bits = built.start(), []
    tokens = [Vocabulary.START, *built.vocabulary.encode(text).tolist()]
    for read, after in pairwise(tokens):
        logits, state = built.step(np.array([read]), state)
        exponents = np.exp(logits[0].astype(np.float64) - logits[0].max())
        bits.append(-math.log2(exponents[after] / exponents.sum()))
    heatmap = picture(opened, "surprisal")
    assert heatmap.x == tuple(text.replace("\n", "↵").replace(" ", "␣"))
    np.testing.assert_allclose(heatmap.values[0], bits, rtol=1e-5)
    assert opened["surprisal"] == pytest.approx(np.mean(bits), rel=1e-5)
    assert heatmap.limits == (0.0, math.ceil(max(bits)))


def test_a_long_text_is_read_whole_and_shown_in_part(built: CharacterPoet) -> None:
    text = "the moon is tired\n" * 80
    opened = inspect(built, text, corpus=verses(6))
    assert len(picture(opened, "surprisal").x) == SHOWN_CHARACTERS
    assert len(picture(opened, "cells").x) == SHOWN_CHARACTERS + 1
    told = [each.text for each in opened.parts if isinstance(each, Note)]
    assert (
        "The text has 1,440 characters. The surprisal is the mean over all of them; "
        "the heat maps show the first 1,000."
    ) in told
    score = built.evaluate(Poem.from_lines(text.splitlines()))
    assert opened["surprisal"] * 1440 < score.bits_per_character * 1441
    assert opened["surprisal"] == pytest.approx(score.bits_per_character, rel=0.02)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "",
            "the text to read: got nothing; expected at least one character. Give a line of verse.",
        ),
        (
            " \n",
            "the text to read: got only spaces; expected at least one character. "
            "Give a line of verse.",
        ),
        (
            "the “moon” – 7",
            "the text to read: got characters the poet doesn't know: '“' (U+201C), "
            "'”' (U+201D), '–' (U+2013), '7' (U+0037); expected characters of its alphabet, the "
            "line break and ' ,ABTabcdehimnorstuwy'. Use only those, for example "
            "plain quotation marks and dashes.",
        ),
        (
            "00123456789",
            "the text to read: got characters the poet doesn't know: '0' (U+0030) 2 times, "
            "'1' (U+0031), '2' (U+0032), '3' (U+0033), '4' (U+0034), '5' (U+0035), '6' (U+0036), "
            "'7' (U+0037) and 2 more; expected characters of its alphabet, the line break and "
            "' ,ABTabcdehimnorstuwy'. Use only those, for example plain quotation "
            "marks and dashes.",
        ),
    ],
)
def test_a_text_the_poet_cannot_read(built: CharacterPoet, text: str, message: str) -> None:
    with pytest.raises(CorpusError) as told:
        inspect(built, text, corpus=verses(6))
    assert str(told.value) == message


# The whole, and the diagnosis


def test_the_whole_explanation_says_what_was_found(opened: Explanation) -> None:
    assert opened.title == "Inside the poet tiny"
    assert [each.name for each in opened.pictures] == [
        "surprisal", "cells", "input-gates", "forget-gates", "output-gates", "gradient-by-lag",
    ]  # fmt: skip
    rows = part(opened, "What the cells track").rows
    [first] = [row for row in rows if row[:2] == ("position in the line", "lstm.0 cell 2")]
    assert first[5] == "yes"
    told = [each.text for each in opened.parts if isinstance(each, Note)]
    assert any("position in the line: lstm.0 cell 2 (r = 1.00)" in note for note in told)
    assert any(
        note.startswith("Constant in these texts") and "inside a quotation" in note for note in told
    )
    gates = part(opened, "Saturation of the gates")
    assert gates.columns == ("layer", "gate", "share below 0.1", "share above 0.9")
    assert [row[:2] for row in gates.rows] == [
        ("lstm.0", "input"), ("lstm.0", "forget"), ("lstm.0", "output"),
    ]  # fmt: skip
    chart = opened.pictures[-1]
    assert isinstance(chart, Chart)
    norms = chart.curves["mean norm"]
    horizon = opened["memory horizon"]
    assert isinstance(horizon, int)
    known = [norm or 0.0 for norm in norms]
    assert sum(known[:horizon]) >= sum(known) / 2 > sum(known[: horizon - 1])


def test_a_corpus_is_taken_as_well_as_poems_and_what_it_is_is_told(built: CharacterPoet) -> None:
    class Collection:
        poems = tuple(verses(6))

    about = "The corpus is the poet's own."
    opened = inspect(built, "the moon", corpus=Collection(), about=about)
    assert Note(about) in opened.parts
    assert opened.formulas == inspect(built, "the moon", corpus=Collection.poems).formulas


def scaled(name: str, factor: float) -> Callable[[dict[str, np.ndarray]], None]:
    def change(made: dict[str, np.ndarray]) -> None:
        made[name] *= np.float32(factor)

    return change


def forgetful(made: dict[str, np.ndarray]) -> None:
    made["lstm.0.bias"][HIDDEN : 2 * HIDDEN] = -9.0
    made["lstm.0.weight_hidden"] *= np.float32(0.05)


def saturated(made: dict[str, np.ndarray]) -> None:
    made["lstm.0.bias"][HIDDEN : 2 * HIDDEN] = 30.0


def silent(made: dict[str, np.ndarray]) -> None:
    made["lstm.0.bias"][3 * HIDDEN :] = -30.0
    made["lstm.0.bias"][3 * HIDDEN] = 0.0  # one cell still shows something


def cut_off(made: dict[str, np.ndarray]) -> None:
    made["output.weight"][:] = 0.0


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (scaled("lstm.0.weight_hidden", 1.0), "healthy"),
        (scaled("lstm.0.weight_hidden", 40.0), "exploding"),
        (forgetful, "vanishing"),
        (cut_off, "vanishing"),
        (saturated, "saturated"),
        (silent, "dead cells"),
    ],
)
def test_a_poet_made_ill_gets_its_diagnosis(
    change: Callable[[dict[str, np.ndarray]], None], word: str
) -> None:
    made = tensors(scale=0.9)
    made["lstm.0.bias"][HIDDEN : 2 * HIDDEN] += 2.0  # gates that keep
    change(made)
    opened = inspect(poet(made), "the moon", corpus=verses(10))
    [note] = [each for each in opened.parts[:1] if isinstance(each, Note)]
    assert note.text.startswith("Diagnosis: ")
    words = note.text.removeprefix("Diagnosis: ").split(".")[0].split(", ")
    assert word in words
    assert ("healthy" in words) == (words == ["healthy"])
    rows = part(opened, "Criteria of the diagnosis").rows
    assert ("healthy" in words) == all(row[3] == "no" for row in rows)


def measurements_with(**changes: object) -> CellMeasurements:
    gates = tuple(Saturation(0, gate, 0.3, 0.3) for gate in ("input", "forget", "output"))
    plain = CellMeasurements(
        Sample((("a\n",), ("b\n",)), separate_poems=True), 0.0, (), gates, (), 100
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("norms", "found", "words"),
    [
        (0.9 ** np.arange(50), {}, ("healthy",)),
        (0.5 ** np.arange(50), {}, ("vanishing",)),
        (1.001 ** np.arange(50), {}, ("healthy",)),
        (1.002 ** np.arange(128), {}, ("healthy",)),
        (9.99 ** (np.arange(50) / 49), {}, ("healthy",)),
        (10.01 ** (np.arange(50) / 49), {}, ("exploding",)),
        (10.01 ** (np.arange(128) / 127), {}, ("exploding",)),
        (1e6 ** np.arange(50), {}, ("exploding",)),
        (np.full(1, np.inf), {}, ("exploding",)),
        (np.full(50, np.inf), {}, ("exploding",)),
        (np.full(50, np.nan), {}, ("exploding",)),
        (np.zeros(50), {}, ("vanishing",)),
        (np.ones(1), {}, ("healthy",)),
        (0.9 ** np.arange(50), {"dead": tuple((0, n) for n in range(5))}, ("healthy",)),
        (0.9 ** np.arange(50), {"dead": tuple((0, n) for n in range(6))}, ("dead cells",)),
        (0.9 ** np.arange(50), {"saturation": (Saturation(0, "input", 0.5, 0.4),)}, ("healthy",)),
        (
            0.5 ** np.arange(50),
            {"saturation": (Saturation(0, "input", 0.5, 0.41),)},
            ("vanishing", "saturated"),
        ),
    ],
)
def test_every_criterion_at_its_edge(
    norms: np.ndarray, found: dict[str, object], words: tuple[str, ...]
) -> None:
    diagnosis = diagnose(measurements_with(**found), Memory(norms, line_length=30, predictions=8))
    assert diagnosis.words == words
    answers = [row[3] for row in diagnosis.table.rows]
    assert answers.count("yes") == (0 if words == ("healthy",) else len(words))


def test_the_growth_is_the_number_found() -> None:
    [row, *_] = diagnose(
        measurements_with(), Memory(1.05 ** np.arange(51), line_length=30, predictions=8)
    ).table.rows  # fmt: skip
    assert row == (
        "exploding gradient",
        "50 characters back, the furthest measured, more than 10 times its size, by the slope of "
        "its logarithm",
        pytest.approx(1.05**50),
        "yes",
    )
    with np.errstate(over="ignore"):
        slope = np.geomspace(1e-300, 1e300, 40)[[0, *range(20, 40)]]
    for norms in (np.full(50, np.inf), np.append(np.full(9, 1e-300), np.full(9, 1e300)), slope):
        [row, *_] = diagnose(
            measurements_with(), Memory(norms, line_length=30, predictions=8)
        ).table.rows
        assert row[2:] == ("not finite", "yes")


@pytest.mark.parametrize(
    ("lags", "line", "distance"),
    [
        (50, 30, "30 characters back (about a line)"),
        (31, 30, "30 characters back (about a line)"),
        (30, 30, "29 characters back (the furthest measured)"),
        (2, 30, "1 character back (the furthest measured)"),
        (2, 1, "1 character back (about a line)"),
    ],
)
def test_a_line_longer_than_what_was_looked_at_is_not_called_a_line(
    lags: int, line: int, distance: str
) -> None:
    diagnosis = diagnose(
        measurements_with(), Memory(0.99 ** np.arange(lags), line_length=line, predictions=8)
    )
    assert f"; {distance}, it has 0." in diagnosis.messages[0].text
    assert diagnosis.table.rows[1][1] == f"{distance}, less than 0.001 of it left"


def test_the_diagnosis_gives_its_numbers() -> None:
    tracking = (
        FeatureTracking("inside a word", (Tracker(0, 7, 0.9, -0.81),), 0.1),
        FeatureTracking("at a vowel", (Tracker(0, 3, -0.9, -0.81),), 0.1),
        FeatureTracking("at a capital", (Tracker(0, 4, 0.3, 0.29),), 0.1),
    )
    memory = Memory(0.5 ** (np.arange(100) / 14), line_length=42, predictions=8)
    diagnosis = diagnose(measurements_with(tracking=tracking, dead=((0, 1),)), memory)
    assert [note.text for note in diagnosis.messages] == [
        "Diagnosis: healthy. Half of the gradient comes from the last 14 characters; 42 characters "
        "back (about a line), it has 0.12 of its size at the last character. The most saturated "
        "gate is the input gate of lstm.0: 60% of its activations are below 0.1 or above 0.9. "
        "1 of 100 cells is dead.",
        "Cells that track a feature, on texts they weren't chosen by: at a vowel: lstm.0 cell 3 "
        "(r = -0.81).",
    ]
