"""Names of critics: `hf:PATH` is a model of the library transformers on this machine.

In: a name. Out: the critic, loaded.
"""

from __future__ import annotations

from pathlib import Path

from quatrain.critic.protocol import Critic
from quatrain.errors import CriticError

SCHEMES = ("hf",)
"""Kinds of critics: the part of a critic's name before its colon."""


def load(name: str) -> Critic:
    """Open a critic by its name.

    Example:
        critic = quatrain.load_critic("hf:models/SmolLM2-135M")
        print(poet.write(form="sonnet", critic=critic, seed=1))

    Args:
        name: "hf:" and the path of a folder with config.json, tokenizer and safetensors, or of a
            .gguf file. Relative paths start from the current folder.

    Raises:
        CriticError: the name is no such name, there is no model, or it can't score lines.
        ExtraError: the extra `critic` is not installed.
    """
    scheme, colon, path = name.partition(":")
    if not colon or scheme not in SCHEMES:
        raise _unknown_scheme(name, scheme if colon else "")
    if not path.strip():
        raise CriticError(
            "the critic", f"{name!r}", "a path after 'hf:'", "Write for example hf:models/smollm."
        )
    from quatrain.critic.hugging_face import HuggingFaceCritic

    return HuggingFaceCritic(Path(path).expanduser())


def _unknown_scheme(name: str, scheme: str) -> CriticError:
    """Return the error of a name that begins with no known scheme."""
    return CriticError(
        "the critic",
        f"the kind {scheme!r}" if scheme else f"{name!r}, which doesn't say of what kind it is",
        "'hf:' and a path",
        "Write hf: and the path of a model's folder or .gguf file, for example hf:models/smollm. "
        "In Python, a critic of your own can call any other program (docs/critic.md).",
    )
