"""Train the network that guesses the pronunciation of unknown words.

    make g2p

Letters are aligned with phonemes by expectation-maximisation; each letter gives none, one or two
(Jiampojamarn, Kondrak and Sherif 2007: many-to-many alignment, hard decisions). A bidirectional
LSTM of two layers then predicts each letter's phonemes with their stress. A tenth of the lexicon,
in whole families of words, is held out and scored as `benchmarks/pronunciation.py` scores it. The
network is packed in half precision for `quatrain.sound.pronunciation.g2p`.

The shipped network was trained twice: first as above, then further (`--resume`) at a lower rate,
without label smoothing, with words that occur in verse counted twice and without possessives,
which rules pronounce. It is the state after the third of four epochs. One number is fitted on a
thousand held-out words: the exponent that turns the network's confidence into the probability of
being right.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from families import held_out
from safetensors import safe_open
from safetensors.numpy import save_file
from torch import Tensor, nn

from quatrain.sound.frequency import usage
from quatrain.sound.pronunciation.g2p import LETTERS, MAX_LETTERS, load
from quatrain.sound.pronunciation.lexicon import Lexicon, shipped
from quatrain.sound.pronunciation.phonemes import without_stress

OUT = Path(__file__).parents[1] / "src" / "quatrain" / "sound" / "data" / "g2p.safetensors"
Chunk = tuple[str, ...]
Table = dict[str, dict[Chunk, float]]


def align(letters: str, phonemes: Chunk, table: Table) -> list[Chunk] | None:
    """Return the likeliest assignment of phonemes to letters, none to two each."""
    rows, columns = len(letters), len(phonemes)
    best = [[-math.inf] * (columns + 1) for _ in range(rows + 1)]
    taken = [[0] * (columns + 1) for _ in range(rows + 1)]
    best[0][0] = 0.0
    for row, letter in enumerate(letters):
        scores = table[letter]
        for column in range(max(0, columns - 2 * (rows - row)), min(columns, 2 * row) + 1):
            here = best[row][column]
            if here == -math.inf:
                continue
            for size in (0, 1, 2):
                if column + size > columns:
                    break
                score = here + scores.get(phonemes[column : column + size], -12.0 - 4.0 * size)
                if score > best[row + 1][column + size]:
                    best[row + 1][column + size] = score
                    taken[row + 1][column + size] = size
    if best[rows][columns] == -math.inf:
        return None
    chunks, column = [], columns
    for row in range(rows, 0, -1):
        size = taken[row][column]
        chunks.append(phonemes[column - size : column])
        column -= size
    return chunks[::-1]


def first_table(words: list[tuple[str, Chunk]]) -> Table:
    """Return a first table: how often a letter and a phoneme have the same relative place."""
    counts: dict[str, Counter[Chunk]] = defaultdict(Counter)
    for letters, phonemes in words:
        for place, letter in enumerate(letters):
            centre = (place + 0.5) / len(letters) * len(phonemes)
            for number, phoneme in enumerate(phonemes):
                counts[letter][(phoneme,)] += math.exp(-abs(number + 0.5 - centre))
            counts[letter][()] += 0.3
    return logarithms(counts)


def logarithms(counts: dict[str, Counter[Chunk]]) -> Table:
    """Return log probabilities of phonemes by letter."""
    table: Table = {letter: {} for letter in LETTERS}
    for letter, chunks in counts.items():
        total = sum(chunks.values())
        table[letter] = {chunk: math.log(count / total) for chunk, count in chunks.items()}
    return table


def expectation_maximisation(words: list[tuple[str, Chunk]], rounds: int) -> Table:
    table = first_table(words)
    for _ in range(rounds):
        counts: dict[str, Counter[Chunk]] = defaultdict(Counter)
        for letters, phonemes in words:
            for letter, chunk in zip(letters, align(letters, phonemes, table) or (), strict=False):
                counts[letter][chunk] += 1
        table = logarithms(counts)
    return table


class Network(nn.Module):
    """A bidirectional LSTM that gives each letter a label: none, one or two phonemes."""

    def __init__(self, labels: int, embedding: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(LETTERS) + 1, embedding, padding_idx=0)
        self.lstm = nn.LSTM(
            embedding, hidden, num_layers=2, bidirectional=True, batch_first=True, dropout=dropout
        )
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(2 * hidden, labels)

    def forward(self, letters: Tensor, lengths: Tensor) -> Tensor:
        packed = nn.utils.rnn.pack_padded_sequence(
            self.dropout(self.embedding(letters)), lengths, batch_first=True, enforce_sorted=False
        )
        values, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return self.output(self.dropout(values))


def batches(
    examples: list[tuple[list[int], list[int]]], size: int, generator: np.random.Generator
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Yield batches of words of about one length, in a new order each time."""
    keys = np.array([len(letters) for letters, _ in examples]) + generator.random(len(examples))
    order = np.argsort(keys)
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    for group in generator.permutation(len(groups)):
        chosen = [examples[each] for each in groups[group]]
        longest = max(len(letters) for letters, _ in chosen)
        inputs = torch.zeros((len(chosen), longest), dtype=torch.long)
        targets = torch.full((len(chosen), longest), -100)
        for row, (letters, labels) in enumerate(chosen):
            inputs[row, : len(letters)] = torch.tensor(letters)
            targets[row, : len(labels)] = torch.tensor(labels)
        yield inputs, targets, (inputs > 0).sum(1)


def pack(network: Network) -> dict[str, np.ndarray]:
    """Return the weights as `quatrain.sound.pronunciation.g2p` takes them, in half precision."""
    tensors = {"embedding.weight": network.embedding.weight}
    for layer in (0, 1):
        for way, name in (("", "forward"), ("_reverse", "backward")):
            at = f"_l{layer}{way}"
            bias = getattr(network.lstm, f"bias_ih{at}") + getattr(network.lstm, f"bias_hh{at}")
            tensors |= {
                f"lstm.{layer}.{name}.weight_input": getattr(network.lstm, f"weight_ih{at}"),
                f"lstm.{layer}.{name}.weight_hidden": getattr(network.lstm, f"weight_hh{at}"),
                f"lstm.{layer}.{name}.bias": bias,
            }
    tensors |= {"output.weight": network.output.weight, "output.bias": network.output.bias}
    return {name: tensor.detach().numpy().astype(np.float16) for name, tensor in tensors.items()}


def restore(path: Path, network: Network) -> None:
    """Put the weights of a packed network back, the bias into the first of torch's two."""
    state = {}
    with safe_open(path, framework="pt") as opened:
        for name in opened.keys():  # noqa: SIM118
            tensor = opened.get_tensor(name).float()
            if name.startswith("lstm."):
                _, layer, way, kind = name.split(".")
                at = f"_l{layer}" + ("_reverse" if way == "backward" else "")
                if kind == "bias":
                    state[f"lstm.bias_ih{at}"] = tensor
                    state[f"lstm.bias_hh{at}"] = torch.zeros_like(tensor)
                else:
                    state[f"lstm.{'weight_ih' if kind == 'weight_input' else 'weight_hh'}{at}"] = (
                        tensor
                    )
            else:
                state[name] = tensor
    network.load_state_dict(state)


def calibrate(path: Path, lexicon: Lexicon, generator: np.random.Generator) -> float:
    """Return the exponent under which a thousand held-out words are likeliest."""
    words = [word for word in lexicon if held_out(word) and set(word) <= set(LETTERS)]
    network = load(path)
    confidences, right = [], []
    for place in generator.permutation(len(words))[:1000]:
        phonemes, confidence = network.predict(words[place])
        confidences.append(confidence)
        right.append(
            any(
                without_stress(each.phonemes) == without_stress(phonemes)
                for each in lexicon[words[place]]
            )
        )
    total = np.log(np.clip(confidences, 1e-12, 1 - 1e-6))
    exponents = np.linspace(0.2, 1.5, 131)
    likelihoods = [
        np.where(right, power * total, np.log(-np.expm1(power * total))).sum()
        for power in exponents
    ]
    return round(float(exponents[np.argmax(likelihoods)]), 2)


def main() -> None:
    """Align, train, calibrate and pack: one linear recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--hidden", type=int, default=144)
    parser.add_argument("--embedding", type=int, default=48)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--dropout", type=float, default=0.15)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--smoothing", type=float, default=0.02)
    parser.add_argument("--resume", type=Path, help="a packed network to train further, for verse")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    generator = np.random.default_rng(options.seed)

    lexicon = shipped()
    words = [
        (word, lexicon[word][0].phonemes)
        for word in lexicon
        if not held_out(word) and 1 < len(word) <= MAX_LETTERS and set(word) <= set(LETTERS)
    ]
    began = time.monotonic()
    some = [words[each] for each in generator.permutation(len(words))[:60_000]]
    table = expectation_maximisation(some, 5)
    aligned = [(word, align(word, phonemes, table)) for word, phonemes in words]
    counts = Counter(chunk for _, chunks in aligned if chunks for chunk in chunks)
    labels = [chunk for chunk, count in counts.most_common() if count >= 10]
    if options.resume:
        with safe_open(options.resume, framework="np") as opened:
            labels = [tuple(each.split()) for each in json.loads(opened.metadata()["labels"])]
        aligned = [each for each in aligned if "'" not in each[0]]
        aligned += [each for each in aligned if usage(each[0]).count]
    number = {chunk: place for place, chunk in enumerate(labels)}
    letter_number = {letter: place for place, letter in enumerate(LETTERS, 1)}
    examples = [
        ([letter_number[letter] for letter in word], [number[chunk] for chunk in chunks])
        for word, chunks in aligned
        if chunks and all(chunk in number for chunk in chunks)
    ]
    print(
        f"{len(examples):,} of {len(words):,} words aligned, {len(labels)} labels,"
        f" {time.monotonic() - began:.0f} s",
        flush=True,
    )
    network = Network(len(labels), options.embedding, options.hidden, options.dropout)
    if options.resume:
        restore(options.resume, network)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-4)
    steps = options.epochs * math.ceil(len(examples) / options.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / 200, 0.5 * (1 + math.cos(math.pi * step / steps)) + 0.01),
    )
    metadata = {"labels": json.dumps([" ".join(chunk) for chunk in labels]), "exponent": "1"}
    for epoch in range(options.epochs):
        network.train()
        total, seen = 0.0, 0
        for inputs, targets, lengths in batches(examples, options.batch, generator):
            logits = network(inputs, lengths)
            loss = nn.functional.cross_entropy(
                logits.flatten(0, 1), targets.flatten(), label_smoothing=options.smoothing
            )
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(inputs)
            seen += len(inputs)
        print(
            f"epoch {epoch + 1}: {total / seen:.4f}, {time.monotonic() - began:.0f} s", flush=True
        )
        save_file(pack(network), options.out, metadata)
    metadata["exponent"] = str(calibrate(options.out, lexicon, generator))
    save_file(pack(network), options.out, metadata)
    print(f"confidence to the power {metadata['exponent']}")


if __name__ == "__main__":
    main()
