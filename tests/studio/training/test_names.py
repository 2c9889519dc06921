"""Names of uploads: whatever is sent stays one harmless component of a path."""

import unicodedata

import pytest

from quatrain.errors import SettingsError
from quatrain.studio.training.names import MOST_BYTES, file_name, numbered, title, without_options

HOSTILE = {
    "../../etc/passwd.txt": "passwd.txt",
    "/etc/cron.d/job.txt": "job.txt",
    "C:\\Windows\\win.txt": "win.txt",
    "..": "text",
    "": "text",
    ".": "text",
    ".hidden.txt": "hidden.txt",
    "a\0b.txt": "ab.txt",
    "a\nb\x1b[31m.txt": "ab[31m.txt",
    "\u202egnp.txt": "gnp.txt",
    "CON.txt": "_CON.txt",
    "nul": "_nul",
    "a<b>c:d.txt": "a_b_c_d.txt",
    "  spaced   out .txt ": "spaced out.txt",
    "\ud800.txt": "text.txt",
    "poems.jsonl.gz": "poems.jsonl.gz",
    "déjà vu.txt": "déjà vu.txt",
}


@pytest.mark.parametrize(("raw", "safe"), HOSTILE.items(), ids=map(ascii, HOSTILE))
def test_a_hostile_name_becomes_harmless(raw: str, safe: str) -> None:
    assert file_name(raw) == safe


def test_a_long_name_keeps_its_suffix() -> None:
    for sign in ("a", "ü", "詩"):
        name = file_name(sign * 300 + ".jsonl.gz")
        assert name.endswith(".jsonl.gz")
        assert len(name.encode()) <= MOST_BYTES


def test_a_composed_name_equals_a_decomposed_one() -> None:
    name = "déjà.txt"
    assert file_name(unicodedata.normalize("NFD", name)) == name


def test_files_of_one_name_are_numbered_before_the_suffix() -> None:
    assert [numbered("a.jsonl.gz", number) for number in (1, 2)] == ["a.jsonl.gz", "a-2.jsonl.gz"]


def test_a_title_keeps_letters_of_every_script() -> None:
    assert title(" Зимние  стихи (1923) ", "corpus") == "Зимние стихи (1923)"
    assert title("../../x", "poet") == "x"
    assert len(title("詩" * 300, "poet").encode()) <= MOST_BYTES


@pytest.mark.parametrize("raw", ["", "...", "\0", "- _", "\u0301"])
def test_a_title_needs_a_letter(raw: str) -> None:
    with pytest.raises(SettingsError, match="at least one letter"):
        title(raw, "poet")


def test_sentences_on_options_are_left_out() -> None:
    assert without_options("The loss fell. --resume continues. Use --out x.") == "The loss fell."
