"""The terminal on which pages are shown.

In: what rich can show. Out: the same on a terminal, without characters that it would obey.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from quatrain.escaping import visible


class VisibleConsole(Console):
    """A console that shows the text of others and never obeys it.

    Colours and the movements of a progress bar are rich's own, beside the text: they are kept.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Yield the pieces of a renderable, their text made visible."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)

    def on_broken_pipe(self) -> None:
        """Leave it to the caller, because only a command knows what its end means."""
        raise BrokenPipeError
