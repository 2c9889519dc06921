"""Pauses between words, by the punctuation there."""

import pytest

from quatrain.sound import is_pause
from quatrain.sound.pronunciation.ear import default
from quatrain.sound.scansion.candidates import line_candidates
from quatrain.sound.scansion.features import VariantLexicon


@pytest.mark.parametrize(
    "between",
    [", ", "; ", ": ", ". ", "! ", "? ", "\u2014", " \u2014 ", "\u2013", " - ", " -", "--", " -- ",
     "---", "... ", "\u2026 ", " (", ") ", ' "', '" ', " \u201c", "\u201d ", " / ", ",\n"],
)  # fmt: skip
def test_punctuation_and_dashes_are_pauses(between: str) -> None:
    assert is_pause(between)


@pytest.mark.parametrize(
    "between", ["", " ", "  ", "\t", "-", "\u2010", "- ", "' ", " '", "\u2019 ", " _"]
)
def test_spaces_and_hyphens_of_compounds_are_none(between: str) -> None:
    assert not is_pause(between)


@pytest.mark.parametrize("dash", [" - ", "--", " -- ", "\u2014", " \u2014 ", "\u2013", " \u2013 "])
def test_the_scanner_pauses_at_a_dash_however_it_is_written(dash: str) -> None:
    line = line_candidates(f"The mill{dash}the weir is low-lying", VariantLexicon(default()))
    assert line.pauses == (False, False, True, False, False, False, False)
