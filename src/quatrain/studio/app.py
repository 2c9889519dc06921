"""The server's application: its routes, its checks, its worker processes."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from quatrain._version import __version__
from quatrain.studio.api import corpora, drafts, exchange, health, inside, trainings, verse, writing
from quatrain.studio.api.answers import answer_conflict
from quatrain.studio.drafts import DraftConflictError, StoreOpener
from quatrain.studio.metrics import Metrics
from quatrain.studio.openapi import DescribedApp
from quatrain.studio.problems import Problem, handle_errors
from quatrain.studio.schemas.problem import PROBLEMS
from quatrain.studio.security import guard
from quatrain.studio.settings import StudioSettings
from quatrain.studio.tasks import loaded
from quatrain.studio.tasks.inside import load_inside
from quatrain.studio.training import TrainingLimits, Trainings
from quatrain.studio.workers import Lane, Lanes

STATIC = Path(__file__).parent / "static"
"""Folder of the page."""

NICENESS = 5
"""Niceness of the processes that write: checks go first, and trainings (10) last."""

ROUTERS = (
    health.router,
    verse.router,
    writing.router,
    drafts.router,
    exchange.router,
    corpora.router,
    trainings.router,
    trainings.poets_router,
    inside.router,
    inside.exercises_router,
    inside.pages_router,
)
"""The operations of the API, by subject."""


def create_app(settings: StudioSettings | None = None) -> FastAPI:
    """Return the application that serves the desk.

    Its `state` has the `settings`, the `lanes`, the `drafts` and the `trainings`. It answers only
    under the names of its own address: a test client asks for `http://127.0.0.1`.

    Args:
        settings: settings of the server; the default ones if None.
    """
    settings = settings or StudioSettings()
    app = DescribedApp(
        title="Quatrain's desk",
        version=__version__,
        summary="Check, scan and write verse in a form.",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        responses=PROBLEMS,
    )
    app.state.settings = settings
    app.state.lanes = lanes_of(settings)
    app.state.drafts = StoreOpener(settings.drafts)
    app.state.metrics = Metrics(app.state.lanes)
    limits = TrainingLimits(upload_bytes=settings.upload_bytes)
    app.state.trainings = Trainings(settings.folder, limits)
    handle_errors(app)
    app.add_exception_handler(DraftConflictError, answer_conflict)
    guard(app, settings)
    for router in ROUTERS:
        app.include_router(router)
    _serve_page(app)
    return app


def lanes_of(settings: StudioSettings) -> Lanes:
    """Return the lanes of worker processes, not yet started."""
    queue, check_limit_s = settings.queue, settings.check_limit_s
    checker, words, poet = loaded.load_checker, loaded.load_words, loaded.load_first_poet
    return Lanes(
        Lane("check", settings.check_processes, queue, check_limit_s, checker),
        Lane("words", settings.word_processes, queue, check_limit_s, words),
        Lane("write", settings.write_processes, queue, settings.write_limit_s, poet, NICENESS),
        Lane("inside", 1, queue, check_limit_s, load_inside),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Start what the server needs, and end it with the server."""
    lanes: Lanes = app.state.lanes
    starting = asyncio.create_task(lanes.start()) if app.state.settings.warm else None
    app.state.trainings.start()
    try:
        yield
    finally:
        if starting is not None:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
        await app.state.trainings.close()
        await lanes.close()
        app.state.drafts.close()


def _serve_page(app: FastAPI) -> None:
    # A Windows registry may say otherwise, and a browser runs no module of another type.
    mimetypes.add_type("text/javascript", ".js")
    files = StaticFiles(directory=STATIC, check_dir=False)
    app.mount("/static", GZipMiddleware(files, minimum_size=500), name="static")

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        if not (STATIC / "index.html").is_file():
            raise Problem(404, "The page is not installed; the API is. Install Quatrain again.")
        return FileResponse(STATIC / "index.html")
