"""The speed of writing: Quatrain's NumPy against the obvious loop in PyTorch.

Both draw many poems side by side from the same random weights, with the same number of threads,
and each side runs alone for a while in the same run. Quatrain's side is the whole of
`CharacterWriter.write_many`: network, temperature, the rules of verse, sampling, the text and its
figures. PyTorch's side is `nn.Embedding`, `nn.LSTM` and `nn.Linear`, one character per step under
`no_grad`, softmax and `multinomial`.

    python benchmarks/sample.py
    python benchmarks/sample.py --threads 2 --json

Both libraries choose their kernels by the processor. Environment variables that restrict OpenBLAS
are removed, since they would hold back one side only. `--kernels Haswell` restricts it again; the
output names the kernels in use.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from machine import machine

from quatrain.native import configure_native_libraries

ALPHABET = 100
SIZES = ((64, 512, 2), (64, 256, 1))
POEMS = (1, 16, 256)
TEMPERATURE = 0.8


def kernels() -> str:
    """Return the kernels that NumPy's OpenBLAS chose, or "unknown"."""
    try:
        maps = Path("/proc/self/maps").read_text().split()
        library = ctypes.CDLL(next(entry for entry in maps if "openblas" in entry))
        name = library.scipy_openblas_get_corename64_
        name.restype = ctypes.c_char_p
        return str(name().decode())
    except (OSError, StopIteration, AttributeError):
        return "unknown"


def loops(
    embedding: int, hidden: int, layers: int, poems: int
) -> tuple[Callable[[int], object], Callable[[int], object]]:
    """Return two functions that write n characters of each poem: Quatrain's and PyTorch's."""
    import torch

    from quatrain.corpus import Vocabulary
    from quatrain.write import CharacterWriter

    vocabulary = Vocabulary(tuple(sorted({"\n", *map(chr, range(0x20, 0x20 + ALPHABET - 4))})))
    with torch.no_grad():
        torch.manual_seed(0)
        embed = torch.nn.Embedding(ALPHABET, embedding)
        lstm = torch.nn.LSTM(embedding, hidden, layers)
        output = torch.nn.Linear(hidden, ALPHABET)
        output.bias[vocabulary.END] = -1000.0  # poems go on as long as asked
        tensors = {
            "embedding.weight": embed.weight.numpy(),
            "output.weight": output.weight.numpy(),
            "output.bias": output.bias.numpy(),
        }
        for k in range(layers):
            bias = getattr(lstm, f"bias_ih_l{k}") + getattr(lstm, f"bias_hh_l{k}")
            tensors[f"lstm.{k}.weight_input"] = getattr(lstm, f"weight_ih_l{k}").numpy()
            tensors[f"lstm.{k}.weight_hidden"] = getattr(lstm, f"weight_hh_l{k}").numpy()
            tensors[f"lstm.{k}.bias"] = bias.numpy()
    writer = CharacterWriter(tensors, vocabulary)

    def ours(characters: int) -> object:
        return writer.write_many(
            poems, temperature=TEMPERATURE, maximum_characters=characters, seed=0
        )

    def theirs(characters: int) -> object:
        ids = torch.full((poems,), vocabulary.START)
        drawn, state = [], None
        with torch.no_grad():
            for _ in range(characters):
                hidden_vectors, state = lstm(embed(ids).unsqueeze(0), state)
                logits = output(hidden_vectors[0])
                chances = torch.softmax(logits / TEMPERATURE, dim=-1)
                ids = torch.multinomial(chances, 1)[:, 0]
                drawn.append(ids)
        return [vocabulary.decode(poem) for poem in torch.stack(drawn, 1).numpy()]

    return ours, theirs


ALONE = 0.5
"""Seconds a side runs before it is timed."""


def measure(both: tuple[Callable[[int], object], ...], characters: int, rounds: int) -> list[float]:
    """Return the median characters per second and poem of each function, each timed twice.

    The idle threads of one library spin at first and slow the other down. So nothing is timed
    until a side has run for `ALONE` seconds.
    """
    seconds: list[list[float]] = [[] for _ in both]
    for _ in range(2):
        for write, times in zip(both, seconds, strict=True):
            awake = time.perf_counter() + ALONE
            while time.perf_counter() < awake:
                write(characters // 4 or 1)
            for _ in range(rounds):
                begin = time.perf_counter()
                write(characters)
                times.append(time.perf_counter() - begin)
    return [characters / statistics.median(times) for times in seconds]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--threads", type=int, default=os.cpu_count(), help="threads of OpenBLAS and of torch"
    )
    parser.add_argument("--kernels", default="", help="OpenBLAS kernels, such as Haswell")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # read when NumPy is first imported
        os.environ[name] = str(options.threads)
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        os.environ.pop(name, None)
    if options.kernels:
        os.environ["OPENBLAS_CORETYPE"] = options.kernels
    configure_native_libraries()

    import torch

    torch.set_num_threads(options.threads)
    rows = []
    for embedding, hidden, layers in SIZES:
        for poems in POEMS:
            characters = {1: 400, 16: 150, 256: 30}[poems]
            both = loops(embedding, hidden, layers, poems)
            ours, theirs = (poems * each for each in measure(both, characters, options.rounds))
            rows.append(
                {
                    "network": f"{embedding} + {hidden} x {layers}",
                    "poems": poems,
                    "quatrain": round(ours),
                    "torch": round(theirs),
                    "ratio": round(ours / theirs, 2),
                }
            )
    where = (
        f"{machine('numpy', 'torch')}, {options.threads} threads each, OpenBLAS {kernels()} kernels"
    )
    if options.json:
        print(json.dumps({"machine": where, "rows": rows}, indent=2))
        return
    print(f"{where}\n\nCharacters per second, all poems together\n")
    print(f"{'network':>14} {'poems':>6} {'quatrain':>10} {'torch':>10} {'ratio':>6}")
    for row in rows:
        print(
            f"{row['network']:>14} {row['poems']:>6} {row['quatrain']:>10,} {row['torch']:>10,} "
            f"{row['ratio']:>6.2f}"
        )


if __name__ == "__main__":
    main()
