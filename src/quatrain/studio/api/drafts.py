"""Drafts: list, save, undo, folders and trash; their versions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from quatrain.studio.api.answers import (
    draft_answer,
    moment_content,
    page_content,
)
from quatrain.studio.drafts import CURRENT, DraftQuery, DraftStore, Row
from quatrain.studio.drafts import Version as StoredVersion
from quatrain.studio.drafts.listing import LONGEST_SEARCH, MOST_LISTED
from quatrain.studio.schemas.document import Draft
from quatrain.studio.schemas.drafts import (
    ComparedLine,
    Comparison,
    DraftList,
    FolderChange,
    KnownVersion,
    NewDraft,
    SavedDocument,
    Version,
    VersionName,
    WordChange,
)
from quatrain.studio.schemas.problem import problem_of
from quatrain.studio.security.tokens import current_user

DRAFT_PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: problem_of("There is no such draft or version, or it is another user's."),
    409: problem_of(
        "The draft has changed since that version, or is in the trash; `current` has it as it is."
    ),
    503: problem_of("The database is busy, out of reach, or of a newer version of Quatrain."),
    507: problem_of("The disk is full or refuses to write. What was saved before is safe."),
}
"""Answers that operations on drafts may give besides the usual ones."""

router = APIRouter(prefix="/api/drafts", tags=["drafts"], responses=DRAFT_PROBLEMS)


def store_of(request: Request) -> DraftStore:
    """Return the store of drafts; open it if that failed before.

    Raises:
        StorageError: it can't be opened.
    """
    store: DraftStore = request.app.state.drafts.store()
    return store


Store = Annotated[DraftStore, Depends(store_of)]
User = Annotated[str, Depends(current_user)]
DraftId = Annotated[str, Path(alias="id", max_length=36, description="A draft's `id`.")]
VersionId = Annotated[str, Path(max_length=36, description="A version's `id`.")]
SomeVersion = Annotated[
    str, Query(max_length=36, description=f'A version\'s `id`, or "{CURRENT}".')
]


@router.get("", operation_id="list_drafts", summary="List drafts", response_model=DraftList)
def list_drafts(
    store: Store,
    user: User,
    search: Annotated[
        str,
        Query(
            max_length=LONGEST_SEARCH,
            description="Words in the title or the text, whatever their case and accents.",
        ),
    ] = "",
    folder: Annotated[
        str, Query(max_length=500, description='Name of a folder; "" for all drafts.')
    ] = "",
    trash: Annotated[bool, Query(description="List the trash.")] = False,
    limit: Annotated[int, Query(ge=1, le=MOST_LISTED, description="Rows, at most.")] = 50,
    after: Annotated[str, Query(description="`next` of the part before.")] = "",
) -> Response:
    """Return a part of the user's drafts, the latest change first."""
    query = DraftQuery(search, folder or None, trash, limit, after)
    return JSONResponse(page_content(store.listed(user, query)))


@router.post(
    "",
    operation_id="create_draft",
    summary="Keep a new draft",
    response_model=Draft,
    status_code=201,
)
def create_draft(store: Store, user: User, body: NewDraft) -> Response:
    """Keep a document as a new draft. It is on the disk when this is answered."""
    (draft,) = store.create(user, [body.document.model_dump()], body.folder)
    return draft_answer(draft, 201)


@router.get("/{id}", operation_id="get_draft", summary="Return a draft", response_model=Draft)
def get_draft(store: Store, user: User, identifier: DraftId) -> Response:
    """Return a draft as it is now, also one in the trash."""
    return draft_answer(store.get(user, identifier))


@router.put("/{id}", operation_id="save_draft", summary="Save a draft", response_model=Draft)
def save_draft(store: Store, user: User, identifier: DraftId, body: SavedDocument) -> Response:
    """Save a document as a new revision. It is on the disk when this is answered.

    If the draft shows this very document already, nothing changes, and that is no conflict.
    """
    document = body.document.model_dump()
    draft = store.save(user, identifier, body.version, document, continues=body.continues)
    return draft_answer(draft)


@router.patch(
    "/{id}", operation_id="move_draft", summary="Put a draft in a folder", response_model=Draft
)
def move_draft(store: Store, user: User, identifier: DraftId, body: FolderChange) -> Response:
    """Put a draft in a folder, or take it out of its folder."""
    return draft_answer(store.move(user, identifier, body.version, body.folder))


@router.delete(
    "/{id}",
    operation_id="delete_draft",
    summary="Put a draft in the trash, or delete it",
    response_model=Draft,
    responses={204: {"description": "Deleted forever."}},
)
def delete_draft(
    store: Store,
    user: User,
    identifier: DraftId,
    forever: Annotated[bool, Query(description="Delete it with all its versions.")] = False,
) -> Response:
    """Put a draft in the trash; or delete it forever."""
    if forever:
        store.delete(user, identifier)
        return Response(status_code=204)
    return draft_answer(store.trash(user, identifier))


@router.post(
    "/{id}/recover",
    operation_id="recover_draft",
    summary="Take a draft out of the trash",
    response_model=Draft,
)
def recover_draft(store: Store, user: User, identifier: DraftId) -> Response:
    """Take a draft out of the trash."""
    return draft_answer(store.recover(user, identifier))


@router.post("/{id}/undo", operation_id="undo", summary="Undo", response_model=Draft)
def undo(store: Store, user: User, identifier: DraftId, body: KnownVersion) -> Response:
    """Show the text before the last change; nothing happens if there is none."""
    return draft_answer(store.undo(user, identifier, body.version))


@router.post("/{id}/redo", operation_id="redo", summary="Redo", response_model=Draft)
def redo(store: Store, user: User, identifier: DraftId, body: KnownVersion) -> Response:
    """Show the text that undo took back; nothing happens if there is none."""
    return draft_answer(store.redo(user, identifier, body.version))


@router.get("/{id}/versions", operation_id="list_versions", summary="List versions")
def list_versions(
    store: Store,
    user: User,
    identifier: DraftId,
    unnamed: Annotated[
        bool,
        Query(description="List also the texts that undo stops at, and those that it took back."),
    ] = False,
) -> list[Version]:
    """Return the named versions of a draft, the newest first."""
    return _versions(store.versions(user, identifier, unnamed=unnamed))


@router.post(
    "/{id}/versions", operation_id="name_version", summary="Name a version", status_code=201
)
def name_version(store: Store, user: User, identifier: DraftId, body: VersionName) -> list[Version]:
    """Give the text as it is now a name, and return all named versions."""
    return _versions(store.name_version(user, identifier, body.name))


@router.delete(
    "/{id}/versions/{version_id}",
    operation_id="delete_version",
    summary="Take the name from a version",
)
def delete_version(
    store: Store, user: User, identifier: DraftId, version_id: VersionId
) -> list[Version]:
    """Take the name from a version, and return those that are left."""
    return _versions(store.delete_version(user, identifier, version_id))


@router.post(
    "/{id}/versions/{version_id}/restore",
    operation_id="restore_version",
    summary="Restore a version",
    response_model=Draft,
)
def restore_version(
    store: Store, user: User, identifier: DraftId, version_id: VersionId, body: KnownVersion
) -> Response:
    """Save the text of a version as a new revision, which undo takes back."""
    return draft_answer(store.restore(user, identifier, version_id, body.version))


@router.get("/{id}/compare", operation_id="compare_versions", summary="Compare two versions")
def compare_versions(
    store: Store,
    user: User,
    identifier: DraftId,
    first: Annotated[SomeVersion, Query(alias="from")],
    second: Annotated[SomeVersion, Query(alias="to")] = CURRENT,
) -> Comparison:
    """Return two versions side by side, line by line, with the words that changed."""
    rows = store.compare(user, identifier, first, second)
    return Comparison(rows=[_compared(row) for row in rows])


def _versions(versions: list[StoredVersion]) -> list[Version]:
    return [
        Version(id=version.id, name=version.name, created=moment_content(version.created))
        for version in versions
    ]


def _compared(row: Row) -> ComparedLine:
    words = [WordChange.model_validate(vars(word)) for word in row.words]
    return ComparedLine.model_validate(
        {"change": row.change, "before": row.before, "after": row.after, "words": words}
    )
