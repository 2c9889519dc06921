"""Operations that write: lines for empty places, other lines, other words."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from quatrain.errors import SettingsError
from quatrain.studio.api.names import form_name, poet_folder
from quatrain.studio.api.streams import answer, stream
from quatrain.studio.schemas import Document, writing
from quatrain.studio.tasks import writing as tasks
from quatrain.studio.workers import Lanes

router = APIRouter(prefix="/api", tags=["writing"])

_LINE = {"number": 4, "text": "And far away the grey gulls rise and fall.", "by": "verse"}
_OTHER = {"text": "I hear the water and the seabirds call,", "by": "verse", "differs": "new rhyme"}


@router.post(
    "/write",
    operation_id="write",
    summary="Write the empty places of a document",
    response_class=Response,
    responses=writing.event_stream(
        {
            "line": _LINE,
            "note": {"message": "Line 2 breaks the form: one syllable too many."},
            "done": {"seed": 1, "lines": 1},
        }
    ),
)
async def write(request: Request, body: writing.WriteRequest) -> Response:
    """Write lines into the empty places of a document, and leave all other lines as they are.

    Each line comes as an event as soon as it is found. Close the connection to stop.
    """
    plain = _plain(request, body.document)
    lanes: Lanes = request.app.state.lanes
    return await stream(request, lanes.write, tasks.write, plain, body.only, body.seed)


@router.post(
    "/alternatives",
    operation_id="line_alternatives",
    summary="Offer other lines for one",
    response_class=Response,
    responses=writing.event_stream(
        {"alternative": _OTHER, "done": {"seed": 1, "lines": 1}},
    ),
)
async def line_alternatives(request: Request, body: writing.AlternativesRequest) -> Response:
    """Offer other whole lines for one, all of which keep the form.

    With `begin`, each begins with that text: so a line that was begun is finished.
    """
    plain = _plain(request, body.document)
    lanes: Lanes = request.app.state.lanes
    return await stream(
        request,
        lanes.write,
        tasks.line_alternatives,
        plain,
        body.line,
        body.count,
        body.begin,
        body.seed,
    )


@router.post(
    "/alternatives/word",
    operation_id="word_alternatives",
    summary="Offer other words for one",
    response_model=writing.WordAlternatives,
)
async def word_alternatives(request: Request, body: writing.WordAlternativesRequest) -> Response:
    """Offer other words for one of a line, with all of which the poem keeps its form."""
    plain = _plain(request, body.document)
    lanes: Lanes = request.app.state.lanes
    return await answer(
        request, lanes.words, tasks.word_alternatives, plain, body.line, body.word, body.count
    )


def _plain(request: Request, document: Document) -> dict[str, Any]:
    """Return a document as plain data, its form and its poets by what opens them.

    Raises:
        SettingsError: it names no poet.
        FormError: it can't be a form's name.
        PoetError: there is no such poet.
    """
    if not document.muses:
        raise SettingsError(
            "the muses",
            "none",
            "one or more",
            "Choose a poet.",
            message="No poet is chosen.",
        )
    plain = document.model_dump()
    plain["form"] = form_name(request, document.form)
    plain["muses"] = [[name, poet_folder(request, name)] for name in document.muses]
    return plain
