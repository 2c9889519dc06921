"""Uploads: read, reported, kept in their place."""

import errno
import gzip
import json
from pathlib import Path

import pytest

from quatrain.errors import CorpusError
from quatrain.studio.tasks.corpora import read_texts
from quatrain.studio.training import Corpora, TrainingLimits
from quatrain.studio.training.refusals import ConflictError, MissingError, TooLargeError

VERSE = "The miller counts his loaves of bread,\nthe river turns the wheel.\n"
OTHER = "A heron waits beside the weir\nuntil the evening comes.\n"


def upload(corpora: Corpora, *files: tuple[str, bytes], user: str = "", name: str = "") -> dict:
    received = corpora.receive(user)
    for raw, content in files:
        file = received.begin(raw)
        file.write(content)
        file.close()
    report = read_texts(str(received.texts), corpora.limits.text_characters)
    return corpora.keep(user, received, name, report)


@pytest.fixture
def corpora(tmp_path: Path) -> Corpora:
    return Corpora(tmp_path / "desk", TrainingLimits())


def test_a_corpus_is_listed_with_its_report_and_deleted(corpora: Corpora) -> None:
    facts = upload(corpora, ("mill.txt", VERSE.encode()), ("heron.md", OTHER.encode()))
    assert facts["name"] == "mill and others"
    assert (facts["report"]["poems"], facts["report"]["lines"]) == (2, 4)
    assert corpora.all_of("") == [facts]
    assert sorted(path.name for path in corpora.texts("", facts["id"]).iterdir()) == [
        "heron.md",
        "mill.txt",
    ]
    corpora.delete("", facts["id"])
    assert corpora.all_of("") == []
    with pytest.raises(MissingError):
        corpora.delete("", facts["id"])


def test_users_see_their_own(corpora: Corpora) -> None:
    facts = upload(corpora, ("mill.txt", VERSE.encode()), user="anna")
    assert corpora.all_of("") == corpora.all_of("bert") == []
    with pytest.raises(MissingError):
        corpora.get("bert", facts["id"])
    assert corpora.get("anna", facts["id"])["name"] == "mill"


@pytest.mark.parametrize("identifier", ["..", "../..", "", "a" * 16 + "/..", "x" * 16, "\0"])
def test_an_identifier_is_no_path(corpora: Corpora, identifier: str) -> None:
    upload(corpora, ("mill.txt", VERSE.encode()))
    with pytest.raises(MissingError):
        corpora.get("", identifier)


def test_hostile_names_stay_in_the_folder(corpora: Corpora, tmp_path: Path) -> None:
    names = ("../../../mill.txt", "/etc/mill.txt", "mill.txt", "MILL.TXT", "a\0.txt", "x" * 300)
    received = corpora.receive("")
    for number, name in enumerate(names):
        file = received.begin(name)
        file.write(f"{VERSE}{OTHER}{'and more ' * number}\n".encode())
        file.close()
    assert all(path.parent == received.texts for path in received.texts.iterdir())
    assert {path.name for path in received.texts.iterdir()} == {
        "mill.txt", "mill-2.txt", "mill-3.txt", "MILL-4.TXT", "a.txt", "x" * 120,
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["desk"]


def test_what_cannot_be_read_is_left_out_and_told(corpora: Corpora) -> None:
    facts = upload(
        corpora,
        ("mill.txt", VERSE.encode()),
        ("same.txt", VERSE.encode()),
        ("empty.txt", b""),
        ("blank.txt", b" \n\n"),
        ("broken.csv", b"text\n\xff\xfe\x00\x00,\x80\n"),
        ("broken.parquet", b"PAR1"),
        ("broken.tei", b"<TEI><text>"),
        ("picture.png", b"\x89PNG"),
        ("half.jsonl", b'{"text": "a line with half \\ud800 a pair\\nand another one"}\n'),
    )
    told = "\n".join(facts["report"]["not_read"])
    for name in ("empty.txt", "blank.txt", "broken.csv", "broken.parquet", "broken.tei", "picture"):
        assert name in told
    assert str(corpora.folder) not in json.dumps(facts)
    assert " --" not in told
    json.dumps(facts, ensure_ascii=False).encode()  # no half of a pair, which no answer can hold
    assert facts["report"]["left_out"][0] == {
        "what": "near-duplicate poems", "count": 1, "examples": [],
    }  # fmt: skip
    kept = {path.name for path in corpora.texts("", facts["id"]).iterdir()}
    assert kept == {"mill.txt", "same.txt", "half.jsonl"}


@pytest.mark.parametrize("content", [b"", b"\xff\x00\xfe\x01" * 50, b"   \n"])
def test_an_upload_without_verse_is_refused(corpora: Corpora, content: bytes) -> None:
    with pytest.raises(CorpusError, match=r"poems\.txt|verse") as caught:
        upload(corpora, ("poems.txt", content))
    assert str(corpora.folder) not in str(caught.value)


def test_an_older_encoding_is_read(corpora: Corpora) -> None:
    text = "Der Müller zählt die Brote nach,\ndie Mühle läuft für sich allein.\n" * 3
    facts = upload(corpora, ("muehle.txt", text.encode("latin-1")))
    assert facts["report"]["lines"] == 6


def test_a_file_or_an_upload_that_is_too_large_is_refused(tmp_path: Path) -> None:
    corpora = Corpora(tmp_path, TrainingLimits(files=2, file_bytes=100, upload_bytes=150))
    received = corpora.receive("")
    with pytest.raises(TooLargeError, match=r"a\.txt"):
        received.begin("a.txt").write(b"x" * 101)
    received.discard()
    received = corpora.receive("")
    received.begin("a.txt").write(b"x" * 90)
    with pytest.raises(TooLargeError, match="upload"):
        received.begin("b.txt").write(b"x" * 90)
    with pytest.raises(TooLargeError, match="2 files"):
        received.begin("c.txt")
    received.discard()
    assert not received.folder.exists()


def test_a_compressed_file_that_holds_far_more_is_refused(tmp_path: Path) -> None:
    corpora = Corpora(tmp_path, TrainingLimits(text_characters=10_000))
    rows = "".join(json.dumps({"text": f"line {n} of many\n" * 40}) + "\n" for n in range(200))
    with pytest.raises(CorpusError, match="10,000 characters"):
        upload(corpora, ("bomb.jsonl.gz", gzip.compress(rows.encode())))


def test_only_so_many_corpora_are_kept(tmp_path: Path) -> None:
    corpora = Corpora(tmp_path, TrainingLimits(corpora=1))
    upload(corpora, ("a.txt", VERSE.encode()))
    with pytest.raises(ConflictError, match="Delete one"):
        corpora.receive("")


def test_nothing_remains_of_an_upload_that_ends_early(
    corpora: Corpora, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = corpora.receive("")
    file = received.begin("a.txt")
    file.write(VERSE.encode())
    monkeypatch.setattr("quatrain.studio.training.corpora._ABANDONED_S", -1.0)
    corpora.receive("").discard()
    assert not received.folder.exists()
    assert corpora.all_of("") == []
    received.discard()


def test_a_full_disk_leaves_no_corpus(corpora: Corpora, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    received = corpora.receive("")
    monkeypatch.setattr("quatrain.studio.training.corpora.write_json", full)
    with pytest.raises(OSError, match="No space"):
        corpora.keep("", received, "mine", {})
    assert corpora.all_of("") == []
