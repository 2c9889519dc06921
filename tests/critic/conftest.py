"""Tiny language models with random weights, made on the spot and saved to a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LINES = (
    "The river ran below the house, and in the night we heard it go.",
    "A letter in the garden, a silence in the street, the morning at the window.",
    "The light upon the water and the heart in the hand, winter is a house of snow.",
    "Seven boats lie down and sleep beside the quiet town.",
)
"""Text that the tokenizer of the tiny models is learned from."""

SaveModel = Callable[..., Path]


@pytest.fixture
def save_model(tmp_path: Path) -> SaveModel:
    """Return a function that saves a tiny Llama with its tokenizer, and returns the folder."""
    pytest.importorskip("transformers", reason="needs the extra 'critic'")

    def save(name: str = "tiny", *, lines: tuple[str, ...] = LINES, **settings: Any) -> Path:
        import torch
        from transformers import LlamaConfig, LlamaForCausalLM

        tokenizer = make_tokenizer(lines)
        config = LlamaConfig(
            **{
                "vocab_size": len(tokenizer), "hidden_size": 32, "intermediate_size": 48,
                "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                "max_position_embeddings": 256, "initializer_range": 0.5,
                "bos_token_id": 0, "eos_token_id": 0, "dtype": "float32", **settings,
            }
        )  # fmt: skip
        torch.manual_seed(3)
        folder = tmp_path / name
        LlamaForCausalLM(config).save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return save


def make_tokenizer(lines: tuple[str, ...]) -> Any:
    """Learn a tokenizer of bytes and pairs of bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        lines,
        trainers.BpeTrainer(
            vocab_size=400,
            special_tokens=["<|start|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    special = dict.fromkeys(("bos_token", "eos_token"), "<|start|>")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special)
