"""Training with torch: a corpus in, a poet's folder out.

    source -> corpus.prepare -> Trainer -> a poet's folder (`poet.artifact`)

`quatrain.train(...)` is this package called as a function: `run.train`. Read in this order:

    options, run              what a user can set; the run from source to folder
    preparation               the corpus as words, and as an index against copying
    size                      which network and budget suit a corpus
    data, networks            the corpus as training uses it; what is trained
    loop, learner             the steps, validations and roll-backs; one step
    evaluation, horizon       what a validation measures
    publishing, metrics, curve, corpus_facts, folder      what a run writes
    checkpoint, progress, budget, interrupt               stopping and resuming
    adapting, device, report  starting from a poet; the machine; progress

Modules are imported when they are needed: `size`, `options` and `report` work without torch.
"""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quatrain.records import Trained
    from quatrain.train.run import train

__all__ = ["train"]


class _CallablePackage(ModuleType):
    """A module that can be called: `quatrain.train` is both the package and the function.

    `help` and `inspect.signature` show the function's parameters. Type checkers see the function
    itself, which `quatrain` imports for them.
    """

    def __call__(self, *arguments: Any, **options: Any) -> Trained:
        from quatrain.train.run import train

        return train(*arguments, **options)

    @property
    def __signature__(self) -> inspect.Signature:
        """The signature of `train`."""
        from quatrain.train.run import train

        return inspect.signature(train)

    def __getattr__(self, name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        from quatrain.train import run

        return getattr(run, name)


sys.modules[__name__].__class__ = _CallablePackage
