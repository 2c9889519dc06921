"""The line of each word to include.

In: a poem before its first line, and the words. Out: the same poem, whose plans say which line
needs which word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quatrain.errors import SettingsError
from quatrain.write.constrained.poem_constraints import PoemConstraints
from quatrain.write.constrained.poem_state import PoemState


def place_words(poem: PoemState, words: Sequence[str], constraints: PoemConstraints) -> None:
    """Give each word to include a line of its own, drawn at random; a line without room is passed.

    Args:
        poem: before its first line; its plans change in place.
        words: as you give them.
        constraints: of the poem; `include` has the words' numbers.

    Raises:
        SettingsError: there are more words than lines.
    """
    free = [plan.number for plan in poem.plans if plan.free and not (plan.begins or plan.ends)]
    for word, number in zip(words, constraints.include, strict=True):
        if not free:
            raise SettingsError(
                "setting 'include'",
                repr(word),
                "a free line for it",
                "Give fewer lines, or include fewer words.",
            )
        token = constraints.vocabulary.token(number)
        line = free[int(poem.generator.integers(len(free)))]
        if not _has_room(poem, line, token, constraints):
            roomy = [other for other in free if _has_room(poem, other, token, constraints)]
            line = roomy[int(poem.generator.integers(len(roomy)))] if roomy else line
        free.remove(line)
        poem.plans[line] = replace(poem.plans[line], need=token)


def _has_room(poem: PoemState, line: int, token: str, constraints: PoemConstraints) -> bool:
    """Return whether some line has a token, and meets all else that is asked of it."""
    line_plan = poem.plans[line]
    poem.plans[line] = replace(line_plan, need=token)
    possible = constraints.line_constraint(poem, line).possible()
    poem.plans[line] = line_plan
    return possible
