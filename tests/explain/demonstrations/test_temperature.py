"""The numbers of the temperature experiment, held against a softmax of the poet's own logits."""

import contextlib
import io
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pytest

import quatrain
from quatrain.errors import SettingsError
from quatrain.explain import demonstrate
from quatrain.explain.inspection.next_symbols import next_symbols
from quatrain.poet import CharacterPoet
from quatrain.records import Demonstration, Json, Note

TEXT = "A letter lies unopened on the "


@cache
def logits_after(text: str) -> dict[str, float]:
    """Read a text letter by letter, and return the logit of each letter that may follow."""
    poet = CharacterPoet.load("letters")
    state = poet.start()
    for number in [poet.vocabulary.START, *poet.vocabulary.encode(text).tolist()]:
        logits, state = poet.step(np.array([number]), state)
    known = enumerate(poet.vocabulary.characters, start=3)
    return {sign: float(logits[0, number]) for number, sign in known}


def rows(value: Json) -> Sequence[Mapping[str, float]]:
    assert isinstance(value, Sequence)
    return value  # type: ignore[return-value]


def show(**state: object) -> Demonstration:
    return demonstrate("temperature", **{"start": "own", "text": TEXT, "samples": "no"} | state)


def brute_force(temperature: float, top_k: int = 0, top_p: float = 1.0) -> dict[str, float]:
    """Share the probability out by sorting and cutting a list."""
    logits = logits_after(TEXT)
    powers = {sign: float(np.exp(logit / temperature)) for sign, logit in logits.items()}
    total = sum(powers.values())
    falling = sorted(((power / total, sign) for sign, power in powers.items()), reverse=True)
    if top_k:
        falling = falling[:top_k]
        left = sum(share for share, _ in falling)
        falling = [(share / left, sign) for share, sign in falling]
    kept, before = [], 0.0
    for share, sign in falling:
        if before >= top_p:
            break
        kept.append((share, sign))
        before += share
    return {sign: share / before for share, sign in kept}


@pytest.mark.parametrize("temperature", [0.1, 0.5, 1.0, 2.5])
@pytest.mark.parametrize(("top_k", "top_p"), [(0, 1.0), (1, 1.0), (5, 1.0), (0, 0.05), (7, 0.8)])
def test_bars_are_the_softmax_of_the_poets_logits(
    temperature: float, top_k: int, top_p: float
) -> None:
    shown = show(temperature=temperature, top_k=top_k, top_p=top_p)
    plain, tempered = brute_force(1.0), brute_force(temperature)
    drawn = brute_force(temperature, top_k, top_p)
    names = {"space": " ", "line break": "\n"}
    for bar in rows(shown.data["bars"]):
        sign = names.get(str(bar["name"]), str(bar["name"]))
        if not bar["plain"]:
            continue  # a break cannot come here
        assert bar["plain"] == pytest.approx(plain[sign], rel=1e-3)
        assert bar["tempered"] == pytest.approx(tempered[sign], rel=1e-3, abs=1e-12)
        assert bar["drawn"] == pytest.approx(drawn.get(sign, 0.0), rel=1e-3, abs=1e-12)
    shares = np.array(list(drawn.values()))
    entropy = -np.sum(shares[shares > 0] * np.log2(shares[shares > 0]))
    assert shown.data["entropy"] == pytest.approx(entropy, abs=1e-3)
    assert shown.data["perplexity"] == pytest.approx(2**entropy, rel=1e-3)
    if top_k or top_p < 1:
        assert shown.data["kept"] == len(drawn)
        assert shown.data["kept_share"] == pytest.approx(sum(tempered[s] for s in drawn), rel=1e-3)


def test_all_bars_and_the_rest_add_up_to_one() -> None:
    for state in ({}, {"temperature": 0.3, "top_k": 3}, {"text": ""}):
        data = show(**state).data
        rest = data["rest"]
        assert isinstance(rest, Mapping)
        for name in ("plain", "tempered", "drawn"):
            total = sum(bar[name] for bar in rows(data["bars"])) + float(str(rest[name]))
            assert total == pytest.approx(1.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "state",
    [
        {"poet": "letters", "start": "lamp", "temperature": 0.5, "top_k": 6, "seed": 4},
        {"poet": "verse", "temperature": 1.3, "top_p": 0.9},
        {"poet": "sonnets", "start": "own", "text": "", "top_k": 40},
    ],
)
def test_the_python_gives_the_numbers_and_the_samples(state: dict[str, object]) -> None:
    shown = demonstrate("temperature", **state)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        names: dict[str, object] = {}
        exec(shown.python, names)  # noqa: S102 - our own lines
    drawn = np.sort(np.asarray(names["drawn"]))[::-1]
    bars = [bar["drawn"] for bar in rows(shown.data["bars"])]
    assert drawn[:5] == pytest.approx(bars[:5])
    samples = [
        str(sample["given"]) + str(sample["written"]) for sample in rows(shown.data["samples"])
    ]
    assert "\n\n".join(samples) in printed.getvalue()


@pytest.mark.slow
def test_a_word_poet_ends_the_next_line() -> None:
    shown = demonstrate("temperature", poet="verse", samples="no")
    symbols = next_symbols("verse", "The river keeps the colour of the ")
    assert symbols.backwards
    assert symbols.full_lines == 1
    assert shown.data["unit"] == "word"
    assert "the word or mark that ends the next line" in str(shown)
    assert not np.isnan(symbols.logits).any()


@pytest.mark.slow
def test_unknown_words_are_named() -> None:
    shown = show(poet="verse", text="The grzzlbrk keeps the door")
    assert "It doesn't know grzzlbrk" in str(shown)


def test_characters_that_the_poet_never_read_are_refused_in_a_sentence() -> None:
    with pytest.raises(SettingsError, match=r"The poem can't start with '\u6c34': this poet has"):
        show(text="The \u6c34 ")


def test_what_is_cut_is_said() -> None:
    def notes(**state: object) -> str:
        parts = [part for section in show(**state).sections for part in section.parts]
        return " ".join(part.text for part in parts if isinstance(part, Note))

    assert "Nothing: any of the" in notes()
    assert "Top-k keeps the 5 likeliest. 5 of " in notes(top_k=5)
    assert "together have 0.5 of the probability (" in notes(top_p=0.5)
    assert "together have 0.5 of the probability that is left (" in notes(top_p=0.5, top_k=9)


def test_colder_is_surer() -> None:
    entropies = [float(str(show(temperature=t).data["entropy"])) for t in (0.1, 0.5, 1.0, 2.5)]
    assert entropies == sorted(entropies)
    assert quatrain.explain.demonstrate("temperature", samples="no").data["samples"] is None
