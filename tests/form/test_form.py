"""Form files: strict keys, errors that name the line and the nearest name, contradictions."""

from pathlib import Path

import pytest

from quatrain.errors import FormError
from quatrain.form import load, names, parse, source


@pytest.mark.parametrize("name", names())
def test_every_shipped_form_loads_and_describes_itself(name: str) -> None:
    form = load(name)
    assert form.name == name
    assert form.about.endswith(".")
    assert form.stanzas or form.again
    assert parse(source(name), name, name) == form


def test_a_form_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "Mine"\nstanzas = ["AAB", "BCC"]\nmetre = ["iambic 4", "trochaic 3"]\n'
        'acrostic = "SEADOG"\n',
        encoding="utf-8",
    )
    form = load(path)
    assert (form.name, form.title, form.shape, form.fixed) == ("mine", "Mine", "AAB BCC", True)
    metres = [str(form.metre_of(line)) for line in range(3)]
    assert metres == ["iambic tetrameter", "trochaic trimeter", "iambic tetrameter"]
    assert form.rhyme_letters(0) == [["A", "A", "B"], ["B", "C", "C"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('stanza = ["AA"]', r"f.toml, line 1: got the key 'stanza'.*Did you mean 'stanzas'"),
        (
            'stanzas = ["AA"]\nmetre = "iamic 5"',
            r"line 2: got 'iamic 5'.*Did you mean 'iambic 5'",
        ),
        ('stanzas = ["A A"]', r"line 1: got 'A A'; expected letters"),
        ('stanzas = ["AA"]\nallow = ["inversions"]', "Did you mean 'inversion'"),
        ('stanzas = ["AA"]\nrhymes = ["prefect"]', "Did you mean 'perfect'"),
        ("metre = 'iambic 5'", "neither 'stanzas' nor 'again'"),
        ('stanzas = ["AA"]\nmetre = "iambic 5"\nsyllables = 10', "'metre' and 'syllables'"),
        ('stanzas = ["AA"]\nacrostic = "ANNA"', "4 letters; expected at most 2"),
        ('stanzas = ["AA"]\n[refrains]\n1 = [9]', "expected rising numbers from 1 to 2"),
        ('stanzas = ["AA"]\nsyllables = [5, 0]', "got 0; expected numbers from 1 to 40"),
        ('stanzas = ["AA"]\nclose = ["B"]', "'close' without 'chain'"),
        ('again = ["AAA"]\nchain = true', "a chained stanza of one rhyme"),
        ('stanzas = ["AA"]\nend_words = [[1, 2], [2, 1]]', "2 rows; expected 1, one per stanza"),
        ('stanzas = ["AB"]\n[refrains]\n1 = [2]', "line 2: got lines 1 and 2 with rhymes A and B"),
        ('stanzas = ["AA"]\nmetre = ["iambic 4", "iambic 3"]\nrefrains = {1 = [2]}', "metres"),
        ('stanzas = ["AA", "A"]\nend_words = [[1, 2], [2, 1]]', "2 numbers in row 2; expected 1"),
        ('stanzas = ["AA"]\nacrostic = "A1"', "letters only"),
        ('again = ["AA"]\nleast = 0', "expected 1 to 500"),
        ("stanzas = [", "expected TOML"),
        ('stanzas = "AA"', "got 'AA'; expected a list for 'stanzas'"),
        ('again = ["ABAB"]\ncarry = [[2, 9]]', "pairs of lines from 1 to 4"),
    ],
)
def test_an_error_in_a_form_file_names_its_line(text: str, message: str) -> None:
    with pytest.raises(FormError, match=message):
        parse(text, "f", "f.toml")


def test_files_that_are_no_forms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormError, match="There is no form file"):
        load(tmp_path / "none.toml")
    large = tmp_path / "large.toml"
    large.write_text("#" * 70_000, encoding="utf-8")
    with pytest.raises(FormError, match="70,000 bytes"):
        load(large)
