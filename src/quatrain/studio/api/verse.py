"""Operations on verse that is there: checks, scans, rhymes, words, forms, poets."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from quatrain.studio.api.names import form_name, poet_folder
from quatrain.studio.api.streams import answer
from quatrain.studio.schemas import verse, words
from quatrain.studio.security import current_user
from quatrain.studio.settings import StudioSettings
from quatrain.studio.tasks import verse as tasks
from quatrain.studio.training import list_muses
from quatrain.studio.workers import Lanes

router = APIRouter(prefix="/api", tags=["verse"])


def _lanes(request: Request) -> Lanes:
    lanes: Lanes = request.app.state.lanes
    return lanes


@router.post(
    "/check",
    operation_id="check",
    summary="Check a draft, line by line",
    response_model=verse.DraftCheck,
)
async def check(request: Request, body: verse.CheckRequest) -> Response:
    """Say for every line what it keeps of the form and what not, and what would mend it.

    With a form, the answer has every line of the form, written or not. Without one it names the
    likeliest forms.
    """
    form = form_name(request, body.form)
    return await answer(
        request, _lanes(request).check, tasks.check, body.lines, body.gaps, form, body.metre
    )


@router.post(
    "/scan",
    operation_id="scan",
    summary="Scan verse",
    response_model=verse.Scan,
)
async def scan(request: Request, body: verse.ScanRequest) -> Response:
    """Find the metre of verse: the stresses and the feet of every line, and its rhymes."""
    return await answer(request, _lanes(request).check, tasks.scan, body.lines, body.gaps)


@router.post(
    "/rhyme",
    operation_id="rhyme",
    summary="Find rhymes",
    response_model=verse.RhymingWords | verse.WordPair | verse.RhymeScheme,
)
async def rhyme(request: Request, body: verse.RhymeRequest) -> Response:
    """List what rhymes with a word, say how two words rhyme, or find the rhymes of some lines."""
    lanes = _lanes(request)
    if body.lines:
        return await answer(request, lanes.check, tasks.scheme, body.lines)
    if body.first:
        return await answer(request, lanes.words, tasks.rhyme, body.first, body.second)
    return await answer(request, lanes.words, tasks.rhyming, body.word, body.kinds, body.limit)


@router.post(
    "/words",
    operation_id="words",
    summary="Look a word up, and find words for its place",
    response_model=words.WordPanel,
)
async def find_words(request: Request, body: words.WordsRequest) -> Response:
    """Say what a word means and how it is said, and list words that could stand in its place.

    The groups are rhymes by kind, words close in meaning, words near in verse, and opposites.
    """
    wanted = body.model_dump()
    wanted["poet"] = poet_folder(request, body.poet)
    if wanted["draft"] is not None:
        wanted["draft"]["form"] = form_name(request, wanted["draft"]["form"])
    return await answer(request, _lanes(request).words, tasks.words, wanted)


@router.get("/forms", operation_id="list_forms", summary="List the forms")
async def list_forms(request: Request) -> verse.FormList:
    """List the forms that ship, and those in the folder `forms` of the desk."""
    settings: StudioSettings = request.app.state.settings
    forms = await _lanes(request).check.run(tasks.list_forms, str(settings.folder / "forms"))
    for form in forms:
        form["why"] = settings.hide_folder(form["why"])
    return verse.FormList(forms=forms)


@router.get("/forms/{name}", operation_id="get_form", summary="Describe a form")
async def get_form(request: Request, name: str) -> verse.FormDetails:
    """Return a form with its stanzas, its variants and the text of its file."""
    form = form_name(request, name)
    return verse.FormDetails(**await _lanes(request).check.run(tasks.describe_form, form))


@router.get("/poets", operation_id="list_poets", summary="List the poets")
async def list_poets(request: Request) -> verse.PoetList:
    """List the poets that ship, those trained here, and those in the desk's folder `poets`."""
    settings: StudioSettings = request.app.state.settings
    poets = await asyncio.to_thread(list_muses, settings.folder, current_user(request))
    message = ""
    if not any(poet["usable"] for poet in poets):
        message = "There is no poet yet. Train one here"
        # Who shares a desk can't reach its folder.
        if not settings.tokens:
            message += f", or put a poet's folder into {settings.folder / 'poets'}"
        message += "."
    return verse.PoetList(
        poets=[verse.Poet.model_validate(poet) for poet in poets], message=message
    )
