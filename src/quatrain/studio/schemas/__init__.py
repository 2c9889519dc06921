"""Requests and answers of the API, checked and described, with examples.

- `texts`: kinds of text and number that every request uses.
- `document`: what a draft holds, and a draft.
- `drafts`: the list of drafts, changes to them, their versions, what is imported.
- `verse`, `words`, `writing`: checks and scans; words and rhymes; writing and other lines.
- `inside`: experiments and exercises.
- `training`: corpora and trainings.
- `problem`: what is answered when something is wrong.
"""

from quatrain.studio.schemas.document import Document, DocumentLine, DocumentSettings, Draft

__all__ = ["Document", "DocumentLine", "DocumentSettings", "Draft"]
