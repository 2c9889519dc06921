"""Names of forms in requests: never a path that the client chose."""

from __future__ import annotations

import re
from pathlib import Path

from quatrain.errors import FormError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ -]{0,99}")
"""A form's name, which is never a path."""


def form_source(folder: Path, name: str) -> str:
    """Return what opens a form: a shipped name, or the path of a file in the folder `forms`.

    Args:
        folder: the desk's.
        name: what the client sent; empty for no form.

    Raises:
        FormError: it can't be a form's name.
    """
    name = name.strip()
    if name and not _NAME.fullmatch(name):
        raise FormError(
            "the form",
            repr(name[:60]),
            "the name of a form",
            "Choose one of the forms in the list.",
            message=f"There is no form {name[:60]!r}.",
        )
    own = folder / "forms" / f"{name}.toml"
    return str(own) if name and own.is_file() else name
