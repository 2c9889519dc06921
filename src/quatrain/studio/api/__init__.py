"""Operations of the API, a router for each subject.

- `verse`: check, scan, rhyme, words, forms, poets.
- `writing`: lines for empty places and other lines, as server-sent events; other words.
- `drafts`: drafts and their versions.
- `exchange`: drafts from texts, and drafts as files.
- `answers`: drafts and their errors as JSON.
- `streams`: server-sent events, and requests that end when the client leaves.
- `inside`: experiments, exercises, and the page that shows them.
- `corpora`, `trainings`: texts to train on, trainings, and the poets that came of them.
- `health`: whether the server runs, and its metrics.
"""
