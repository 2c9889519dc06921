"""The description of the API: complete, true, and held to by the server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")

from jsonschema import Draft202012Validator

from quatrain.studio.app import create_app
from quatrain.studio.schemas.examples import ANSWERS
from quatrain.studio.settings import StudioSettings


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(StudioSettings()).openapi()


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]})


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    names = []
    for operation in operations(document):
        names.append(operation["operationId"])
        assert operation["summary"], names[-1]
        assert operation["description"], names[-1]
        assert operation["tags"][0] in {tag["name"] for tag in document["tags"]}, names[-1]
    assert len(names) == len(set(names))
    assert {"check", "scan", "rhyme", "words", "write", "line_alternatives"} <= set(names)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for part in text.split('"$ref": "#/components/schemas/')[1:]:
        assert part.partition('"')[0] in document["components"]["schemas"]


def test_what_is_wrong_is_told_as_problem_details(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for status, answer in operation["responses"].items():
            if status[0] in "45":
                assert list(answer["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_request_has_an_example_that_is_valid(document: dict[str, Any]) -> None:
    for operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        schema = document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        assert schema.get("examples"), operation["operationId"]
        for example in schema["examples"]:
            validator(document, content["schema"]).validate(example)


def test_the_examples_of_answers_are_valid(document: dict[str, Any]) -> None:
    by_name = {operation["operationId"]: operation for operation in operations(document)}
    for name, examples in ANSWERS.items():
        content = by_name[name]["responses"]["200"]["content"]["application/json"]
        assert len(content["examples"]) == len(examples)
        for example in examples:
            validator(document, content["schema"]).validate(example)
