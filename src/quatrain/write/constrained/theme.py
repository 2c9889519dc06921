"""The bias towards a theme, from the words that you give.

In: the option `about`, a decoder and its prosody. Out: nats per word, or an error that says why
the words make no theme.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import SettingsError
from quatrain.poet import tokens
from quatrain.write.bias import content_words, theme_bias
from quatrain.write.constrained.decoder import LineDecoder
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.options import WriteOptions


def bias_towards_theme(
    options: WriteOptions, decoder: LineDecoder, prosody: Prosody
) -> NDArray[np.float32] | None:
    """Return the bias of every word towards the theme, (vocabulary,), nats; None without a theme.

    Raises:
        SettingsError: the poet has no word vectors, or knows no word of the theme.
    """
    about, strength = options.about, options.theme_strength
    if not about.strip() or strength == 0:
        return None
    words = [token for token in tokens.line_tokens(about) if token[0].isalnum()]
    theme_ids = content_words(words, decoder.vocabulary)
    cosines = decoder.cosines(theme_ids)
    if cosines is None:
        raise SettingsError(
            "setting 'about'",
            f"{about!r} for a character-level poet",
            "a word-level poet",
            "Take a word-level poet such as 'verse', or include words of the theme.",
            message="A character-level poet can't write about a theme: it doesn't know "
            "which words are near each other.",
        )
    if not theme_ids:
        raise _no_theme_word(about, words, prosody)
    return theme_bias(cosines, prosody.word_classes.is_word, strength)


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
