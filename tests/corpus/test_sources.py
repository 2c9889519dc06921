"""Folders, tables, TEI, the anthology and Project Gutenberg."""

import gzip
import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from quatrain.config import Cleaning
from quatrain.corpus import gutenberg, read
from quatrain.errors import CorpusError, SettingsError

ROWS = [
    {"id": "1", "title": "Rain", "author": "A. Nobody", "form": "couplet", "lines": ["a b", "c d"]},
    {"text": "e f\n\ng h", "title": "Snow"},
    {"lines": ["i j", "", "k l"]},
]
VERSE = ["a b\nc d", "e f\n\ng h", "i j\n\nk l"]


def test_json_lines_plain_and_packed(tmp_path: Path) -> None:
    rows = "".join(json.dumps(row) + "\n" for row in ROWS)
    plain, packed = tmp_path / "a.jsonl", tmp_path / "a.jsonl.gz"
    plain.write_text(rows, encoding="utf-8")
    packed.write_bytes(gzip.compress(rows.encode()))
    one, other = read(plain), read(packed)
    assert [poem.text for poem in one.poems] == VERSE
    assert [poem.title for poem in one.poems] == ["Rain", "Snow", ""]
    assert (one.poems[0].author, one.poems[0].form) == ("A. Nobody", "couplet")
    assert (one.sha256, one.name) == (other.sha256, other.name)


def test_lone_surrogates_and_nulls_in_json_are_removed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"lines": ["a\\u0000b", "\\ud800c"]}\n', encoding="ascii")
    corpus = read(path)
    assert corpus.poems[0].text == "ab\nc"
    assert corpus.report.control == 2


def test_csv_keeps_line_breaks_inside_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'title,author,poem\nRain,Nobody,"a b\nc d"\nSnow,,"e f\n\ng, h"\nNone,,\n',
        encoding="utf-8",
    )
    corpus = read(path, column="poem")
    assert [poem.text for poem in corpus.poems] == ["a b\nc d", "e f\n\ng, h"]
    assert (corpus.poems[0].title, corpus.poems[0].author) == ("Rain", "Nobody")
    assert corpus.report.empty == 1


def test_a_csv_cell_too_long_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("poem\nx\n" + '"' + "a\n" * 70_000 + '"\n', encoding="utf-8")
    with pytest.raises(CorpusError, match="field larger than field limit"):
        read(path, column="poem")


@pytest.mark.parametrize("as_lists", [False, True])
def test_parquet(tmp_path: Path, as_lists: bool) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    column = [text.split("\n") for text in VERSE] if as_lists else VERSE
    table = pyarrow.table({"poem": [*column, None], "title": ["Rain", "Snow", None, "None"]})
    parquet.write_table(table, path)
    corpus = read(path, column="poem")
    assert [poem.text for poem in corpus.poems] == VERSE
    assert [poem.title for poem in corpus.poems] == ["Rain", "Snow", ""]
    assert corpus.report.empty == 1
    with pytest.raises(CorpusError, match="Did you mean 'poem'"):
        read(path, column="poems")
    path.write_bytes(b"PAR1 and nothing")
    with pytest.raises(CorpusError, match="expected a Parquet file"):
        read(path, column="poem")


TEI = """<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<TEI xmlns="http://www.tei-c.org/ns/1.0">
 <teiHeader><fileDesc><titleStmt><title>Small Verse</title><author>A. Nobody</author>
 </titleStmt></fileDesc></teiHeader>
 <text><body>
  <div><head>First <hi>Part</hi></head>
   <lg type="poem"><head>Rain</head>
    <lg type="stanza"><l>It   falls,<note>n<l>not this</l></note>
        and falls</l><l>on <choice><sic>al</sic><corr>all</corr></choice></l></lg>
    <lg><l>and stays</l></lg>
   </lg>
   <lg type="sonnet"><l>one</l><l>two</l></lg>
  </div>
  <div><head>Stairs</head>
   <lg><l>up</l><l>and up</l></lg>
   <p>prose is left alone</p>
   <lg><l>and down</l></lg>
  </div>
  <div><l>loose</l><l>lines</l></div>
 </body></text>
</TEI>
"""


def test_tei_verse(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(TEI, encoding="utf-8")
    corpus = read(path)
    assert [(poem.title, poem.text) for poem in corpus.poems] == [
        ("Rain", "It falls, and falls\non all\n\nand stays"),
        ("First Part", "one\ntwo"),
        ("Stairs", "up\nand up\n\nand down"),
        ("Small Verse", "loose\nlines"),
    ]
    assert {poem.author for poem in corpus.poems} == {"A. Nobody"}


def test_tei_without_its_namespace(tmp_path: Path) -> None:
    path = tmp_path / "a.tei"
    path.write_text(TEI.replace(' xmlns="http://www.tei-c.org/ns/1.0"', ""), encoding="utf-8")
    assert len(read(path).poems) == 4


def test_a_folder_is_read_in_order_and_what_is_left_out_is_counted(tmp_path: Path) -> None:
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    (folder / "b").mkdir(parents=True)
    outside.mkdir()
    (folder / "b" / "x.txt").write_text("third\nof all", encoding="utf-8")
    (folder / "a.txt").write_text("first\nof all", encoding="utf-8")
    (folder / "a.jsonl").write_text('{"text": "zeroth"}\n', encoding="utf-8")
    (folder / "notes.pdf").write_bytes(b"%PDF")
    (outside / "secret.txt").write_text("not to be read", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside)
    (folder / "inside.txt").symlink_to(folder / "a.txt")
    (folder / "broken.txt").symlink_to(folder / "nowhere.txt")
    corpus = read(folder)
    assert [poem.text for poem in corpus.poems] == ["zeroth", "first\nof all", "third\nof all"]
    report = corpus.report
    assert (report.files, report.skipped, report.duplicates) == (4, 3, 1)
    assert set(report.skipped_names) == {
        "notes.pdf (.pdf is not supported)",
        "link.txt (not a file in this folder)",
        "broken.txt (not a file in this folder)",
    }
    assert corpus.name == "folder"


def test_links_in_a_circle_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("verse", encoding="utf-8")
    (tmp_path / "b.txt").symlink_to("c.txt")
    (tmp_path / "c.txt").symlink_to("b.txt")
    corpus = read(tmp_path)
    assert [poem.text for poem in corpus.poems] == ["verse"]
    assert (corpus.report.files, corpus.report.skipped) == (1, 2)


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in ("a.txt", ".a.txt", ".git/b.txt", "sub/.c/d.txt", "sub/e.txt"):
        path = tmp_path / ".poems" / name  # the folder the user names may itself be hidden
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"verse of {name}", encoding="utf-8")
    corpus = read(tmp_path / ".poems")
    assert [poem.text for poem in corpus.poems] == ["verse of a.txt", "verse of sub/e.txt"]
    assert corpus.report.skipped == 3


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b'{"format": "quatrain-poet"}'),
        ("training/last.safetensors", b""),
        ("training/data/prepared.json", b""),
    ],
)
def test_what_a_training_run_writes_is_not_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "a.txt").write_text("verse", encoding="utf-8")
    path = tmp_path / "poet" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    (tmp_path / "poet" / "metrics.jsonl").write_text('{"step": 1}\n', encoding="utf-8")
    corpus = read(tmp_path)
    assert [poem.text for poem in corpus.poems] == ["verse"]
    assert corpus.report.skipped == 1


@pytest.mark.parametrize("config", [b'{"format": "verse"}', b"[]", b"\xff", b"[" * 200_000])
def test_any_other_config_json_keeps_nobody_out(tmp_path: Path, config: bytes) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "config.json").write_bytes(config)
    (tmp_path / "sub" / "a.txt").write_text("verse", encoding="utf-8")
    assert len(read(tmp_path).poems) == 1


@pytest.mark.parametrize("in_a_folder", [False, True])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("POEMS.TXT", b"verse"),
        ("Poems.Jsonl", b'{"text": "verse"}\n'),
        ("POEMS.JSONL.GZ", gzip.compress(b'{"text": "verse"}\n', mtime=0)),
        ("POEMS.CSV", b"poem\nverse\n"),
        ("POEMS.XML", b"<TEI><l>verse</l></TEI>"),
    ],
)
def test_suffixes_may_be_in_capitals(
    tmp_path: Path, name: str, content: bytes, in_a_folder: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    source = tmp_path if in_a_folder else tmp_path / name
    corpus = read(source, column="poem" if name == "POEMS.CSV" else None)
    assert [poem.text for poem in corpus.poems] == ["verse"]
    if not in_a_folder:
        assert corpus.name.lower() == "poems"


def test_one_bad_file_in_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("verse", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\0")
    with pytest.raises(CorpusError, match=r"b\.txt is not a text file"):
        read(tmp_path)


@pytest.mark.skipif(
    not (Path(gutenberg.__file__).parent / "anthology" / "poems.jsonl").exists(),
    reason="the anthology is not in this checkout",
)
def test_the_anthology_comes_with_the_package() -> None:
    corpus = read("anthology")
    assert (corpus.name, corpus.source) == ("anthology", "anthology")
    assert len(corpus.poems) > 1
    assert all(poem.title and poem.author for poem in corpus.poems)


BOOK = b"I\r\n\r\nthe kettle\r\nsings\r\n\r\nII\r\n\r\nthe cat\r\nis out\r\n"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """A mirror of Project Gutenberg on this machine; the paths asked for are its last key."""
    pages = {"/cache/epub/1041/pg1041.txt": BOOK}
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            content = pages.get(self.path)
            self.send_response(200 if content is not None else 404)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *args: object) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setenv("QUATRAIN_GUTENBERG", f"http://127.0.0.1:{running.server_port}/")
    monkeypatch.setenv("QUATRAIN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(gutenberg, "TIMEOUT", 5)
    pages["asked"] = asked  # type: ignore[assignment]
    yield pages
    running.shutdown()
    thread.join()
    running.server_close()


def test_a_book_is_fetched_once_and_its_hash_recorded(
    server: dict[str, bytes], tmp_path: Path
) -> None:
    one, again = read("gutenberg:1041"), read("gutenberg:1041")
    assert [poem.text for poem in one.poems] == ["the kettle\nsings", "the cat\nis out"]
    assert (one.name, one.source) == ("gutenberg-1041", "gutenberg:1041")
    assert one == again
    assert server["asked"] == ["/cache/epub/1041/pg1041.txt"]
    record = tmp_path / "cache" / "gutenberg" / "pg1041.txt.sha256"
    assert record.read_text().strip() == hashlib.sha256(BOOK).hexdigest()


def test_a_cached_book_that_changed_is_refused(server: dict[str, bytes], tmp_path: Path) -> None:
    read("gutenberg:1041")
    path = tmp_path / "cache" / "gutenberg" / "pg1041.txt"
    path.write_bytes(BOOK + b"!")
    with pytest.raises(CorpusError) as caught:
        read("gutenberg:1041")
    assert str(caught.value) == (
        f"gutenberg:1041 ({path}) has the SHA-256 {hashlib.sha256(BOOK + b'!').hexdigest()} "
        f"instead of {hashlib.sha256(BOOK).hexdigest()}. Delete the file to fetch it again, or "
        "correct the hash you gave."
    )


@pytest.mark.usefixtures("server")
def test_a_known_hash_is_checked_at_the_first_fetch(tmp_path: Path) -> None:
    right = hashlib.sha256(BOOK).hexdigest()
    with pytest.raises(CorpusError, match=f"instead of {'0' * 64}"):
        read(f"gutenberg:1041@sha256:{'0' * 64}")
    assert len(read(f"gutenberg:1041@sha256:{right.upper()}").poems) == 2


@pytest.mark.usefixtures("server")
def test_a_book_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        read("gutenberg:7")
    assert "gutenberg:7 at http://127.0.0.1" in str(caught.value)
    assert "got HTTPError: 404" in str(caught.value)
    assert "offline, download the book elsewhere and give its path, or copy it to" in str(
        caught.value
    )
    assert not list((tmp_path / "cache").rglob("*.txt"))


def test_a_book_too_large_is_not_kept(
    server: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gutenberg, "LARGEST", 1000)
    server["/cache/epub/8/pg8.txt"] = b"a line\n" * 1000
    with pytest.raises(CorpusError, match="gutenberg:8: got more than 1,000 bytes"):
        read("gutenberg:8")
    assert not list((tmp_path / "cache").rglob("*.txt"))


def test_a_server_given_by_argument_and_one_that_is_gone(
    server: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = __import__("os").environ["QUATRAIN_GUTENBERG"]
    monkeypatch.setenv("QUATRAIN_GUTENBERG", "http://127.0.0.1:1")
    with pytest.raises(CorpusError, match="Check the number and the connection"):
        read("gutenberg:1041")
    assert len(read("gutenberg:1041", base_url=address).poems) == 2
    assert len(read("gutenberg:1041").poems) == 2


@pytest.mark.parametrize("source", ["gutenberg:", "gutenberg:x", "gutenberg:1@sha256:12"])
def test_a_malformed_book_number(source: str) -> None:
    with pytest.raises(SettingsError, match="names no book of Project Gutenberg"):
        read(source)


def test_only_the_web_is_fetched_from(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected an address that begins with https://"):
        read("gutenberg:1041", base_url="file:///etc")


def test_an_encoding_asked_for_holds_for_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("poem\nété\n".encode("latin-1"))
    corpus = read(path, column="poem", cleaning=Cleaning(encoding="latin-1"))
    assert corpus.poems[0].text == "été"


def test_a_corpus_is_a_sequence_of_its_poems(verse_file: Path) -> None:
    corpus = read(verse_file)
    assert len(corpus) == len(corpus.poems) == 60
    assert list(corpus) == list(corpus.poems)
    assert corpus[0] is corpus.poems[0]
    assert corpus[-1] is corpus.poems[-1]
    assert corpus[1:3] == corpus.poems[1:3]
    with pytest.raises(IndexError):
        corpus[60]
