r"""Verse as words, punctuation marks and line ends, and back to text.

`poem_tokens` takes a poem and returns its tokens, as a word-level poet reads them. A `Typesetter`
makes text of tokens again. `word_vocabulary` gives tokens their numbers.

Words stand in lower case. The endings 's, 'd, 'll, 've, 're, 'm and n't are tokens of their
own, as in the Penn Treebank (Marcus et al. 1993), and so is every apostrophe at a word's edge
(`'tis` is ‘ and `tis`), every hyphen and every run of other punctuation. Signs that touch letters
or digits on both sides are part of the word (`3.14`, `1,000`, `10:30`, `and/or`), and so are those
that belong to it (`$5`, `#1`, `c++`) and the full stops of `u.s.a.`. Quotation marks are made
opening or closing ones by what stands beside them. `LINE_END` ends a line, and `STANZA_END` follows
it after the last line of a stanza but the last.

Spacing follows from the tokens alone; capitals follow from the line, the sentence and the
spelling most usual in the corpus, and so do dashes and ellipses (`Style`). What text loses on the
way is underscores, the kind of quotation marks, a space missing after a comma, and one before a
mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from quatrain.records import Poem

LINE_END, STANZA_END = "\n", "\n\n"

_OPENING = frozenset("“‘([{")
ENDINGS = frozenset({"'s", "'d", "'ll", "'ve", "'re", "'m", "n't"})
FOLDED = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "—": "--", "–": "-", "…": "...", "_": None}
)
_PIECE = re.compile(
    r"""(?:[^\W\d_]{1,2}\.){2,}(?:[^\W\d_](?![\w']))?  # letters with full stops: u.s.a.
      | (?:(?<!\S)-(?=\d))?[$£€¥₹\#@~]?[^\W_]+  # a word or a number, with a sign before it
        (?:'[^\W_]+|[/&@][^\W_]+|\.(?:com|org|net|edu)\b|(?<=\d)(?:[.,:]\d[^\W_]*|°[^\W_]))*
        (?:(?<=[^\W\d_])(?:\+{1,2}|\#)(?![\w+]))?
      | [&+=/|<>~×÷](?=\s|$)(?<![^\s].)   # a sign that stands alone
      | '(?:s|d|ll|ve|re|m)\b     # an ending that stands alone
      | ["'()\[\]{}]              # one quotation mark or bracket
      | -(?!-)                    # a hyphen
      | (?:--+|[^\w\s"'()\[\]{}-])+""",
    re.VERBOSE | re.IGNORECASE,
)
_SPACED = frozenset("&+=/|<>~×÷")
"""Signs that stand between spaces where they are no part of a word."""

_DASHES = frozenset({"--"})
EN_DASH = re.compile(r"(?<!\S)–(?!\S)")
"""An en dash between spaces; between numbers it is a hyphen."""

_DASH = re.compile(r"(?<!-)--(?!-)")
_ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
DASH_SIGNS = ("--", "—", "–")
ELLIPSIS_SIGNS = ("...", "…")
"""Ways to print a dash and an ellipsis; the first is the one in tokens."""

_ENDING = re.compile(r"(?<=.)(?:n't|'(?:s|d|ll|ve|re|m))$", re.IGNORECASE)


def spelled_tokens(line: str) -> list[str]:
    """Return the tokens of one line with its capitals, without the line's end."""
    text = EN_DASH.sub("--", line).translate(FOLDED)
    tokens: list[str] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece in {"'", '"'}:
            tokens.append(_directed_quote(text, match.start()))
        else:
            tokens += _without_endings(piece)
    return tokens


def _without_endings(piece: str) -> list[str]:
    """Return a word and the endings that close it: i, 'd and 've."""
    endings: list[str] = []
    while "'" in piece and (ending := _ENDING.search(piece)):
        endings.insert(0, ending.group())
        piece = piece[: ending.start()]
    return [piece, *endings]


def is_word(token: str) -> bool:
    """Return whether a token is a word or a number, not a mark nor an ending."""
    return token[0].isalnum() or (token[-1].isalnum() and token[0] not in "'")


def _directed_quote(text: str, place: int) -> str:
    """Return the quotation mark at `place` of `text` as an opening or a closing one."""
    before, after = text[:place][-1:], text[place + 1 :][:1]
    opens = bool(after.strip()) and (not before.strip() or before in "([{-\"'")
    if text[place] == '"':
        return "“" if opens else "”"
    return "‘" if opens else "’"


def line_tokens(line: str) -> list[str]:
    """Return the tokens of one line in lower case, without the line's end."""
    return [token.lower() for token in spelled_tokens(line)]


def poem_tokens(poem: Poem) -> list[list[str]]:
    """Return the tokens of every line with their `LINE_END`, `STANZA_END` between stanzas."""
    lines: list[list[str]] = []
    for number, stanza in enumerate(poem.stanzas):
        if number:
            lines[-1].append(STANZA_END)
        lines.extend([*line_tokens(line.text), LINE_END] for line in stanza)
    return lines


def reversed_line(tokens: Sequence[str]) -> list[str]:
    """Reverse the words of a line; the tokens that end it stay in place."""
    words = [token for token in tokens if token not in {LINE_END, STANZA_END}]
    return [*reversed(words), *tokens[len(words) :]]


@dataclass(frozen=True)
class Style:
    """The way a corpus sets its words on the page.

    Attributes:
        capital_lines: whether most lines begin with a capital, even in the middle of a sentence.
        capital_after: runs of marks after which most words do, as `.` or `!”`.
        spaced_dashes: whether most dashes stand between spaces.
        words: lower case -> the spelling, of words most often spelled otherwise inside a line.
        dash, ellipsis: the signs most often printed for them.
    """

    capital_lines: bool = True
    capital_after: frozenset[str] = frozenset({".", "!", "?"})
    spaced_dashes: bool = False
    words: Mapping[str, str] = field(default_factory=lambda: {"i": "I", "o": "O"})
    dash: str = DASH_SIGNS[0]
    ellipsis: str = ELLIPSIS_SIGNS[0]

    @property
    def lower_case(self) -> bool:
        """True for a corpus without capitals, which writes even *i*."""
        return self.words.get("i") == "i"

    def over(self, base: Style) -> Style:
        """Return this style with the base's spelling of words that its own corpus lacks."""
        return self if self.lower_case else replace(self, words={**base.words, **self.words})

    def facts(self) -> dict[str, Any]:
        """Return the style as JSON can hold it; `from_facts` reads it back."""
        return {
            "capital_lines": self.capital_lines,
            "capital_after": sorted(self.capital_after),
            "spaced_dashes": self.spaced_dashes,
            "words": dict(sorted(self.words.items())),
            "dash": self.dash,
            "ellipsis": self.ellipsis,
        }

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Style:
        """Read what `facts` gave.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is something else.
        """
        words = facts["words"]
        texts = [*facts["capital_after"], *words, *words.values()]
        if not all(isinstance(text, str) and text for text in texts):
            raise TypeError("an entry that is not a text")
        if any(word.lower() != spelling.lower() for word, spelling in words.items()):
            raise ValueError("a capital spelling of another word")
        dash, ellipsis = facts.get("dash", "--"), facts.get("ellipsis", "...")
        if dash not in DASH_SIGNS or ellipsis not in ELLIPSIS_SIGNS:
            raise ValueError("a dash or an ellipsis of another kind")
        return cls(
            capital_lines=bool(facts["capital_lines"]),
            capital_after=frozenset(facts["capital_after"]),
            spaced_dashes=bool(facts["spaced_dashes"]),
            words=dict(words),
            dash=dash,
            ellipsis=ellipsis,
        )


ALWAYS_CAPITAL = {"i": "I", "o": "O"}
"""Words with a capital in every corpus that has capitals; *o'* is a token of its own."""


class Margin(NamedTuple):
    """The state of a line that decides the next token's space and capital.

    Attributes:
        begun: whether there are any.
        first: whether the next word is the line's first and has a capital for it.
        run: the marks since the last word.
        close: whether the next token stands close to the last.
    """

    begun: bool = False
    first: bool = True
    run: str = ""
    close: bool = True


@dataclass(frozen=True)
class Typesetter:
    """Sets tokens as lines of text: spaces, capitals, quotation marks.

    Attributes:
        style: of the corpus.
        typographic: whether quotation marks stand as “ ” ‘ ’ or as " '.
    """

    style: Style = field(default_factory=Style)
    typographic: bool = False

    def margin(self, *, sentence: bool = False) -> Margin:
        """Return the state at the begin of a line; `sentence` if a sentence begins there."""
        return Margin(first=sentence or self.style.capital_lines)

    def place(self, token: str, margin: Margin) -> tuple[str, Margin]:
        """Return the text that a token adds to its line, and the line's state after it."""
        space = "" if margin.close or stands_close(token) else " "
        if is_word(token):
            text = self.style.words.get(token, ALWAYS_CAPITAL.get(token, token))
            if self.capital(margin) and not _has_inner_capital(text):
                text = text[0].upper() + text[1:]
            first, run = False, ""
        else:
            text = self._mark(token)
            first, run = margin.first, margin.run + ("" if token in ENDINGS else token)
        close = token in _OPENING or token.endswith("-") or "--" in token
        if token in _SPACED or (self.style.spaced_dashes and token in _DASHES):
            space, close = " " if margin.begun else "", False
        return space + text, Margin(True, first, run, close)

    def _mark(self, token: str) -> str:
        """Return a mark as it is printed."""
        text = token if self.typographic else token.translate(FOLDED)
        if self.style.dash != DASH_SIGNS[0]:
            text = _DASH.sub(self.style.dash, text)
        if self.style.ellipsis != ELLIPSIS_SIGNS[0]:
            text = _ELLIPSIS.sub(self.style.ellipsis, text)
        return text

    def capital(self, margin: Margin) -> bool:
        """Return whether a word there begins with a capital."""
        return margin.first or margin.run in self.style.capital_after

    def line(self, tokens: Iterable[str], *, sentence: bool = False) -> str:
        """Set tokens as one line of text.

        Args:
            tokens: of the line in reading order, without its end.
            sentence: whether the line begins a sentence.
        """
        pieces, margin = [], self.margin(sentence=sentence)
        for token in tokens:
            piece, margin = self.place(token, margin)
            pieces.append(piece)
        return "".join(pieces)

    def poem(self, lines: Iterable[Sequence[str]]) -> Poem:
        """Set lines of tokens, their ends included and in reading order, as a poem."""
        rows: list[str] = []
        sentence = bool(self.style.capital_after)
        for tokens in lines:
            words = [token for token in tokens if token not in {LINE_END, STANZA_END}]
            rows.append(self.line(words, sentence=sentence))
            sentence = bool(words) and words[-1] in self.style.capital_after
            if STANZA_END in tokens:
                rows.append("")
        return Poem.from_lines(rows)


def _has_inner_capital(word: str) -> bool:
    """Return whether a word is spelled with its first capital inside, as *iPhone* is."""
    return word.isalnum() and word[0].islower() and any(map(str.isupper, word))


def stands_close(token: str) -> bool:
    """Return whether a token stands close to what comes before it."""
    return token in ENDINGS or not (is_word(token) or token in _OPENING)
