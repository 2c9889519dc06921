"""Whole poems: as many lines as asked for, the same again with the same seed, always an end."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.errors import PoetError, SettingsError
from quatrain.poet import artifact
from quatrain.poet.network import CharacterSize
from quatrain.records import Poem, TextStatistics
from quatrain.write import CharacterWriter, load
from quatrain.write.free.characters import LONGEST_LINE, CharacterDraft
from quatrain.write.text_statistics import measure


def obeys(poem: Poem, text: str) -> None:
    assert "\n\n\n" not in text
    assert not text.startswith("\n")
    assert text == text.rstrip()
    assert poem.text == text


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    lines=st.integers(1, 9),
    seed=st.integers(0, 1000),
    temperature=st.sampled_from([0.0, 0.5, 1.0, 3.0, 100.0]),
    leaning=st.sampled_from([{}, {"\n": 1.5, " ": 1.0}, {"\n": 30.0}, {" ": 30.0, "\n": 10.0}]),
    end=st.sampled_from([0.0, 50.0]),
)
def test_exactly_as_many_lines_as_asked_for(
    make_writer: Any, lines: int, seed: int, temperature: float, leaning: dict[str, float],
    end: float,
) -> None:  # fmt: skip
    writer = make_writer(leaning, end=end)
    writing = writer.begin(lines=lines, seed=seed, temperature=temperature)
    text = "".join(writing.pieces())
    poem = writing.poems[0]
    assert len(poem.lines) == lines
    assert poem.settings["ended"] == "lines"
    obeys(poem, text)


@pytest.mark.slow
@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("always", ["\n", " ", "a"])
def test_poets_that_only_ever_say_one_thing_come_to_an_end(
    make_writer: Any, always: str, temperature: float
) -> None:
    writer = make_writer({always: 1000.0}, end=-1000.0)
    poem = writer.write(lines=2, temperature=temperature, seed=0)
    assert len(poem.lines) == 2
    assert max(len(line.text) for line in poem.lines) <= LONGEST_LINE + 1
    free = writer.write(temperature=temperature, maximum_characters=300, seed=0)
    assert free.settings["ended"] == "characters"
    assert len(free.text) <= 300


def test_a_poet_ends_its_poem_itself(make_writer: Any) -> None:
    writer = make_writer({"\n": 1.0}, end=0.5)
    poems = writer.write_many(20, temperature=1.0, seed=0)
    assert {poem.settings["ended"] for poem in poems} == {"end"}
    assert all(poem.lines for poem in poems)  # never before there is a line
    assert len({len(poem.text) for poem in poems}) > 5


def test_the_limit_of_characters_is_kept_and_told(writer: CharacterWriter) -> None:
    poem = writer.write(lines=50, maximum_characters=40, seed=3)
    assert poem.settings["ended"] == "characters"
    assert len(poem.text) <= 40
    assert len(poem.lines) < 50


def test_the_same_seed_gives_the_same_poem_and_another_another(writer: CharacterWriter) -> None:
    poem = writer.write(lines=6, seed=11, temperature=0.9, top_p=0.95)
    assert poem == writer.write(lines=6, seed=11, temperature=0.9, top_p=0.95)
    assert poem.text != writer.write(lines=6, seed=12, temperature=0.9, top_p=0.95).text
    assert poem.seed == 11
    assert poem.source == "tiny"
    assert poem.settings == {"temperature": 0.9, "top_p": 0.95, "lines": 6, "ended": "lines"}


def test_a_poem_of_many_can_be_had_again_alone(make_writer: Any) -> None:
    writer = make_writer({"\n": 1.0}, end=1.0)
    for options in ({"lines": 5}, {"start": "Bad"}, {}):
        many = writer.write_many(8, seed=4, **options)
        assert [poem.seed for poem in many] == list(range(4, 12))
        assert many == [writer.write(seed=4 + k, **options) for k in range(8)]


@pytest.mark.slow
def test_top_k_of_one_is_greedy_and_greedy_has_no_seed(writer: CharacterWriter) -> None:
    greedy = writer.write(lines=4, temperature=0.0)
    assert greedy.text == writer.write(lines=4, temperature=0.0, seed=99).text
    assert greedy.text == writer.write(lines=4, temperature=1.0, top_k=1, seed=5).text


def test_greedy_text_follows_the_largest_logit(make_writer: Any) -> None:
    writer = make_writer({"\n": -50.0}, end=-50.0)
    vocabulary = writer.vocabulary
    logits, state = writer.step(np.array([vocabulary.START]), writer.start(1))
    wanted = ""
    for _ in range(60):
        logits[0, [vocabulary.START, vocabulary.UNKNOWN]] = -np.inf
        number = logits.argmax(axis=1)
        wanted += vocabulary.decode(number)
        logits, state = writer.step(number, state)
    found = writer.write(temperature=0.0, maximum_characters=60).text
    assert found == wanted.rstrip()


def test_pieces_are_the_poem_and_come_as_they_are_drawn(writer: CharacterWriter) -> None:
    writing = writer.begin(lines=4, start="A bad cab\n\nhid", seed=2)
    pieces = writing.pieces()
    assert next(pieces) == "A bad cab\n\nhid"
    rest = list(pieces)
    assert len(rest) > 4
    assert "A bad cab\n\nhid" + "".join(rest) == writing.poems[0].text
    assert "".join(writing.pieces()) == writing.poems[0].text  # once more, from the start


def test_a_start_is_read_by_the_poet_and_part_of_the_poem(writer: CharacterWriter) -> None:
    poem = writer.write(lines=3, start="Dead leaf", temperature=0.0)
    assert poem.text.startswith("Dead leaf")
    assert len(poem.lines) == 3
    assert poem.settings["start"] == "Dead leaf"
    # The poet goes on as its logits after the start say.
    ids = [writer.vocabulary.START, *writer.vocabulary.encode("Dead leaf").tolist()]
    state = writer.start(1)
    for number in ids:
        logits, state = writer.step(np.array([number]), state)
    logits[0, :3] = -np.inf
    following = writer.vocabulary.decode(logits.argmax(axis=1))
    assert poem.text[len("Dead leaf") :].startswith(following)


def test_substitutions_are_told(writer: CharacterWriter) -> None:
    writing = writer.begin(lines=2, start="Hé bad’s", seed=0)
    assert writing.substituted == {"H": "h", "é": "e", "’": "'"}
    assert writing.poems[0].settings["substituted"] == {"H": "h", "é": "e", "’": "'"}
    assert writing.poems[0].text.startswith("Hé bad’s")


def test_the_start_and_the_unknown_are_never_drawn(make_writer: Any) -> None:
    writer = make_writer()
    writer.network.output.bias[[0, 2]] = 1000.0
    assert len(writer.write(lines=2, temperature=1.0, seed=0).lines) == 2


@pytest.mark.slow
def test_entropy_and_surprise_are_of_the_distribution_drawn_from(make_writer: Any) -> None:
    writer = make_writer({"\n": 1.0})
    writing = writer.begin(poems=40, lines=6, temperature=1.0, seed=1)
    found = writing.statistics
    assert isinstance(found, TextStatistics)
    assert found.entropy == pytest.approx(found.surprisal, rel=0.03)
    assert writer.begin(lines=3, temperature=0.0).statistics.entropy == 0.0
    cool = writer.begin(poems=10, lines=6, temperature=0.3, seed=0).statistics
    two = writer.begin(poems=10, lines=6, temperature=1.0, top_k=2, seed=0).statistics
    assert cool.entropy < found.entropy
    assert two.entropy <= 1.0
    flat = make_writer(alphabet="\nab")
    for tensor in (flat.network.output.weight, flat.network.output.bias):
        tensor[:] = 0.0
    drawn = flat.begin(poems=1, start="a", maximum_characters=1, seed=0).statistics
    assert drawn.entropy == pytest.approx(2.0)  # a, b, a line break or the end
    assert drawn.surprisal == pytest.approx(2.0)


def test_words_are_counted() -> None:
    poems = [Poem.from_lines(["A bad cab,", "", "a bed"]), Poem.from_lines(["bad"])]
    found = measure(poems, {"a", "bad"}, entropy=1.0, surprisal=2.0)
    assert (found.poems, found.lines, found.words) == (2, 3, 6)
    assert found.characters == len("A bad cab,\n\na bed") + len("bad")
    assert found.known_words == pytest.approx(4 / 6)
    assert found.distinct_words == pytest.approx(4 / 6)
    none = measure([Poem.from_lines(["..."])], {"a"}, entropy=0.0, surprisal=0.0)
    assert none.known_words is None
    assert none.distinct_words is None


def test_verse_holds_spaces_back_until_something_follows() -> None:
    verse = CharacterDraft(None, None)
    for character in "a b \n\nc \n":
        verse.add(character)
    assert verse.pieces == ["a", " b", " \n\nc"]
    assert verse.text == "a b \n\nc"
    assert verse.lines == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"lines": 0},
            "setting 'lines': got 0; expected a whole number, 1 or more. Correct the value.",
        ),
        (
            {"seed": -1},
            "setting 'seed': got -1; expected a whole number, 0 or more. Correct the value.",
        ),
        (
            {"poems": 1.5},
            "setting 'poems': got 1.5; expected a whole number, 1 or more. Correct the value.",
        ),
        (
            {"temperature": -1.0},
            "setting 'temperature': got -1.0; expected a number from 0 to 100. Correct the value.",
        ),
        (
            {"temperature": float("nan")},
            "setting 'temperature': got nan; expected a number from 0 to 100. Correct the value.",
        ),
        (
            {"lines": 2, "start": "a\nb\n"},
            "setting 'lines': got 2, and a start of 2 full lines; expected more lines than the "
            "start has. Ask for more lines, or give a shorter start.",
        ),
    ],
)
def test_settings_that_cannot_be(
    writer: CharacterWriter, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        writer.begin(**options)
    assert str(caught.value) == message


def test_an_alphabet_of_nothing_but_line_breaks(make_writer: Any) -> None:
    with pytest.raises(SettingsError, match="got none in the poet's alphabet"):
        make_writer(alphabet="\n").write(lines=1)


def test_load_gives_a_poet_that_writes(tmp_path: Path, writer: CharacterWriter) -> None:
    generator = np.random.default_rng(0)
    tensors = {
        name: generator.normal(0, 0.5, shape)
        for name, shape in CharacterSize(writer.vocabulary.size, 4, 8, 1).shapes.items()
    }
    config = artifact.describe(
        version="0", tensors=tensors, corpus={}, training={}, validation={}, created="2025-01-31"
    )
    artifact.save(
        tmp_path / "bard",
        tensors=tensors,
        config=config,
        vocabulary=writer.vocabulary,
        words=["a"],
        card="",
    )
    poem = load(tmp_path / "bard").write(lines=2, seed=3)
    assert (len(poem.lines), poem.source) == (2, "bard")
    assert str(poem) == poem.text
    with pytest.raises(PoetError, match="There is no poet"):
        load(tmp_path / "nobody")


def test_a_poem_is_given_as_soon_as_it_is_finished(writer: CharacterWriter) -> None:
    early = 0
    for seed in range(8):
        writing = writer.begin(poems=3, lines=2, seed=seed)
        first = next(writing.finished())
        early += not all(verse.ended for verse in writing._drafts)
        assert writing.poems == writer.begin(poems=3, lines=2, seed=seed).poems
        assert writing.poems[0] == first
    assert early, "the first poem did not wait for the others"
