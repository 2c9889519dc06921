"""Train small neural poets, write verse in a form, scan verse, and see how it all works.

    import quatrain

    poet = quatrain.load("verse")                         # a poet that comes with Quatrain
    poem = poet.write(form="haiku", about="winter sea")   # a new poem that keeps its form
    print(poem)
    print(quatrain.scan(poem))                            # syllables, stresses, feet, rhymes
    print(quatrain.check(poem, "sonnet"))                 # what keeps it from being a sonnet

What to call first:

    load(poet)            open a poet: a folder, or a name that poets() lists
    poet.write(...)       write a poem; poet.revise(...) rewrites lines, poet.evaluate(...) scores
    train(path, folder)   train a poet on your own poems (needs the extra 'train')
    read(path)            read the poems of a file or a folder
    scan(poem)            find the metre of a poem
    find_words(...)       find words by meaning, rhyme and stress
    check(poem, form)     check a poem against a form that forms() lists, line by line
    explain               formulas and figures for layers, gradients and poets, as functions:
                          explain.lstm, explain.convolution, explain.inspect, ...
    exercise(topic, seed) make a sheet of problems whose answers can be checked

Wherever a poem is expected, pass a text, a list of lines, a `Path` or a `Poem`. A mistake that
you can correct raises a `UserError` that says how. docs/python.md has the whole tour.

The packages inside (quatrain.corpus, quatrain.form, quatrain.sound, ...) can be used without
importing them first. Each name is loaded on first use, so that importing quatrain takes no
time and never imports a deep-learning framework.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quatrain import config as config
    from quatrain import corpus as corpus
    from quatrain import critic as critic
    from quatrain import errors as errors
    from quatrain import explain as explain
    from quatrain import form as form
    from quatrain import layers as layers
    from quatrain import meaning as meaning
    from quatrain import page as page
    from quatrain import poet as poet
    from quatrain import records as records
    from quatrain import sound as sound
    from quatrain import write as write
    from quatrain._version import __version__
    from quatrain.corpus import Corpus, read
    from quatrain.critic import load as load_critic
    from quatrain.errors import QuatrainError, UserError
    from quatrain.explain import exercise
    from quatrain.form import Form, check, forms
    from quatrain.poet import Poet
    from quatrain.poet import list_poets as poets
    from quatrain.poet.hub import pull, push
    from quatrain.poet.onnx import export
    from quatrain.records import Line, Poem, Score
    from quatrain.sound import pronounce, rhyme_scheme, rhymes, rhymes_with, scan
    from quatrain.train import train
    from quatrain.word_search import find_words
    from quatrain.write import load

_HOMES = {
    "Corpus": ("corpus", "Corpus"),
    "Form": ("form", "Form"),
    "Line": ("records", "Line"),
    "Poem": ("records", "Poem"),
    "Poet": ("poet", "Poet"),
    "QuatrainError": ("errors", "QuatrainError"),
    "Score": ("records", "Score"),
    "UserError": ("errors", "UserError"),
    "__version__": ("_version", "__version__"),
    "check": ("form", "check"),
    "exercise": ("explain", "exercise"),
    "export": ("poet.onnx", "export"),
    "find_words": ("word_search", "find_words"),
    "forms": ("form", "forms"),
    "load": ("write", "load"),
    "load_critic": ("critic", "load"),
    "poets": ("poet", "list_poets"),
    "pronounce": ("sound", "pronounce"),
    "pull": ("poet.hub", "pull"),
    "push": ("poet.hub", "push"),
    "read": ("corpus", "read"),
    "rhyme_scheme": ("sound", "rhyme_scheme"),
    "rhymes": ("sound", "rhymes"),
    "rhymes_with": ("sound", "rhymes_with"),
    "scan": ("sound", "scan"),
}
"""Public names -> the package each comes from, and its name there."""

_PACKAGES = frozenset(
    {
        "config",
        "corpus",
        "critic",
        "errors",
        "explain",
        "form",
        "layers",
        "meaning",
        "page",
        "poet",
        "records",
        "sound",
        "train",  # the package, which is also the function: it can be called
        "write",
    }
)
"""Packages reachable as attributes always, not only after something else has imported them."""

__all__ = [
    "Corpus",
    "Form",
    "Line",
    "Poem",
    "Poet",
    "QuatrainError",
    "Score",
    "UserError",
    "__version__",
    "check",
    "exercise",
    "explain",
    "export",
    "find_words",
    "forms",
    "load",
    "load_critic",
    "poets",
    "pronounce",
    "pull",
    "push",
    "read",
    "rhyme_scheme",
    "rhymes",
    "rhymes_with",
    "scan",
    "train",
]


def __getattr__(name: str) -> object:
    """Load a public name, or a package, on first use (PEP 562)."""
    import importlib

    if name in _HOMES:
        package, attribute = _HOMES[name]
        value: object = getattr(importlib.import_module(f"quatrain.{package}"), attribute)
    elif name in _PACKAGES:
        value = importlib.import_module(f"quatrain.{name}")
    else:
        raise AttributeError(f"module 'quatrain' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
