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

A `UserError` says four things: where, what was found, what was wanted, and
what to do. The command line prints exactly that paragraph and no traceback.
"""

from __future__ import annotations


class QuatrainError(Exception):
    """The root of every error raised on purpose by Quatrain."""


class UserError(QuatrainError):
    """Something the user gave cannot be used; the user can mend it.

    Attributes:
        where: the file, line, setting or option concerned.
        found: what is there.
        wanted: what would have been right.
        remedy: what to do about it, as a full sentence.
    """

    def __init__(self, where: str, found: str, wanted: str, remedy: str) -> None:
        self.where = where
        self.found = found
        self.wanted = wanted
        self.remedy = remedy
        super().__init__(f"{where}: found {found}; wanted {wanted}. {remedy}")

    def __reduce__(self) -> tuple[type[UserError], tuple[str, str, str, str]]:
        """Let the error cross a process boundary with its four parts."""
        return type(self), (self.where, self.found, self.wanted, self.remedy)


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
