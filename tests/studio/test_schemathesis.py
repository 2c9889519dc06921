"""Requests drawn from the API's own description, good and bad: no bug, and only what it says."""

from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra 'studio'")
schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis")

from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402

from quatrain.studio.app import create_app  # noqa: E402
from quatrain.studio.settings import StudioSettings  # noqa: E402

EXAMPLES = 20
"""Requests of each kind drawn for each operation."""

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

DOCUMENT = create_app(StudioSettings()).openapi()

LABELS = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
"""Operations by method and path."""

BAD = [
    label
    for label, operation in LABELS.items()
    if "requestBody" in operation
    or any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))
]
"""Operations that a request can be wrong for."""

CASES = [(label, "positive") for label in LABELS] + [(label, "negative") for label in BAD]


@pytest.fixture(scope="module")
def checks() -> list[Any]:
    """Return what is checked of every answer.

    A valid request may be refused: what is possible in verse is more than a schema can say.
    """
    from schemathesis.specs.openapi import checks as of_schemas

    return [
        schemathesis.checks.not_a_server_error,
        of_schemas.status_code_conformance,
        of_schemas.content_type_conformance,
        of_schemas.response_schema_conformance,
    ]


@pytest.fixture(scope="module")
def operations(desk: Any) -> dict[str, Any]:
    """Return the operations of a desk that runs, by method and path."""
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.config.update(base_url=f"http://127.0.0.1:{desk.port}")
    return {operation.ok().label: operation.ok() for operation in schema.get_all_operations()}


@pytest.mark.parametrize(("label", "mode"), CASES)
def test_the_api_does_what_it_says(
    operations: dict[str, Any], checks: list[Any], label: str, mode: str
) -> None:
    strategy = operations[label].as_strategy(generation_mode=schemathesis.GenerationMode(mode))

    @given(case=strategy)
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        case.call_and_validate(timeout=120, checks=checks)

    run()
