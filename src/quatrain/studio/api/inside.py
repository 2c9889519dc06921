"""The Inside pages: experiments that are drawn again as their controls move, and exercises."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from quatrain.explain.demonstrations.topics import MODULES
from quatrain.studio.api.streams import CLIENT_LEFT, ClientLeftError, answer, while_connected
from quatrain.studio.problems import Problem
from quatrain.studio.schemas import inside as schemas
from quatrain.studio.tasks import inside as tasks
from quatrain.studio.workers import Lane

router = APIRouter(prefix="/api/inside", tags=["inside"])
exercises_router = APIRouter(prefix="/api/exercises", tags=["inside"])
pages_router = APIRouter(include_in_schema=False)

PAGE = Path(__file__).parents[1] / "static" / "inside.html"
"""The page that shows every topic."""


def _lane(request: Request) -> Lane:
    lane: Lane = request.app.state.lanes.inside
    return lane


@pages_router.get("/inside")
@pages_router.get("/inside/{topic}")
async def page(request: Request, topic: str = "") -> Response:
    """Return the page, and start the process that its experiments run in."""
    if not PAGE.is_file():
        raise Problem(404, "The page is not installed; the API is. Install Quatrain again.")
    _lane(request).start_soon()
    # The page itself says that there is no such topic.
    return FileResponse(PAGE, status_code=200 if topic in ("", *MODULES) else 404)


@router.get(
    "",
    operation_id="list_demonstrations",
    summary="List the Inside pages",
    response_model=schemas.TopicList,
)
async def list_topics(request: Request) -> Response:
    """List the experiments in the order in which they are taught."""
    return await answer(request, _lane(request), tasks.list_topics)


@router.post(
    "/{topic}",
    operation_id="demonstrate",
    summary="Run an experiment",
    response_model=schemas.Demonstration,
)
async def show(request: Request, topic: str, body: schemas.StateRequest) -> Response:
    """Return what an experiment shows in a state of its controls.

    A state that is impossible, such as a kernel wider than the image, is answered with a `problem`.
    """
    return await answer(request, _lane(request), tasks.show, _known(topic), body.state)


@router.post(
    "/{topic}/latex",
    operation_id="demonstrate_latex",
    summary="Return an experiment's formulas as LaTeX",
    response_model=schemas.Latex,
)
async def show_latex(request: Request, topic: str, body: schemas.StateRequest) -> Response:
    """Return the formulas with their numbers, for the body of a document."""
    return await answer(request, _lane(request), tasks.show_latex, _known(topic), body.state)


@router.get(
    "/{topic}/page",
    operation_id="save_demonstration",
    summary="Save an experiment as a page without a server",
    response_class=Response,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
)
async def save_page(request: Request, topic: str) -> Response:
    """Return one HTML file with the numbers of a few thousand states; it takes some seconds.

    The query names the state that it shows at first, as in the address of the page: `?n=12&k=5`.
    """
    lane: Lane = request.app.state.lanes.write  # it would hold up the sliders
    query = {name: text for name, text in request.query_params.items() if name != "token"}
    work = lane.run(tasks.make_page, _known(topic), query, str(PAGE.parent))
    try:
        text = await while_connected(request, work)
    except ClientLeftError:
        return Response(status_code=CLIENT_LEFT)
    name = f'attachment; filename="{topic}.html"'
    return Response(text, media_type="text/html", headers={"Content-Disposition": name})


@exercises_router.post(
    "/{topic}",
    operation_id="make_exercises",
    summary="Make a sheet of questions",
    response_model=schemas.Sheet,
)
async def make_sheet(request: Request, topic: str, body: schemas.SheetRequest) -> Response:
    """Return the questions that a seed draws, without the answers."""
    return await answer(request, _lane(request), tasks.make_sheet, topic, body.seed, body.level)


@exercises_router.post(
    "/{topic}/check",
    operation_id="check_exercises",
    summary="Check answers to a sheet",
    response_model=schemas.Marks,
)
async def check_sheet(request: Request, topic: str, body: schemas.AnswersRequest) -> Response:
    """Say of each answer whether it is right, and which mistake leads to a wrong one.

    The right answer isn't told.
    """
    return await answer(
        request, _lane(request), tasks.check_sheet, topic, body.seed, body.level, body.answers
    )


@exercises_router.post(
    "/{topic}/solution",
    operation_id="solve_exercise",
    summary="Tell the solution of a question",
    response_model=schemas.Solution,
)
async def solve(request: Request, topic: str, body: schemas.SolutionRequest) -> Response:
    """Return the right answer to a question and the steps that lead to it."""
    return await answer(
        request, _lane(request), tasks.solve, topic, body.seed, body.level, body.question
    )


def _known(topic: str) -> str:
    """Return the name of a topic.

    Raises:
        Problem: there is none of that name.
    """
    if topic not in MODULES:
        raise Problem(404, f"There is no such experiment. There are: {', '.join(MODULES)}.")
    return topic
