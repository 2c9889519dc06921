"""Other lines for one place of a draft.

In: a draft, the number of a line, and a poet. Out: `LineAlternative`s, each another line that keeps
the form and the rhyme. They are drawn in rounds, several side by side; those of a round come
in the order of how well the poet finds them to fit before and after. No two end in the same word
unless no other rhyme is left, and none differs from another by one word alone.

Where the line is to begin with a text, its last word may be unfinished: *And all the wint* is
continued with *winter* or *wintry*.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

from quatrain.errors import FormError, SettingsError
from quatrain.form import MetreAutomaton
from quatrain.poet import tokens
from quatrain.records import LineAlternative
from quatrain.write.constrained.fixed_text import measure_of
from quatrain.write.draft.difference import differences
from quatrain.write.draft.filling import Muse, check_options
from quatrain.write.draft.generation import DraftGeneration, Stopped
from quatrain.write.draft.places import DraftPlaces, find_places
from quatrain.write.options import WriteOptions

SPARE = 2
"""Lines drawn in a round beyond those still asked for, so that there is a choice."""

ROUNDS = 4
"""Most rounds; each draws with new random numbers."""

LEAST_DIFFERENT = 2
"""Words by which two alternatives differ at least."""

COMPLETIONS = 6
"""Most words that an unfinished one is completed to, the most frequent first."""


class LineAlternatives(Iterator[LineAlternative]):
    """Other lines for one place of a draft, each as it is found.

    Attributes:
        seed: with it the same poet finds the same lines.

    Args:
        muse: the poet.
        draft: the draft, with the place as the only one to write.
        options: how the poet writes.
        count: most lines.
        begin: text that each line begins with, character by character.
        stop: asked between two steps whether to stop; by default never.

    Raises:
        FormError: no line can stand there; the error names the demand that prevents it.
    """

    def __init__(
        self,
        muse: Muse,
        draft: DraftPlaces,
        options: WriteOptions,
        count: int,
        begin: str,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self.seed = options.seed_or_random()
        self._muse, self._draft, self._stop = muse, draft, stop
        self._options, self._count = replace(options, seed=self.seed), count
        self._number = draft.places[0]
        self._before = draft.former.get(self._number, "")
        self._begins = [begin] if begin.strip() else [""]
        self._generations: dict[str, DraftGeneration] = {}
        if self._begins != [""]:
            self._begins = self._completed(begin)
        self._lines = self._find()

    def __next__(self) -> LineAlternative:
        """Find the next line."""
        return next(self._lines)

    def close(self) -> None:
        """Find no more lines."""
        self._lines.close()

    def _find(self) -> Generator[LineAlternative, None, None]:
        texts: list[str] = []
        phrases: set[str] = set()
        for draw in range(ROUNDS):
            try:
                round_texts = self._drawn(draw, texts)
            except Stopped:
                return
            for text, surprisal, difference in round_texts:
                if len(texts) == self._count:
                    return
                if not self._is_new(text, texts, strict=draw < ROUNDS - 1):
                    continue
                texts.append(text)
                differs = self._phrase(text, phrases)
                phrases.add(differs)
                yield LineAlternative(
                    self._number, text, differs, self._muse.name, surprisal, difference
                )
        if not texts:
            raise self._none_found()

    def _drawn(self, draw: int, known: Sequence[str]) -> list[tuple[str, float, float | None]]:
        """Return the lines of a round with the poet's surprisal, the least surprising first.

        Args:
            draw: number of the round, from 0.
            known: lines that were found already.
        """
        begin = self._begins[draw % len(self._begins)]
        wanted = SPARE + self._count - len(known)
        generation = self._generation(begin)
        first = self.seed + 1_000 * draw
        avoided = [*known, self._before] if self._before else list(known)
        texts = generation.versions(self._number, range(first, first + wanted), avoided)
        texts = list(dict.fromkeys(texts))
        others = [self._before] if self._before else []
        nats = generation.surprisals_with(self._number, [*texts, *others])
        now = nats[len(texts)] if others else None
        ranked = sorted(zip(nats, texts, strict=False))
        return [(text, cost, None if now is None else cost - now) for cost, text in ranked]

    def _generation(self, begin: str) -> DraftGeneration:
        """Return the place being written with a beginning."""
        if begin not in self._generations:
            begins = {**self._draft.begins, self._number: begin} if begin else self._draft.begins
            self._generations[begin] = self._muse.draft_generation(
                replace(self._draft, begins=begins), self._options, self._stop
            )
        return self._generations[begin]

    def _completed(self, begin: str) -> list[str]:
        """Return a beginning with its last word completed, in several ways if it is unfinished."""
        return self._generation("").completions(self._number, begin, COMPLETIONS)

    def _is_new(self, text: str, known: Sequence[str], *, strict: bool) -> bool:
        """Return whether a line differs enough from the present one and from those found."""
        words = _words(text)
        others = [_words(other) for other in (*known, self._before) if other]
        if any(_distance(words, other) < LEAST_DIFFERENT for other in others):
            return False
        return not strict or all(words[-1:] != other[-1:] for other in others)

    def _phrase(self, text: str, taken: set[str]) -> str:
        """Return how a line differs from the present one, in words not used yet if possible."""
        measure = measure_of(self._draft.form, self._number - 1)
        licences: tuple[Sequence[str], Sequence[str]] = ((), ())
        if isinstance(measure, MetreAutomaton) and self._before:
            reader = self._muse.checker.reader
            licences = (
                reader.read(self._before, measure).licences,
                reader.read(text, measure).licences,
            )
        phrases = differences(self._before, text, licences=licences) or [""]
        return next((phrase for phrase in phrases if phrase not in taken), phrases[0])

    def _none_found(self) -> FormError:
        return FormError(
            f"line {self._number}",
            "no other line",
            "one that keeps the form",
            "Try another seed, raise the temperature, or take another poet.",
            message=f"No other line {self._number} was found that keeps the form.",
        )


def find_line_alternatives(
    muse: Muse,
    lines: Sequence[str],
    line: int,
    options: WriteOptions,
    *,
    count: int,
    begin: str,
    stop: Callable[[], bool] | None,
) -> LineAlternatives:
    """Return other lines for one place; the arguments are those of `Writer.line_alternatives`."""
    check_options(options)
    if begin and len(begin.splitlines()) > 1:
        raise SettingsError("setting 'begin'", repr(begin), "one line", "Give a single line.")
    draft = find_places(lines, options.form, options.metre, [line], muse.checker)
    source = draft.repeated_by(line)
    if source is not None:
        raise SettingsError(
            "setting 'line'",
            f"line {line}",
            f"line {source}, which is repeated there",
            f"Ask for other lines {source}.",
            message=f"Line {line} repeats line {source}.",
        )
    return LineAlternatives(muse, draft, options, count, begin, stop)


def _words(line: str) -> list[str]:
    return [token for token in tokens.line_tokens(line) if tokens.is_word(token)]


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the least number of words to put in, take out or change (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for place, word in enumerate(one, 1):
        diagonal, row[0] = row[0], place
        for at, second in enumerate(other, 1):
            cheapest = min(row[at] + 1, row[at - 1] + 1, diagonal + (word != second))
            diagonal, row[at] = row[at], cheapest
    return row[-1]
