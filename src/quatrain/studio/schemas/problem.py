"""Problem details, as the API describes them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ProblemDetails(BaseModel):
    """A problem with a request, and what to do (RFC 9457)."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "The form cannot be kept",
                    "status": 422,
                    "detail": "There is no form 'sonet'. Did you mean 'sonnet'?",
                    "where": "the form",
                    "found": "'sonet'",
                    "wanted": "one of the forms that ship",
                    "remedy": "Did you mean 'sonnet'?",
                }
            ]
        },
    )

    type: str = Field(
        default="about:blank", description="A URI; the status says which problem it is."
    )
    title: str = Field(description="A short name of the problem.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong and what to do, in a sentence.")
    where: str | None = Field(default=None, description="The field, line or setting concerned.")
    found: str | None = Field(default=None, description="What is there.")
    wanted: str | None = Field(default=None, description="What would be right.")
    remedy: str | None = Field(default=None, description="What to do about it.")


def problem_of(description: str) -> dict[str, Any]:
    """Return an answer with a problem, for `responses` of a route."""
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: problem_of("The request is not JSON in UTF-8."),
    401: problem_of("The desk asks for a token."),
    403: problem_of("The request comes from another site."),
    404: problem_of("There is nothing of this name."),
    409: problem_of("It doesn't go with the present state, which the problem tells."),
    413: problem_of("The request is too large."),
    415: problem_of("The request is of another type than JSON."),
    421: problem_of("The desk doesn't answer under the name that was asked for."),
    422: problem_of("A value is wrong; the detail says which, why, and what to do."),
    429: problem_of("Too many requests; the header Retry-After says when to try again."),
    500: problem_of("A bug in Quatrain."),
    501: problem_of("A package that is needed is not installed."),
    503: problem_of("It took too long, memory was short, or the database is busy."),
    507: problem_of("The disk is full."),
}
"""Answers that every operation may give, for `responses` of a router."""
