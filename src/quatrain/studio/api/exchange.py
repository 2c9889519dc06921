"""Drafts from texts, and drafts as files."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from quatrain.errors import FormError
from quatrain.page.export import content_disposition, content_security_policy, file_name
from quatrain.studio.api.answers import draft_content
from quatrain.studio.api.drafts import DRAFT_PROBLEMS, DraftId, Store, User
from quatrain.studio.api.names import form_name
from quatrain.studio.api.streams import CLIENT_LEFT, ClientLeftError, while_connected
from quatrain.studio.drafts.documents import texts_of
from quatrain.studio.schemas.drafts import ImportAnswer, ImportedText
from quatrain.studio.tasks.exporting import TYPES, exported
from quatrain.studio.tasks.importing import imported
from quatrain.studio.workers import Lanes

router = APIRouter(prefix="/api", tags=["drafts"], responses=DRAFT_PROBLEMS)


@router.post(
    "/import",
    operation_id="import_text",
    summary="Make drafts of a text",
    response_model=ImportAnswer,
    status_code=201,
)
async def import_text(request: Request, store: Store, user: User, body: ImportedText) -> Response:
    """Make a draft of each poem in a text, or of a draft that was exported.

    A file that was exported from here comes back as it was. In other texts, titles and notes are
    kept apart from verse; the notes say what was left out.
    """
    lanes: Lanes = request.app.state.lanes
    try:
        found = await while_connected(request, lanes.words.run(imported, body.name, body.text))
    except ClientLeftError:
        return Response(status_code=CLIENT_LEFT)
    drafts = await run_in_threadpool(store.create, user, found["documents"], body.folder)
    content = {"drafts": [draft_content(draft) for draft in drafts], "notes": found["notes"]}
    return JSONResponse(content, 201)


@router.get(
    "/drafts/{id}/export",
    operation_id="export_draft",
    summary="Return a draft as a file",
    response_class=Response,
    responses={
        200: {
            "description": "The file; its header says its name.",
            "content": {media_type.partition(";")[0]: {} for media_type, _ in TYPES.values()},
        }
    },
)
async def export_draft(
    request: Request,
    store: Store,
    user: User,
    identifier: DraftId,
    file_format: Annotated[
        Literal["text", "markdown", "tei", "json", "latex", "html", "print"],
        Query(alias="format", description='"html" is a page to keep, "print" one to print.'),
    ] = "text",
    scansion: Annotated[bool, Query(description="Add stresses and rhymes.")] = False,
) -> Response:
    """Return a draft as a file to keep, or as a page to print from the browser."""
    draft = await run_in_threadpool(store.get, user, identifier)
    document = draft.document
    try:
        form = form_name(request, document["form"])
    except FormError:  # the form was taken away; the draft is still a poem
        form = ""
    lanes: Lanes = request.app.state.lanes
    try:
        content = await while_connected(
            request, lanes.words.run(exported, document, form, file_format, scansion)
        )
    except ClientLeftError:
        return Response(status_code=CLIENT_LEFT)
    media_type, ending = TYPES[file_format]
    headers = {}
    if file_format in ("html", "print"):
        printable = file_format == "print"
        policy = content_security_policy(printable=printable)
        headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
    if file_format != "print":
        title = document["title"].strip() or next(iter(texts_of(document)), "")
        headers["Content-Disposition"] = content_disposition(file_name(title, ending))
    return Response(content.encode("utf-8", "replace"), 200, headers, media_type)
