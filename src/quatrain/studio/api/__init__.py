"""Operations of the API, a router for each subject.

- `verse`: check, scan, rhyme, words, forms, poets.
- `writing`: lines for empty places and other lines, as server-sent events; other words.
- `streams`: server-sent events, and requests that end when the client leaves.
- `health`: whether the server runs, and its metrics.
"""
