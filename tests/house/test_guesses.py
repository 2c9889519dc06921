"""What a newcomer tries first works, or fails with an error that names the right call."""

from collections.abc import Callable
from pathlib import Path

import pytest

import quatrain
from quatrain.records import Line, Poem, as_poem

VERSE = "The tide is out, the boats lie down\nand sleep beside the sleeping town."

Reader = Callable[[object], object]
READERS: dict[str, Reader] = {
    "scan": lambda verse: quatrain.scan(verse).poem.lines,
    "check": lambda verse: quatrain.check(verse, "free-verse").poem.lines,
    "rhyme_scheme": lambda verse: str(quatrain.sound.rhyme_scheme(verse)),
}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("poem.txt").write_text(VERSE + "\n", encoding="utf-8")
    Path("poems.txt").write_text(f"{VERSE}\n\n\n\n{VERSE[::-1]}\n", encoding="utf-8")


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
    with pytest.raises(quatrain.UserError, match="the verse: got"):
        reader(verse)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
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
