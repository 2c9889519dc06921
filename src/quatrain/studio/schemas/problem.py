"""Problem details, as the API describes them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class ProblemDetails(BaseModel):
    """What is wrong with a request, and what to do (RFC 9457)."""

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


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("The request is not JSON in UTF-8."),
    401: _problem("The desk asks for a token."),
    403: _problem("The request comes from another site."),
    413: _problem("The request is too large."),
    415: _problem("The request is of another type than JSON."),
    422: _problem("A value is wrong; the detail says which, why, and what to do."),
    429: _problem("Too many requests; the header Retry-After says when to try again."),
    500: _problem("A bug in Quatrain."),
    503: _problem("It took too long, or memory was short."),
}
"""Answers that every operation may give, for `responses` of a router."""
