"""Acceptance of a drawn line: the last check before it becomes part of a poem.

In: a poem as far as it is written, and a finished line. Out: whether the line keeps the form by the
checker's own reading, is new, and copies nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from quatrain.form import Form
from quatrain.poet import NgramIndex, words_in
from quatrain.write.constrained import fixed_text
from quatrain.write.constrained.poem_constraints import PoemConstraints, final_word
from quatrain.write.constrained.poem_state import PoemState
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.overlap import Guard

_COPIED = {
    True: " {:,} lines were rejected because they copy the poet's own training texts; the option "
    "may_copy allows that.",
    False: " {:,} lines were rejected because they copy the texts of the guard.",
}
"""Sentence about lines that copy, by whether they copy the poet's own texts."""


class Acceptance:
    """Accepts or rejects the lines that a search finds, and counts those that copy.

    Args:
        prosody: of the poet's words.
        constraints: all demands on the poem's lines.
        form: the form, as it is written.
        guards: indexes of texts that no line may copy from.
    """

    def __init__(
        self,
        prosody: Prosody,
        constraints: PoemConstraints,
        form: Form,
        guards: Sequence[Guard],
    ) -> None:
        self._prosody, self._constraints, self._form = prosody, constraints, form
        self._guards = guards
        # Number of rejected lines, by whether they copy the poet's own training texts.
        self._copied: Counter[bool] = Counter()

    def accepts(self, draft: PoemState, line: int, words: list[str], *, apart: bool) -> bool:
        """Return whether the line passes the form check, is new and copies nothing.

        Args:
            draft: the poem so far.
            line: number of the line, from 0.
            words: its tokens in reading order.
            apart: whether to reject a line that rhymes with one of another letter; the words that
                sound like its end are then added to the draft's `joining_ends`.
        """
        text = fixed_text.line_text(draft.plans, line, words, self._prosody.typesetter)
        if self._prosody.describe_breach(text, self._constraints.measure(line)):
            return False
        said = fixed_text.said_lines(draft.lines, draft.plans, self._constraints.fixed)
        if _spoken(words) in map(_spoken, said):
            return False
        if draft.plans[line].user_text.spaces_marks(words):
            return False
        if self._constraints.has_avoided_phrase(words):
            return False
        if self._copies(draft, line, text):
            return False
        if self._constraints.makes_unwanted_rhyme(draft, line, text):
            return False
        if apart and self._constraints.joins_letters(draft, line, text):
            draft.joining_ends |= self._prosody.rhyme_group(final_word(words))
            return False
        return self._constraints.keeps_rhyme(draft, line, text)

    def _copies(self, draft: PoemState, line: int, text: str) -> bool:
        """Return whether a run of words with one that was drawn is copied."""
        if not self._guards:
            return False
        words, plans = words_in(text), draft.plans
        first, last = len(words_in(plans[line].begins)), len(words_in(plans[line].ends))
        last = max(first, len(words) - last)
        before = [*words_in("\n".join(draft.texts)), *words[:first]]
        after = words[last:] + draft.words_after(line)
        for guard in self._guards:
            most = guard.longest
            if guard.copies([*before[-most:], *words[first:last], *after[:most]]):
                self._copied[isinstance(guard, NgramIndex)] += 1
                return True
        return False

    def account_of_copies(self) -> str:
        """Return sentences on the lines rejected because they copy; empty if none was."""
        return "".join(_COPIED[own].format(count) for own, count in self._copied.items())


def _spoken(line: Sequence[str]) -> list[str]:
    """Return the tokens of a line that are said, without marks."""
    return [token for token in line if token[0].isalnum()]
