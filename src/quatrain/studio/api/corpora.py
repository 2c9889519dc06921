"""Operations on texts to train on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile

from quatrain.errors import CorpusError
from quatrain.studio.schemas.training import CONFLICT, MISSING, NO_ROOM, Corpus, CorpusList
from quatrain.studio.security import current_user
from quatrain.studio.tasks.corpora import read_texts
from quatrain.studio.training import Trainings, Upload, disk_errors
from quatrain.studio.workers import Lanes

router = APIRouter(
    prefix="/api/corpora",
    tags=["training"],
    responses={404: MISSING, 409: CONFLICT, 507: NO_ROOM},
)

_CHUNK = 2**20
"""Bytes of an upload that are copied at once."""


def _trainings(request: Request) -> Trainings:
    trainings: Trainings = request.app.state.trainings
    return trainings


@router.post("", status_code=201, operation_id="upload_corpus", summary="Upload texts to train on")
async def upload_corpus(
    request: Request,
    files: Annotated[
        list[UploadFile], File(description="Texts: .txt, .md, TEI, .jsonl, .csv, .parquet.")
    ] = [],  # noqa: B006 - read by FastAPI, never changed
    name: Annotated[str, Form(description="A name; by default the first file's.")] = "",
) -> Corpus:
    """Keep texts on the desk, and report what was read of them, what was left out and why."""
    lanes: Lanes = request.app.state.lanes
    trainings, user = _trainings(request), current_user(request)
    files = [file for file in files if file.filename or file.size]
    if not files:
        raise CorpusError(
            "the upload", "no file", "at least one text", "Choose a file.",
            message="There is no file in the upload.",
        )  # fmt: skip
    with disk_errors():
        upload = await asyncio.to_thread(trainings.corpora.receive, user)
        try:
            await _copy(files, upload)
            report = await lanes.write.run(
                read_texts, str(upload.texts), trainings.limits.text_characters
            )
            facts = await asyncio.to_thread(trainings.corpora.keep, user, upload, name, report)
        finally:
            await asyncio.to_thread(upload.discard)  # nothing remains there of one that is kept
    return Corpus.model_validate(facts)


async def _copy(files: Sequence[UploadFile], upload: Upload) -> None:
    for file in files:
        received = await asyncio.to_thread(upload.begin, file.filename or "")
        while data := await file.read(_CHUNK):
            await asyncio.to_thread(received.write, data)
        await asyncio.to_thread(received.close)


@router.get("", operation_id="list_corpora", summary="List the uploaded texts")
def list_corpora(request: Request) -> CorpusList:
    """Return the corpora of the user, the newest first, with their reports."""
    facts = _trainings(request).corpora.all_of(current_user(request))
    return CorpusList(corpora=[Corpus.model_validate(corpus) for corpus in facts])


@router.get("/{identifier}", operation_id="get_corpus", summary="Describe uploaded texts")
def get_corpus(request: Request, identifier: str) -> Corpus:
    """Return a corpus with its report."""
    facts = _trainings(request).corpora.get(current_user(request), identifier)
    return Corpus.model_validate(facts)


@router.delete(
    "/{identifier}", status_code=204, operation_id="delete_corpus", summary="Delete uploaded texts"
)
def delete_corpus(request: Request, identifier: str) -> None:
    """Delete a corpus and its files. Poets that learned from it stay."""
    with disk_errors():
        _trainings(request).delete_corpus(current_user(request), identifier)
