"""Words that a user gives, whether the poet has read them or not.

In: options and a decoder. Out: the tokens that a decoder must learn before it writes with these
options (`new_tokens`), and the pronunciations that are guesses (`guessed_pronunciations`).
"""

from __future__ import annotations

from quatrain.errors import SettingsError
from quatrain.form import MetreReader
from quatrain.poet import tokens
from quatrain.write.constrained.decoders.decoder import LineDecoder
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.options import WriteOptions
from quatrain.write.search.proposal import MIN_TEMPERATURE
from quatrain.write.spoken_tokens import said_words
from quatrain.write.word_classes import UNUSABLE

MAXIMUM_GAIN = 60.0
"""Nats that a line is worth more at most: e to this power is still a number in single precision."""


def token_of(word: str, decoder: LineDecoder) -> str:
    """Return the token that stands for a word to include, printed as the user writes it.

    The poet's own token, if it is printed so within a line; otherwise one of its own, with its
    capitals. A compound is one token.
    """
    spelled = "".join(tokens.spelled_tokens(word))
    lower = spelled.lower()
    if decoder.typesetter.style.words.get(lower, lower) == spelled:
        return lower
    has_capitals = decoder.alphabet is None or any(map(str.isupper, decoder.alphabet))
    return spelled if has_capitals else lower


def new_tokens(options: WriteOptions, decoder: LineDecoder, prosody: Prosody) -> tuple[str, ...]:
    """Return the tokens to include or to end lines with that the poet cannot write by itself.

    They are outside its vocabulary, or it never says them, because their pronunciation is a guess.
    """
    candidates = [token_of(word, decoder) for word in options.include]
    for text in (options.end, *(word for words in options.rhyme.values() for word in words)):
        candidates += filter(tokens.is_word, tokens.line_tokens(text))
    numbers, class_ids = decoder.vocabulary.numbers, prosody.word_classes.class_ids
    return tuple(
        token
        for token in dict.fromkeys(candidates)
        if token and (token not in numbers or class_ids[numbers[token]] == UNUSABLE)
    )


def number_to_include(word: str, decoder: LineDecoder, prosody: Prosody) -> int:
    """Return the number of a word to include.

    Raises:
        SettingsError: nobody can tell how it is said, or the poet's alphabet cannot spell it.
    """
    token = token_of(word, decoder)
    number = decoder.vocabulary.numbers.get(token, decoder.vocabulary.UNKNOWN)
    if prosody.word_classes.is_word[number]:
        return number
    if said_words(token, prosody.checker.reader):  # only writing it is the trouble
        unread = sorted(set(token) - (decoder.alphabet or set()))
        raise SettingsError(
            "setting 'include'",
            f"the word {word!r}",
            "a word that the poet's alphabet can spell",
            "Take another word, or another poet.",
            message=f"The poet can't spell {word!r}: it has never read {', '.join(unread)}.",
        )
    raise SettingsError(
        "setting 'include'",
        f"the word {word!r}",
        "a word, compound or number that can be said",
        "Spell it as it is said, in capitals if letter by letter, or put it into a line of your "
        "own.",
        message=f"{word!r} can't be placed in a line: it isn't clear how it is said."
        f"{prosody.suggest_spellings([word])}",
    )


def include_gain(number: int, decoder: LineDecoder, options: WriteOptions) -> float:
    """Return the nats that an unfinished line is worth more once it has a word to include.

    They are what the word costs on average, so that lines that have it and lines that still need
    it compete as equals. Without them the word comes where nothing else may: in 36 poems of
    `verse` the first place of its line every time, and with them in 5 (`benchmarks/new_words.py`).
    Poems without contrast gain nothing for a word that the poet knows: they stay as they were.
    """
    known = decoder.vocabulary.token(number) not in decoder.user_words
    if known and not options.drawing.contrast:
        return 0.0
    temperature = options.drawing.temperature
    if options.search == "beam" and not temperature:
        temperature = 1.0  # a greedy beam ranks lines by their probability at temperature 1
    gain = decoder.mean_surprisal(number) / max(temperature, MIN_TEMPERATURE)
    return min(gain, MAXIMUM_GAIN)


def described_word(word: str, prosody: Prosody) -> str:
    """Return a word in quotation marks, with its stress: 'smartphone' (stress 12)."""
    ear = prosody.checker.ear
    words = said_words(word, prosody.checker.reader) if word else ()
    stress = "".join(ear.pronounce(spoken)[0].stress for spoken in words)
    return f"{word!r} (stress {stress})" if stress else repr(word)


def guessed_pronunciations(options: WriteOptions, reader: MetreReader) -> dict[str, str]:
    """Return the words that you give whose pronunciation is a guess: word -> ARPAbet."""
    rhymes = [word for words in options.rhyme.values() for word in words]
    texts = [options.start, *options.fixed.values(), options.end, *options.include, *rhymes]
    lines = [line for text in texts for line in text.splitlines()]
    return {word: str(said) for line in lines for word, said in reader.guesses(line)}
