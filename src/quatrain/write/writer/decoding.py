"""A poet's means to write under constraints: a decoder, and the prosodies of its words.

In: options. Out: the decoder for them, which may know new words, and the prosody of the words that
a diction leaves. Both are made once and kept.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cached_property

from quatrain.form import Checker
from quatrain.poet import Poet, WordVocabulary, tokens
from quatrain.write.bias import Diction, archaic_tokens
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.constrained.user_words import new_tokens
from quatrain.write.options import WriteOptions
from quatrain.write.overlap import Guard, OverlapIndex

_MOST_PROSODIES = 8
"""Most prosodies of dictions kept in memory: there is one for every set of words that you give."""


class DecodingPoet(Poet, ABC):
    """A poet with its decoder and the prosodies of its words."""

    _extended_decoder: LineDecoder | None = None
    """Decoder with the words that you gave last, if the poet did not have them."""

    @abstractmethod
    def _make_decoder(self) -> LineDecoder:
        """Make what writes lines under constraints with this poet."""

    @cached_property
    def _decoder(self) -> LineDecoder:
        return self._make_decoder()

    @cached_property
    def _prosody(self) -> Prosody:
        return Prosody(self._decoder)

    @cached_property
    def _prosodies(self) -> dict[tuple[object, ...], Prosody]:
        """Prosodies of dictions other than any or of new words, by the words and the dictions."""
        return {}

    def _decoder_of(self, options: WriteOptions) -> LineDecoder:
        """Return the decoder for the words that you give, which may be new to the poet.

        The last one is kept: the poems of one request have the same words.
        """
        words = new_tokens(options, self._decoder, self._prosody)
        if not words:
            return self._decoder
        if self._extended_decoder is None or self._extended_decoder.user_words != frozenset(words):
            self._extended_decoder = self._decoder.with_words(words)
        return self._extended_decoder

    def _prosody_in(
        self, name: str | None, words: Collection[str], decoder: LineDecoder
    ) -> Prosody:
        """Return the prosody of the words that a diction leaves; None is any diction.

        Args:
            name: of the diction.
            words: tokens that you give, which are never left out.
            decoder: the poet's decoder, or one with new words.
        """
        if name in (None, "any") and decoder is self._decoder:
            return self._prosody
        diction = self._diction(name, words, decoder.vocabulary)
        key = (decoder.user_words, diction.key)
        if key not in self._prosodies:
            if len(self._prosodies) >= _MOST_PROSODIES:
                self._prosodies.clear()
            self._prosodies[key] = Prosody(decoder, diction, self._prosody.checker)
        return self._prosodies[key]

    def _diction(
        self, name: str | None, words: Collection[str], vocabulary: WordVocabulary
    ) -> Diction:
        """Return a diction, by its name, for a vocabulary; None is any diction."""
        return Diction.of(name or "any", vocabulary, self._own_words | frozenset(words))

    @property
    def _own_words(self) -> frozenset[str]:
        """Words of the texts that the poet was adapted to: they are never archaic for it."""
        return self.words if self.is_adapted else frozenset()

    def _default_diction(self, rows: Iterable[str]) -> str | None:
        """Return the poet's diction for a poem with some lines; None is any diction.

        A poem with archaic words in the lines that you give may have more of them.
        """
        if self.diction == "any":
            return None
        lines = map(tokens.line_tokens, rows)
        archaic = any(set(archaic_tokens(line)) - self._own_words for line in lines)
        return None if archaic else self.diction

    def _with_default_diction(self, options: WriteOptions) -> WriteOptions:
        """Return the options with the poet's diction where you set none."""
        if options.diction is not None:
            return options
        return replace(options, diction=self._default_diction(options.rows_given))

    @property
    def checker(self) -> Checker:
        """The checker of forms, which hears metres and rhymes."""
        return self._prosody.checker

    def _guards(self, guard: OverlapIndex | None, *, may_copy: bool) -> list[Guard]:
        own = None if may_copy else self._decoder.poet.training_ngrams
        return [index for index in (guard, own) if index is not None]
