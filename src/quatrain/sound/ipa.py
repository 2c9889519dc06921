"""Pronunciations in the International Phonetic Alphabet.

In: a `Pronunciation` in ARPAbet. Out: the same sounds in IPA, as dictionaries write General
American: long vowels with a length mark, and the mark of stress before the syllable, in words of
more than one.
"""

from __future__ import annotations

from quatrain.records import Pronunciation

_VOWELS = {
    "AA": "ɑː", "AE": "æ", "AH": "ʌ", "AO": "ɔː", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɜːr",
    "EY": "eɪ", "IH": "ɪ", "IY": "iː", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "uː",
}  # fmt: skip
"""Vowel of ARPAbet -> IPA, where the syllable bears stress."""

_WEAK_VOWELS = {"AH": "ə", "ER": "ər", "IY": "i"}
"""Vowels that sound otherwise without stress: the *a* of *about*, *-er*, *-y*."""

_CONSONANTS = {
    "B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "r", "S": "s", "SH": "ʃ", "T": "t",
    "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
"""Consonant of ARPAbet -> IPA."""

_STRESS_MARKS = {"1": "ˈ", "2": "ˌ"}

_ONSETS = frozenset(
    tuple(onset.split())
    for line in (
        "P L,P R,P Y,B L,B R,B Y,T R,T W,T Y,D R,D W,D Y,K L,K R,K W,K Y,G L,G R,G W,F L,F R,F Y",
        "TH R,SH R,S L,S M,S N,S P,S T,S K,S W,S P L,S P R,S T R,S K R,S K W,M Y,N Y,V Y,HH Y,HH W",
    )
    for onset in line.split(",")
)
"""Runs of consonants that may begin a syllable of English (Giegerich 1992, *English Phonology*)."""


def to_ipa(said: Pronunciation) -> str:
    """Return a pronunciation in IPA: `wɔːrn` for *worn*, `dɪˈlaɪt` for *delight*."""
    pieces: list[str] = []
    consonants: list[str] = []
    for phoneme in said.phonemes:
        if not phoneme[-1].isdigit():
            consonants.append(phoneme)
            continue
        mark = _STRESS_MARKS.get(phoneme[-1], "") if said.syllables > 1 else ""
        begins = _onset_start(consonants, first=not pieces)
        pieces += [_CONSONANTS[name] for name in consonants[:begins]]
        pieces += [mark, *(_CONSONANTS[name] for name in consonants[begins:])]
        vowel, stress = phoneme[:-1], phoneme[-1]
        weak = _WEAK_VOWELS.get(vowel) if stress == "0" else None
        pieces.append(weak or _VOWELS[vowel])
        consonants = []
    return "".join([*pieces, *(_CONSONANTS[name] for name in consonants)])


def _onset_start(consonants: list[str], *, first: bool) -> int:
    """Return from which consonant before a vowel on they belong to its syllable.

    They are as many as may begin a syllable.
    """
    if first or not consonants:
        return 0
    for start in range(len(consonants)):
        run = tuple(consonants[start:])
        if run in _ONSETS or (len(run) == 1 and run != ("NG",)):
            return start
    return len(consonants)
