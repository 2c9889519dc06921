"""A poet reading a line, held against plain loops and against torch."""

import math

import numpy as np
import pytest

from quatrain.corpus import Vocabulary
from quatrain.explain.inspection.line_reading import GATES, LineReading, read_line
from quatrain.layers import sigmoid
from quatrain.poet import CharacterPoet, Poet, WordPoet
from quatrain.poet.network import CharacterSize
from quatrain.records import Poem

LETTERS = "\n ,.abcdeghilnorstuw"
TEXT = "the tide,\nas late as ever"
HIDDEN, LAYERS = 6, 2


@pytest.fixture(scope="module")
def poet() -> CharacterPoet:
    draw = np.random.default_rng(3)
    size = CharacterSize(alphabet=len(LETTERS) + 3, embedding=4, hidden=HIDDEN, layers=LAYERS)
    tensors = {name: draw.normal(0, 1, shape) for name, shape in size.shapes.items()}
    return CharacterPoet(tensors, Vocabulary(tuple(sorted(LETTERS))))


@pytest.fixture(scope="module")
def reading(poet: CharacterPoet) -> LineReading:
    read = read_line(poet, TEXT)
    assert read is not None
    return read


def tokens(poet: CharacterPoet, text: str) -> list[int]:
    return [0, *poet.vocabulary.encode(text).tolist()]


def test_gates_cells_and_bits_are_those_of_a_plain_loop(
    poet: CharacterPoet, reading: LineReading
) -> None:
    network = poet.network
    hidden, cell = np.zeros((LAYERS, HIDDEN)), np.zeros((LAYERS, HIDDEN))
    ids = tokens(poet, TEXT)
    for step, number in enumerate(ids):
        values = network.embedding.weight[number]
        for layer, lstm in enumerate(network.lstm.layers):
            sums = lstm.weight_input @ values + lstm.weight_hidden @ hidden[layer] + lstm.bias
            i, f, g, o = np.split(sums, 4)
            cell[layer] = sigmoid(f) * cell[layer] + sigmoid(i) * np.tanh(g)
            hidden[layer] = values = sigmoid(o) * np.tanh(cell[layer])
        if step:  # after the start symbol, which isn't shown
            assert np.allclose(reading.squashed[step - 1], np.tanh(cell[-1]))
            for gate, expected in zip(GATES, (i, f, o), strict=True):
                assert np.allclose(reading.gate(gate)[step - 1], sigmoid(expected))
        logits = network.output.weight @ values + network.output.bias
        shares = np.exp(logits) / np.exp(logits).sum()
        guesses = reading.after if step == len(TEXT) else reading.symbols[step].expected
        assert np.allclose([guess.probability for guess in guesses], np.sort(shares)[::-1][:3])
        if step < len(TEXT):
            target, symbol = shares[ids[step + 1]], reading.symbols[step]
            assert math.isclose(symbol.bits, -math.log2(target))
            assert math.isclose(symbol.probability, target)
            assert symbol.rank == 1 + int((shares > target).sum())


def test_bits_are_those_of_torch(poet: CharacterPoet, reading: LineReading) -> None:
    torch = pytest.importorskip("torch")
    network = poet.network
    lstm = torch.nn.LSTM(4, HIDDEN, LAYERS).double()
    for number, layer in enumerate(network.lstm.layers):
        for name, value in (
            ("weight_ih", layer.weight_input),
            ("weight_hh", layer.weight_hidden),
            ("bias_ih", layer.bias),
            ("bias_hh", np.zeros_like(layer.bias)),
        ):
            getattr(lstm, f"{name}_l{number}").data = torch.tensor(value, dtype=torch.float64)
    ids = torch.tensor(tokens(poet, TEXT))
    vectors = torch.tensor(network.embedding.weight, dtype=torch.float64)
    outputs, _ = lstm(vectors[ids[:-1], None])
    weight, bias = (
        torch.tensor(array, dtype=torch.float64)
        for array in (network.output.weight, network.output.bias)
    )
    logits = outputs[:, 0] @ weight.T + bias
    nats = torch.nn.functional.cross_entropy(logits, ids[1:], reduction="sum")
    assert math.isclose(reading.bits, float(nats.detach()) / math.log(2), rel_tol=1e-9)


def test_symbols_have_signs_to_see_and_names_to_hear(reading: LineReading) -> None:
    assert "".join(symbol.symbol.sign for symbol in reading.symbols) == (
        TEXT.replace(" ", "␣").replace("\n", "↵")
    )
    names = {symbol.symbol.sign: symbol.symbol.name for symbol in reading.symbols}
    assert names["␣"] == "space"
    assert names["↵"] == "line break"


def test_the_liveliest_cells_vary_most(reading: LineReading) -> None:
    spread = reading.squashed.std(axis=0)
    chosen = reading.liveliest(3)
    assert all(spread[cell] >= np.sort(spread)[-3] for cell in chosen)
    assert list(spread[list(chosen)]) == sorted(spread, reverse=True)[:3]


def test_unknown_letters_are_read_and_named(poet: CharacterPoet) -> None:
    read = read_line(poet, "a\u2603b\x00\ud800\u2603")
    assert read is not None
    assert [symbol.known for symbol in read.symbols] == [True, False, True, False, False, False]
    assert read.unknown == ("\u2603", "\ufffd")


@pytest.mark.parametrize("text", ["", " ", "\n\n \t"])
def test_a_text_of_spaces_has_no_reading(poet: CharacterPoet, text: str) -> None:
    assert read_line(poet, text) is None


def test_one_letter_is_read(poet: CharacterPoet) -> None:
    read = read_line(poet, "a")
    assert read is not None
    assert len(read.symbols) == 1
    assert read.bits == read.symbols[0].bits


@pytest.mark.slow
@pytest.mark.parametrize("name", ["letters", "verse", "sonnets"])
def test_the_bits_of_shipped_poets_are_those_of_their_score(name: str) -> None:
    poet = Poet.load(name)
    assert isinstance(poet, CharacterPoet | WordPoet)
    text = "The kettle clears its throat,\nand nobody has the quizzlewick."
    read = read_line(poet, text)
    assert read is not None
    ids = poet.encode(Poem.from_text(text)).astype(int)
    end = -1 if isinstance(poet, WordPoet) else -2  # letters: also the break of the last line
    nats = poet.surprisals([ids[:end]])[0]
    assert np.allclose([symbol.bits for symbol in read.symbols], nats / math.log(2), atol=1e-3)
    if isinstance(poet, WordPoet):
        assert read.backwards
        assert read.unknown == ("quizzlewick",)
        assert [symbol.symbol.sign for symbol in read.symbols[:3]] == [",", "throat", "its"]
