"""Models of transformers as critics, on tiny models with random weights made on the spot."""

from __future__ import annotations

import json
import math
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import quatrain
from quatrain.critic import Critic
from quatrain.errors import CriticError

pytest.importorskip("transformers", reason="needs the extra 'critic'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
]

SaveModel = Callable[..., Path]

BEFORE = "A letter\n\nThe river ran below the house,\n"
CANDIDATES = ["And in the night we heard it go.\n", "Snow.\n", "A light, a light,\nthe street.\n"]


def reference(folder: Path, before: str, candidates: Sequence[str]) -> list[float]:
    """Return log p(text + candidate) - log p(text), each from one pass over the whole text."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder).float().eval()

    def nats(text: str) -> float:
        ids = torch.tensor([[0, *tokenizer.encode(text, add_special_tokens=False)]])
        with torch.inference_mode():
            logits = model(input_ids=ids).logits[0, :-1].double().log_softmax(-1)
        return float(logits.gather(1, ids[0, 1:, None]).sum())

    return [nats(before + candidate) - nats(before) for candidate in candidates]


@pytest.fixture
def in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)


@pytest.mark.usefixtures("in_float32")
@pytest.mark.parametrize("before", [BEFORE, "", BEFORE + "\n", "The rest is si"])
def test_scores_are_those_of_the_whole_text(save_model: SaveModel, before: str) -> None:
    """Also where a token reaches from the text into the candidate, as in "si" and "lence"."""
    folder = save_model()
    critic = quatrain.load_critic(f"hf:{folder}")
    candidates = ["lence, a silence\n", *CANDIDATES]
    expected = reference(folder, before, candidates)
    for _ in range(2):  # the second time from the cache
        assert critic.log_probabilities(before, candidates) == pytest.approx(expected, abs=1e-3)


@pytest.mark.usefixtures("in_float32")
def test_a_growing_poem_is_read_from_the_cache(save_model: SaveModel) -> None:
    folder = save_model()
    critic: Any = quatrain.load_critic(f"hf:{folder}")
    assert critic._scorer._reuse
    read: list[int] = []
    forward = critic._scorer._model.forward

    def counting(*args: Any, **settings: Any) -> Any:
        read.append(settings["input_ids"].shape[1])
        return forward(*args, **settings)

    critic._scorer._model.forward = counting
    text = ""
    for line in (*CANDIDATES, "Seven boats lie down and sleep.\n", "The town.\n"):
        scores = critic.log_probabilities(text, CANDIDATES)
        assert scores == pytest.approx(reference(folder, text, CANDIDATES), abs=1e-3)
        text += line
    tokens = len(critic._encode(text))
    assert sum(read[0::2]) <= tokens  # every token of the text once, at most
    assert len(critic._scorer._memory) == 1


@pytest.mark.usefixtures("in_float32")
def test_poems_side_by_side_do_not_disturb_each_other(save_model: SaveModel) -> None:
    folder = save_model()
    critic = quatrain.load_critic(f"hf:{folder}")
    texts = [f"Poem {number}\n\n" for number in range(20)]  # more than are remembered
    for _ in range(2):
        for text in texts:
            assert critic.log_probabilities(text, ["Snow.\n"]) == pytest.approx(
                reference(folder, text, ["Snow.\n"]), abs=1e-3
            )


@pytest.mark.usefixtures("in_float32")
def test_many_candidates_are_scored_in_parts(
    save_model: SaveModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quatrain.critic import token_scorer

    critic = quatrain.load_critic(f"hf:{save_model()}")
    together = critic.log_probabilities(BEFORE, CANDIDATES)
    monkeypatch.setattr(token_scorer, "_LOGITS", 1)
    assert critic.log_probabilities(BEFORE, CANDIDATES) == pytest.approx(together, abs=1e-4)


@pytest.mark.usefixtures("in_float32")
def test_a_model_whose_cache_is_unsound_reads_the_text_again(
    save_model: SaveModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import DynamicCache

    def refuse(*_: Any) -> None:
        raise NotImplementedError

    folder = save_model()
    monkeypatch.setattr(DynamicCache, "batch_repeat_interleave", refuse)
    critic: Any = quatrain.load_critic(f"hf:{folder}")
    assert not critic._scorer._reuse
    expected = reference(folder, BEFORE, CANDIDATES)
    assert critic.log_probabilities(BEFORE, CANDIDATES) == pytest.approx(expected, abs=1e-3)


def test_a_poem_longer_than_the_window_loses_its_oldest_lines(save_model: SaveModel) -> None:
    critic: Any = quatrain.load_critic(f"hf:{save_model(max_position_embeddings=128)}")
    text = "".join(f"The river ran below house {number}.\n" for number in range(60))
    assert len(critic._encode(text)) > 3 * 128
    for end in range(0, len(text), 400):
        assert all(map(math.isfinite, critic.log_probabilities(text[:end] + "\n", CANDIDATES)))


@pytest.mark.parametrize("native", [True, False])
def test_bfloat16_only_where_the_processor_has_it(
    save_model: SaveModel, monkeypatch: pytest.MonkeyPatch, native: bool
) -> None:
    import torch

    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": native})
    critic: Any = quatrain.load_critic(f"hf:{save_model()}")
    dtype = torch.bfloat16 if native else torch.float32
    assert next(critic._scorer._model.parameters()).dtype == dtype


def test_nothing_is_fetched_or_printed_and_the_poem_keeps_its_form(
    save_model: SaveModel, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from huggingface_hub import constants

    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    folder = save_model("tiny")
    capfd.readouterr()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    critic = quatrain.load_critic(f"hf:{folder}")
    assert isinstance(critic, Critic)
    assert critic.name == "hf:tiny"
    assert capfd.readouterr() == ("", "")
    assert not constants.HF_HUB_OFFLINE
    poet: Any = quatrain.load("verse")
    poem = poet.write(form="haiku", seed=2, critic=critic, critic_strength=1)
    assert quatrain.check(poem, "haiku").kept
    assert poem.settings["critic"] == "hf:tiny"
    assert poem == poet.write(form="haiku", seed=2, critic=critic, critic_strength=1)


# Models that can't be critics


def save_other(folder: Path, kind: str, **settings: Any) -> Path:
    """Replace the model in a folder by one of another kind."""
    import transformers

    (folder / "model.safetensors").unlink()
    sizes = {
        "vocab_size": 400, "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }  # fmt: skip
    config = getattr(transformers, kind.replace("Model", "Config"))(**(settings or sizes))
    getattr(transformers, kind)(config).save_pretrained(folder)
    return folder


def change_config(folder: Path, **values: Any) -> Path:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))
    return folder


def problem(folder: Path) -> str:
    with pytest.raises(CriticError) as caught:
        quatrain.load_critic(f"hf:{folder}")
    return str(caught.value)


def test_an_encoder(save_model: SaveModel) -> None:
    folder = save_other(save_model(), "BertModel")
    assert "got a model of the kind BertModel; expected a causal language model" in problem(folder)
    change_config(folder, architectures=["BertLMHeadModel"])
    assert "got a model of the kind BertLMHeadModel" in problem(folder)
    change_config(folder, architectures=None)
    assert "got a model of the kind bert" in problem(folder)


def test_a_model_that_translates(save_model: SaveModel) -> None:
    sizes = {"vocab_size": 400, "d_model": 16, "d_kv": 8, "d_ff": 16, "num_layers": 1}
    folder = save_other(save_model(), "T5Model", num_heads=2, **sizes)
    change_config(folder, architectures=["T5ForConditionalGeneration"])
    assert "got a model of the kind T5ForConditionalGeneration" in problem(folder)


def test_a_model_with_code_of_its_own_which_is_not_run(
    save_model: SaveModel, tmp_path: Path
) -> None:
    folder, trace = save_model(), tmp_path / "was-run"
    (folder / "own.py").write_text(f"open({str(trace)!r}, 'w')\n")
    own = {"AutoConfig": "own.OwnConfig", "AutoModelForCausalLM": "own.OwnModel"}
    change_config(folder, auto_map=own, architectures=["OwnModel"], model_type="own")
    assert "brings code of its own, which is never run" in problem(folder)
    change_config(folder, architectures=None)
    assert "brings code of its own, which is never run" in problem(folder)
    # A kind that transformers knows is opened by transformers' own code.
    change_config(folder, architectures=["LlamaForCausalLM"], model_type="llama")
    quatrain.load_critic(f"hf:{folder}")
    assert not trace.exists()


def test_a_model_larger_than_memory(save_model: SaveModel, monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    folder = save_model()
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=50_000))
    message = problem(folder)
    assert "expected at most 0.0 GiB, the memory that is free" in message
    assert "Take a smaller model" in message


def test_a_model_too_large_for_float32_is_opened_in_bfloat16(
    save_model: SaveModel, monkeypatch: pytest.MonkeyPatch, in_float32: None
) -> None:
    import psutil
    import torch

    folder = save_model()
    numbers = (folder / "model.safetensors").stat().st_size // 4
    room = SimpleNamespace(available=3 * numbers)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: room)
    critic: Any = quatrain.load_critic(f"hf:{folder}")
    assert next(critic._scorer._model.parameters()).dtype == torch.bfloat16


def test_tokens_that_spell_no_words(save_model: SaveModel) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    folder = save_model()
    vocabulary = {"<unk>": 0, "A": 1, "C": 2, "G": 3, "T": 4}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>").save_pretrained(folder)  # noqa: S106
    assert "got tokens that spell 0 of 16 common words" in problem(folder)


def test_a_tokenizer_of_another_model(save_model: SaveModel) -> None:
    assert "got a tokenizer of" in problem(save_model(vocab_size=20))


def test_a_tokenizer_that_is_damaged(save_model: SaveModel) -> None:
    folder = save_model()
    (folder / "tokenizer.json").write_text("{")
    assert "has a tokenizer that transformers can't open" in problem(folder)


def test_a_model_that_sees_too_little(save_model: SaveModel) -> None:
    assert "got room for 16 tokens" in problem(save_model(max_position_embeddings=16))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_weights_that_are_no_numbers(save_model: SaveModel, value: float) -> None:
    from safetensors.torch import load_file, save_file

    folder = save_model()
    path = folder / "model.safetensors"
    tensors = load_file(path)
    tensors["model.norm.weight"][:] = value
    save_file(tensors, path, metadata={"format": "pt"})
    assert "got the score nan for a line; expected a finite number" in problem(folder)


def test_weights_that_are_not_all_there(save_model: SaveModel) -> None:
    from safetensors.torch import load_file, save_file

    path = save_model() / "model.safetensors"
    tensors = load_file(path)
    del tensors["model.norm.weight"], tensors["model.layers.0.mlp.up_proj.weight"]
    save_file(tensors, path, metadata={"format": "pt"})
    assert "got weights without model.layers.0.mlp.up_proj.weight and 1 more" in problem(
        path.parent
    )


def test_a_gguf_of_a_kind_that_transformers_does_not_know(tmp_path: Path) -> None:
    import gguf

    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "rwkv99")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert "got a GGUF of the kind 'rwkv99'; expected a causal language model" in problem(path)
