"""Time a word poet's output layer: all words in one product, against blocks of words.

    python benchmarks/output_layer.py [--block 64] [--runs 40]

The vocabulary is that of the shipped poet `verse`: 20,005 words of 256 numbers. Prints the least
milliseconds of several runs on one thread, by the number of rows: poems or particles side by side.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported

import numpy as np
from machine import machine

FEATURES, WORDS = 256, 20_005


def least_milliseconds(product: Callable[[], object], runs: int) -> float:
    """Return the shortest of several runs."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        product()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--block", type=int, default=64)
    parser.add_argument("--runs", type=int, default=40)
    options = parser.parse_args()
    generator = np.random.default_rng(0)
    weights = generator.standard_normal((FEATURES, WORDS), np.float32)
    count = -(-WORDS // options.block)
    padded = np.zeros((FEATURES, count * options.block), np.float32)
    padded[:, :WORDS] = weights
    blocks = np.ascontiguousarray(padded.reshape(FEATURES, count, -1).transpose(1, 0, 2))
    print(machine("numpy"))
    print("| rows | one product | blocks | same bits |")
    print("| ---: | ---: | ---: | --- |")
    for rows in (1, 2, 8, 16, 24, 32, 48, 64):
        queries = generator.standard_normal((rows, FEATURES), np.float32)

        def in_blocks(queries: np.ndarray = queries) -> np.ndarray:
            products = np.matmul(queries, blocks)
            return products.transpose(1, 0, 2).reshape(len(queries), -1)[:, :WORDS]

        def at_once(queries: np.ndarray = queries) -> np.ndarray:
            return queries @ weights

        same = "yes" if np.array_equal(in_blocks(), at_once()) else "no"
        times = [least_milliseconds(product, options.runs) for product in (at_once, in_blocks)]
        print(f"| {rows} | {times[0]:.2f} | {times[1]:.2f} | {same} |", flush=True)


if __name__ == "__main__":
    main()
