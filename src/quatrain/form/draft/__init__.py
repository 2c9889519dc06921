"""The check of a draft, with empty places anywhere: what each line has, lacks and could become.

In: the lines of a draft as they are typed, and perhaps a form. Out: a `DraftCheck`, which `page`
turns into JSON.

Reading order:

- `written`: the lines as they are typed, made ready to be read.
- `layout`: the places that the form gives the draft; `wishes`: what an empty one asks for.
- `line/`: a line by itself: syllables, feet, rhyming letters, faults of metre, licences.
- `repetition`: the faults of rhymes, refrains, end words and acrostics.
- `mend/`: small changes to a line, of which only those are shown that mend it.
- `free_verse/`: drafts without a form, and the forms they may be on their way to.
- `summary`: the whole in one sentence.
- `draft_check`: everything together, with its caches.

The strict check of `form.check` says what is kept, here as everywhere.
"""

from quatrain.form.draft.draft_check import DraftChecker, check_draft

__all__ = ["DraftChecker", "check_draft"]
