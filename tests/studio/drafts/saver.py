"""A program that saves a draft again and again, and says so after each save, until it is killed.

    python saver.py LOCATION ID

It prints the number of each save once it has been acknowledged, as another program that was told so
would know. A conflict with another such program is answered by saving to the new version.
"""

import sys
from pathlib import Path

from quatrain.studio.drafts import Draft, DraftConflictError, DraftStore, new_document


def save(store: DraftStore, draft: Draft, text: str) -> Draft:
    """Add a line to a draft, to whatever it has become."""
    while True:
        lines = [line["text"] for line in draft.document["lines"]]
        document = new_document("", [*lines[-20:], text])
        try:
            return store.save("", draft.id, draft.version, document, continues=True)
        except DraftConflictError:
            draft = store.get("", draft.id)


def main(location: str, identifier: str, name: str, count: int) -> None:
    """Save until the end, or forever if `count` is 0."""
    store = DraftStore.open(location if "://" in location else Path(location))
    draft = store.get("", identifier)
    number = 0
    while not count or number < count:
        draft = save(store, draft, f"{name} {number}")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        number += 1
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
