"""Checks that options of writing share: their types, their numbers, and the errors they raise.

In: an option's name and its value. Out: nothing, or a `SettingsError` that shows a correct call.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from types import UnionType

from quatrain.config import Sampling
from quatrain.critic import Critic
from quatrain.errors import SettingsError
from quatrain.form import Form
from quatrain.poet import is_control
from quatrain.write.overlap import OverlapIndex
from quatrain.write.user_text import rows_of

OPTION_TYPES: Mapping[str, tuple[UnionType | type, str]] = {
    "start": (str, "a text"),
    "metre": (str, "a text"),
    "end": (str, "a text"),
    "acrostic": (str, "a text"),
    "about": (str, "a text"),
    "form": (Form | str | Path | None, "the name of a form, a path or a Form"),
    "sampling": (Sampling | None, "a Sampling"),
    "guard": (OverlapIndex | None, "an OverlapIndex"),
    "may_copy": (bool, "True or False"),
    "fixed": (Mapping, "numbers of lines and their texts"),
    "rhyme": (Mapping, "letters and their rhyme words"),
    "strength": (float | int | None, "a number"),
    "critic": (Critic | None, "an object with a name and log_probabilities"),
    "critic_strength": (float | int | None, "a number"),
    "critic_prompt": (str, "a text"),
}
"""Type of an option, and how an error names it."""

_EXAMPLES = {
    "start": "start='The moon'",
    "metre": "metre='iambic 4'",
    "end": "end='the sea'",
    "acrostic": "acrostic='ANNA'",
    "about": "about='winter sea'",
    "search": "search='beam'",
    "diction": "diction='modern'",
    "include": "include=['moon', 'bread']",
    "avoid": "avoid=['love']",
    "fixed": "fixed={3: 'And all the winter lay upon the sea'}",
    "rhyme": "rhyme={'A': ['light', 'night']}",
    "form": "form='sonnet'",
    "sampling": "sampling=Sampling(temperature=0.7)",
    "guard": "guard=OverlapIndex(poems)",
    "may_copy": "may_copy=True",
    "strength": "strength=2",
    "critic": "critic=quatrain.load_critic('hf:models/smollm')",
    "critic_strength": "critic_strength=0.5",
    "critic_prompt": "critic_prompt='A sonnet about the sea'",
}
"""A correct call for each option whose type is easily mistaken."""

MAXIMUM_CRITIC_STRENGTH = 10
"""Upper bound of `critic_strength`; far below it the critic alone decides between the lines."""

_FLAGS = {
    "fixed": "--line",
    "guard": "--against",
    "may_copy": "--may-copy",
    "critic_strength": "--critic-strength",
    "critic_prompt": "--critic-prompt",
}
"""Flags of the command line whose names differ from the options'."""


def check_count(name: str, value: object, *, least: int = 1) -> None:
    """Raise `SettingsError` unless a value is a whole number of at least `least`, or None."""
    if value is not None and (type(value) is not int or value < least):
        raise SettingsError(
            f"setting {name!r}",
            repr(value),
            f"a whole number, {least} or more",
            "Correct the value.",
        )


def check_words(name: str, value: object) -> None:
    """Raise `SettingsError` unless the value of an option is a list of words."""
    if isinstance(value, str):  # it would be read letter by letter
        raise wrong_type(name, value, "a list of words", found="the text ")
    if not isinstance(value, Collection) or not all(isinstance(word, str) for word in value):
        raise wrong_type(name, value, "a list of words")


def form_needed(option: str) -> SettingsError:
    """Return the error of an option that only works with a form."""
    flag = f" ({_FLAGS[option]})" if option in _FLAGS else ""
    return SettingsError(
        f"setting {option!r}",
        "no form",
        "a form beside it",
        "Give one: form='sonnet' in Python, --form sonnet on the command line.",
        message=f"The option {option!r}{flag} only works with a form.",
    )


def wrong_type(name: str, value: object, expected: str, *, found: str = "") -> SettingsError:
    """Return the error of a value of the wrong type, which shows a correct call.

    Args:
        name: the option.
        value: the value.
        expected: what it should be.
        found: what to call the value.
    """
    return SettingsError(
        f"setting {name!r}",
        f"{found}{value!r:.80}",
        expected,
        f"Write, for example, {_EXAMPLES[name]}.",
    )


def check_printable(name: str, text: str) -> None:
    """Raise `SettingsError` for a text with control characters, which a terminal obeys."""
    bad = sorted({sign for sign in text if is_control(sign) and not sign.isspace()})
    if bad:
        raise SettingsError(
            f"setting {name!r}",
            ", ".join(map(repr, bad)),
            "characters that can be shown",
            "Leave them out.",
        )


def check_critic(
    critic: Critic | None, strength: float | None, prompt: str, particles: int | None
) -> None:
    """Raise `SettingsError` for a critic with nothing to choose from, or settings without one."""
    check_printable("critic_prompt", prompt)
    for name, is_set in (("critic_strength", strength is not None), ("critic_prompt", prompt)):
        if is_set and critic is None:
            raise SettingsError(
                f"setting {name!r}",
                "no critic",
                "a critic beside it",
                "Give one: critic=quatrain.load_critic('hf:PATH'), or --critic hf:PATH.",
                message=f"The option {name!r} ({_FLAGS[name]}) only works with a critic.",
            )
    if strength is not None and not 0 <= strength <= MAXIMUM_CRITIC_STRENGTH:
        raise SettingsError(
            "setting 'critic_strength'",
            repr(strength),
            f"a number from 0 to {MAXIMUM_CRITIC_STRENGTH}",
            "Correct the value.",
        )
    if critic is not None and particles == 1:
        raise SettingsError(
            "setting 'critic'",
            "a single particle",
            "several particles to choose between",
            "Take more particles, 8 for example, or no critic.",
            message="A critic chooses between particles, and there is only one.",
        )


def check_line(name: str, text: str) -> None:
    """Raise `SettingsError` unless a text is a single line, whatever blank rows are around it."""
    rows = [row for row in rows_of(text) if row.strip()]
    if len(rows) != 1:
        raise SettingsError(
            f"setting {name!r}",
            f"{len(rows)} lines in {text!r:.80}" if rows else repr(text),
            "the text of one line",
            "Give lines one by one." if rows else f"Write, for example, {_EXAMPLES[name]}.",
        )
