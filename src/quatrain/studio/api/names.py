"""Names of forms and poets in requests: never a path that the client chose."""

from __future__ import annotations

from fastapi import Request

from quatrain.studio.form_names import form_source
from quatrain.studio.security import current_user
from quatrain.studio.settings import StudioSettings
from quatrain.studio.training import muse_folder


def form_name(request: Request, name: str) -> str:
    """Return what opens a form: a shipped name, or the path of a file in the folder `forms`.

    Args:
        request: the request, for the desk's folder.
        name: what the client sent; empty for no form.

    Raises:
        FormError: it can't be a form's name.
    """
    settings: StudioSettings = request.app.state.settings
    return form_source(settings.folder, name)


def poet_folder(request: Request, name: str) -> str:
    """Return the folder of a poet that the user of a request may ask.

    Raises:
        PoetError: there is none of that name.
    """
    settings: StudioSettings = request.app.state.settings
    return str(muse_folder(settings.folder, current_user(request), name))
