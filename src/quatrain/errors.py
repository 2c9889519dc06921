"""Every error that Quatrain raises on purpose, in one tree.

    QuatrainError
    ├── UserError            the user can correct something
    │   ├── CorpusError      a text cannot be read, or holds no verse
    │   ├── PoetError        a poet's folder is missing, damaged or too new
    │   ├── SettingsError    a setting is unknown, out of range or contradictory
    │   ├── FormError        a form is unknown, or its file is not one
    │   ├── CriticError      a critic's model is missing, of another kind or too large
    │   ├── OutputError      a folder cannot be written, or would be overwritten
    │   ├── TrainingError    a training run cannot start, continue or resume
    │   ├── StorageError     a database cannot be opened, or is full, busy or out of reach
    │   └── ExtraError       an optional dependency is not installed
    └── InternalError        a bug in Quatrain: please report it

A `UserError` has four parts: where the mistake is, what was found there, what was wanted, and
what to do. Its text is a sentence made of them, or a sentence of its own. The command line and
notebooks print exactly that text, without a traceback. Names and texts of others in it are made
visible (`escaping`), so that a terminal shows them and does not obey them; the parts are as they
were.
"""

from __future__ import annotations

from collections.abc import Callable

from quatrain.escaping import visible


class QuatrainError(Exception):
    """Base of every error that Quatrain raises on purpose."""


class UserError(QuatrainError):
    """A mistake that the user can correct.

    Attributes:
        where: the file, line, setting or option concerned.
        found: what is there.
        wanted: what would be right.
        remedy: what to do about it, as a full sentence.
        message: a sentence that replaces "where: got found; expected wanted." where that does
            not read well; the remedy follows it.
    """

    def __init__(
        self, where: str, found: str, wanted: str, remedy: str, *, message: str = ""
    ) -> None:
        self.where = where
        self.found = found
        self.wanted = wanted
        self.remedy = remedy
        self.message = message
        sentence = message or f"{where}: got {found}; expected {wanted}."
        super().__init__(visible(f"{sentence} {remedy}".strip()))

    def _render_traceback_(self) -> list[str]:
        """Return the lines that a notebook shows in place of a traceback; IPython calls it."""
        return str(self).split("\n")

    def __reduce__(self) -> tuple[Callable[..., UserError], tuple[object, ...]]:
        """Let the error cross a process boundary with all its parts."""
        parts = (self.where, self.found, self.wanted, self.remedy, self.message)
        return _restored, (type(self), *parts)


def _restored(
    kind: Callable[..., UserError], where: str, found: str, wanted: str, remedy: str, message: str
) -> UserError:
    return kind(where, found, wanted, remedy, message=message)


class CorpusError(UserError):
    """A text cannot be read, or holds no verse."""


class PoetError(UserError):
    """A poet's folder is missing, damaged, of another kind or too new."""


class SettingsError(UserError):
    """A setting is unknown, out of range or contradicts another."""


class FormError(UserError):
    """A form is unknown, or its file cannot be read, is no form or contradicts itself."""


class CriticError(UserError):
    """A critic's model is missing, of another kind or too large, or its scores are no numbers."""


class OutputError(UserError):
    """A folder cannot be written, or holds something that would be lost."""


class TrainingError(UserError):
    """A training run cannot start, continue or resume."""


class StorageError(UserError):
    """A database cannot be opened, or is full, busy or out of reach."""


class ExtraError(UserError):
    """An optional dependency is needed and not installed."""

    @classmethod
    def missing(cls, purpose: str, package: str, extra: str) -> ExtraError:
        """Return an error that names the extra to install for `purpose`."""
        return cls(
            purpose,
            f"no package {package!r}",
            f"the extra {extra!r}",
            f"Install it, in Quatrain's source folder, with: pip install '.[{extra}]'",
            message=f"{purpose[:1].upper()}{purpose[1:]} needs the package {package!r}.",
        )


class InternalError(QuatrainError):
    """A bug in Quatrain. The message says what was expected and what happened."""
