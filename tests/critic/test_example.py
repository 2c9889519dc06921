"""The example of docs/critic.md: a critic in forty lines."""

import re
from pathlib import Path
from typing import Any

import pytest

from quatrain.critic import Critic

PAGE = Path(__file__).parents[2] / "docs" / "critic.md"


@pytest.mark.slow
def test_the_example_of_the_documentation_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python exec[^\n]*\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(code.splitlines()) < 46
    names: dict[str, Any] = {}
    exec(compile(code, "critic.md", "exec"), names)  # noqa: S102 - our own page
    assert isinstance(names["critic"], Critic)
    poems = capsys.readouterr().out.split("\n\n")
    assert poems[0].strip() != poems[1].strip()
    frequent, rare = names["critic"].log_probabilities("", ["and the\n", "the and\n"])
    assert frequent > rare
