"""The list of file formats: every text that names the suffixes names all of them."""

from pathlib import Path
from typing import get_args

import pytest

from quatrain import UserError
from quatrain.cli import options
from quatrain.corpus import formats
from quatrain.corpus.files import SOURCES
from quatrain.errors import InternalError
from quatrain.records import as_poem

DOCS = Path(__file__).parents[2] / "docs"


def words(text: str) -> list[str]:
    """Return the words of a text without the punctuation around them."""
    return [word.strip("(),.:`") for word in text.split()]


@pytest.mark.parametrize("suffix", formats.SUFFIXES)
def test_help_errors_and_documents_name_every_suffix(suffix: str) -> None:
    bare = suffix.removeprefix(".")
    assert bare in words(get_args(options.Source)[1].help)
    assert bare in words(SOURCES)
    assert bare in words((DOCS / "corpus.md").read_text(encoding="utf-8"))


def test_the_help_of_column_names_exactly_the_tables() -> None:
    help_words = words(get_args(options.Column)[1].help)
    for suffix in formats.SUFFIXES:
        bare = suffix.removeprefix(".")
        assert (bare in help_words) == (suffix in formats.TABLE_SUFFIXES)


@pytest.mark.parametrize("suffix", formats.SUFFIXES)
def test_a_file_name_is_not_taken_for_verse(suffix: str) -> None:
    with pytest.raises(UserError, match="file"):
        as_poem(f"poem{suffix}")


def test_a_long_suffix_is_not_taken_for_its_end() -> None:
    assert formats.suffix_of(Path("a.b.JSONL.GZ")) == ".jsonl.gz"
    assert formats.suffix_of(Path("a.gz")) == ""


def test_a_file_of_an_unregistered_suffix_is_a_bug_rather_than_tei() -> None:
    with pytest.raises(InternalError, match=r"poem\.xyz"):
        formats.format_of(Path("poem.xyz"))
