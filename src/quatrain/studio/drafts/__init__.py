"""Drafts: kept as they change, with undo, versions, folders and trash.

`DraftStore.open` takes a path or a URL and returns a store; its methods do the rest. Read in this
order:

    documents, failures             what a draft holds; what can go wrong
    models, database                the tables; the connection to SQLite or PostgreSQL
    migrations                      opening a database, and bringing it to the present tables
    differences, revisions          a document as JSON; undo, redo and what is kept
    versions, comparing             named versions; two versions side by side
    listing                         search, folders, trash
    store, opening                  what the API calls; a store that is opened when it can be
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
from quatrain.studio.drafts.opening import StoreOpener
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
    "StoreOpener",
    "Version",
    "WordChange",
    "new_document",
]
