"""Names of critics and the files of models: mistakes, found before anything heavy is imported."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

import quatrain
from quatrain.critic.gguf_header import GgufHeader, read_gguf_header
from quatrain.critic.model_files import find_model
from quatrain.errors import CriticError, ExtraError


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("llama:models/x.gguf", "got the kind 'llama'; expected 'hf:' and a path. .* of your own"),
        ("hg:models/x", "got the kind 'hg'; expected 'hf:' and a path"),
        ("models/x", "got 'models/x', which doesn't say of what kind it is"),
        ("hf:", "got 'hf:'; expected a path after 'hf:'"),
        ("hf:  ", "expected a path after 'hf:'"),
        ("", "expected 'hf:' and a path"),
        ("hf:no/such/model", "There is no model at no/such/model. .*Nothing is downloaded"),
        ("hf:gpt2", "There is no model at gpt2"),
    ],
)
def test_names_that_name_no_critic(
    name: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CriticError, match=message):
        quatrain.load_critic(name)


def write_folder(folder: Path, **config: Any) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    save_file({"weight": np.zeros((3, 4), np.float32)}, folder / "model.safetensors")
    return folder


def test_a_folder_says_what_it_holds(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "m", architectures=["LlamaForCausalLM"], auto_map={})
    save_file({"more": np.zeros(5, np.float16)}, folder / "model-2.safetensors")
    save_file({"all": np.zeros(17, np.float16)}, folder / "consolidated.safetensors")
    files = find_model(folder)
    assert (files.name, files.architecture, files.parameters) == ("m", "LlamaForCausalLM", 17)
    assert files.own_code
    assert files.gguf == ""


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(
        CriticError, match=r"got no config.json and no .gguf file; expected a model"
    ):
        find_model(tmp_path)


def test_a_folder_without_tokenizer(tmp_path: Path) -> None:
    (write_folder(tmp_path) / "tokenizer.json").unlink()
    with pytest.raises(CriticError, match=r"got no tokenizer; expected one of tokenizer.json"):
        find_model(tmp_path)


def test_a_folder_whose_weights_are_a_pickle(tmp_path: Path) -> None:
    (write_folder(tmp_path) / "model.safetensors").unlink()
    with pytest.raises(CriticError, match=r"got no weights; expected weights in safetensors"):
        find_model(tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(CriticError, match=r"pytorch_model.bin, which can run code when opened"):
        find_model(tmp_path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_config_that_is_no_object(tmp_path: Path, content: bytes) -> None:
    (write_folder(tmp_path) / "config.json").write_bytes(content)
    with pytest.raises(CriticError, match=r"config.json: got no JSON object"):
        find_model(tmp_path)


def test_damaged_safetensors(tmp_path: Path) -> None:
    path = write_folder(tmp_path) / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(CriticError, match="got a damaged file"):
        find_model(tmp_path)


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("The sea", encoding="utf-8")
    with pytest.raises(CriticError, match=r"got a file; expected a folder, or a .gguf file"):
        find_model(tmp_path / "poem.txt")


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def gguf(architecture: str = "llama", version: int = 3) -> bytes:
    """A header with entries of several kinds and two tensors, of 6 and 4 numbers."""
    entries = [
        text("general.name") + struct.pack("<I", 8) + text("A name"),
        text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b"),
        text("scores") + struct.pack("<IIQ", 9, 6, 2) + struct.pack("<ff", 0.5, 1.5),
        text("general.architecture") + struct.pack("<I", 8) + text(architecture),
        text("layers") + struct.pack("<II", 4, 30),
        text("tied") + struct.pack("<I?", 7, True),
    ]
    tensors = [
        text("blk.0") + struct.pack("<IQQIQ", 2, 2, 3, 0, 0),
        text("blk.1") + struct.pack("<IQIQ", 1, 4, 0, 24),
    ]
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(entries))
    return head + b"".join(entries) + b"".join(tensors)


def test_a_gguf_header(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(gguf())
    assert read_gguf_header(path) == GgufHeader("llama", 10)
    assert find_model(tmp_path).gguf == find_model(path).gguf == "model.gguf"
    (tmp_path / "other.gguf").write_bytes(gguf())
    with pytest.raises(CriticError, match=r"got 2 .gguf files; expected one.*hf:.*model.gguf"):
        find_model(tmp_path)


def test_a_gguf_header_cut_off_anywhere_or_with_any_byte_changed(tmp_path: Path) -> None:
    path, whole = tmp_path / "model.gguf", gguf()
    for length in range(len(whole) - 12):  # kind and place of the last tensor are not read
        path.write_bytes(whole[:length])
        with pytest.raises(CriticError, match="is no GGUF file that can be read"):
            read_gguf_header(path)
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        try:
            read_gguf_header(path)
        except CriticError as error:
            assert "is no GGUF file that can be read" in str(error)  # noqa: PT017


def test_a_gguf_of_another_version(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(gguf(version=1))
    with pytest.raises(CriticError, match=r"it has the version 1, not 2 or 3"):
        find_model(tmp_path)


@pytest.mark.parametrize("package", ["transformers", "huggingface_hub"])
def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    folder = write_folder(tmp_path, architectures=["LlamaForCausalLM"])
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ExtraError, match=r"needs the package 'transformers'. .*'\.\[critic\]'"):
        quatrain.load_critic(f"hf:{folder}")
