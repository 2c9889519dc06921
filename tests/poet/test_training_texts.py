"""The texts that `scripts/train_poets.py` adapts to, and the averages that it tries."""

import gzip
import json
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"

SONNET = [
    f"the {noun} that waits beside the quiet {place}"
    for noun in ("lamp", "dog", "boat", "child", "bell", "rose", "stone")
    for place in ("door", "shore")
]
PENTAMETER = [f"I saw the {noun} go slowly down the “lane”," for noun in "abcdefghijkl"]
SHORT = [f"A {noun}, a song" for noun in "abcdefghijkl"]


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import poet_texts

    return poet_texts


def write(path: Path, *poems: list[str]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"lines": poem}) + "\n" for poem in poems)
    return path


def test_near_verse_has_long_lines_and_no_valid_sonnet(texts: ModuleType, tmp_path: Path) -> None:
    valid = [f"{line} tonight" for line in SONNET]
    other = [line.replace("quiet", "evening") for line in SONNET]
    corpora = tmp_path / "verse"
    corpora.mkdir()
    write(corpora / "a.jsonl.gz", SHORT, PENTAMETER, SONNET, valid[:1] + PENTAMETER, other)
    train = texts.sonnets(write(tmp_path / "train.jsonl.gz", SONNET))
    near = texts.verse_near(corpora, train, texts.sonnets(write(tmp_path / "v.jsonl.gz", valid)))
    assert [len(poem) for poem in near] == [14, 12]
    assert near[0][0][:-1] == other[0].split()
    assert near[1][0][:-1] == ["i", "saw", "the", "a", "go", "slowly", "down", "the", "lane"]


def test_halves_leave_out_versions_of_train(texts: ModuleType, tmp_path: Path) -> None:
    others = [[line.replace("the", word) for line in SONNET] for word in ("a", "my", "our")]
    train = texts.sonnets(write(tmp_path / "train.jsonl.gz", SONNET))
    valid = texts.sonnets(write(tmp_path / "valid.jsonl.gz", SONNET, *others))
    assert texts.halves_apart(valid, train) == ([valid[1], valid[3]], [valid[2]])


def test_shares_add_up_to_one(texts: ModuleType) -> None:
    from poet_average import shares_of

    assert list(shares_of(2, 2)) == [(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)]
    assert len(list(shares_of(3, 5))) == 21
