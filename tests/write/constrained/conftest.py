"""One sonnet with every kind of wish, and the check that all of them are met."""

import re
from collections.abc import Callable

import pytest

from quatrain.form import Checker
from quatrain.poet import tokens
from quatrain.records import Poem
from quatrain.write import WriteOptions


@pytest.fixture
def every_wish() -> WriteOptions:
    return WriteOptions(
        form="sonnet",
        seed=2,
        particles=4,
        start="The lamp is low, and in the",
        end="beside the door.",
        fixed={3: "And nobody will come to mend the light"},
        rhyme={"B": ["rain", "plain"]},
        include=["river", "bread"],
        avoid=["the", "of"],
        acrostic="THAN",
    )


@pytest.fixture
def assert_every_wish_is_met() -> Callable[[Poem], None]:
    def check(poem: Poem) -> None:
        assert Checker().check(poem, "sonnet").kept, poem.text
        lines = [line.text for line in poem.lines]
        assert lines[0].startswith("The lamp is low, and in the")
        assert lines[2] == "And nobody will come to mend the light"
        assert lines[-1].lower().endswith("beside the door.")
        assert [words(lines[place])[-1] for place in (1, 3)] == ["rain", "plain"]
        assert [first_letter(line) for line in lines[:4]] == ["T", "H", "A", "N"]
        used = {token for line in lines for token in tokens.line_tokens(line)}
        assert {"river", "bread"} <= used
        not_given = [*lines[1:2], *lines[3:-1]]
        assert not {"the", "of"} & set(words(" ".join(not_given)))

    return check


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def first_letter(line: str) -> str:
    """Return the first letter of a line, which an apostrophe may stand before."""
    return next(character for character in line if character.isalpha())
