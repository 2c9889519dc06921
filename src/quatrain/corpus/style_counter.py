"""The style of a corpus: its capitals, dashes and spellings, counted line by line.

In: poems. Out: the `Style` that most of their lines keep.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from quatrain.corpus.prepared import Prepared
from quatrain.corpus.tokens import (
    ALWAYS_CAPITAL,
    DASH_SIGNS,
    ELLIPSIS_SIGNS,
    EN_DASH,
    ENDINGS,
    FOLDED,
    Style,
    is_word,
    spelled_tokens,
)
from quatrain.records import Poem

_CLOSE_DASH = re.compile(r"\w--\w")

_TIMES_IN_CAPITALS = 2
"""Times a word has to stand in capitals, and never otherwise, to be spelled in them: NHS."""


_LOWER_CASE = 0.01
"""Share of words with a capital below which a corpus is taken to have none, but for slips.

In the prose and verse of the anthology it is 0.05 to 0.3, even where lines begin small.
"""

_SENTENCE_ENDS = frozenset(".!?")

MOST_POEMS = 20_000
"""Poems from which the style of a prepared corpus is counted, at most: a minute's work."""


class StyleCounter:
    """Learns a corpus's style line by line.

    Whether lines begin with a capital shows in those that go on with a sentence. Where every line
    begins a sentence, as in a list, all lines count.
    """

    def __init__(self) -> None:
        self._inside: Counter[str] = Counter()
        self._lines = 0
        self._running: list[int] = []  # votes of lines that go on with a sentence
        self._after_line: Counter[str] = Counter()  # votes of the others, by the marks before
        self._words = self._capitalised = 0
        self._after: Counter[str] = Counter()
        self._dashes = 0
        self._signs: Counter[str] = Counter()
        self._capitals: Counter[str] = Counter()

    def add_poem(self, lines: Iterable[str]) -> None:
        """Count the lines of a poem."""
        before: str | None = None
        for line in lines:
            before = self.add(line, before)

    def add(self, line: str, before: str | None = None) -> str:
        """Count one line of text.

        Args:
            line: the text.
            before: the marks that end the line before it; None if there is no such line.

        Returns:
            The marks that end this line.
        """
        for sign in ("--", "—", *ELLIPSIS_SIGNS):
            self._signs[sign] += line.count(sign)
        self._signs["–"] += len(EN_DASH.findall(line))
        shouted = not any(letter.islower() for letter in line)
        if "-" in line or "–" in line or "—" in line:
            folded = EN_DASH.sub("--", line).translate(FOLDED)
            self._dashes += folded.count(" -- ") - len(_CLOSE_DASH.findall(folded))
        first, run = True, ""
        for token in spelled_tokens(line):
            if not is_word(token):
                run += "" if token.lower() in ENDINGS else token
                continue
            vote = token[0].isupper() - token[0].islower()
            self._words += 1
            self._capitalised += token != token.lower()
            if first:
                self._count_line(vote, before)
            elif run:
                self._after[run] += vote
            if not (shouted and len(token) > 1):
                self._count_spelling(token, begins=first or bool(run))
            first, run = False, ""
        return run

    def _count_line(self, vote: int, before: str | None) -> None:
        """Count the first letter of a line after some marks: 1 for a capital, -1 for none."""
        self._lines += vote
        if before is None:
            return
        if _SENTENCE_ENDS.isdisjoint(before):
            self._running.append(vote)
        else:
            self._after_line[before] += vote

    def _count_spelling(self, word: str, *, begins: bool) -> None:
        """Count the spelling of a word; `begins` if its place gives it a capital."""
        capitals = any(map(str.isupper, word[1:]))
        if capitals and word.isalpha() and word.isupper():
            self._capitals[word] += 1  # NHS, or a word that is shouted
        elif capitals or not begins:  # a capital inside a word is its own: H2O
            self._inside[word] += 1

    def style(self, base: Style | None = None) -> Style:
        """Return the style of the lines so far.

        Args:
            base: a style that says what the lines don't show. Words that they spell otherwise
                than it are listed even if they spell them small.
        """
        spellings: dict[str, list[str]] = {}
        for word in self._inside:
            spellings.setdefault(word.lower(), []).append(word)
        words = {}
        for lower, variants in spellings.items():
            usual = max(variants, key=lambda word: (self._inside[word], word))
            if usual != lower or (base and base.words.get(lower, lower) != lower):
                words[lower] = usual
        for word, count in self._capitals.items():
            if count >= _TIMES_IN_CAPITALS and word.lower() not in spellings:
                words[word.lower()] = word
        if self._words and self._capitalised < _LOWER_CASE * self._words:
            words |= {word: word for word in ALWAYS_CAPITAL}
        capital_lines = self._capital_lines(base)
        style = Style(
            capital_lines=capital_lines,
            words=words,
            dash=self._most_printed(DASH_SIGNS, base.dash if base else ""),
            ellipsis=self._most_printed(ELLIPSIS_SIGNS, base.ellipsis if base else ""),
        )
        after = self._after.copy()
        if not capital_lines:
            after.update(self._after_line)
        capital_after = {run for run, votes in after.items() if votes > 0}
        if base and not style.lower_case:
            capital_after |= base.capital_after - after.keys()
        any_dash = any(self._signs[sign] for sign in DASH_SIGNS)
        spaced = self._dashes > 0 if any_dash or not base else base.spaced_dashes
        return replace(style, capital_after=frozenset(capital_after), spaced_dashes=spaced)

    def _capital_lines(self, base: Style | None) -> bool:
        """Return whether lines begin with a capital; as in the base, if it does not show."""
        votes = sum(self._running) if self._running else self._lines
        return votes > 0 or (votes == 0 and (base is None or base.capital_lines))

    def _most_printed(self, signs: tuple[str, ...], otherwise: str) -> str:
        """Return the sign that was printed most often; another, or the first, if none was."""
        usual = max(signs, key=lambda sign: self._signs[sign])
        return usual if self._signs[usual] else otherwise or signs[0]


def style_of(prepared: Prepared, base: Style) -> Style:
    """Return the style of a prepared corpus's training poems, over that of a base."""
    counter = StyleCounter()
    training = set(prepared.training.tolist())
    texts = (text for poem, text in enumerate(prepared.texts()) if poem in training)
    for text in islice(texts, MOST_POEMS):
        counter.add_poem(line.text for line in Poem.from_lines(text.split("\n")).lines)
    return counter.style(base).over(base)
