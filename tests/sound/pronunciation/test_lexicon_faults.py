"""The faults of the source dictionaries that `scripts/lexicon_faults.py` takes out."""

import runpy
from pathlib import Path

import pytest

from quatrain.sound import pronounce, rhymes
from quatrain.sound.pronunciation.lexicon import shipped as lexicon

SCRIPTS = Path(__file__).parents[3] / "scripts"
mend = runpy.run_path(str(SCRIPTS / "lexicon_faults.py"))["mend"]


def entries(*rows: str) -> list[tuple[tuple[str, ...], set[str]]]:
    """Return pronunciations written as `B OW1 T:cm`, c and m for the lists that have them."""
    names = {"c": "cmudict", "m": "misaki"}
    pairs = (row.split(":") for row in rows)
    return [(tuple(said.split()), {names[letter] for letter in who}) for said, who in pairs]


def mended(words: dict[str, list[str]], names: str = "") -> dict[str, list[str]]:
    listed = {word: entries(*rows) for word, rows in words.items()}
    mend(listed, set(words) - set(names.split()), set(names.split()))
    return {word: [" ".join(said) for said, _ in rows] for word, rows in listed.items()}


@pytest.mark.parametrize(
    ("words", "word", "said"),
    [
        (
            {"wern": ["W ER1 N Z:c", "W ER1 N:m"], "werns": ["W ER1 N Z:cm"]},
            "wern",
            ["W ER1 N"],
        ),
        ({"sinope": ["S IH1 OW0 P:c", "S IH1 N OW0 P:m"]}, "sinope", ["S IH1 N OW0 P"]),
        ({"forse": ["F AO1 S:c", "F AO1 R S:m"]}, "forse", ["F AO1 R S", "F AO1 S"]),
        (
            {"mellate": ["M EH1 L EY2 T:cm"], "mellates": ["M EH1 L EY2 S:c"]},
            "mellates",
            ["M EH1 L EY2 T S"],
        ),
        ({"gresk": ["G R EH1 S K:cm"], "gresks": ["G R EH1 S K Z:m"]}, "gresks", ["G R EH1 S K S"]),
        ({"pody": ["P OW1 D IY0:cm"], "podies": ["P OW1 D IY0:c"]}, "podies", ["P OW1 D IY0 Z"]),
        (
            {"tarn't": ["T AA1 R AH0 N T:c", "T AA1 R N T:c", "T AA2 R N T:m"]},
            "tarn't",
            ["T AA1 R N T", "T AA2 R N T", "T AA1 R AH0 N T"],
        ),
    ],
)
def test_a_shown_fault_is_taken_out(
    words: dict[str, list[str]], word: str, said: list[str]
) -> None:
    assert mended(words)[word] == said


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ({"lath": ["L AE1 TH:cm"], "laths": ["L AE1 DH Z:m"]}, ""),
        ({"disuse": ["D IH0 S Y UW1 S:cm"], "disused": ["D IH0 S Y UW1 Z D:m"]}, ""),
        ({"mardo": ["M AA1 R D OW0:cm"], "mardos": ["M AA1 R D OW0 S:c"]}, "mardos"),
        ({"wick": ["W IH1 K:cm"], "wicked": ["W IH1 K AH0 D:cm"]}, ""),
        ({"irral": ["IH2 R AH0 L:c", "IH2 R R AH0 L:m"]}, ""),
    ],
)
def test_what_is_no_fault_stays(words: dict[str, list[str]], names: str) -> None:
    before = {word: [row.split(":")[0] for row in rows] for word, rows in words.items()}
    assert mended(words, names) == before


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("tern", "T ER1 N"),
        ("synapse", "S IH1 N AE2 P S"),
        ("synapses", "S IH1 N AE2 P S AH0 Z"),
        ("reiterates", "R IY0 IH1 T ER0 EY2 T S"),
        ("hysterectomies", "HH IH2 S T ER0 EH1 K T AH0 M IY0 Z"),
        ("grotesques", "G R OW0 T EH1 S K S"),
        ("weren't", "W ER1 N T"),
        ("arent", "AA1 R N T"),
        ("werent", "W ER1 N T"),
    ],
)
def test_the_shipped_lexicon_has_none_of_them(word: str, phonemes: str) -> None:
    assert str(pronounce(word)[0]) == phonemes


def test_a_tern_rhymes_with_no_plural() -> None:
    assert rhymes("tern", "burn").kind == "perfect"
    assert rhymes("tern", "burns").kind != "perfect"
    assert "inflection" in lexicon().sources
