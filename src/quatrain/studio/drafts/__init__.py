"""Drafts: kept as they change, with undo, versions, folders and trash.

`DraftStore.open` takes a path or a URL and returns a store; its methods do the rest. Read in this
order:

    documents, failures             what a draft holds; what can go wrong
    models, migrations              the tables, and the steps that lead to them
    database, migrating             SQLite or PostgreSQL, opened and brought to the present tables
    differences, revisions          a document as JSON; undo, redo and what is kept
    versions, comparing             named versions; two versions side by side
    listing                         search, folders, trash
    store                           what the API calls
"""

from quatrain.studio.drafts.comparing import Row, WordChange
from quatrain.studio.drafts.documents import (
    Document,
    Draft,
    DraftPage,
    DraftSummary,
    Version,
    new_document,
)
from quatrain.studio.drafts.failures import (
    DraftConflictError,
    MissingDraftError,
    RefusedDraftError,
    StorageBusyError,
    StorageFullError,
)
from quatrain.studio.drafts.listing import DraftQuery
from quatrain.studio.drafts.store import DraftStore
from quatrain.studio.drafts.versions import CURRENT

__all__ = [
    "CURRENT",
    "Document",
    "Draft",
    "DraftConflictError",
    "DraftPage",
    "DraftQuery",
    "DraftStore",
    "DraftSummary",
    "MissingDraftError",
    "RefusedDraftError",
    "Row",
    "StorageBusyError",
    "StorageFullError",
    "Version",
    "WordChange",
    "new_document",
]
