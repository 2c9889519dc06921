"""Every error a user of Quatrain can meet, in one tree.

    QuatrainError
    ├── UserError            something the user gave can be mended by the user
    │   ├── CorpusError      a text could not be read, or holds no verse
    │   ├── PoetError        a poet's folder is missing, damaged or too new
    │   ├── SettingsError    a setting is unknown, out of range or contradictory
    │   ├── FormError        a form is unknown, or its file is not one
    │   ├── OutputError      a folder cannot be written, or would be overwritten
    │   ├── TrainingError    a training run cannot start, go on or resume
    │   └── ExtraError       an optional dependency is not installed
    └── InternalError        a bug of ours: please report it

A `UserError` carries four things: where, what was found, what was wanted, and
what to do. Its text is one sentence made of them, or a sentence of its own. The
command line prints exactly that text and no traceback.
"""

from __future__ import annotations

from collections.abc import Callable


class QuatrainError(Exception):
    """The root of every error raised on purpose by Quatrain."""


class UserError(QuatrainError):
    """Something the user gave cannot be used; the user can mend it.

    Attributes:
        where: the file, line, setting or option concerned.
        found: what is there.
        wanted: what would have been right.
        remedy: what to do about it, as a full sentence.
        message: a sentence that replaces "where: got found; expected wanted.", for when that
            one does not read well; the remedy follows it.
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
        super().__init__(f"{sentence} {remedy}".strip())

    def __reduce__(self) -> tuple[Callable[..., UserError], tuple[object, ...]]:
        """Let the error cross a process boundary with all its parts."""
        parts = (self.where, self.found, self.wanted, self.remedy, self.message)
        return _restored, (type(self), *parts)


def _restored(
    kind: Callable[..., UserError], where: str, found: str, wanted: str, remedy: str, message: str
) -> UserError:
    return kind(where, found, wanted, remedy, message=message)


class CorpusError(UserError):
    """A text could not be read, or holds no verse."""


class PoetError(UserError):
    """A poet's folder is missing, damaged, of another kind or too new."""


class SettingsError(UserError):
    """A setting is unknown, out of range or contradicts another."""


class FormError(UserError):
    """A form is unknown, or its file is none, contradicts itself or cannot be read."""


class OutputError(UserError):
    """A folder cannot be written, or holds something that would be lost."""


class TrainingError(UserError):
    """A training run cannot start, go on or be resumed."""


class ExtraError(UserError):
    """An optional dependency is needed and not installed."""

    @classmethod
    def missing(cls, purpose: str, package: str, extra: str) -> ExtraError:
        """Name the extra to install so that `purpose` becomes possible."""
        return cls(
            purpose,
            f"no package {package!r}",
            f"the extra {extra!r}",
            f"Install it with: pip install 'quatrain[{extra}]'",
        )


class InternalError(QuatrainError):
    """A bug of ours. The message says what was believed and what was seen."""
