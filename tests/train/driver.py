"""A training run for the tests to kill: `driver.py CORPUS OUT WHERE`.

WHERE is `nowhere`, `step:N` (SIGKILL after step N was told), or `save:N` (SIGKILL
in the middle of writing the N-th checkpoint, half of its bytes on the disk).
"""

import os
import signal
import sys
from collections.abc import Callable

from quatrain.records import Advance
from quatrain.train import checkpoint as disk
from quatrain.train import run
from quatrain.train.report import NullReporter

corpus, out, where = sys.argv[1:]
kind, _, number = where.partition(":")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Killing(NullReporter):
    def advanced(self, advance: Advance) -> None:
        if kind == "step" and advance.step >= int(number):
            die()


def truncating(save: Callable[..., bytes]) -> Callable[..., bytes]:
    calls = 0

    def half(*arguments: object, **options: object) -> bytes:
        nonlocal calls
        calls += 1
        whole = save(*arguments, **options)
        if calls < int(number):
            return whole
        os.fsync = lambda _: die()  # the half is on its way to the disk when the process dies
        return whole[: len(whole) // 2]

    return half


if kind == "save":
    disk.save = truncating(disk.save)

run.train(
    corpus, out, reporter=Killing(),
    hidden=24, embedding=8, layers=2, dropout=0.3, recurrent_dropout=0.2, batch=8, length=16,
    learning_rate=0.01, epochs=2.0, validations=5, averaging=0.9, threads=1,
)  # fmt: skip
