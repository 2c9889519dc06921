"""A poet's folder: written whole, read with distrust."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import torch

from quatrain.corpus import Vocabulary, read
from quatrain.errors import CorpusError, InternalError, OutputError, PoetError
from quatrain.poet import CharacterPoet, artifact
from quatrain.poet.artifact import reading

Tensors = dict[str, np.ndarray]
Save = Callable[[Path, Tensors], None]
PARTS = ["model.safetensors", "vocab.json", "copies.safetensors"]
RESTORE = "Copy the poet's folder again from where it came, or train the poet again."


@pytest.fixture
def folder(tmp_path: Path, tensors: Tensors, save: Save) -> Path:
    save(tmp_path / "poet", tensors)
    return tmp_path / "poet"


def message(folder: Path) -> str:
    """What loading says, with the folder's path shortened to `poet`."""
    with pytest.raises(PoetError) as caught:
        CharacterPoet.load(folder)
    return str(caught.value).replace(str(folder), "poet")


def edit(path: Path, change: Callable[[dict], None]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def replace(folder: Path, name: str, content: bytes) -> None:
    """Put another file in, and its size and hash into config.json, as a forger would."""
    (folder / name).write_bytes(content)
    facts = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    edit(folder / "config.json", lambda config: config["files"].update({name: facts}))


def test_a_poet_comes_back_as_it_was_saved(
    folder: Path, tensors: Tensors, poet: CharacterPoet
) -> None:
    read = CharacterPoet.load(folder)
    assert read.name == "poet"
    assert read.vocabulary == poet.vocabulary
    assert read.words == {"the", "lamp", "kettle"}
    assert read.config["created"] == "2025-01-31"
    assert read.config["network"] == {
        "alphabet": poet.vocabulary.size, "embedding": 5, "hidden": 8, "layers": 2
    }  # fmt: skip
    for name, value in artifact.load(folder).tensors.items():
        np.testing.assert_array_equal(value, tensors[name])
    assert sorted(path.name for path in folder.iterdir()) == sorted(artifact.FILES)


def test_an_index_against_copying_goes_with_the_poet(folder: Path) -> None:
    copies = CharacterPoet.load(folder).training_ngrams
    assert copies is not None
    assert copies.copies(["one", "gull", "above", "the", "harbour", "wall", "cries"])
    assert "holds hashes of" in (folder / "README.md").read_text()


def test_a_poet_without_an_index(folder: Path) -> None:
    edit(folder / "config.json", lambda config: config["files"].pop("copies.safetensors"))
    assert CharacterPoet.load(folder).training_ngrams is None


def test_an_index_of_the_poet_before_does_not_stay(folder: Path) -> None:
    read = artifact.load(folder)
    config = {name: value for name, value in read.config.items() if name != "files"}
    artifact.save(folder, tensors=read.tensors, config=config, vocabulary=read.vocabulary,
                  words=read.words, card="")  # fmt: skip
    assert not (folder / artifact.COPIES).exists()
    assert CharacterPoet.load(folder).training_ngrams is None


def test_an_index_that_is_none(folder: Path) -> None:
    replace(folder, "copies.safetensors", b"\0" * 40)
    assert message(folder).startswith("poet/copies.safetensors: got no index (")


def test_the_files_are_plain_json_and_safetensors(folder: Path, tensors: Tensors) -> None:
    assert set(safetensors.numpy.load_file(folder / "model.safetensors")) == set(tensors)
    words = json.loads((folder / "vocab.json").read_text())
    assert words["words"] == ["kettle", "lamp", "the"]
    assert "\n" in words["characters"]


def test_logits_and_greedy_text_are_those_of_torch(folder: Path, tensors: Tensors) -> None:
    poet = CharacterPoet.load(folder)
    weights = {name: torch.from_numpy(value) for name, value in tensors.items()}
    lstm = torch.nn.LSTM(5, 8, 2)
    with torch.no_grad():
        for k in range(2):
            getattr(lstm, f"weight_ih_l{k}").copy_(weights[f"lstm.{k}.weight_input"])
            getattr(lstm, f"weight_hh_l{k}").copy_(weights[f"lstm.{k}.weight_hidden"])
            getattr(lstm, f"bias_ih_l{k}").copy_(weights[f"lstm.{k}.bias"])
            getattr(lstm, f"bias_hh_l{k}").zero_()
        ours = theirs = 0
        state, torch_state = poet.start(1), None
        for _ in range(200):
            logits, state = poet.step(np.array([ours]), state)
            value, torch_state = lstm(
                weights["embedding.weight"][torch.tensor([[theirs]])], torch_state
            )
            expected = value[0, 0] @ weights["output.weight"].T + weights["output.bias"]
            np.testing.assert_allclose(logits[0], expected.numpy(), atol=1e-5)
            ours, theirs = int(logits[0].argmax()), int(expected.argmax())
            assert ours == theirs


def test_saving_again_replaces_the_poet_and_keeps_the_rest(
    folder: Path, tensors: Tensors, save: Save
) -> None:
    (folder / "training").mkdir()
    (folder / "training" / "last.safetensors").write_bytes(b"kept")
    (folder / "metrics.jsonl").write_text("{}\n")
    save(folder, {name: value + 1 for name, value in tensors.items()})
    np.testing.assert_array_equal(
        artifact.load(folder).tensors["output.bias"], tensors["output.bias"] + 1
    )
    assert (folder / "training" / "last.safetensors").read_bytes() == b"kept"
    assert (folder / "metrics.jsonl").exists()
    assert not (folder / artifact.SAVING).exists()


class Crash(BaseException):
    pass


@pytest.mark.parametrize("survived", range(11))
def test_a_crash_at_any_point_leaves_one_poet_or_the_other(
    folder: Path, tensors: Tensors, save: Save, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    """Ten renames make a save: five into `.saving/`, five out of it."""
    renames = 0
    rename = Path.replace

    def fail(self: Path, target: Path) -> Path:
        nonlocal renames
        if renames == survived:
            raise Crash
        renames += 1
        return rename(self, target)

    newer = {name: value + 1 for name, value in tensors.items()}
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        if survived < 10:
            with pytest.raises(Crash):
                save(folder, newer)
        else:
            save(folder, newer)
    committed = survived >= 5
    actual = artifact.load(folder).tensors["output.bias"]
    np.testing.assert_array_equal(actual, tensors["output.bias"] + committed)
    save(folder, {name: value + 2 for name, value in tensors.items()})  # and the next save works
    np.testing.assert_array_equal(
        artifact.load(folder).tensors["output.bias"], tensors["output.bias"] + 2
    )
    assert not (folder / artifact.SAVING).exists()


def test_reading_while_a_training_run_saves(folder: Path, tensors: Tensors, save: Save) -> None:
    """A save between reading the config and the model is noticed, and all is read again."""
    check, tries = reading._check, 0

    def interrupted(where: Path, content: bytes) -> artifact.Artifact:
        nonlocal tries
        tries += 1
        if tries == 1:
            save(folder, {name: value + 1 for name, value in tensors.items()})
        return check(where, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_check", interrupted)
        actual = artifact.load(folder)
    assert tries == 2
    np.testing.assert_array_equal(actual.tensors["output.bias"], tensors["output.bias"] + 1)


def test_missing_folder(tmp_path: Path) -> None:
    assert message(tmp_path / "poet") == (
        "There is no poet 'poet': no folder and no shipped poet has that name. "
        "Check the path, or train a poet with: quatrain train. "
        "Shipped poets: letters, sonnets, verse."
    )


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "poet").write_text("verse")
    assert message(tmp_path / "poet") == (
        "poet is a file, not a poet's folder. "
        "Give the folder that holds config.json, or train a poet with: quatrain train"
    )


def test_any_other_folder(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("verse")
    assert message(tmp_path) == (
        "poet holds no poet: there is no config.json in it. "
        "Give the folder that holds config.json, or train a poet with: quatrain train"
    )


@pytest.mark.parametrize("name", PARTS)
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert (
        message(folder) == f"poet/{name}: got no such file; expected a file of the poet. {RESTORE}"
    )


def test_the_card_may_be_edited_or_missing(folder: Path) -> None:
    (folder / "README.md").unlink()
    assert CharacterPoet.load(folder).name == "poet"


@pytest.mark.parametrize("name", PARTS)
def test_a_truncated_file(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-7])
    size = len(content)
    assert message(folder) == (
        f"poet/{name}: got {size - 7:,} bytes; expected {size:,} bytes, as config.json says. "
        f"{RESTORE}"
    )


@pytest.mark.parametrize("name", PARTS)
def test_an_altered_file(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    before = hashlib.sha256(content).hexdigest()[:12]
    content[-9] ^= 1
    (folder / name).write_bytes(content)
    after = hashlib.sha256(content).hexdigest()[:12]
    assert message(folder) == (
        f"poet/{name}: got altered content (sha256 {after}...); expected the content config.json "
        f"was saved with (sha256 {before}...). {RESTORE}"
    )


def test_a_truncated_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"format": "quatrain-poet", "form')
    assert message(folder) == (
        "poet/config.json: got no JSON (Unterminated string starting at: line 1 column 29 (char "
        f"28)); expected a JSON object. {RESTORE}"
    )


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 200_000, b"9" * 5000, b"null"], ids=lambda c: str(c[:4])
)
def test_a_config_that_is_no_config(folder: Path, content: bytes) -> None:
    (folder / "config.json").write_bytes(content)
    assert re.match(r"poet/config.json: got .*expected a JSON object. Copy", message(folder))


def test_a_config_of_another_format(folder: Path) -> None:
    edit(folder / "config.json", lambda config: config.update(format="llama"))
    assert message(folder) == (
        "poet/config.json: got the format 'llama'; expected 'quatrain-poet'. "
        "Give the folder of a poet made with: quatrain train"
    )


def test_a_config_from_a_newer_version(folder: Path) -> None:
    edit(folder / "config.json", lambda config: config.update(format_version=3))
    assert message(folder) == (
        "poet/config.json: got the format version 3, of a newer Quatrain; expected 2 or less. "
        "Install a newer Quatrain."
    )


def test_a_config_of_another_kind(folder: Path) -> None:
    edit(folder / "config.json", lambda config: config.update(kind="word-lstm"))
    assert message(folder) == (
        "poet/config.json: got a poet of the kind 'word-lstm'; expected 'character-lstm' or "
        "'word-cnn-lstm'. Install a newer Quatrain, or give another poet."
    )


@pytest.mark.parametrize(
    ("change", "actual"),
    [
        (
            lambda config: config.update(format_version="1"),
            "the format version '1'; expected 2 or less",
        ),
        (
            lambda config: config.pop("network"),
            "the network None; expected sizes of alphabet, embedding, hidden, layers",
        ),
        (
            lambda config: config["network"].update(hidden=10**9),
            "the hidden 1000000000; expected a number from 1 to 16,384",
        ),
        (
            lambda config: config["network"].update(layers=True),
            "the layers True; expected a number from 1 to 64",
        ),
        (
            lambda config: config.pop("files"),
            "no size and hash of model.safetensors; expected both, under 'files'",
        ),
        (
            lambda config: config["files"].pop("vocab.json"),
            "no size and hash of vocab.json; expected both, under 'files'",
        ),
    ],
)
def test_a_config_with_a_hole(folder: Path, change: Callable[[dict], None], actual: str) -> None:
    edit(folder / "config.json", change)
    assert message(folder) == f"poet/config.json: got {actual}. {RESTORE}"


def test_sizes_that_are_not_those_of_the_tensors(folder: Path) -> None:
    edit(folder / "config.json", lambda config: config["network"].update(embedding=6))
    assert message(folder).startswith(
        "poet/model.safetensors: got the tensor embedding.weight in float32 of shape ("
    )


def test_a_vocabulary_of_another_size(folder: Path, vocabulary: Vocabulary) -> None:
    fewer = json.dumps({"characters": list(vocabulary.characters[:-1]), "words": []}).encode()
    replace(folder, "vocab.json", fewer)
    assert message(folder) == (
        f"poet/vocab.json: got an alphabet of {vocabulary.size - 1}, special symbols included; "
        f"expected {vocabulary.size}, as config.json says. {RESTORE}"
    )


@pytest.mark.parametrize(
    ("content", "actual"),
    [
        ({"characters": "abc", "words": []}, "no list of characters; expected a list of texts"),
        ({"characters": [], "words": [1]}, "no list of words; expected a list of texts"),
        ({"characters": ["ab"], "words": []}, "the entry 'ab'; expected single characters"),
        (
            {"characters": ["b", "a"], "words": []},
            "characters repeated or out of order; expected each once, in code point order",
        ),
    ],
)
def test_a_vocabulary_that_is_none(folder: Path, content: object, actual: str) -> None:
    replace(folder, "vocab.json", json.dumps(content).encode())
    assert message(folder) == f"poet/vocab.json: got {actual}. {RESTORE}"


def test_an_alphabet_without_a_line_break(folder: Path, vocabulary: Vocabulary) -> None:
    characters = [*[each for each in vocabulary.characters if each != "\n"], "\u2022"]
    replace(folder, "vocab.json", json.dumps({"characters": characters, "words": []}).encode())
    assert message(folder) == (
        f"poet/vocab.json: got an alphabet without a line break; expected one with it. {RESTORE}"
    )


@pytest.mark.parametrize(
    ("control", "point"),
    [
        ("\x1b", "U+001B"),
        ("\0", "U+0000"),
        ("\r", "U+000D"),
        ("\x9b", "U+009B"),
        ("\u202e", "U+202E"),
        ("\u2066", "U+2066"),
        ("\ud800", "U+D800"),
        ("\U000e0041", "U+E0041"),
    ],
)
def test_an_alphabet_that_a_terminal_would_obey(
    folder: Path, vocabulary: Vocabulary, control: str, point: str
) -> None:
    characters = sorted([*vocabulary.characters[:-1], control])
    replace(folder, "vocab.json", json.dumps({"characters": characters, "words": []}).encode())
    assert message(folder) == (
        f"poet/vocab.json: got the control character {point} in the alphabet; expected characters "
        "that a terminal shows and does not obey. Training never makes such an alphabet: take the "
        "poet from a source you trust."
    )


def test_joiners_are_spelling(folder: Path, vocabulary: Vocabulary) -> None:
    characters = sorted([*vocabulary.characters[:-2], "\u200c", "\u200d"])
    replace(folder, "vocab.json", json.dumps({"characters": characters, "words": []}).encode())
    assert "\u200c" in CharacterPoet.load(folder).vocabulary.characters


def test_the_names_of_forged_tensors_are_not_obeyed(folder: Path, tensors: Tensors) -> None:
    tensors["\x1b[2J" + "x" * 1000] = tensors.pop("output.bias")
    replace(folder, "model.safetensors", safetensors.numpy.save(tensors))
    assert message(folder).isprintable()
    assert len(message(folder)) < 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "vocab.json"])
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_only_regular_files_are_opened(folder: Path, name: str, kind: str) -> None:
    (folder / name).unlink()
    if kind == "pipe":
        os.mkfifo(folder / name)
    elif kind == "device":
        (folder / name).symlink_to("/dev/zero")
    else:
        (folder / name).mkdir()
    assert message(folder) == (
        f"poet/{name}: got no regular file; expected a file of the poet. {RESTORE}"
    )


def test_a_poets_folder_is_left_out_of_the_folder_of_texts_it_lies_in(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "metrics.jsonl").write_text('{"step": 1}\n')
    (tmp_path / "verse.txt").write_text("a line of verse")
    assert [poem.text for poem in read(tmp_path).poems] == ["a line of verse"]
    with pytest.raises(CorpusError, match="is a poet's folder, not a folder of verse"):
        read(folder)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite(folder: Path, tensors: Tensors, bad: float) -> None:
    tensors["lstm.1.bias"][:3] = bad
    replace(folder, "model.safetensors", safetensors.numpy.save(tensors))
    assert message(folder) == (
        "poet/model.safetensors: got 3 values of the tensor lstm.1.bias that are not finite; "
        f"expected finite numbers. {RESTORE}"
    )


def test_tensors_of_other_names(folder: Path, tensors: Tensors) -> None:
    tensors["extra"] = tensors.pop("output.bias")
    replace(folder, "model.safetensors", safetensors.numpy.save(tensors))
    assert message(folder) == (
        "poet/model.safetensors: got no tensor output.bias, a tensor 'extra'; expected the 9 "
        f"tensors of config.json's network. {RESTORE}"
    )


def test_tensors_of_another_type(folder: Path, tensors: Tensors) -> None:
    tensors["output.bias"] = tensors["output.bias"].astype(np.float16)
    size = len(tensors["output.bias"])
    replace(folder, "model.safetensors", safetensors.numpy.save(tensors))
    assert message(folder) == (
        f"poet/model.safetensors: got the tensor output.bias in float16 of shape ({size},); "
        f"expected float32 of shape ({size},). {RESTORE}"
    )


@pytest.mark.parametrize(
    "content", [b"", b"\x80\x04verse", b"\xff" * 64, b"\x02" + b"\0" * 7 + b"{}"]
)
def test_a_model_that_is_no_safetensors_file(folder: Path, content: bytes) -> None:
    replace(folder, "model.safetensors", content)
    assert message(folder).startswith("poet/model.safetensors: got no tensor")


def test_a_model_too_large_to_be_one_is_not_read(folder: Path) -> None:
    with (folder / "model.safetensors").open("ab") as file:
        file.truncate(100 * 2**20)
    assert re.fullmatch(
        r"poet/model.safetensors: got 104,857,600 bytes; expected at most 1,0\d\d,\d{3} bytes. "
        + re.escape(RESTORE),
        message(folder),
    )


def test_only_poets_that_fit_together_are_saved(
    tmp_path: Path, tensors: Tensors, save: Save
) -> None:
    with pytest.raises(InternalError, match="no poet has the tensors"):
        artifact.describe(
            version="1", tensors={}, corpus={}, training={}, validation={}, created=""
        )
    tensors["output.bias"][0] = np.nan
    with pytest.raises(InternalError, match=r"output\.bias holds values that are not finite"):
        save(tmp_path / "poet", tensors)
    assert not (tmp_path / "poet").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path, tensors: Tensors, save: Save) -> None:
    (tmp_path / "poet").write_text("a file")
    with pytest.raises(OutputError) as caught:
        save(tmp_path / "poet", tensors)
    assert str(caught.value) == (
        f"{tmp_path / 'poet'}: got File exists; expected a folder that can be written. "
        "Choose another folder, or free some space in this one."
    )


def test_the_card_tells_where_the_poet_comes_from(folder: Path) -> None:
    card = (folder / "README.md").read_text()
    for fact in (
        "verses",
        "ab" * 32,
        "CC0",
        "1.25",
        "2025-01-31",
        "learning rate",
        "quatrain write",
    ):
        assert fact in card
    assert "minutes" not in card  # a setting that was not given


def test_a_name_is_never_markup(folder: Path) -> None:
    from quatrain.poet.artifact import card

    config = json.loads((folder / "config.json").read_text())
    config["corpus"] = {"name": "a|b\n# <b>*x*</b> [y](z)"}
    text = card.write(config)
    assert r"# A poet trained on a\|b \# \<b\>\*x\*\</b\> \[y\](z)" in text
    assert "| licence | not stated |" in text


def test_loading_and_stepping_needs_no_torch(folder: Path) -> None:
    program = (
        "import sys, numpy\nfrom quatrain.poet import Poet\n"
        f"poet = Poet.load({str(folder)!r})\npoet.step(numpy.array([0]), poet.start(1))\n"
        "assert not {'torch', 'pickle5', 'accelerate'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited as on Linux")
def test_too_little_memory_to_save_ends_no_program() -> None:
    """safetensors would end the whole program: Rust does where memory cannot be had."""
    script = (
        "import resource, sys, numpy as np\n"
        "from quatrain.poet.artifact.tensors import enough_memory\n"
        "import safetensors.numpy\n"
        "array = np.ones(2**26, np.float32)\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "limit = used + 5 * 2**27\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
        "try:\n"
        "    with enough_memory(array.nbytes):\n"
        "        safetensors.numpy.save({'a': array})\n"
        "except MemoryError:\n"
        "    sys.exit(7)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert run.returncode == 7, run.stderr
    assert run.stderr == b""
