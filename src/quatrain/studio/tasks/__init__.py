"""Functions that run in worker processes. They take and return plain data, as JSON has it.

Each process keeps what it has loaded: the lexicon, the checker, the poets.

- `loaded`: what is kept.
- `verse`: checks, scans, rhymes and words.
- `writing`: lines for empty places, other lines, other words.
- `exporting`, `importing`: drafts as files, texts as drafts.
- `inside`: experiments and exercises.
- `corpora`: texts to train on, read and reported.
"""
