"""Elements of HTML, whose content is escaped unless it is HTML already.

All HTML of a record goes through `tag`, or through Rich in `preformatted`; both escape it.
"""

from __future__ import annotations

import html
import io

from rich.console import Console, RenderableType
from rich.terminal_theme import TerminalTheme

from quatrain.page.numbers import printable

WIDTH = 100
"""Columns of text that is laid out for a terminal."""

_TYPED = "white-space: pre; line-height: 1.35; overflow-x: auto; background: none; margin: 0.5em 0"
_CALM = TerminalTheme(
    (160, 160, 160),
    (96, 96, 96),
    [
        (96, 96, 96),
        (190, 80, 70),
        (76, 140, 90),
        (170, 125, 45),
        (70, 120, 175),
        (140, 100, 165),
        (50, 135, 145),
        (128, 128, 128),
    ],
)
"""Colours of middle brightness, which stand out from white and from black."""


_VOID = {"br", "img", "wbr"}
"""Elements that have no content and no end."""


class Html(str):
    """Text that is HTML already; any other `str` is escaped where it is put into a tag."""

    __slots__ = ()


def tag(name: str, *content: str, **attributes: str) -> Html:
    """Return an element; attributes, and content that is not `Html`, are escaped.

    Args:
        name: the element's name.
        content: its content in order.
        attributes: its attributes; an empty one is left out, except `alt`.
    """
    values = "".join(
        f' {key}="{html.escape(printable(value, " "))}"'
        for key, value in attributes.items()
        if value or key == "alt"
    )
    end = "" if name in _VOID else f"</{name}>"
    return Html(f"<{name}{values}>{joined(*content)}{end}")


def joined(*content: str) -> Html:
    """Return fragments one after the other, escaped unless they are `Html`."""
    return Html(
        "".join(
            part if isinstance(part, Html) else html.escape(printable(part)) for part in content
        )
    )


def preformatted(text: RenderableType) -> Html:
    """Return what a terminal would show, in a fixed-width font."""
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        color_system="truecolor",
        force_terminal=True,
        force_jupyter=False,  # otherwise Rich would show the text too, beside the HTML
        highlight=False,
        legacy_windows=False,
    )
    console.print(text, soft_wrap=True)
    exported = console.export_html(theme=_CALM, code_format="{code}", inline_styles=True)
    lines = [line.rstrip() for line in printable(exported).split("\n")]
    return tag("pre", Html("\n".join(lines).strip("\n")), style=_TYPED)
