"""Facts in the files of a model, checked before anything is loaded.

In: the path of a folder or a .gguf file. Out: `ModelFiles`, or an error that says why the model
can't be a critic. This needs neither torch nor transformers.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from quatrain.critic.gguf_header import GgufHeader, read_gguf_header
from quatrain.errors import CriticError

_TOKENIZERS = (
    "tokenizer.json", "tokenizer.model", "spiece.model", "vocab.json", "vocab.txt",
    "sentencepiece.bpe.model",
)  # fmt: skip
"""Files of which a folder needs at least one, so that text can be cut into tokens."""

_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")
"""Patterns of weights that run code when they are opened; they never are."""

_CONFIG_BYTES = 2**24
"""Largest config.json that is read, in bytes; real ones have a few thousand."""


@dataclass(frozen=True)
class ModelFiles:
    """A model on disk.

    Attributes:
        folder: where it is.
        gguf: name of the .gguf file in the folder that holds all of it; empty for safetensors.
        parameters: how many numbers its tensors hold.
        architecture: kind of the model: in GGUF "llama", in config.json "LlamaForCausalLM"; empty
            if the files do not say.
        own_code: whether the folder wants code of its own to be run, which never is.
    """

    folder: Path
    gguf: str
    parameters: int
    architecture: str
    own_code: bool = False

    @property
    def name(self) -> str:
        """Name of the file or the folder, without the folders above."""
        return self.gguf or self.folder.resolve().name


def find_model(path: Path) -> ModelFiles:
    """Find a model's files and check what they say.

    Raises:
        CriticError: there is no model, its tokenizer or weights are missing, damaged or in a
            format that runs code, or it brings code of its own.
    """
    try:
        if path.is_dir():
            return _in_folder(path)
        if path.is_file():
            return _gguf(path)
    except OSError as error:
        raise _unusable(path, f"{error.strerror or error}", "a model that can be read") from None
    raise CriticError(
        "the critic",
        f"no file or folder {path}",
        "a model's folder or .gguf file",
        "Correct the path. Nothing is downloaded: fetch the model first.",
        message=f"There is no model at {path}.",
    )


def _gguf(path: Path) -> ModelFiles:
    if path.suffix.lower() != ".gguf":
        raise _unusable(path, "a file", "a folder, or a .gguf file")
    header: GgufHeader = read_gguf_header(path)
    return ModelFiles(path.parent, path.name, header.parameters, header.architecture)


def _in_folder(folder: Path) -> ModelFiles:
    """Return the model of a folder: safetensors beside config.json, or a single .gguf file."""
    config_path = folder / "config.json"
    if not config_path.is_file():
        files = sorted(folder.glob("*.gguf"))
        if len(files) == 1:
            return _gguf(files[0])
        if files:
            raise _unusable(
                folder, f"{len(files)} .gguf files", "one", f"Name one, such as hf:{files[0]}."
            )
        raise _unusable(folder, "no config.json and no .gguf file", "a model's folder")
    config = _read_config(config_path)
    if not any((folder / name).is_file() for name in _TOKENIZERS):
        raise _unusable(
            folder,
            "no tokenizer",
            f"one of {', '.join(_TOKENIZERS)}",
            "Copy the tokenizer's files into the folder; a model comes with them.",
        )
    weights = sorted(folder.glob("model*.safetensors"))  # some folders hold them twice
    if not weights:
        others = [path.name for pattern in _PICKLES for path in sorted(folder.glob(pattern))]
        found = (
            f"weights in {others[0]}, which can run code when opened," if others else "no weights"
        )
        raise _unusable(
            folder, found, "weights in safetensors", "Take the model in safetensors or GGUF."
        )
    names = config.get("architectures")
    architecture = str(names[0]) if isinstance(names, list) and names else ""
    parameters = sum(map(_count_parameters, weights))
    return ModelFiles(folder, "", parameters, architecture, own_code="auto_map" in config)


def _read_config(path: Path) -> dict[str, object]:
    """Return the content of config.json.

    Raises:
        CriticError: it is no JSON object.
    """
    text = path.read_bytes()[: _CONFIG_BYTES + 1]
    try:
        config = json.loads(text) if len(text) <= _CONFIG_BYTES else None
    except (ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):
        raise _unusable(path, "no JSON object", "a model's settings")
    return config


def _count_parameters(path: Path) -> int:
    """Return how many numbers a file of safetensors holds; its header says it.

    Raises:
        CriticError: the file is damaged.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            return sum(math.prod(file.get_slice(name).get_shape()) for name in file.keys())  # noqa: SIM118
    except SafetensorError as error:
        raise _unusable(path, f"a damaged file ({error})", "safetensors") from None


def _unusable(
    path: Path, found: str, wanted: str, remedy: str = "Give the path of a causal language model."
) -> CriticError:
    return CriticError(f"the critic's model {path}", found, wanted, remedy)
