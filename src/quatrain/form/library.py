"""The forms that come with Quatrain, and forms in files of the user's own.

In: a name, or the path of a .toml file. Out: a `Form`. A shipped form is a file in
`forms/`: put a new one there and it is listed, loaded and checked like the others.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib import resources
from pathlib import Path

from quatrain.errors import FormError
from quatrain.form.form import Form
from quatrain.form.parsing import parse
from quatrain.records import Listing
from quatrain.text_files import read_text

MAX_BYTES = 64 * 1024
"""Size of the largest form file that is read, in bytes."""

ALIASES = {
    "sonnet": "shakespearean-sonnet",
    "couplets": "heroic-couplets",
    "spenserian": "spenserian-stanza",
}
"""Short names -> names of shipped forms. An entry is all that a short name needs."""


def names() -> list[str]:
    """Return the names of the shipped forms, sorted."""
    folder = resources.files("quatrain.form") / "forms"
    return sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".toml"))


def forms() -> Listing[Form]:
    """Return the forms that come with Quatrain, sorted by name.

    Example:
        for form in quatrain.forms():
            print(form.name, form.shape, form.about)
    """
    return Listing(_shipped(name) for name in names())


def load(form: str | Path) -> Form:
    """Return a shipped form by its name, or your own by the path of its .toml file.

    Raises:
        FormError: there is no such form, or its file is not one.
    """
    name = str(form)
    if _is_path(name):
        path = Path(name)
        return parse(_read(path), path.stem, str(path))
    full_name = ALIASES.get(name.lower(), name.lower())
    if full_name not in names():
        if full_name in _variants():
            return _variants()[full_name][1]
        near = difflib.get_close_matches(full_name, [*names(), *_variants(), *ALIASES], 1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise FormError(
            "the form",
            repr(name),
            f"one of the {len(names())} that ship, or a .toml file",
            f"{hint}'quatrain forms' lists them.",
            message=f"There is no form {name!r}.",
        )
    return _shipped(full_name)


def source(form: str | Path) -> str:
    """Return the text of a form's TOML file: a shipped one's, or your own by its path.

    Raises:
        FormError: there is no such form, or its file is not one.
    """
    name = load(form).name
    if _is_path(str(form)):
        return _read(Path(form))
    return _text(_variants()[name][0] if name in _variants() else name)


def _is_path(form: str) -> bool:
    """Return whether a form is given by the path of its file, not by its name."""
    return form.endswith(".toml") or "/" in form


def _read(path: Path) -> str:
    """Return the text of the user's own file."""
    return read_text(path, MAX_BYTES, FormError, "form file")


def _text(name: str) -> str:
    path = resources.files("quatrain.form") / "forms" / f"{name}.toml"
    return path.read_text(encoding="utf-8")


@cache
def _variants() -> dict[str, tuple[str, Form]]:
    """Return name -> name of the form it belongs to, and itself, of the shipped variants."""
    return {variant.name: (form.name, variant) for form in forms() for variant in form.variants}


@cache
def _shipped(name: str) -> Form:
    return parse(_text(name), name, f"{name}.toml")
