"""Drafts without a form.

- `drafts`: each line as the scanner hears it, with its rhyme letter.
- `likely`: the forms that such a draft may be on its way to.
"""
