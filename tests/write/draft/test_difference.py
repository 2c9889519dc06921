"""How one line differs from another, in phrases computed from the two."""

import pytest

from quatrain.write.draft.difference import differences

NOW = "The street is still, and no one passes by;"


@pytest.mark.parametrize(
    ("before", "after", "phrases"),
    [
        (NOW, "The street is dark, and no one passes by;", ["*dark* for *still*"]),
        (
            NOW,
            "The street is still below the heavy sky;",
            ["keeps the beginning"],
        ),
        (NOW, "I think that no one passes by;", ["keeps the end", "two words fewer"]),
        (NOW, "A lantern swings, and then the windows cry;", ["one word fewer", "ends in *cry*"]),
        (NOW, "And far below us all the harbour bells reply;", ["ends in *reply*"]),
        (NOW, "A lamp goes out, and someone passes by", ["one word fewer", "the same last word"]),
        ("", "And snow has laid its blanket on the town.", ["ends in *town*", "names *blanket*"]),
    ],
)
def test_the_most_telling_comes_first(before: str, after: str, phrases: list[str]) -> None:
    assert differences(before, after)[: len(phrases)] == phrases


def test_licences_are_named_where_only_the_new_line_takes_them() -> None:
    after = "Under the bridge the patient waters lie and sigh;"
    phrases = differences(NOW, after, licences=((), ("inversion",)))
    assert phrases[0] == "with an inversion"
    assert "with an inversion" not in differences(
        NOW, after, licences=(("inversion",), ("inversion",))
    )


def test_a_line_without_words_differs_in_nothing_that_can_be_said() -> None:
    assert differences("", "...") == []
    assert differences("...", "The sea.") == ["ends in *sea*", "names *sea*"]
