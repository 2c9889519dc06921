"""Pronunciations in the International Phonetic Alphabet, as dictionaries write them."""

import pytest

from quatrain.sound import pronounce
from quatrain.sound.ipa import to_ipa


@pytest.mark.parametrize(
    ("word", "ipa"),
    [
        ("worn", "wɔːrn"),
        ("delight", "dɪˈlaɪt"),
        ("beauty", "ˈbjuːti"),
        ("winter", "ˈwɪntər"),
        ("about", "əˈbaʊt"),
        ("remember", "rɪˈmɛmbər"),
        ("singing", "ˈsɪŋɪŋ"),
        ("extra", "ˈɛkstrə"),
        ("the", "ðə"),
        ("thunderstorm", "ˈθʌndərˌstɔːrm"),
        ("church", "tʃɜːrtʃ"),
        ("measure", "ˈmɛʒər"),
        ("joy", "dʒɔɪ"),
    ],
)
def test_the_mark_of_stress_stands_before_its_syllable(word: str, ipa: str) -> None:
    assert to_ipa(pronounce(word)[0]) == ipa
