"""The word panel, as a task."""

from __future__ import annotations

from typing import Any

from quatrain.page import words as words_page
from quatrain.studio.tasks import loaded
from quatrain.word_search import USUAL_KINDS, DraftPlace, WordFilters, word_panel


def panel(wanted: dict[str, Any]) -> str:
    """Return all that helps to choose a word, as JSON.

    Args:
        wanted: as `schemas.words.WordsRequest` dumps it, with the poet's folder, and what opens
            the form.

    Raises:
        SettingsError: there is neither a word nor a place, or no such place in the draft.
        FormError: there is no such form.
    """
    filters, draft = wanted["filters"], wanted["draft"]
    place = None
    if draft is not None:
        place = DraftPlace(
            draft["lines"],
            draft["line"],
            draft["word"],
            form=draft["form"] or None,
            metre=draft["metre"].strip(),
        )
    return words_page.panel_as_json(
        word_panel(
            wanted["word"],
            filters=WordFilters(**{**filters, "kinds": filters["kinds"] or USUAL_KINDS}),
            place=place,
            only_fitting=wanted["only_fitting"],
            poet=loaded.poet(wanted["poet"]),
        )
    )
