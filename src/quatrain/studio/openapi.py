"""The description of the API: FastAPI's, with problems, tokens and examples of answers."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from quatrain.studio.schemas.examples import ANSWERS
from quatrain.studio.schemas.problem import ProblemDetails

_TAGS = {
    "verse": "Verse that is there: checks, scans, rhymes, words, forms and poets.",
    "writing": "Lines for empty places, other lines, other words.",
    "drafts": "Drafts and their versions.",
    "inside": "Experiments on layers and poets, and exercises.",
    "training": "Texts to train on, and poets that learn from them.",
    "health": "The state of the server.",
}

_ABOUT = """\
Everything is JSON. What goes wrong is told as problem details (RFC 9457): `detail` says in a
sentence what is wrong and what to do. Offsets in a line count UTF-16 units, as JavaScript does.

Requests that write answer with server-sent events; close the connection to stop them. A desk that
other machines can reach asks for a token in the header `Authorization`.
"""


class DescribedApp(FastAPI):
    """An application that describes itself in full at `/openapi.json`."""

    def openapi(self) -> dict[str, Any]:
        """Return the description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _description(self)
        return self.openapi_schema


def _description(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=_ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": about} for name, about in _TAGS.items()],
    )
    components = document["components"]
    components["schemas"]["ProblemDetails"] = ProblemDetails.model_json_schema()
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{}, {"token": []}]
    for operations in document["paths"].values():
        for operation in operations.values():
            _add_examples(operation)
    return document


def _add_examples(operation: dict[str, Any]) -> None:
    """Add the examples of an operation's answer to its description."""
    examples = ANSWERS.get(operation["operationId"], [])
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
    if examples and content is not None:
        content["examples"] = {
            f"example {number}": {"value": example} for number, example in enumerate(examples, 1)
        }
