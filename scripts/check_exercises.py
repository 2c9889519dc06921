"""Check the answers of exercises against torch and brute force, for many seeds.

    python scripts/check_exercises.py --seeds 1000

A reference reads the printed sheet and finds the answers without the code that made them. For every
question: the reference's answer is right, and the answer that each named mistake leads to is not.
`tests/explain/exercises` does the same for a few seeds.
"""

import argparse
import itertools
import re
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from quatrain.explain.exercises.checking import check_answer
from quatrain.explain.exercises.exercise import exercise
from quatrain.explain.exercises.topics import TOPICS
from quatrain.records import Matrix, Note, ProblemSheet, Question, Table


def answers(sheet: ProblemSheet) -> list[Any]:
    """Return an answer to every question of a sheet, in order."""
    return REFERENCES[sheet.topic](sheet)


def groups(pattern: str, text: str) -> tuple[str, ...]:
    match = re.search(pattern, text)
    assert match, text
    return match.groups()


def text_of(parts: tuple[Any, ...]) -> str:
    return " ".join(part.text for part in parts if isinstance(part, Note))


# Convolution


def layer_of(text: str) -> tuple[Any, tuple[int, int, int]]:
    """Return the torch layer that a sentence describes, in float64 with all weights 1."""

    def number(pattern: str, default: int) -> int:
        match = re.search(pattern, text)
        return int(match[1]) if match else default

    height, width, channels = map(int, groups(r"(\d+) x (\d+) x (\d+) \(", text))
    transposed = "transposed" in text
    settings: dict[str, int] = {
        "stride": number(r"a stride of (\d+)", 1),
        "padding": number(r"a padding of (\d+)", 0),
        "dilation": number(r"a dilation of (\d+)", 1),
        "groups": number(r"(\d+) groups", 1),
    }
    if transposed:
        settings["output_padding"] = number(r"an output padding of (\d+)", 0)
    kind: Any = torch.nn.ConvTranspose2d if transposed else torch.nn.Conv2d
    filters, kernel = number(r"has (\d+) filters", 0), number(r"kernels of (\d+)", 0)
    layer = kind(channels, filters, kernel, dtype=torch.float64, **settings)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    return layer, (height, width, channels)


def convolution(sheet: ProblemSheet) -> list[Any]:
    layer, (height, width, channels) = layer_of(text_of(sheet.given))
    image = torch.ones(1, channels, height, width, dtype=torch.float64, requires_grad=True)
    result = layer(image)
    result.sum().backward()
    assert image.grad is not None
    seen = image.grad[0, 0] != 0
    _, filters, rows, columns = result.shape
    found = []
    for question in sheet.questions:
        text = question.text
        if text.startswith("A transposed") and "parameters" in text:
            upward, _ = layer_of(text)
            found.append(sum(weights.numel() for weights in upward.parameters()))
        elif "parameters" in text:
            found.append(sum(weights.numel() for weights in layer.parameters()))
        elif "transposed convolution's output" in text:
            upward, (high, wide, deep) = layer_of(sheet.questions[3].text)
            shape = upward(torch.zeros(1, deep, high, wide, dtype=torch.float64)).shape
            found.append((shape[2], shape[3], shape[1]))
        elif "shape" in text:
            found.append((rows, columns, filters))
        elif "Which rows" in text:
            found.append(tuple(np.flatnonzero(~seen.any(dim=1).numpy()).tolist()))
        elif "pixels" in text:
            found.append(int((~seen).sum()))
        elif "span" in text:
            found.append(layer.dilation[0] * (layer.kernel_size[0] - 1) + 1)
        else:
            assert "multiplications" in text
            found.append(layer.weight.numel() * rows * columns)
    return found


# Pooling


def tensor(question_or_sheet: tuple[Any, ...], title: str) -> torch.Tensor:
    rows = next(
        part.values
        for part in question_or_sheet
        if isinstance(part, Matrix) and part.title == title
    )
    return torch.tensor(rows, dtype=torch.float64)[None, None]


def pooled(image: torch.Tensor, kind: str, settings: dict[str, int]) -> torch.Tensor:
    function: Callable[..., torch.Tensor] = (
        functional.max_pool2d if kind == "max" else functional.avg_pool2d
    )
    return function(image, **settings)


def pooling(sheet: ProblemSheet) -> list[Any]:
    text = text_of(sheet.given)
    settings = {
        name: int(match[1]) if (match := re.search(pattern, text)) else 0
        for name, pattern in (
            ("kernel_size", r"windows of (\d+)"),
            ("stride", r"stride of (\d+)"),
            ("padding", r"padding of (\d+)"),
        )
    }
    image = tensor(sheet.given, "Image")
    found: list[Any] = []
    for question in sheet.questions:
        if question.kind == "choice":
            both = [tensor(question.given, f"Image {name}") for name in "AB"]
            block = {"kernel_size": 2, "stride": 2}
            apart = [
                not torch.allclose(*(pooled(one, kind, block) for one in both))
                for kind in ("max", "average")
            ]
            found.append({(1, 0): "max", (0, 1): "average", (1, 1): "both"}.get(
                (int(apart[0]), int(apart[1])), "neither"))  # fmt: skip
            continue
        kind = "max" if "max pooling" in question.text else "average"
        leaf = image.clone().requires_grad_()
        result = pooled(leaf, kind, settings)
        if "gradient" in question.text:
            given = tensor(question.given, "Gradient of the result") if question.given else None
            result.backward(torch.ones_like(result) if given is None else given)
            assert leaf.grad is not None
            result = leaf.grad
        found.append([list(map(float, row)) for row in result[0, 0].tolist()])
    return found


# LSTM


def lstm(sheet: ProblemSheet) -> list[Any]:
    table = next(
        part for part in sheet.given if isinstance(part, Table) and "forward" in part.title
    )
    y, w_y = map(float, groups(r"y = (\S+) and w_y = (\S+)", table.title))
    steps = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    deltas, logits = backward(steps, weights_of(sheet), y, w_y)
    return [lstm_answer(question, deltas, logits) for question in sheet.questions]


def weights_of(sheet: ProblemSheet) -> dict[str, tuple[float, ...]]:
    for part in sheet.given:
        if isinstance(part, Table) and part.title == "The weights":
            return {str(row[0]): tuple(float(str(value)) for value in row[1:]) for row in part.rows}
    return {}


def backward(
    steps: list[dict[str, Any]], weights: dict[str, tuple[float, ...]], y: float, w_y: float
) -> tuple[dict[str, list[float]], torch.Tensor]:
    """Run the cell again in torch and return every gradient by name, a number a step."""

    def leaf(value: float) -> torch.Tensor:
        return torch.tensor(value, dtype=torch.float64, requires_grad=True)

    hidden, cell = leaf(steps[0]["h_prev"]), leaf(steps[0]["c_prev"])
    kept: dict[str, list[torch.Tensor]] = {name: [] for name in "ifgohcz"}
    scores, loss = [], torch.zeros((), dtype=torch.float64)
    parameters = {gate: [leaf(value) for value in row] for gate, row in weights.items()}
    losses = []
    for step in steps:
        gates = {}
        for gate in "ifgo":
            if weights:
                w, u, b = parameters[gate]
                z = w * step["x"] + u * hidden + b
                gates[gate] = torch.tanh(z) if gate == "g" else torch.sigmoid(z)
                kept["z"].append(z)
            else:
                gates[gate] = leaf(step[gate])
        cell = gates["f"] * cell + gates["i"] * gates["g"]
        hidden = gates["o"] * torch.tanh(cell)
        score = w_y * hidden
        losses.append(
            functional.binary_cross_entropy_with_logits(score, torch.tensor(y, dtype=torch.float64))
        )
        loss = loss + losses[-1]
        scores.append(score)
        for name, value in {**gates, "h": hidden, "c": cell}.items():
            kept[name].append(value)
    kept["w_i"] = parameters["i"][:1] if weights else []
    slopes = {
        name: [float(torch.autograd.grad(loss, value, retain_graph=True)[0]) for value in values]
        for name, values in kept.items()
    }
    slopes["short c"] = [
        float(torch.autograd.grad(losses[t], kept["c"][t], retain_graph=True)[0])
        for t in range(len(steps))
    ]
    return slopes, torch.stack(scores).detach()


def lstm_answer(question: Question, deltas: dict[str, list[float]], scores: torch.Tensor) -> Any:
    text = question.text
    if "parameters" in text:
        inputs, cells = map(int, groups(r"(\d+) inputs and (\d+) cells", text))
        layer = torch.nn.LSTM(inputs, cells)
        doubled = sum(weights.numel() for weights in layer.parameters())
        return doubled - layer.bias_hh_l0.numel()
    if question.kind == "formula":
        return None
    if question.kind == "choice":
        return "t = 2"
    if "-y log(y_hat) alone" in text:
        y = float(groups(r"y = (\d\.\d+)\.", text)[0])
        score = scores[0].clone().requires_grad_()
        (-y * functional.logsigmoid(score)).backward()
        assert score.grad is not None
        return float(score.grad)
    full, short = deltas["c"][0], deltas["short c"][0]
    if "share" in text:
        return abs(short - full) / abs(full)
    if "short form" in text:
        return short
    if "delta z_f" in text:
        return deltas["z"][1]
    if "weight w_i" in text:
        return deltas["w_i"][0]
    name = re.search(r"delta (\w)", text)
    assert name, text
    return deltas[name[1]][0]


# Gradients


def many_steps(factor: float) -> str:
    value = 1.0
    for _ in range(2000):
        value *= factor
    return "vanishes" if value < 1e-6 else "explodes" if value > 1e6 else "neither"


def numbers_of(pattern: str, text: str) -> list[float]:
    return [float(value) for value in groups(pattern, text)]


def gradients(sheet: ProblemSheet) -> list[Any]:
    if sheet.level == 1:
        return one_number(sheet)
    return gates(sheet) if sheet.level == 2 else clipped(sheet)


def one_number(sheet: ProblemSheet) -> list[Any]:
    weight = numbers_of(r"with w = ([\d.]+)\.", text_of(sheet.given))[0]
    (steps,) = numbers_of(r"T = (\d+)", sheet.questions[0].text)
    start = torch.ones((), dtype=torch.float64, requires_grad=True)
    hidden = start
    for _ in range(int(steps)):
        hidden = weight * hidden
    factor = float(torch.autograd.grad(hidden, start)[0])
    (limit,) = numbers_of(r"at least (\d+) times", sheet.questions[1].text)
    count, value = 0, 1.0
    while max(value, 1 / value) < limit:
        value *= weight
        count += 1
    return [factor, count, many_steps(weight)]


def gates(sheet: ProblemSheet) -> list[Any]:
    weight, steps = numbers_of(r"w = ([\d.]+)\. .* T = (\d+)", sheet.questions[0].text)
    z = torch.linspace(-5, 5, 10001, dtype=torch.float64, requires_grad=True)
    steepest = float(torch.autograd.grad(torch.sigmoid(z).sum(), z)[0].max()) * weight
    bias, back = numbers_of(r"b = ([\d.]+)\. .* S = (\d+)", sheet.questions[2].text)
    forget = float(torch.sigmoid(torch.tensor(bias, dtype=torch.float64)))
    cell = torch.ones((), dtype=torch.float64, requires_grad=True)
    later = cell
    for _ in range(int(back)):
        later = forget * later
    low, high = 0.0, 1e4
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if forget**middle > 0.5 else (low, middle)
    path = float(torch.autograd.grad(later, cell)[0])
    return [steepest ** int(steps), many_steps(steepest), path, low]


def clipped(sheet: ProblemSheet) -> list[Any]:
    weights = tensor(sheet.given, "W")[0, 0]
    radius = float(torch.linalg.eigvals(weights).abs().max())
    (steps,) = numbers_of(r"T = (\d+)", sheet.questions[2].text)
    powers = torch.linalg.eigvals(torch.linalg.matrix_power(weights, int(steps))).abs().max()
    first, second, limit = numbers_of(
        r"g = \((\S+), (\S+)\) .* norm of ([\d.]+)\.", sheet.questions[3].text
    )
    parameter = torch.nn.Parameter(torch.zeros(2, dtype=torch.float64))
    parameter.grad = torch.tensor([first, second], dtype=torch.float64)
    torch.nn.utils.clip_grad_norm_([parameter], limit)
    return [radius, many_steps(radius), float(powers), float(parameter.grad[0])]


# Pre-processing: everything counted one by one


def preprocessing(sheet: ProblemSheet) -> list[Any]:
    window_question = next(q for q in sheet.questions if "is cut into windows" in q.text)
    total, length, stride = (
        int(value.replace(",", ""))
        for value in groups(r"T = ([\d,]+) .* N = (\d+) .* S = (\d+);", window_question.text)
    )
    starts = cut(total, length, stride)
    if sheet.level == 1:
        lines = text_of(sheet.given[:1]).split(": ", 1)[1].split(" / ")
        sequence = ["START", *(sign for line in lines for sign in [*line, "break"]), "END"]
        assert len(sequence) == total
        pairs = list(itertools.pairwise(sequence))
        return [len(sequence), len(pairs), len(starts)]
    if sheet.level == 2:
        (batch,) = numbers_of(r"batches of L = (\d+)", sheet.questions[1].text)
        lanes = int(batch)
        lane = (total - 1) // lanes
        read: set[int] = set()
        steps = 0
        while (steps + 1) * length <= lane:
            for number in range(lanes):
                read.update(range(number * lane + steps * length,
                                  number * lane + (steps + 1) * length))  # fmt: skip
            steps += 1
        return [len(starts), len(starts) // lanes, steps, total - len(read)]
    return borders(sheet, starts, length, stride)


def cut(total: int, length: int, stride: int) -> list[int]:
    """Return the starts of windows that have a target after their last input."""
    return [start for start in range(0, total, stride) if start + length <= total - 1]


def borders(sheet: ProblemSheet, starts: list[int], length: int, stride: int) -> list[Any]:
    sizes = [
        int(value) for value in groups(r"of (\d+), (\d+), (\d+) numbers", text_of(sheet.given))
    ]
    poem_of = [poem for poem, size in enumerate(sizes) for _ in range(size)]
    across = sum(poem_of[start] != poem_of[start + length - 1] for start in starts)
    alone = sum(len(cut(size, length, stride)) for size in sizes)
    (place,) = numbers_of(r"position (\d+)", sheet.questions[3].text)
    containing = sum(place in range(start, start + length) for start in starts)
    (lanes,) = numbers_of(r"As (\d+) streams", sheet.questions[4].text)
    lane = int((sum(sizes) - 1) // lanes)
    return [len(starts), across, alone, containing, lane - lane % length]


# Training


def training(sheet: ProblemSheet) -> list[Any]:
    table = next(part for part in sheet.given if isinstance(part, Table))
    rows = [tuple(float(str(value)) for value in row) for row in table.rows]
    validation = [row[2] for row in rows]
    lowest = min(rows, key=lambda row: row[2])
    found: list[Any] = []
    stop = len(rows)
    for question in sheet.questions:
        text = question.text
        if "in a row" in text:
            (patience,) = numbers_of(r"after (\d+) epochs", text)
            stop = next(
                (
                    end
                    for end in range(1, len(rows) + 1)
                    if end - (validation.index(min(validation[:end])) + 1) >= patience
                ),
                len(rows),
            )
        found.append(training_answer(text, rows, lowest, stop))
    return found


def training_answer(
    text: str, rows: list[tuple[float, ...]], lowest: tuple[float, ...], stop: int
) -> Any:
    if "in a row" in text:
        return stop
    if "keeps" in text:
        return int(min(rows[:stop], key=lambda row: row[2])[0])
    if "weights best" in text:
        return int(lowest[0])
    if "save" in text:
        return len(rows) - stop
    if "above the training" in text:
        return lowest[2] - lowest[1]
    if "perplexity" in text:
        return float(torch.exp2(torch.tensor(lowest[2], dtype=torch.float64)))
    if "nats" in text:
        return lowest[2] / float(np.log2(np.e))
    characters, lanes, length, epochs = (
        int(value.replace(",", ""))
        for value in groups(r"of ([\d,]+) char.* of (\d+) seq.* of (\d+) char.* are (\d+)", text)
    )
    return sum(1 for _ in range(lanes * length, characters + 1, lanes * length)) * epochs


# Temperature


def temperature(sheet: ProblemSheet) -> list[Any]:
    table = next(part for part in sheet.given if isinstance(part, Table))
    logits = torch.tensor([float(str(row[1])) for row in table.rows], dtype=torch.float64)
    return [temperature_answer(question, logits) for question in sheet.questions]


def temperature_answer(question: Question, logits: torch.Tensor) -> Any:
    text = question.text
    if question.kind == "order":
        samples = next(part for part in question.given if isinstance(part, Table))
        shares = {str(name): str(letters).count("e") for name, letters in samples.rows}
        return sorted(shares, key=lambda name: -shares[name])
    if "exactly" in text:
        (times,) = numbers_of(r"exactly (\d+) times", text)
        low, high = 1e-3, 1e3
        for _ in range(200):
            middle = (low + high) / 2
            probabilities = torch.softmax(logits / middle, 0)
            colder = float(probabilities[0] / probabilities[1]) > times
            low, high = (middle, high) if colder else (low, middle)
        return low
    if "Another poet" in text:
        given = [float(value) for value in re.findall(r"0\.\d+", text.split(" at ")[0])]
        logits = torch.log(torch.tensor(given, dtype=torch.float64))
        text = text.split("temperature 1.", 1)[1]
    (degree,) = numbers_of(r"temperature (\d+(?:\.\d+)?)", text)
    distribution = torch.distributions.Categorical(logits=logits / degree)
    probabilities = distribution.probs
    if "entropy" in text:
        return float(distribution.entropy()) / float(np.log(2))
    if "surprisal" in text:
        return -float(torch.log2(probabilities[-1]))
    if "times as probable" in text:
        return float(probabilities[0] / probabilities[-1])
    return [float(value) for value in probabilities]


REFERENCES: dict[str, Callable[[ProblemSheet], list[Any]]] = {
    "convolution": convolution,
    "pooling": pooling,
    "lstm": lstm,
    "gradients": gradients,
    "preprocessing": preprocessing,
    "training": training,
    "temperature": temperature,
}


def typed(value: Any) -> Any:
    """An answer as somebody types it in Python."""
    return [list(row) if isinstance(row, tuple) else row for row in value] if isinstance(
        value, tuple) else value  # fmt: skip


def verify(sheet: ProblemSheet) -> int:
    """Check a sheet against the reference and its own mistakes; return the questions."""
    for question, reference in zip(sheet.questions, answers(sheet), strict=True):
        mark = exercise_check(question, question.answer)
        assert mark.verdict == "right", (question, mark)
        if reference is not None:
            mark = exercise_check(question, reference)
            assert mark.verdict == "right", (question, reference, mark)
        assert question.mistakes, question
        for mistake in question.mistakes:
            mark = exercise_check(question, mistake.value)
            assert mark.verdict == "wrong", (question, mistake)
            assert mistake.text in mark.mistakes, (question, mistake, mark)
    return len(sheet.questions)


def exercise_check(question: Question, value: Any) -> Any:
    return check_answer(question, typed(value))


def main() -> None:
    """Check every topic and level, and print the number of sheets and questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--topics", nargs="*", default=sorted(TOPICS))
    options = parser.parse_args()
    for topic in options.topics:
        for level in (1, 2, 3):
            start = time.perf_counter()
            questions = sum(
                verify(exercise(topic, seed=f"student {number}", level=level))
                for number in range(options.seeds)
            )
            seconds = time.perf_counter() - start
            print(f"{topic} {level}: {options.seeds:,} sheets, {questions:,} questions agree, "
                  f"{seconds:.0f} s", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
