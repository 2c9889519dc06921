"""From a text to sequences: windows or streams over a text of one's own, and what none of them has.

In: the state of the controls. Out: a `Demonstration`. The sequences are those that training reads,
the formulas those of `explain.sequences`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quatrain.corpus import Streams, Windows
from quatrain.errors import SettingsError
from quatrain.explain.demonstrations.state import State
from quatrain.explain.sequences.running_text import RunningText, running_text
from quatrain.explain.sequences.streams import streams
from quatrain.explain.sequences.tables import (
    check,
    counts_of_streams,
    signs,
    streams_of,
    windows_of,
)
from quatrain.explain.sequences.windows import times_seen, windows
from quatrain.records import (
    Choice,
    Control,
    Demonstration,
    Explanation,
    Heading,
    Json,
    Note,
    Part,
    Picture,
    Poem,
    Section,
    Slider,
    Table,
    TextField,
)

TITLE = "From a text to sequences"
LEAD = (
    "A network is trained on pieces of a text: the inputs, and as targets the same one character "
    "later. Cut a text of your own, and see what each piece has and what none has."
)

_TEXTS = (
    ("two lines", "The bridge is late, and every lamp\nputs on its coat of rain."),
    (
        "a stanza",
        "The tide goes out without a word.\nThe boats lie down on sand.\n"
        "A single unconvinced white bird\npatrols the edge of land.",
    ),
    ("one word", "tide"),
)
"""Texts to begin with: their names and texts."""

CONTROLS: tuple[Control, ...] = (
    TextField("text", "the text", _TEXTS[0][1], 400),
    Choice(
        "kind",
        "cut into",
        (("windows", "windows that overlap"), ("streams", "contiguous streams")),
        "windows",
    ),
    Slider("n", "length", "N", 1, 60, 1, 10),
    Slider("s", "stride", "S", 1, 30, 1, 3),
    Slider("l", "side by side", "L", 1, 16, 1, 3),
)

GRID = {
    "text": tuple(text for _, text in _TEXTS),
    "kind": ("windows", "streams"),
    "n": (1, 5, 10, 20, 40),
    "s": (1, 2, 3, 5, 10, 20),
    "l": (1, 2, 3, 4, 8),
}

_DRAWN = {"Characters as numbers", "Windows", "Lanes and steps"}
"""Headings whose tables are left out, because the picture shows what is in them."""


def demonstrate(state: State) -> Demonstration:
    """Return the sequences over the text, and how often each of its characters is an input."""
    shown = _Cut(
        Poem.from_text(state.text("text")),
        state.text("kind"),
        state.whole("n"),
        state.whole("s"),
        state.whole("l"),
    )
    return Demonstration(
        topic="sequences",
        title=TITLE,
        lead=LEAD,
        controls=CONTROLS,
        state=dict(state),
        problem=shown.problem,
        data=shown.data,
        sections=tuple(shown.sections()),
        python=shown.python(state.text("text")),
        exercise=("preprocessing", 1 if shown.kind == "windows" else 2),
        summary=shown.summary,
    )


@dataclass(frozen=True)
class _Cut:
    """A text and how it is cut.

    Attributes:
        poem: the text.
        kind: "windows" or "streams".
        length, stride, lanes: N, S and L; streams have no stride.
    """

    poem: Poem
    kind: str
    length: int
    stride: int
    lanes: int

    @cached_property
    def text(self) -> RunningText | None:
        """The text as numbers; None if it is empty."""
        return running_text(self.poem) if self.poem.lines else None

    @cached_property
    def problem(self) -> str:
        if self.text is None:
            return "The text is empty. Write a line."
        try:
            check(self.text, length=self.length)
        except SettingsError as error:
            return f"{error.message} {error.remedy}"
        return ""

    @cached_property
    def laid(self) -> Windows | Streams | None:
        """The sequences as training reads them; None if there are none."""
        if self.text is None or self.problem:
            return None
        if self.kind == "windows":
            return windows_of(self.text, self.length, self.stride, self.lanes)
        return streams_of(self.text, self.length, self.lanes, seed=0)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Positions of the first inputs: of windows in their order, of streams lane by lane."""
        if self.text is None or self.laid is None:
            return np.zeros(0, np.int64)
        if isinstance(self.laid, Windows):
            return np.arange(self.laid.sequences, dtype=np.int64) * self.laid.stride
        lane = int(counts_of_streams(self.text, self.laid).lane.value)
        lanes, steps = np.arange(self.laid.lanes), np.arange(self.laid.steps_per_epoch)
        return (lanes[:, None] * lane + steps * self.laid.length).ravel()

    @cached_property
    def times(self) -> NDArray[np.int64]:
        """Number of times each number is an input in a pass, shape (T,)."""
        size = self.text.size if self.text else 0
        return times_seen(size, self.starts, self.length)

    @property
    def data(self) -> dict[str, Json]:
        """Numbers to draw; positions, lanes and steps count from 0."""
        texts: list[Json] = [{"name": name, "text": text} for name, text in _TEXTS]
        visible = signs(self.text.tokens, self.text.vocabulary) if self.text else []
        numbers = self.text.tokens.tolist() if self.text else []
        data: dict[str, Json] = {
            "texts": texts,
            "signs": visible,
            "numbers": numbers,
            "starts": self.starts.tolist(),
            "times": self.times.tolist(),
            "never": int((self.times == 0).sum()),
        }
        if self.laid is not None:
            data |= {"lanes": self.laid.lanes, "steps": self.laid.steps_per_epoch}
        return data

    @property
    def summary(self) -> str:
        if self.text is None or self.laid is None:
            return "There are no sequences."
        never = int((self.times == 0).sum())
        verb = "is" if never == 1 else "are"
        left = f"{never} of the text's {self.text.size} numbers {verb} never an input"
        characters = "1 character" if self.length == 1 else f"{self.length} characters"
        if isinstance(self.laid, Windows):
            count = _counted(self.laid.sequences, "window")
            return f"{count} of {characters}, one every {self.stride}; {left}."
        return (
            f"{_counted(self.laid.lanes, 'stream')} side by side, {characters} at a step, "
            f"{_counted(self.laid.steps_per_epoch, 'step')} in a pass; {left}."
        )

    def sections(self) -> Iterator[Section]:
        """Yield the explanation's parts, a section for each heading, without its pictures."""
        if self.laid is None:
            return
        title, parts = "", list[Part]()
        for part in self.explanation.parts:
            if isinstance(part, Heading):
                if parts:
                    yield Section(title, tuple(parts))
                title, parts = part.text, []
            elif not (isinstance(part, Picture) or (isinstance(part, Table) and title in _DRAWN)):
                parts.append(part)
        yield Section(title, tuple(parts))
        yield Section("What is carried on", (Note(self._state()),))

    @property
    def explanation(self) -> Explanation:
        if self.kind == "windows":
            return windows(self.poem, length=self.length, stride=self.stride, lanes=self.lanes)
        return streams(self.poem, length=self.length, lanes=self.lanes)

    def _state(self) -> str:
        if self.kind == "windows":
            return (
                "Nothing. Every window begins with a state of zeros, wherever it stands in the "
                "text, so that windows may be read in any order."
            )
        steps = self.laid.steps_per_epoch if self.laid else 0
        if steps == 1:
            return "Nothing: a lane has only one step, so there is no step to carry the state to."
        often = "once" if steps == 2 else f"{steps - 1} times"
        return (
            "The state after the last input of a step is where the next step of its lane begins. "
            f"In a pass it is carried on {often}, and set to zeros before the first step."
        )

    def python(self, text: str) -> str:
        if self.kind == "windows":
            call = f"windows(poem, length={self.length}, stride={self.stride}, lanes={self.lanes})"
            names = ("windows", "covered", "left over at the end", "steps in a pass")
        else:
            call = f"streams(poem, length={self.length}, lanes={self.lanes})"
            names = ("lanes", "numbers in a lane", "steps in a pass", "left over")
        return f"""\
import quatrain

text = {text!r}
poem = quatrain.Poem.from_text(text)
explanation = quatrain.explain.{call}
for name in {names}:
    print(name, explanation[name])
"""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
