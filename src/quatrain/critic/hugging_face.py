"""A causal language model of the library transformers as a critic, from files on this machine.

In: the path of a folder with safetensors, or of a .gguf file. Out: `HuggingFaceCritic`. The model
is opened offline and without any code but that of transformers: no `auto_map`, no pickle, no
compiled kernels from elsewhere, no chat template. It only reads text and scores it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

from quatrain.critic.model_files import ModelFiles, find_model
from quatrain.errors import CriticError, ExtraError

LEAST_WINDOW = 128
"""Fewest tokens that a model must be able to read at once: a prompt and a few lines."""

_MEMORY_FACTOR = 1.3
"""Memory that loading takes, as a multiple of the weights: the largest tensors are there twice."""

_PROBE_WORDS = (
    "and", "the", "light", "water", "night", "heart", "hand", "house", "river", "winter",
    "morning", "letter", "garden", "silence", "window", "street",
)  # fmt: skip
"""Common words; a tokenizer that can't spell half of them was made for no English text."""

_PROBE = ("The river ran below the house,\n", ("And in the night we heard it go.\n", "Seven.\n"))
"""A text and two lines after it that every model scores once when it is opened."""


class HuggingFaceCritic:
    """A causal language model that scores lines; `quatrain.load_critic("hf:PATH")` opens one.

    Weights are in bfloat16 where the processor multiplies it itself (1.8 times as fast as float32,
    by `benchmarks/critic.py`) or where nothing larger fits into memory, and else in float32.

    Args:
        path: a folder with config.json, a tokenizer and safetensors, or a .gguf file.

    Attributes:
        name: "hf:" and the name of the folder or file, without the folders above.

    Raises:
        CriticError: there is no model, or none that can score lines; the error says why.
        ExtraError: the extra `critic` is not installed.
    """

    def __init__(self, path: Path) -> None:
        files = find_model(path)
        self.name = f"hf:{files.name}"
        self._path = path
        with _quiet_and_offline():
            config = _checked_config(files)
            self._tokenizer = _opened(files, "a tokenizer", "AutoTokenizer")
            self._check_spelling()
            model = _load_model(files)
        from quatrain.critic.token_scorer import TokenScorer

        window = int(getattr(config.get_text_config(), "max_position_embeddings", 0) or 2**20)
        self._check_sizes(model, window)
        self._scorer = TokenScorer(model, window)
        self._check_scores()

    def log_probabilities(self, before: str, candidates: Sequence[str]) -> list[float]:
        """Return the log probability of each candidate after a text, in nats, (candidates,).

        Text and candidate are cut into tokens together, as the model would meet them.

        Args:
            before: the text.
            candidates: texts that may follow it.
        """
        context = self._encode(before)
        rows = [self._encode(before + candidate) for candidate in candidates]
        # A token may reach across the border: score from where all rows still agree.
        shared = _common_prefix([context, *rows])
        after = [row[shared:] for row in rows]
        rest = context[shared:]
        if not rest:
            return self._scorer.log_probabilities(context, after)
        *scores, of_rest = self._scorer.log_probabilities(context[:shared], [*after, rest])
        return [score - of_rest for score in scores]

    def _encode(self, text: str) -> list[int]:
        """Return the tokens of a text, with one before them that starts a document."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False)
        start = self._tokenizer.bos_token_id
        if start is None:
            start = self._tokenizer.eos_token_id
        if start is None:  # this one has no such token: a line break comes nearest
            return [*self._tokenizer.encode("\n", add_special_tokens=False), *ids]
        return [int(start), *ids]

    # Checks of what was opened

    def _check_spelling(self) -> None:
        """Raise `CriticError` if the tokenizer can't spell English words."""
        spelled = 0
        for word in _PROBE_WORDS:
            ids = self._tokenizer.encode(f" {word}", add_special_tokens=False)
            text = self._tokenizer.decode(ids).strip().casefold()
            spelled += bool(ids) and self._tokenizer.unk_token_id not in ids and text == word
        if spelled < len(_PROBE_WORDS) / 2:
            raise self._unusable(
                f"tokens that spell {spelled} of {len(_PROBE_WORDS)} common words",
                "tokens that spell English words",
                "Take a model of English text.",
            )

    def _check_sizes(self, model: Any, window: int) -> None:
        """Raise `CriticError` if tokenizer and model do not fit together, or see too little."""
        tokens, embeddings = len(self._tokenizer), model.get_input_embeddings().weight.shape[0]
        if tokens > embeddings:
            raise self._unusable(
                f"a tokenizer of {tokens:,} tokens and a model of {embeddings:,}",
                "a tokenizer made for the model",
                "Copy the tokenizer's files again from where the model is from.",
            )
        if window < LEAST_WINDOW:
            raise self._unusable(
                f"room for {window} tokens",
                f"room for {LEAST_WINDOW} or more",
                "Take another model.",
            )

    def _check_scores(self) -> None:
        """Raise `CriticError` if the model's scores are no numbers."""
        before, lines = _PROBE
        rows = [self._encode(line)[1:] for line in lines]
        try:
            scores = self._scorer.try_cache(self._encode(before), rows)
        except Exception as error:  # whatever a model of unknown kind raises
            raise self._unusable(
                f"an error when it reads text: {_first_line(error)}",
                "scores",
                "Take another model.",
            ) from error
        if not all(map(math.isfinite, scores)):
            raise self._unusable(
                f"the score {scores[0]} for a line", "a finite number",
                "The weights may be damaged: copy the model again.",
            )  # fmt: skip

    def _unusable(self, found: str, wanted: str, remedy: str) -> CriticError:
        return CriticError(f"the critic's model {self._path}", found, wanted, remedy)


def _checked_config(files: ModelFiles) -> Any:
    """Return the model's settings as transformers reads them.

    Raises:
        CriticError: the model is not a causal language model that transformers knows by itself.
        ExtraError: transformers is not installed.
    """
    try:
        from transformers.modeling_gguf_pytorch_utils import GGUF_SUPPORTED_ARCHITECTURES
        from transformers.models.auto.modeling_auto import (
            MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
            MODEL_FOR_MASKED_LM_MAPPING_NAMES,
        )
    except ImportError:
        raise ExtraError.missing("a critic", "transformers", "critic") from None
    kind = files.architecture
    where = f"the critic's model {files.folder / files.gguf}"
    wanted = "a causal language model that transformers knows"
    remedy = "Take a model that continues text, such as SmolLM2, Qwen or Llama."
    if files.gguf and kind not in GGUF_SUPPORTED_ARCHITECTURES:
        raise CriticError(where, f"a GGUF of the kind {kind!r}", wanted, remedy)
    causal = set(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values())
    if not files.gguf and kind and kind not in causal:
        raise CriticError(where, f"a model of the kind {kind}", wanted, _own_code(files) + remedy)
    config = _opened(files, "settings", "AutoConfig")
    model_type = config.model_type
    encoder = model_type in MODEL_FOR_MASKED_LM_MAPPING_NAMES and not getattr(
        config, "is_decoder", False
    )
    if model_type not in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES or encoder or config.is_encoder_decoder:
        raise CriticError(where, f"a model of the kind {kind or model_type}", wanted, remedy)
    return config


def _own_code(files: ModelFiles) -> str:
    """Return a sentence about the code that a folder brings, if it does."""
    if not files.own_code:
        return ""
    return "This model brings code of its own, which is never run. "


def _load_model(files: ModelFiles) -> Any:
    """Load the weights.

    Raises:
        CriticError: they do not fit into memory, or can't be loaded.
    """
    import psutil
    import torch
    from transformers import GgufConfig

    free = int(psutil.virtual_memory().available)
    need = {
        dtype: int(files.parameters * dtype.itemsize * _MEMORY_FACTOR)
        for dtype in (torch.bfloat16, torch.float32)
    }
    if need[torch.bfloat16] > free:
        raise CriticError(
            f"the critic's model {files.folder / files.gguf}",
            f"{files.parameters:,} numbers, which take {need[torch.bfloat16] / 2**30:.1f} GiB",
            f"at most {free / 2**30:.1f} GiB, the memory that is free",
            "Take a smaller model, or close other programs.",
        )
    native = any(known and name.endswith("bf16") for name, known in _processor_features().items())
    dtype = torch.bfloat16 if native or need[torch.float32] > free else torch.float32
    settings: dict[str, Any] = {"use_safetensors": True}
    if files.gguf:  # unpacked, so that no kernels are looked for
        settings = {"quantization_config": GgufConfig(dequantize=True)}
    model, facts = _opened(
        files, "weights", "AutoModelForCausalLM",
        dtype=dtype, attn_implementation="sdpa", output_loading_info=True, **settings,
    )  # fmt: skip
    missing = sorted(facts["missing_keys"]) + sorted(map(str, facts["mismatched_keys"]))
    if missing:
        raise CriticError(
            f"the critic's model {files.folder / files.gguf}",
            f"weights without {missing[0]}"
            + (f" and {len(missing) - 1} more" * (len(missing) > 1)),
            "all weights of the model",
            "Copy the model again, with all its files.",
        )
    return model.eval()


def _processor_features() -> dict[str, bool]:
    """Return what the processor can do, by torch's names, such as "avx512_bf16"."""
    import torch

    return dict(torch.cpu.get_capabilities())


def _opened(files: ModelFiles, what: str, kind: str, **settings: Any) -> Any:
    """Open a part of a model with transformers, from its files alone.

    Args:
        files: of the model.
        what: name of the part, for the error.
        kind: name of the class that opens it.
        settings: further arguments of its `from_pretrained`.

    Raises:
        CriticError: it can't be opened.
    """
    import transformers

    if files.gguf:
        settings["gguf_file"] = files.gguf
    try:
        return getattr(transformers, kind).from_pretrained(
            str(files.folder), local_files_only=True, trust_remote_code=False, **settings
        )
    except Exception as error:  # transformers raises nearly every kind
        raise CriticError(
            f"the critic's model {files.folder / files.gguf}",
            f"{what} that can't be opened ({_first_line(error)})",
            "a causal language model that transformers knows",
            f"{_own_code(files)}Copy the model again, or take another.",
            message=f"The critic's model {files.folder / files.gguf} has {what} that transformers "
            f"can't open: {_first_line(error)}",
        ) from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"{lines[0][:200].rstrip('.')}."


@contextmanager
def _quiet_and_offline() -> Iterator[None]:
    """Keep transformers from printing and from asking any server, while a model is opened."""
    try:
        from huggingface_hub import constants
        from transformers import logging
    except ImportError:
        raise ExtraError.missing("a critic", "transformers", "critic") from None
    offline, verbosity = constants.HF_HUB_OFFLINE, logging.get_verbosity()
    constants.HF_HUB_OFFLINE = True
    logging.set_verbosity_error()
    try:
        with redirect_stderr(StringIO()):  # progress bars, of which some can't be turned off
            yield
    finally:
        constants.HF_HUB_OFFLINE = offline
        logging.set_verbosity(verbosity)


def _common_prefix(rows: Sequence[Sequence[int]]) -> int:
    """Return how many tokens all rows begin with alike, at least the first one."""
    shared = 0
    for column in zip(*rows, strict=False):
        if len(set(column)) > 1:
            break
        shared += 1
    return max(shared, 1)
