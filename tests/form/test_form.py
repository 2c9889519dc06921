"""Form files: strict keys, errors that name the line and the nearest name, contradictions."""

from pathlib import Path

import pytest

from quatrain.errors import FormError
from quatrain.form import Form, forms, load, names, parse, source
from quatrain.form.library import MAX_BYTES


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
        ("metre = 'iambic 5'", r"^f\.toml: got neither 'stanzas' nor 'again'"),
        ('stanzas = ["AA"]\nmetre = "iambic 5"\nsyllables = 10', "'metre' and 'syllables'"),
        ('stanzas = ["AA"]\nacrostic = "ANNA"', "4 letters; expected at most 2"),
        ('stanzas = ["AA"]\n[refrains]\n1 = [9]', "expected rising numbers from 1 to 2"),
        ('stanzas = ["AA"]\nsyllables = [5, 0]', "got 0; expected numbers from 1 to 40"),
        ('stanzas = ["AA"]\nclose = ["B"]', "'close' without 'chain'"),
        ('again = ["AAA"]\nchain = true', "a chained stanza whose second line has no rhyme"),
        ('stanzas = ["AA"]\nend_words = [[1, 2], [2, 1]]', "2 rows; expected 1, one per stanza"),
        ('again = ["x"]\nend_words = [[1]]', "'end_words' without 'stanzas'"),
        ('stanzas = ["AB"]\n[refrains]\n1 = [2]', "line 2: got lines 1 and 2 with rhymes A and B"),
        ('stanzas = ["AA"]\nmetre = ["iambic 4", "iambic 3"]\nrefrains = {1 = [2]}', "metres"),
        ('stanzas = ["AA", "A"]\nend_words = [[1, 2], [2, 1]]', "2 numbers in row 2; expected 1"),
        ('stanzas = ["AA"]\nacrostic = "A1"', "letters only"),
        ('again = ["AA"]\nleast = 0', "expected 1 to 500"),
        ("stanzas = [", "expected TOML"),
        ('stanzas = "AA"', "got 'AA'; expected a list for 'stanzas'"),
        ('again = ["ABAB"]\ncarry = [[2, 9]]', "pairs of lines from 1 to 4"),
        ('again = ["AB", "AB"]\ncarry = [[2, 1]]', "line 2: got 'carry' with 2 stanzas"),
        ('again = ["AB"]\ncarry = [[1, 1], [2, 1]]', "line 2: got two lines for one place"),
        ('again = ["AB"]\ncarry = [[1, 2]]\nsyllables = [5, 7]', "different length or metre"),
        ('again = ["AB"]\ncarry = [[1, 2]]\nmetre = ["iambic 4", "iambic 3"]', "length or metre"),
    ],
)
def test_an_error_in_a_form_file_names_its_line(text: str, message: str) -> None:
    with pytest.raises(FormError, match=message):
        parse(text, "f", "f.toml")


HUGE = f"0x{'f' * 5000}"
"""A number that Python reads, but does not write in decimal."""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"least = {'9' * 5000}", "got a number of thousands of digits; expected TOML"),
        (f"title = {'[' * 20_000}{']' * 20_000}", "got lists or tables nested too deeply"),
        (f"title = {HUGE}", "a number of thousands of digits; expected a text"),
        (f"least = {HUGE}", "a number of thousands of digits; expected 1 to 500"),
        (f"syllables = {HUGE}", "expected numbers from 1 to 40"),
        (f"syllables = [{HUGE}]", "expected numbers from 1 to 40"),
        (f"refrains = {{1 = [{HUGE}]}}", "expected a line and its repeats"),
        (f"[refrains]\n{'9' * 5000} = [1]", "expected a line and its repeats"),
        (f"carry = [[1, {HUGE}]]", "expected pairs of lines"),
        (f"end_words = [[{HUGE}]]", "expected lines from 1 to 2"),
        (f"metre = [{HUGE}]", "expected a foot"),
        (f'metre = "iambic {"9" * 5000}"', r"9\.\.\.; expected a foot .* number from 1 to 12"),
        ('metre = "iambic \u0665"', "expected a foot"),
        (f'allow = ["{"z" * 3000}"]', r"zzz\.\.\.; expected some of"),
        ('metre = " "', "expected a foot"),
    ],
)
def test_a_value_that_no_machine_can_take_is_refused_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(FormError, match=message) as error:
        parse(f'stanzas = ["AB"]\n{text}', "f", "f.toml")
    assert len(str(error.value)) < 400


def test_the_file_of_a_form_of_your_own_is_printed(tmp_path: Path) -> None:
    text = 'title = "song"\nstanzas = ["AbAb"]\n'
    path = tmp_path / "song.toml"
    path.write_text(text, encoding="utf-8")
    assert source(path) == text
    assert source("haiku") == source("Haiku")
    path.write_text("stanzas = 3", encoding="utf-8")
    with pytest.raises(FormError, match="expected a list"):
        source(path)


def test_files_that_are_no_forms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormError, match="There is no form file"):
        load(tmp_path / "none.toml")
    large = tmp_path / "large.toml"
    large.write_text("#" * 70_000, encoding="utf-8")
    with pytest.raises(FormError, match="70,000 bytes"):
        load(large)


def scheme(lines: int) -> str:
    return f'stanzas = ["{"x" * lines}"]'


@pytest.mark.parametrize(
    ("passes", "fails", "message"),
    [
        (scheme(500), scheme(501), "line 1: got 501 lines; expected at most 500"),
        ('again = ["AB"]\nchain = true\nclose = ["A"]\nstanzas = ["' + "x" * 499 + '"]',
         'again = ["AB"]\nchain = true\nclose = ["AA"]\nstanzas = ["' + "x" * 499 + '"]',
         "501 lines"),
        ('again = ["x"]\nleast = 500', 'again = ["x"]\nleast = 501',
         "line 2: got 501; expected 1 to 500"),
        ('again = ["x"]\nleast = 1', 'again = ["x"]\nleast = 0', "got 0; expected 1 to 500"),
        ('again = ["x"]\nmetre = "iambic 1"', 'again = ["x"]\nmetre = "iambic 0"',
         "got 'iambic 0'; expected a foot .iambic, .* and a number from 1 to 12"),
        ('again = ["x"]\nmetre = "iambic 12"', 'again = ["x"]\nmetre = "iambic 13"',
         "got 'iambic 13'.*Did you mean 'iambic 5'"),
        ('again = ["x"]\nmetre = []', 'again = ["x"]\nmetre = [""]', "for example 'iambic 5'"),
        ('again = ["x"]\nmetre = []', 'again = ["x"]\nmetre = "iambic"', "got 'iambic'"),
        ('again = ["x"]\nmetre = []', 'again = ["x"]\nmetre = ["iambic 5", 5]', "got 5"),
        ('again = ["x"]\nsyllables = 1', 'again = ["x"]\nsyllables = 0',
         "got 0; expected numbers from 1 to 40"),
        ('again = ["x"]\nsyllables = [40]', 'again = ["x"]\nsyllables = [40, 41]', "got 41"),
        ('again = ["x"]\nsyllables = []', 'again = ["x"]\nsyllables = [true]', "got True"),
        ('again = ["x"]\nsyllables = []', 'again = ["x"]\nsyllables = ["a"]', "got 'a'"),
        ('again = ["x"]\nsyllables = 5', 'again = ["x"]\nsyllables = true',
         "expected a whole number or a list for 'syllables'"),
        ('again = ["AB"]\nchain = true', 'again = ["AB"]\nchain = 1',
         "got 1; expected true or false for 'chain'"),
        ('again = ["x"]\nleast = 3', 'again = ["x"]\nleast = true',
         "got True; expected a whole number"),
        ('again = ["x"]\ntitle = "a"', 'again = ["x"]\ntitle = 3', "expected a text for 'title'"),
        ('again = ["x"]\n[refrains]', 'again = ["x"]\nrefrains = []', "expected a table"),
        ('stanzas = ["AAA"]\nacrostic = "abc"', 'stanzas = ["AAA"]\nacrostic = "abcd"',
         "line 2: got 4 letters; expected at most 3"),
        ('again = ["A"]\nacrostic = "abcd"', 'again = ["A"]\nacrostic = "ab d"', "letters only"),
        ('stanzas = ["AAA"]\n[refrains]\n1 = [2, 3]', 'stanzas = ["AAA"]\n[refrains]\n1 = [2, 4]',
         "line 2: got 1 = .2, 4.; expected rising numbers from 1 to 3"),
        ('stanzas = ["AAA"]\n[refrains]\n1 = [2, 3]', 'stanzas = ["AAA"]\n[refrains]\n1 = [3, 2]',
         "rising numbers"),
        ('stanzas = ["AAA"]\n[refrains]\n1 = [2, 3]', 'stanzas = ["AAA"]\n[refrains]\n1 = [1, 2]',
         "rising numbers"),
        ('stanzas = ["AAA"]\n[refrains]\n1 = [2, 3]', 'stanzas = ["AAA"]\n[refrains]\n0 = [2, 3]',
         "rising numbers"),
        ('stanzas = ["AAA"]\n[refrains]\n1 = [2]', 'stanzas = ["AAA"]\n[refrains]\n1 = []',
         "expected a line and its repeats"),
        ('stanzas = ["AAA"]\n[refrains]\n1 = [2]', 'stanzas = ["AAA"]\n[refrains]\n1 = 2',
         "got 1 = 2; expected a line and its repeats"),
        ('stanzas = ["AAA"]\n[refrains]\n1 = [2]', 'stanzas = ["AAA"]\n[refrains]\na = [2]',
         "got a = .2.; expected a line and its repeats"),
        ('again = ["AA"]\n[refrains]\n1 = [500]', 'again = ["AA"]\n[refrains]\n1 = [501]',
         "rising numbers from 1 to 500"),
        ('again = ["ABAB"]\ncarry = [[4, 1]]', 'again = ["ABAB"]\ncarry = [[5, 1]]',
         "pairs of lines from 1 to 4"),
        ('again = ["ABAB"]\ncarry = [[4, 1]]', 'again = ["ABAB"]\ncarry = [[4, 0]]', "got .4, 0."),
        ('again = ["ABAB"]\ncarry = [[4, 1]]', 'again = ["ABAB"]\ncarry = [[4, 1, 2]]', "4, 1, 2"),
        ('again = ["ABAB"]\ncarry = [[4, 1]]', 'again = ["ABAB"]\ncarry = [4]', "got 4; expected"),
        ('again = ["ABAB"]\ncarry = []', 'stanzas = ["ABAB"]\ncarry = [[1, 1]]', "from 1 to 0"),
        ('stanzas = ["xx"]\nend_words = [[2, 1]]', 'stanzas = ["xx"]\nend_words = [[3, 1]]',
         "got .3, 1.; expected lines from 1 to 2"),
        ('stanzas = ["xx"]\nend_words = [[2, 1]]', 'stanzas = ["xx"]\nend_words = [[0, 1]]',
         "lines from 1 to 2"),
        ('stanzas = ["xx"]\nend_words = [[2, 1]]', 'stanzas = ["xx"]\nend_words = [[1]]',
         "got 1 numbers in row 1; expected 2, one per line"),
        ('stanzas = ["xx", "x"]\nend_words = [[1, 2], [1]]',
         'stanzas = ["xx", "x"]\nend_words = [[1, 2]]', "got 1 rows; expected 2, one per stanza"),
        ('stanzas = ["xx"]\nend_words = []', 'stanzas = ["xx"]\nend_words = [true]', "got True"),
        ('stanzas = ["xx"]\nend_words = [[1, 2]]', 'stanzas = ["xx"]\nend_words = [[1, true]]',
         "got .1, True."),
        ('again = ["ABA"]\nchain = true\nclose = ["A"]', 'again = ["ABA"]\nclose = ["A"]',
         "line 2: got 'close' without 'chain'; expected a chained form"),
        ('again = ["ABA"]\nchain = true\nclose = ["A"]',
         'stanzas = ["ABA"]\nchain = true\nclose = ["A"]', "'close' without 'again'"),
        ('again = ["AB"]\nchain = true', 'again = ["AB", "Aa"]\nchain = true',
         "a chained stanza whose second line has no rhyme"),
        ('again = ["xY"]', 'again = ["x1"]', "got 'x1'; expected letters or dots, one per line"),
        ('again = ["xY"]', 'again = [1]', "got 1; expected letters"),
        ('again = ["xY"]', 'again = [""]', "got ''; expected letters"),
        ('again = ["x"]\nallow = ["midline"]', 'again = ["x"]\nallow = ["zzz"]',
         "got 'zzz'; expected some of inversion, .*Correct the value"),
        ('again = ["x"]\nrhymes = ["eye"]', 'again = ["x"]\nrhymes = ["none"]', "got 'none'"),
        ('stanzas = ["aA"]\nrefrains = {1 = [2]}', 'stanzas = ["aB"]\nrefrains = {1 = [2]}',
         "lines 1 and 2 with rhymes A and B; expected a line that can be repeated word for word"),
        ('stanzas = ["AxA"]\nmetre = ["iambic 4", "iambic 3"]\nrefrains = {1 = [3]}',
         'stanzas = ["AAA"]\nmetre = ["iambic 4", "iambic 3"]\nrefrains = {1 = [2]}',
         "metres iambic tetrameter and iambic trimeter"),
        ('stanzas = ["AxA"]\nsyllables = [5, 7]\nrefrains = {1 = [3]}',
         'stanzas = ["AAA"]\nsyllables = [5, 7]\nrefrains = {1 = [2]}',
         "lines 1 and 2 with different numbers of syllables"),
        ('stanzas = ["bB"]\nrefrains = {1 = [2]}', 'stanzas = ["bA"]\nrefrains = {1 = [2]}',
         "lines 1 and 2 with rhymes B and A"),
        ('stanzas = ["AxA"]\nsyllables = [7, 5]\nrefrains = {1 = [3]}',
         'stanzas = ["AAA"]\nsyllables = [7, 5]\nrefrains = {1 = [2]}',
         "lines 1 and 2 with different numbers of syllables"),
        ('again = ["x"]', 'again = ["x"]\nzzz = 3', "line 2: got the key 'zzz'; .*Remove it"),
    ],
)  # fmt: skip
def test_values_at_their_border(passes: str, fails: str, message: str) -> None:
    assert parse(passes, "f", "f.toml").name == "f"
    with pytest.raises(FormError, match=message):
        parse(fails, "f", "f.toml")


def test_the_values_of_a_file_are_those_of_the_form() -> None:
    text = """
title = "T"
about = "A."
stanzas = ["Ab", "ba"]
metre = "iambic 4"
allow = ["inversion"]
rhymes = ["eye", "slant"]
end_words = [[1, 2], [2, 1]]
acrostic = "abcd"
refrains = {1 = [4], 2 = [3]}
"""
    assert parse(text, "some-form", "f.toml") == Form(
        "some-form",
        title="T",
        about="A.",
        stanzas=("Ab", "ba"),
        metre=(("iambic", 4),),
        allow=frozenset({"inversion"}),
        rhymes=frozenset({"eye", "slant"}),
        refrains={1: (4,), 2: (3,)},
        end_words=((1, 2), (2, 1)),
        acrostic="abcd",
    )
    assert parse('again = ["ABAB"]\ncarry = [[2, 1]]\nleast = 2', "a-b", "f") == Form(
        "a-b", title="a b", again=("ABAB",), carry=((2, 1),), least=2
    )


def test_the_size_of_a_form_file_at_its_border(tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    text = scheme(3) + "\n#"
    path.write_text(text + "#" * (MAX_BYTES - len(text)), encoding="utf-8")
    assert load(path).stanzas == ("xxx",)
    assert load(str(path)) == load(path)
    path.write_text(text + "#" * (MAX_BYTES - len(text) + 1), encoding="utf-8")
    with pytest.raises(FormError, match="65,537 bytes; expected at most 65,536"):
        load(path)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(FormError, match=r"latin\.toml: got the byte 0xff at position 0"):
        load(tmp_path / "latin.toml")
    with pytest.raises(FormError, match="got a folder; expected a form file"):
        load(f"{tmp_path}/")


def test_the_shipped_forms_are_listed_by_name() -> None:
    assert names() == sorted(names())
    assert [form.name for form in forms()] == names()
    assert load("SONNET") is load("shakespearean-sonnet")
    with pytest.raises(FormError, match=r"There is no form 'zzz'\. 'quatrain forms' lists them"):
        load("zzz")
