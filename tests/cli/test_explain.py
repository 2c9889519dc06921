"""The commands that open layers and poets, as a user meets them."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import safetensors.numpy
from typer.testing import CliRunner, Result

from quatrain.cli import app
from quatrain.cli.options import show
from quatrain.errors import SettingsError
from quatrain.records import Explanation, Note

Run = Callable[..., Result]
LEAVES = (
    "conv",
    "pool",
    "embedding",
    "linear",
    "highway",
    "lstm",
    "gradients",
    "flow",
    "windows",
    "model",
)


@pytest.fixture(scope="module")
def run() -> Run:
    runner = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})

    def invoke(*arguments: object) -> Result:
        return runner.invoke(app, [str(argument) for argument in arguments])

    return invoke


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
@pytest.mark.parametrize("command", [["inspect"], *(["explain", leaf] for leaf in LEAVES)])
def test_every_command_has_help_with_an_example(run: Run, command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Example: quatrain " + " ".join(command) in flat(result.stdout)


def test_a_convolution_with_its_numbers(run: Run) -> None:
    result = run("explain", "conv", "--input", "32x32x3", "--filters", 8, "--kernel", 5)
    assert result.exit_code == 0, result.output
    text = flat(result.stdout)
    assert "8 x 5 x 5 x 3 = 600" in text
    assert "600 + 8 = 608" in text
    assert "(32 - 5 + 2 x 0) / 1 + 1 = 28" in text
    assert "28 x 28 x 8" in text


def test_the_same_as_json_and_as_latex(run: Run) -> None:
    command = ("explain", "conv", "--input", "40x64", "--filters", "128", "--kernel", "3")
    values = json.loads(run(*command, "--padding", "same", "--json").stdout)["values"]
    assert values["total"] == 128 * 64 * 3 + 128
    assert values["output shape"] == [40, 128]
    assert r"\times" in run(*command, "--latex").stdout
    both = run(*command, "--json", "--latex")
    assert both.exit_code == 1
    assert "--json and --latex" in both.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--input", "4x4x1", "--filters", "1", "--kernel", "5"], "5"),
        (["--input", "4x4x1", "--filters", "1", "--kernel", "2", "--stride", "0"], "stride"),
        (["--input", "4x4x3", "--filters", "4", "--kernel", "2", "--groups", "2"], "groups"),
        (["--input", "-4x4x3", "--filters", "4", "--kernel", "2"], "-4"),
        (["--input", "4 by 4", "--filters", "4", "--kernel", "2"], "'4 by 4'"),
        (["--input", "9" * 30, "--filters", "4", "--kernel", "2"], "whole numbers"),
    ],
)
def test_a_convolution_that_cannot_be(run: Run, options: list[str], told: str) -> None:
    result = run("explain", "conv", *options)
    assert result.exit_code == 1
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_pooling_a_file(run: Run, tmp_path: Path) -> None:
    image = tmp_path / "image.csv"
    image.write_text("1,1,1,0\n1,1,1,0\n1,1,1,0\n0,0,0,0\n")
    result = run("explain", "pool", "--kind", "average", "--window", 2, "--stride", 2, image)
    assert result.exit_code == 0, result.output
    assert "[ 1 0.5 ]" in flat(result.stdout)
    assert "[ 0.5 0.25 ]" in flat(result.stdout)
    image.write_text("1,2\n3,four\n")
    wrong = run("explain", "pool", image)
    assert wrong.exit_code == 1
    assert "row 2, column 2" in wrong.stderr


def test_pooling_wants_one_thing_to_pool(run: Run) -> None:
    assert "nothing to pool" in run("explain", "pool").stderr
    both = run("explain", "pool", "--corners", "--input", "4x4x1")
    assert "--input and --corners" in both.stderr
    sides = run("explain", "pool", "--invariance", "--window", "2x3")
    assert "2x3" in sides.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["pool", "--input", "28x28x8"],
        ["pool", "--corners"],
        ["embedding", "--alphabet", "65", "--size", "16"],
        ["linear", "--inputs", "3", "--outputs", "2", "--no-bias"],
        ["highway", "--size", "10"],
        ["lstm", "--inputs", "8", "--hidden", "16", "--biases", "2"],
        ["gradients", "--steps", "2", "--loss", "softmax"],
        ["flow", "--steps", "5", "--hidden", "4", "--networks", "2"],
        ["windows", "Salt on the sill, frost at a window.", "--length", "12"],
        ["windows", "anthology", "--streams", "--batch", "4"],
    ],
)
def test_each_shows_itself_in_every_form(run: Run, command: list[str]) -> None:
    for form in ([], ["--json"], ["--latex"]):
        result = run("explain", *command, *form)
        assert result.exit_code == 0, result.output
        assert result.stdout.strip()


def test_options_that_pooling_would_not_hear_are_refused(run: Run) -> None:
    corners = run("explain", "pool", "--corners", "--kind", "average", "--ceil")
    assert "--kind and --ceil have no effect with --corners." in corners.stderr
    shape = run("explain", "pool", "--input", "4x4x1", "--seed", 4)
    assert "--seed has no effect with a file or --input." in shape.stderr
    assert run("explain", "pool", "--input", "5x5x1", "--kind", "average", "--ceil").exit_code == 0


def test_an_lstm_has_one_bias_vector_or_two(run: Run) -> None:
    result = run("explain", "lstm", "--inputs", 3, "--hidden", 2, "--biases", 3)
    assert result.exit_code == 1
    assert "--biases: got 3; expected 1 or 2." in result.stderr


@pytest.mark.slow
def test_pictures_are_drawn_under_their_names(run: Run, tmp_path: Path) -> None:
    flow = ("explain", "flow", "--steps", 5, "--hidden", 4, "--networks", 2)
    result = run(*flow, "--figure", tmp_path / "seen.svg")
    assert result.exit_code == 0, result.output
    drawn = {path.name for path in tmp_path.iterdir()}
    assert "seen-gradient-flow.svg" in drawn
    assert all((tmp_path / name).read_text().lstrip().startswith("<?xml") for name in drawn)
    missing = run(*flow, "--figure", tmp_path / "nowhere" / "seen.svg")
    assert missing.exit_code == 1


def test_an_explanation_without_pictures_says_so(tmp_path: Path) -> None:
    plain = Explanation("Plain", (Note("Prose."),))
    with pytest.raises(
        SettingsError, match=r"^This explanation has no figure\. Leave out --figure\."
    ):
        show(plain, json=False, latex=False, figure=tmp_path / "none.svg")


def test_pictures_go_into_a_folder_under_their_own_names(run: Run, tmp_path: Path) -> None:
    result = run("explain", "linear", "--inputs", 3, "--outputs", 2, "--figure", tmp_path)
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == ["linear.png"]
    assert f"Drawn: {tmp_path / 'linear.png'}" in result.stderr
    nowhere = run("explain", "linear", "--inputs", 3, "--outputs", 2, "--figure", tmp_path / "new")
    assert nowhere.exit_code == 1
    assert "no suffix, and no folder of that name" in nowhere.stderr


@pytest.mark.slow
def test_latex_includes_the_files_that_are_drawn(run: Run, tmp_path: Path) -> None:
    command = ("explain", "pool", "--corners", "--latex")
    drawn = run(*command, "--figure", tmp_path / "four.png")
    assert "{" + str(tmp_path / "four.png") + "}" in drawn.stdout
    told = run(*command).stdout
    assert "% Draw it with the option --figure pooling-corners.png, then:" in told
    assert "{pooling-corners.png}" in told


CONTENTS = {
    "empty": ("", "no numbers"),
    "text": ("a,b\n1,2\n", "row 1, column 1: got 'a'"),
    "ragged": ("1,2\n3\n", "row 2: got 1 number; expected 2"),
    "a hole": ("1,,3\n", "row 1, column 2: got nothing"),
    "infinite": ("1,inf\n", "row 1, column 2: got 'inf'"),
    "10 MB": (("1.25," * 999 + "1\n") * 2_100, "more than 1,000,000 numbers"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_that_cannot_be_pooled_is_named(run: Run, tmp_path: Path, name: str) -> None:
    content, told = CONTENTS[name]
    path = tmp_path / "image.csv"
    path.write_text(content)
    result = run("explain", "pool", path, "--figure", tmp_path / "image.png")
    assert result.exit_code == 1
    assert told in flat(result.stderr)
    assert "Traceback" not in result.output
    assert not (tmp_path / "image.png").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        ["conv", "--input", "1x1x1", "--filters", 1, "--kernel", 1],
        ["conv", "--input", "10000x10000x1", "--filters", 1, "--kernel", 7000, "--stride", 7],
        ["conv", "--input", "100000x2", "--filters", 1, "--kernel", 3, "--stride", 999],
        ["conv", "--input", "100x900x1", "--filters", 1, "--kernel", 3, "--stride", 90,
         "--transposed"],
        ["pool", "--input", "10000x10000x1", "--window", 3],
        ["linear", "--inputs", 10**12, "--outputs", 1],
        ["embedding", "--alphabet", 1, "--size", 10**9],
        ["lstm", "--inputs", 1, "--hidden", 10**6],
    ],
)  # fmt: skip
def test_the_smallest_and_the_largest_sizes_have_a_picture(
    run: Run, tmp_path: Path, options: list[object]
) -> None:
    result = run("explain", *options, "--figure", tmp_path / "picture.png")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "picture.png").stat().st_size < 300_000


LAYERS = {
    "conv": (["--input", "12x12x1", "--filters", 1, "--kernel", 3], "convolution"),
    "pool": (["--corners"], "pooling-corners"),
    "embedding": (["--alphabet", 9, "--size", 4], "embedding"),
    "highway": (["--size", 4], "highway"),
    "lstm": (["--inputs", 3, "--hidden", 2], "lstm"),
    "gradients": (["--steps", 2], "gradient-deltas"),
}


@pytest.mark.slow
@pytest.mark.parametrize("leaf", LAYERS)
def test_every_layer_has_a_picture(run: Run, tmp_path: Path, leaf: str) -> None:
    options, name = LAYERS[leaf]
    result = run("explain", leaf, *options, "--figure", tmp_path)
    assert result.exit_code == 0, result.output
    assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_options_of_the_flow_that_would_not_be_heard_are_refused(run: Run, tmp_path: Path) -> None:
    grid = run("explain", "flow", "--grid", "--forget-gate", 0.5)
    assert "--forget-gate has no effect with --grid." in flat(grid.stderr)
    words = run("explain", "flow", "--text", "A line")
    assert "--text has no effect with random networks." in flat(words.stderr)
    poet = run("explain", "flow", "--poet", tmp_path, "--scale", 2)
    assert "--scale has no effect with --poet." in flat(poet.stderr)


@pytest.fixture(scope="module")
def poet(run: Run, verse_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opened") / "tiny"
    size = ["--hidden", "16", "--layers", "2", "--batch", "8", "--length", "16"]
    result = run("train", verse_file, "--out", folder, *size, "--epochs", "0.5", "--threads", "1")
    assert result.exit_code == 0, result.output
    return folder


def test_a_poet_layer_by_layer(run: Run, poet: Path) -> None:
    values = json.loads(run("explain", "model", poet, "--json").stdout)["values"]
    tensors = safetensors.numpy.load_file(poet / "model.safetensors")
    assert values["total parameters"] == sum(tensor.size for tensor in tensors.values())


def test_the_flow_in_a_poet(run: Run, poet: Path) -> None:
    result = run("explain", "flow", "--poet", poet, "--text", "the sea", "--layer", 2)
    assert result.exit_code == 0, result.output
    assert "8 characters" in flat(result.stdout)
    wrong = run("explain", "flow", "--poet", poet, "--layer", 3)
    assert "from 1 to 2" in wrong.stderr


@pytest.mark.slow
def test_inspect_opens_a_poet(run: Run, poet: Path, verse_file: Path, tmp_path: Path) -> None:
    result = run(
        "inspect", poet, "--text", "the sea", "--corpus", verse_file,
        "--training", tmp_path / "gradients.png", "--figure", tmp_path / "inside.svg",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "Diagnosis" in result.stdout
    assert (tmp_path / "gradients.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "inside-surprisal.svg").exists()
    unknown = run("inspect", poet, "--text", "漢")
    assert unknown.exit_code == 1
    assert "'漢'" in unknown.stderr


def test_a_padding_that_is_none_names_those_there_are(run: Run) -> None:
    given = ["--input", "8x8x1", "--filters", "1", "--kernel", "3", "--padding", "foo"]
    result = run("explain", "conv", *given)
    assert result.exit_code == 1
    assert "--padding: got 'foo'; expected valid, same, or whole numbers" in result.stderr


def test_windows_of_a_file_a_text_and_standard_input(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "poem.txt"
    path.write_text("Salt on the sill\n", encoding="utf-8")
    for text, given in ((path, None), ("Salt on the sill", None), ("-", "Salt on the sill\n")):
        runner = CliRunner()
        options = ["explain", "windows", str(text), "--length", "6", "--json"]
        result = runner.invoke(app, options, input=given)
        assert json.loads(result.stdout)["values"]["windows"] == 5
    both = run("explain", "windows", path, "--streams", "--stride", 2)
    assert "--stride has no effect with --streams" in both.stderr
    binary = tmp_path / "noise.txt"
    binary.write_bytes(bytes(range(256)) * 4)
    assert "is not a text file" in flat(run("explain", "windows", binary).stderr)


def test_a_document_has_its_pictures_and_is_a_form_of_latex(run: Run, tmp_path: Path) -> None:
    pool = ("explain", "pool", "--corners")
    document = run(*pool, "--latex", "--document", "--figure", tmp_path / "corners.png").stdout
    assert document.startswith("\\documentclass")
    assert document.endswith("\\end{document}\n")
    files = re.findall(r"\\includegraphics\[[^]]*\]\{(.*)\}", document)
    assert files
    assert all(Path(file).is_file() for file in files)
    assert "--document is a form of LaTeX" in run(*pool, "--document").stderr
    vector = run(*pool, "--latex", "--document", "--figure", tmp_path / "corners.svg")
    assert "LaTeX can't include an SVG" in vector.stderr
    assert not (tmp_path / "corners.svg").exists()


def test_the_candidate_has_the_name_asked_for(run: Run) -> None:
    assert r"\tilde c_t" in run("explain", "gradients", "--candidate", "c", "--latex").stdout
    lstm = run("explain", "lstm", "--inputs", 3, "--hidden", 2, "--candidate", "c").stdout
    assert "i * c~" in flat(lstm)
