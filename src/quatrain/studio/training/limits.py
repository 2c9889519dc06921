"""Limits of what the desk takes in: texts, trainings, poets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingLimits:
    """Limits of uploads and trainings, per user where nothing else is said.

    Attributes:
        files: files of one upload.
        file_bytes: bytes of one file.
        upload_bytes: bytes of one upload.
        text_characters: characters of verse in one corpus; a compressed file can hold far more
            than its size says, and a corpus is read into memory.
        corpora: corpora kept.
        corpora_bytes: bytes of all corpora.
        unfinished: trainings that wait, run, are paused or have failed and can go on.
        finished: finished trainings remembered; the oldest are forgotten, their poets stay.
        minutes: training time.
        at_once: trainings that run at the same time, over all users. A training uses every core,
            so that two of them take twice as long.
        poets: poets trained on the desk and kept; one takes up to 40 MB.
    """

    files: int = 500
    file_bytes: int = 32 * 2**20
    upload_bytes: int = 64 * 2**20
    text_characters: int = 100_000_000
    corpora: int = 50
    corpora_bytes: int = 2**30
    unfinished: int = 10
    finished: int = 50
    minutes: float = 24 * 60
    at_once: int = 1
    poets: int = 50
