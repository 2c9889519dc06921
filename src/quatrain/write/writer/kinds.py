"""The two kinds of poets that write: character-level and word-level.

In: a poet's artifact. Out: a `Writer`.
"""

from __future__ import annotations

from quatrain.errors import SettingsError
from quatrain.poet import CharacterPoet, WordPoet
from quatrain.write.constrained.decoders.character_decoder import CharacterDecoder
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.decoders.word_decoder import WordDecoder
from quatrain.write.free.characters import CharacterGeneration
from quatrain.write.free.prompt import CharacterPrompt, WordPrompt
from quatrain.write.free.words import WordGeneration
from quatrain.write.options import WriteOptions
from quatrain.write.writer.writer import Writer


class CharacterWriter(Writer, CharacterPoet):
    """A `CharacterPoet` that writes; open one with `quatrain.load(poet)`."""

    def _make_decoder(self) -> LineDecoder:
        return CharacterDecoder(self)

    def _begin_free(self, options: WriteOptions) -> CharacterGeneration:
        if options.diction not in (None, "any"):
            raise SettingsError(
                "setting 'diction'",
                f"{options.diction!r} for a character-level poet without a form",
                "a form, or a word-level poet",
                "Give a form, or take a word-level poet such as 'verse'.",
                message="Without a form, a character-level poet spells words letter by letter, so "
                "that no word can be left out or preferred.",
            )
        prompt = CharacterPrompt.of(options.start, set(self.vocabulary.characters))
        _check_start(options.lines, prompt.full_lines)
        return CharacterGeneration(self, prompt, options)

    def _word_poet(self) -> WordPoet:
        raise SettingsError(
            "setting 'word'",
            "a character-level poet",
            "a word-level poet",
            "Take 'verse' or 'sonnets', or revise the whole line.",
            message="A character-level poet can't weigh whole words; only a word-level poet can.",
        )


class WordWriter(Writer, WordPoet):
    """A `WordPoet` that writes; open one with `quatrain.load(poet)`."""

    def _make_decoder(self) -> LineDecoder:
        return WordDecoder(self)

    def _begin_free(self, options: WriteOptions) -> WordGeneration:
        prompt = WordPrompt.of(options.start)
        _check_start(options.lines, len(prompt.lines))
        options = self._with_default_diction(options)
        diction = self._diction(options.diction, options.words_given, self.vocabulary)
        return WordGeneration(self, prompt, options, diction)

    def _word_poet(self) -> WordPoet:
        return self


def _check_start(lines: int | None, full_lines: int) -> None:
    """Raise `SettingsError` if the start has all the lines already."""
    if lines is not None and full_lines >= lines:
        raise SettingsError(
            "setting 'lines'",
            f"{lines}, and a start of {full_lines} full lines",
            "more lines than the start has",
            "Ask for more lines, or give a shorter start.",
        )
