"""Names of forms and poets in requests: never a path that the client chose."""

from __future__ import annotations

import re

from fastapi import Request

from quatrain.errors import FormError
from quatrain.studio.security import current_user
from quatrain.studio.settings import StudioSettings
from quatrain.studio.training import muse_folder

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ -]{0,99}")
"""A form's name, which is never a path."""


def form_name(request: Request, name: str) -> str:
    """Return what opens a form: a shipped name, or the path of a file in the folder `forms`.

    Args:
        request: the request, for the desk's folder.
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
    settings: StudioSettings = request.app.state.settings
    own = settings.folder / "forms" / f"{name}.toml"
    return str(own) if name and own.is_file() else name


def poet_folder(request: Request, name: str) -> str:
    """Return the folder of a poet that the user of a request may ask.

    Raises:
        PoetError: there is none of that name.
    """
    settings: StudioSettings = request.app.state.settings
    return str(muse_folder(settings.folder, current_user(request), name))
