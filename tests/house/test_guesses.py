"""What a newcomer tries first works, or fails with an error that names the right call."""

import inspect
import pydoc
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

import quatrain
from quatrain.cli import app
from quatrain.records import Line, Poem, as_poem

VERSE = "The tide is out, the boats lie down\nand sleep beside the sleeping town."

Reader = Callable[[object], object]
READERS: dict[str, Reader] = {
    "scan": lambda verse: quatrain.scan(verse).poem.lines,
    "check": lambda verse: quatrain.check(verse, "free-verse").poem.lines,
    "rhyme_scheme": lambda verse: str(quatrain.rhyme_scheme(verse)),
    "evaluate": lambda verse: quatrain.Poet.load("letters").evaluate(verse),
    "nearest_forms": lambda verse: [str(form) for form in quatrain.form.nearest_forms(verse)],
}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("poem.txt").write_text(VERSE + "\n", encoding="utf-8")
    Path("poems.txt").write_text(f"{VERSE}\n\n\n\n{VERSE[::-1]}\n", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    "verse",
    [VERSE.splitlines(), tuple(map(Line, VERSE.splitlines())), Path("poem.txt")],
    ids=["list of str", "tuple of Lines", "Path"],
)
def test_verse_comes_in_any_shape(reader: Reader, verse: object) -> None:
    assert reader(verse) == reader(VERSE) == reader(Poem.from_text(VERSE))


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("name", ["poem.txt", "peom.txt"])
def test_a_file_name_is_not_taken_for_verse(reader: Reader, name: str) -> None:
    with pytest.raises(quatrain.UserError, match=r"quatrain\.read\(.*Path\("):
        reader(name)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@pytest.mark.parametrize("verse", [3, None, b"a line", [3], ["a line", None]])
def test_what_is_no_verse_is_refused(reader: Reader, verse: object) -> None:
    with pytest.raises(quatrain.UserError, match=r"the (verse|poems to score): got"):
        reader(verse)


@pytest.mark.parametrize("reader", [READERS["scan"], READERS["check"], READERS["rhyme_scheme"]])
@pytest.mark.parametrize("verse", [[Poem.from_text("a"), Poem.from_text("b")], Path("poems.txt")])
def test_several_poems_are_passed_one_by_one(reader: Reader, verse: object) -> None:
    with pytest.raises(quatrain.UserError, match="one by one"):
        reader(verse)


def test_a_poem_is_made_of_a_text() -> None:
    poem = Poem.from_text("one\ntwo\n\n\nthree\n", title="Numbers")
    assert [[line.text for line in stanza] for stanza in poem.stanzas] == [
        ["one", "two"],
        ["three"],
    ]
    assert poem.title == "Numbers"
    assert as_poem(poem) is poem


@pytest.mark.parametrize("stanzas", ["a\nb", ["a", "b"], ("a", "b"), ((), "a")])
def test_a_poem_of_a_text_or_a_list_names_the_right_call(stanzas: object) -> None:
    with pytest.raises(quatrain.UserError, match=r"Poem\.from_text.*Poem\.from_lines"):
        Poem(stanzas)


def test_from_text_of_a_list_names_from_lines() -> None:
    with pytest.raises(quatrain.UserError, match=r"Poem\.from_lines"):
        Poem.from_text(["a", "b"])


def test_a_file_name_as_a_form_or_no_form_is_refused_helpfully() -> None:
    with pytest.raises(quatrain.UserError, match=r"names no form.*check\(poem, 'sonnet'\)"):
        quatrain.check(VERSE)
    with pytest.raises(quatrain.UserError, match="Did you mean 'sonnet'"):
        quatrain.check(VERSE, "sonet")
    poem = Poem.from_text(VERSE, form="free-verse")
    assert quatrain.check(poem).form == "free-verse"


def test_every_package_is_an_attribute_in_a_fresh_interpreter() -> None:
    code = "import quatrain; print(quatrain.form.load('sonnet').name, quatrain.train.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["shakespearean-sonnet", "quatrain.train"]


@pytest.mark.parametrize("name", ["letters", "verse"])
def test_whatever_is_loaded_is_a_poet(name: str) -> None:
    assert isinstance(quatrain.load(name), quatrain.Poet)
    assert isinstance(quatrain.Poet.load(name), quatrain.Poet)


def test_a_corpus_is_a_sequence_of_poems() -> None:
    corpus = quatrain.read("anthology")
    assert len(corpus) == len(corpus.poems)
    assert corpus[0] == next(iter(corpus)) == corpus.poems[0]


def test_forms_and_poets_are_listed() -> None:
    names = [form.name for form in quatrain.forms()]
    assert "haiku" in names
    assert all(isinstance(form, quatrain.Form) for form in quatrain.forms())
    assert {"letters", "sonnets", "verse"} <= {poet.name for poet in quatrain.poets()}


@pytest.mark.parametrize(
    "name", [name for name in quatrain.__all__ if callable(getattr(quatrain, name))]
)
def test_signatures_show_real_parameters(name: str) -> None:
    value = getattr(quatrain, name)
    if isinstance(value, type) and issubclass(value, BaseException):
        return
    kinds = {parameter.kind for parameter in inspect.signature(value).parameters.values()}
    assert inspect.Parameter.VAR_POSITIONAL not in kinds
    assert inspect.Parameter.VAR_KEYWORD not in kinds


def test_help_starts_with_what_to_call() -> None:
    text = pydoc.plain(pydoc.render_doc(quatrain))
    first = text[: text.index("PACKAGE CONTENTS")]
    for name in ("load(", "poet.write(", "train(", "read(", "scan(", "check(", "explain"):
        assert name in first
    assert "__" not in first


def test_what_is_visible_is_what_is_public() -> None:
    assert dir(quatrain) == quatrain.__all__
    assert quatrain.form.load("haiku") in quatrain.forms()
    assert dir(quatrain) == quatrain.__all__


def commands(group: Any, path: str = "quatrain") -> Iterator[str]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


@pytest.mark.slow
def test_every_command_has_a_python_name() -> None:
    page = Path(__file__).parents[2] / "docs" / "python.md"
    text = page.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(quatrain [\w ]+)` \| (.+) \|$", text, re.MULTILINE)
    assert sorted(command for command, _ in rows) == sorted(commands(get_command(app)))
    for _, cell in rows:
        for dotted in re.findall(r"`(quatrain\.[\w.]+|poet\.\w+)`", cell):
            value: Any = type(quatrain.load("letters")) if dotted.startswith("poet.") else quatrain
            for name in dotted.split(".")[1:]:
                value = getattr(value, name)
            assert callable(value), dotted


@pytest.mark.parametrize(
    ("guess", "message"),
    [
        (lambda: quatrain.load(3), r"quatrain\.load\('verse'\)"),
        (lambda: quatrain.load("verze"), "There is no poet 'verze'.*letters, sonnets, verse"),
        (lambda: quatrain.read(["a"]), "got a list; expected a name or a path"),
        (lambda: quatrain.train(quatrain.read("anthology"), "x"), "got a Corpus; expected a name"),
        (lambda: quatrain.rhymes(1, 2), "first: got 1; expected a word"),
        (lambda: quatrain.rhymes_with(3), "phrase: got 3; expected a word"),
        (lambda: quatrain.pronounce(None), "word: got None; expected a word"),
        (lambda: quatrain.check(VERSE, "nope.toml"), "There is no form file 'nope.toml'"),
        (lambda: quatrain.poets("nope"), "nope does not exist"),
        (lambda: quatrain.scan(quatrain.read("anthology")), "Several poems were given"),
    ],
)
def test_a_wrong_argument_ends_in_the_right_call(guess: Callable[[], object], message: str) -> None:
    with pytest.raises(quatrain.UserError, match=message):
        guess()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "setting"),
    [
        ({"fixed": ["x"]}, "fixed"),
        ({"rhyme": "A"}, "rhyme"),
        ({"include": "sea"}, "include"),
        ({"lines": "4"}, "lines"),
        ({"start": 5}, "start"),
        ({"form": 3}, "form"),
        ({"temperature": -1}, "temperature"),
    ],
)
def test_a_wrong_option_of_write_names_the_option(options: dict[str, Any], setting: str) -> None:
    with pytest.raises(quatrain.UserError, match=setting):
        quatrain.load("letters").write(**{"form": "haiku", "seed": 1, **options})


def test_an_option_without_its_name_is_refused() -> None:
    with pytest.raises(TypeError, match=r"write\(\) takes its options by name, .* got 4"):
        quatrain.load("letters").write(4)
    with pytest.raises(TypeError, match=r"'lins'.*Did you mean 'lines'"):
        quatrain.load("letters").write(lins=4)


def test_without_a_seed_one_is_drawn_and_reported() -> None:
    poet = quatrain.load("letters")
    poem = poet.write(lines=1, seed=None, maximum_characters=40)
    assert isinstance(poem.seed, int)
    assert poet.write(lines=1, seed=poem.seed, maximum_characters=40) == poem


def test_statistics_take_a_source() -> None:
    corpus = quatrain.read("anthology")
    assert quatrain.corpus.statistics("anthology") == quatrain.corpus.statistics(corpus)


@pytest.mark.parametrize("method", ["write", "write_many", "begin", "revise", "alternatives"])
def test_signatures_of_a_poets_methods_show_real_parameters(method: str) -> None:
    parameters = inspect.signature(getattr(quatrain.load("letters"), method)).parameters
    assert {"form"} <= set(parameters)
    assert inspect.Parameter.VAR_KEYWORD not in {each.kind for each in parameters.values()}
