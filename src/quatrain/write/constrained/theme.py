"""A theme, from the words that you give.

In: the option `about`, a decoder and its prosody. Out: a `Theme`: the nats it adds to each word,
and what stands in for words that the poet does not know; or an error that says why the words make
none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError
from quatrain.poet import tokens
from quatrain.write.bias import theme_bias
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.near import theme_words
from quatrain.write.options import WriteOptions


@dataclass(frozen=True)
class Theme:
    """Theme of a poem as the search uses it.

    Attributes:
        bias: nats added to every word, (vocabulary,); None without a theme.
        stand_ins: word that the poet does not know -> known words in its place; without any, the
            word plays no part.
    """

    bias: NDArray[np.float32] | None = None
    stand_ins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def theme_of(options: WriteOptions, decoder: LineDecoder, prosody: Prosody) -> Theme:
    """Return the theme of the options.

    Raises:
        SettingsError: the poet has no word vectors, or knows no word of the theme and none near it.
    """
    about, strength = options.about, options.theme_strength
    if not about.strip() or strength == 0:
        return Theme()
    words = [token for token in tokens.line_tokens(about) if token[0].isalnum()]
    theme = theme_words(words, decoder.vocabulary)
    nearness = decoder.nearness(theme)
    if nearness is None:
        raise SettingsError(
            "setting 'about'",
            f"{about!r} for a character-level poet",
            "a word-level poet",
            "Take a word-level poet such as 'verse', or include words of the theme.",
            message="A character-level poet can't write about a theme: it doesn't know "
            "which words are near each other.",
        )
    if not theme.ids:
        raise _no_theme_word(about, words, prosody)
    stand_ins = {**theme.stand_ins, **dict.fromkeys(theme.unknown, ())}
    return Theme(theme_bias(nearness.values, prosody.word_classes.is_word, strength), stand_ins)


def _no_theme_word(about: str, words: list[str], prosody: Prosody) -> SettingsError:
    """Return the error of a theme without a known word that carries meaning."""
    message = f"The poet doesn't know {about!r}.{prosody.suggest_spellings(words)}"
    remedy = "Use at least one word that it knows."
    if not words or any(word in prosody.word_classes.vocabulary.numbers for word in words):
        message = f"The theme {about!r} has no word that carries meaning and that the poet knows."
        remedy = "Use at least one noun, adjective or verb that it knows."
    return SettingsError(
        "setting 'about'",
        repr(about),
        "a word that carries meaning and that this poet knows",
        remedy,
        message=message,
    )
