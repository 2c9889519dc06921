"""A critic's part in writing: against every line of a toy language, and in poems."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import quatrain
from quatrain.config import Sampling
from quatrain.critic import Critic
from quatrain.errors import CriticError, SettingsError
from quatrain.poet import State
from quatrain.write import CharacterWriter, WordWriter, WriteOptions
from quatrain.write.line_critic import DEFAULT_STRENGTH, LineCritic, default_prompt
from quatrain.write.search import BeamSearch, Particle, ParticleFilter

SYMBOLS, LENGTH, STRENGTH = 3, 3, 0.5


class Recording:
    """A critic that notes what it was asked, and likes some letter."""

    name = "recording"

    def __init__(self, letter: str = "m", nats: float = 3.0) -> None:
        self.letter, self.nats = letter, nats
        self.calls: list[tuple[str, list[str]]] = []

    def log_probabilities(self, before: str, candidates: Sequence[str]) -> list[float]:
        self.calls.append((before, list(candidates)))
        return [self.nats * candidate.lower().count(self.letter) for candidate in candidates]


class Answering:
    """A critic that returns whatever a test wants."""

    name = "answering"

    def __init__(self, *answer: Any) -> None:
        self.answer = answer

    def log_probabilities(self, before: str, candidates: Sequence[str]) -> Sequence[float]:
        return self.answer * (len(candidates) if len(self.answer) == 1 else 1)


# Exactness


class ToyModel:
    """A Markov chain over three symbols; nearly all of what follows 1 is forbidden."""

    logits = np.log(
        np.array([[0.5, 0.4, 0.1], [0.05, 0.05, 0.9], [0.2, 0.5, 0.3]]), dtype=np.float32
    )

    def start(self, poems: int) -> State:
        return State((), ())

    def step(self, ids: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        return self.logits[ids], state


@dataclass(frozen=True)
class ToyLine:
    """A line of three symbols in which no 2 follows a 1."""

    word_ids: tuple[int, ...] = ()
    line_bias: float = 0.0

    @property
    def tokens(self) -> tuple[str, ...]:
        return tuple(map(str, self.word_ids))

    @property
    def done(self) -> bool:
        return len(self.word_ids) == LENGTH

    def add_bias(self, scores: np.ndarray) -> None:
        pass

    def symbol_weights(self) -> np.ndarray:
        return np.array([1, 1, self.word_ids[-1:] != (1,)], np.float32)

    def advance(self, symbol: int) -> ToyLine:
        return ToyLine((*self.word_ids, symbol))


class ToyCritic:
    """A critic with an opinion of its own about every line."""

    name = "toy"

    def log_probabilities(self, before: str, candidates: Sequence[str]) -> list[float]:
        return [-10 - 1.7 * text.count("0") + 0.9 * text.startswith("2") for text in candidates]


def exact_distribution() -> dict[tuple[int, ...], float]:
    """Return every line's share of poet times critic to the power of the strength."""
    lines, masses = [ToyLine()], {}
    for _ in range(LENGTH):
        lines = [
            line.advance(int(symbol))
            for line in lines
            for symbol in np.flatnonzero(line.symbol_weights())
        ]
    for line in lines:
        nats = sum(
            ToyModel.logits[former, symbol]
            for former, symbol in zip((0, *line.word_ids), line.word_ids, strict=False)
        )
        (score,) = ToyCritic().log_probabilities("", ["".join(line.tokens)])
        masses[line.word_ids] = math.exp(nats + STRENGTH * score)
    return {line: mass / sum(masses.values()) for line, mass in masses.items()}


def drawn_distribution(search: Any, count: int, runs: int, **sampling: float) -> Counter[Any]:
    critic = LineCritic(ToyCritic(), STRENGTH, "")

    def score(lines: Sequence[Sequence[Particle]]) -> list[list[float]]:
        drawn = [[particle.hypothesis for particle in row] for row in lines]
        assert all(line.done for row in drawn for line in row)
        return [critic.log_weights("", ["".join(line.tokens) for line in row]) for row in drawn]

    lines = search(
        ToyModel(), Sampling(**sampling), count
    ).lines(
        [ToyLine()] * runs,
        State((), (np.zeros((1, runs)),)),  # type: ignore[arg-type]
        np.repeat(ToyModel.logits[:1], runs, axis=0),
        [np.random.default_rng(seed) for seed in range(runs)],
        score,
    )
    return Counter(found[0].hypothesis.word_ids for found in lines)


@pytest.mark.slow
@pytest.mark.parametrize(("search", "count"), [(ParticleFilter, 160), (BeamSearch, 30)])
def test_lines_follow_poet_times_critic_to_its_power(search: Any, count: int) -> None:
    exact, runs = exact_distribution(), 3000
    drawn = drawn_distribution(search, count, runs, temperature=1.0)
    difference = sum(abs(share - drawn[line] / runs) for line, share in exact.items())
    assert difference / 2 < 0.05


def test_the_weighted_distribution_is_not_the_poets_own() -> None:
    """The test above could not tell them apart otherwise."""
    exact = exact_distribution()
    plain = {
        line: share / math.exp(STRENGTH * ToyCritic().log_probabilities("", [_text(line)])[0])
        for line, share in exact.items()
    }
    total = sum(plain.values())
    assert sum(abs(share - plain[line] / total) for line, share in exact.items()) / 2 > 0.2


def test_a_beam_at_temperature_0_takes_the_best_of_both() -> None:
    exact = exact_distribution()
    (line,) = drawn_distribution(BeamSearch, 30, 1, temperature=0.0)
    assert line == max(exact, key=lambda line: exact[line])


def _text(line: tuple[int, ...]) -> str:
    return "".join(map(str, line))


# What the critic is asked


def test_the_critic_reads_prompt_poem_and_every_candidate_once() -> None:
    critic = Recording("a", 2.0)
    gains = LineCritic(critic, 0.5, " Low tide ").log_weights("The sea.\n", ["a", "b", "a"])
    assert critic.calls == [("Low tide\n\nThe sea.\n", ["a\n", "b\n"])]
    assert gains == [1.0, 0.0, 1.0]


def test_a_single_candidate_is_not_scored() -> None:
    critic = Recording()
    assert LineCritic(critic, 1.0, "").log_weights("", ["m", "m"]) == [0.0, 0.0]
    assert critic.calls == []


@pytest.mark.parametrize(
    ("form", "theme", "prompt"),
    [
        ("shakespearean-sonnet", "", "A shakespearean sonnet"),
        ("haiku", " winter sea ", "A haiku about winter sea"),
        ("ode", "bread", "An ode about bread"),
        ("", "", "A poem"),
    ],
)
def test_the_default_prompt_names_form_and_theme(form: str, theme: str, prompt: str) -> None:
    assert default_prompt(form, theme) == prompt


@pytest.mark.slow
def test_a_poem_is_shown_line_by_line_with_stanzas_and_your_own_lines(verse: WordWriter) -> None:
    critic = Recording()
    own = {3: "And winter lay upon the sea."}
    poem = verse.write(form="common-measure", fixed=own, lines=8, seed=2, critic=critic)
    text = f"A common measure\n\n{poem.text}\n"
    assert [before for before, _ in critic.calls] == sorted(
        (before for before, _ in critic.calls), key=len
    )
    for before, candidates in critic.calls:
        assert text.startswith(before)
        assert len(candidates) == len(set(candidates)) > 1
        number = before.removeprefix("A common measure\n\n").replace("\n\n", "\n").count("\n") + 1
        assert number != 3
        for candidate in candidates:
            assert candidate.endswith("\n")
            assert candidate.count("\n") == (2 if number == 2 else 1)
            assert candidate.endswith(own[3] + "\n") == (number == 2)
    assert any("\n\n" in before.removeprefix("A common measure\n\n") for before, _ in critic.calls)


# What it does to poems


@pytest.mark.slow
@pytest.mark.parametrize("search", ["particles", "beam"])
@pytest.mark.parametrize("name", ["verse", "letters"])
def test_poems_keep_their_form_and_the_critic_has_its_way(name: str, search: str) -> None:
    poet: CharacterWriter | WordWriter = quatrain.load(name)
    options = {"form": "haiku", "seed": 4, "search": search, "poems": 4, "particles": 12}
    many = {}
    for nats in (-6.0, 6.0):
        writing = poet.begin(critic=Recording("m", nats), critic_strength=1, **options)
        assert all(quatrain.check(poem, "haiku").kept for poem in writing.poems)
        many[nats] = sum(poem.text.lower().count("m") for poem in writing.poems)
    assert many[6.0] > many[-6.0]


@pytest.mark.slow
@pytest.mark.parametrize("search", ["particles", "beam"])
def test_at_strength_0_particles_write_the_poem_they_would_write(
    verse: WordWriter, search: str
) -> None:
    critic = Recording()
    alone = verse.write(form="haiku", seed=5, search=search)
    beside = verse.write(form="haiku", seed=5, search=search, critic=critic, critic_strength=0)
    assert critic.calls == []
    assert alone.text == beside.text


@pytest.mark.slow
def test_a_poem_records_its_critic_by_name(verse: WordWriter) -> None:
    critic = Recording()
    poem = verse.write(form="haiku", seed=5, critic=critic, about="rain", critic_strength=0.25)
    assert poem.settings["critic"] == "recording"
    assert poem.settings["critic_strength"] == 0.25
    assert json.dumps(dict(poem.settings))
    assert all(before.startswith("A haiku about rain\n\n") for before, _ in critic.calls)
    again = verse.write(
        form="haiku", seed=5, critic=Recording(), about="rain", critic_strength=0.25
    )
    assert again == poem


@pytest.mark.slow
def test_a_revised_line_is_read_with_the_line_that_follows(verse: WordWriter) -> None:
    critic = Recording()
    poem = verse.write(form="haiku", seed=5)
    revised = verse.revise(poem, 2, seed=1, critic=critic, critic_prompt="Rain")
    assert revised.lines[0] == poem.lines[0]
    assert critic.calls
    for before, candidates in critic.calls:
        assert before == f"Rain\n\n{poem.lines[0].text}\n"
        assert all(candidate.endswith(f"\n{poem.lines[2].text}\n") for candidate in candidates)


# Mistakes


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((math.nan,), "the critic answering: got the score nan for the line 'one'"),
        ((-1.0, -math.inf), "got the score -inf for the line 'two'"),
        ((-1.0, -2.0, -3.0), "got 3 scores for 2 lines"),
    ],
)
def test_scores_that_are_no_numbers(answer: tuple[float, ...], message: str) -> None:
    with pytest.raises(CriticError, match=message):
        LineCritic(Answering(*answer), 1.0, "").log_weights("", ["one", "two"], "more\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"critic_strength": 0.5}, "'critic_strength' .--critic-strength. only works with a crit"),
        ({"critic_prompt": "Rain"}, "'critic_prompt' .--critic-prompt. only works with a critic"),
        ({"critic": "hf:model"}, "Write, for example, critic=quatrain.load_critic"),
        ({"critic": Recording(), "critic_strength": -1}, "a number from 0 to 10"),
        ({"critic": Recording(), "critic_strength": math.nan}, "a number from 0 to 10"),
        ({"critic": Recording(), "critic_strength": "much"}, "expected a number"),
        ({"critic": Recording(), "critic_prompt": "a\x1b[2J"}, "characters that can be shown"),
        ({"critic": Recording(), "critic_prompt": 3}, "expected a text"),
        ({"critic": Recording(), "particles": 1}, "chooses between particles, and there is only"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        WriteOptions(form="haiku", **options)


def test_a_critic_needs_a_form(writer: CharacterWriter) -> None:
    with pytest.raises(SettingsError, match="The option 'critic' only works with a form"):
        writer.write(critic=Recording())


def test_the_default_strength_is_the_documented_one() -> None:
    assert f"{DEFAULT_STRENGTH:g} by\n            default" in (WriteOptions.__doc__ or "")


def test_the_protocol_is_checked_by_shape() -> None:
    assert isinstance(Recording(), Critic)
    assert not isinstance("hf:model", Critic)
