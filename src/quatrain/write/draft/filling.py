"""The empty places of a draft, written one after another by one poet or by several in turn.

In: the lines of a draft, and poets. Out: a `Filling`, which yields each line as it is found. Lines
that are there are never changed. What can't be written stays empty, and a note says why.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from quatrain.errors import FormError, SettingsError
from quatrain.form import Checker
from quatrain.write.draft.generation import DraftGeneration, Stopped
from quatrain.write.draft.places import DraftPlaces, find_places
from quatrain.write.options import WriteOptions

_CLOSING = frozenset({",", ";", ":"})
"""Marks that a refrain at the end of a poem doesn't end with."""


class Muse(Protocol):
    """A poet that can write the lines of a draft."""

    @property
    def name(self) -> str:
        """The poet's name."""

    @property
    def checker(self) -> Checker:
        """The checker of forms, which hears metres and rhymes."""

    def draft_generation(
        self,
        draft: DraftPlaces,
        options: WriteOptions,
        stop: Callable[[], bool] | None = None,
    ) -> DraftGeneration:
        """Begin to write the places of a draft."""


class FilledLine(NamedTuple):
    """A line written into an empty place.

    Attributes:
        number: of the line, from 1.
        text: the line.
        poet: name of the poet that wrote it.
    """

    number: int
    text: str
    poet: str


class Filling(Iterator[FilledLine]):
    """The lines for the empty places of a draft, each as it is found.

    Close it, or don't ask for more, and what was yielded stays.

    Attributes:
        seed: with it the same poets write the same lines.
        form: the form of the draft, in its variant and its metre.
        notes: sentences on lines of the draft that break the form, and on places that stay empty;
            more may come with each line.

    Args:
        muses: the poets, in the order of their turns.
        draft: the places.
        options: how they write.
        stop: asked between two steps whether to stop; by default never.
    """

    def __init__(
        self,
        muses: Sequence[Muse],
        draft: DraftPlaces,
        options: WriteOptions,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self.seed = options.seed_or_random()
        self.form, self.notes = draft.form, list(draft.notes)
        self._draft = draft
        self._muses = [
            (
                muse.name,
                muse.draft_generation(
                    draft,
                    replace(options, seed=self.seed, include=() if turn else options.include),
                    stop,
                ),
            )
            for turn, muse in enumerate(muses)
        ]
        self._lines = self._fill()

    def __next__(self) -> FilledLine:
        """Write the next line."""
        return next(self._lines)

    def close(self) -> None:
        """Write no more lines."""
        self._lines.close()

    def _fill(self) -> Generator[FilledLine, None, None]:
        texts = dict(self._draft.texts)
        authors: dict[int, str] = {}
        for number in self._draft.places:
            source = self._draft.sources.get(number)
            try:
                if source is None:
                    line = self._written(number, turn=len(authors))
                elif source in texts:
                    line = self._repeated(number, texts[source], authors.get(source, ""))
                else:
                    self.notes.append(
                        f"Line {number} stays empty: it repeats line {source}, which is empty."
                    )
                    continue
            except FormError as error:
                self.notes.append(f"Line {number} stays empty. {error}")
                continue
            except Stopped:
                self.notes.append("Writing was stopped.")
                return
            texts[number] = line.text
            authors[number] = line.poet
            yield line

    def _written(self, number: int, turn: int) -> FilledLine:
        """Return a line by the muse whose turn it is, or by the next one that finds one.

        Raises:
            FormError: none finds one; the error is the first one's.
            Stopped: writing was stopped.
        """
        if self._muses[0][1].needs_word(number):
            turn = 0
        order = [
            self._muses[(turn + place) % len(self._muses)] for place in range(len(self._muses))
        ]
        first_error: FormError | None = None
        for name, generation in order:
            try:
                text = generation.write_line(number)
            except FormError as error:
                first_error = first_error or error
                continue
            self._give(number, text, but=generation)
            for other in sorted(generation.discords(number)):
                self.notes.append(
                    f"Line {number} doesn't rhyme with line {other}, because no word does that "
                    "fits everything else."
                )
            return FilledLine(number, text, name)
        if first_error is None:
            raise SettingsError("the poets", "none", "one or more", "Name a poet.")
        raise first_error

    def _repeated(self, number: int, text: str, author: str) -> FilledLine:
        """Return a line that repeats another; `author` is the other's, empty for the user."""
        plan = self._draft.plans()[number - 1]
        generation = self._muses[0][1]
        if plan.opening:
            text = generation.opening_of(text)
        is_last = number == self._draft.count
        if is_last and author and text[-1:] in _CLOSING:
            text = f"{text[:-1]}."
        self._give(number, text)
        return FilledLine(number, text, author or self._muses[0][0])

    def _give(self, number: int, text: str, but: DraftGeneration | None = None) -> None:
        """Let all poets know a line, but for the one that wrote it."""
        for _, generation in self._muses:
            if generation is not but:
                generation.give(number, text)


def fill(
    poets: Sequence[Muse],
    lines: Sequence[str],
    options: WriteOptions | None = None,
    *,
    only: Collection[int] | None = None,
    skip: Collection[int] = (),
    stop: Callable[[], bool] | None = None,
) -> Filling:
    """Write the empty places of a draft with several poets in turn; its lines stay as they are.

    Each poet reads all lines that are there, its own and the others'. A word to include comes in a
    line of the first poet.

    Example:
        poets = [quatrain.load("verse"), quatrain.load("letters")]
        options = WriteOptions(form="sonnet", seed=1)
        for number, text, poet in quatrain.write.fill(poets, ["The lamp is low,"], options):
            print(number, text, poet)

    Args:
        poets: one or more; they may be of both kinds.
        lines: of the draft; with a form, line k is line k of the form, and an empty text is an
            empty place. Lines that the form has after them are empty too.
        options: how to write; `form` is the form of the draft, `metre` its metre where the form
            leaves it open. Without a form the draft is continued.
        only: numbers of the places to write, from 1; all others stay as they are. A line that
            stands in such a place is written again.
        skip: numbers of empty places that stay empty.
        stop: asked between two steps of the search whether to stop.

    Returns:
        An iterator of `FilledLine`s, from the first place to the last. Its `notes` say which of
        your lines break the form, and which places stay empty and why.

    Raises:
        SettingsError: an option has no place here, or a line or a number is not one.
        FormError: there is no such form.
        PoetError: a poet's alphabet can't spell English words.
    """
    options = options or WriteOptions()
    if not poets:
        raise SettingsError("the poets", "none", "one or more", "Name a poet.")
    check_options(options)
    draft = find_places(lines, options.form, options.metre, only, poets[0].checker, skip=skip)
    return Filling(poets, draft, options, stop)


def check_options(options: WriteOptions) -> None:
    """Raise `SettingsError` for an option that says in another way what a draft says itself."""
    for name in ("poems", "lines", "start", "fixed"):
        if getattr(options, name) != getattr(WriteOptions(), name):
            raise SettingsError(
                f"setting {name!r}",
                f"{getattr(options, name)!r:.60} beside a draft",
                "none",
                "Leave it out: the lines of the draft say it.",
                message=f"The option {name!r} has no effect on a draft.",
            )
