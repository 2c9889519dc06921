"""Test whether a gradient survives when forget gates are near 1 and the other gates near 0.

The claim is that nothing explodes or vanishes there. The script takes random LSTMs whose gates
rest at every combination of a grid, several networks in each setting, and computes exact Jacobians
(`quatrain.explain.flow_grid`) at more than one distance. It prints the five conclusions
with their numbers, the regions of the grid behind them, and the regime as a function of input
gate x output gate x recurrent scale.

    python benchmarks/flow.py
    python benchmarks/flow.py --hidden 64 --networks 3 --steps 50
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise

import numpy as np

from machine import machine
from quatrain.explain.gradient_flow.experiment import (
    CELL,
    FORGET_GATES,
    INPUT_OUTPUT_GATES,
    PLAIN,
    TO_INPUT,
    TO_LOSS,
    Grid,
    measure_grid,
)
from quatrain.explain.gradient_flow.random_networks import power_of_ten, stability_rule
from quatrain.explain.gradient_flow.conclusions import (
    NEAR_ONE,
    region_table,
    conclusions,
    regime_shares,
)

SCALES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
GAINS = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, np.inf)


def cell_text(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def print_table(title: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    print(f"\n{title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|" + " --- |" * len(columns))
    for row in rows:
        print("| " + " | ".join(cell_text(value) for value in row) + " |")


def by_gain(grid: Grid) -> list[tuple[object, ...]]:
    """Return the share of each regime by loop gain, where forget gates are near 1."""
    forget, inputs, outputs, scales = grid.axes
    shape = grid.norms[CELL].shape
    gain = np.broadcast_to(inputs * outputs * scales, shape)
    near = np.broadcast_to(forget >= NEAR_ONE, shape)
    rows: list[tuple[object, ...]] = []
    for low, high in pairwise(GAINS):
        here = near & (gain >= low) & (gain < high)
        if here.any():
            cell = grid.norms[CELL][here]
            rows.append(
                (
                    f"{low:g} to {high:g}",
                    int(here.sum()),
                    *regime_shares(cell).values(),
                    float(np.median(cell)),
                    float(cell.max()),
                )
            )
    return rows


def spread(grid: Grid) -> list[tuple[object, ...]]:
    """Return the deviation between networks of one setting, in log10: median and largest."""
    return [
        (name, float(np.median(deviation)), float(deviation.max()))
        for name in (CELL, TO_LOSS, TO_INPUT, PLAIN)
        for deviation in [grid.norms[name].std(axis=-1, ddof=1)]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--networks", type=int, default=10)
    parser.add_argument("--steps", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    print(machine("numpy"))
    for steps in chosen.steps:
        begin = time.perf_counter()
        grid = measure_grid(
            steps=steps,
            hidden=chosen.hidden,
            seed=chosen.seed,
            networks=chosen.networks,
            forget_gates=FORGET_GATES,
            input_gates=INPUT_OUTPUT_GATES,
            output_gates=INPUT_OUTPUT_GATES,
            scales=SCALES,
        )
        seconds = time.perf_counter() - begin
        print(
            f"\n## {steps} steps back, {chosen.networks} networks of {chosen.hidden} cells,"
            f" {grid.norms[CELL].size} runs in {seconds:.0f} s\n\n{stability_rule(steps)}\n"
        )
        for number, sentence in enumerate(conclusions(grid), start=1):
            print(f"{number}. {sentence}")
        table = region_table(grid)
        print_table(table.title, table.columns, list(table.rows))
        columns = ("gain", "runs", "vanishes", "stable", "explodes", "median", "maximum")
        print_table(
            f"{CELL} by input gate x output gate x scale, forget gates {NEAR_ONE:g} and up (log10)",
            columns,
            by_gain(grid),
        )
        print_table(
            "Standard deviation over the networks of one setting (log10)",
            ("derivative", "median", "maximum"),
            spread(grid),
        )
        plain = grid.norms[PLAIN]
        print_table(
            "Plain RNN, dh_T/dh_t",
            ("scale", "geometric mean", "minimum", "maximum"),
            [
                (scale, power_of_ten(row.mean()), power_of_ten(row.min()), power_of_ten(row.max()))
                for scale, row in zip(grid.scales, plain, strict=True)
            ],
        )


if __name__ == "__main__":
    main()
