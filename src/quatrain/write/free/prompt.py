"""The text that a poem begins with, prepared for a poet to read.

In: the text that the user gives. Out: a `CharacterPrompt`, in characters that the poet knows, or a
`WordPrompt`, in lines of tokens.

A character-level poet gets near characters for those its alphabet lacks; the replacements are
reported. A word-level poet that writes each line from its end must find an end for a line that
the user began: the given words come last there, so ends are drawn first, many at once, and one
is chosen by how likely the given words are before it (importance resampling, Rubin 1988).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quatrain.config import Sampling
from quatrain.errors import SettingsError
from quatrain.poet import State, WordVocabulary, tokens
from quatrain.records import Poem
from quatrain.write.free.adjacency import AdjacencyRules
from quatrain.write.sampling import distribution, draw
from quatrain.write.search import LanguageModel
from quatrain.write.user_text import drawn_tokens, rows_of

_LINE_ENDS = 48
"""Number of ends drawn for a line whose beginning is given; each may be cut anywhere."""

_LONGEST_END = 10
"""Most tokens of such an end."""

_SCORED_TOKENS = 64
"""Most tokens of the given words, next to the end, by which its fit is judged."""

_FOLDED = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "–": "-", "—": "--", "―": "--", "−": "-",
    "…": "...", "\t": " ", "\u00a0": " ", "'": "’", '"': "“",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CharacterPrompt:
    """The start of a poem for a character-level poet.

    Attributes:
        shown: the start as it stands in the poem.
        text: the start as the poet reads it, in its alphabet.
        substituted: character typed -> what the poet reads instead.
    """

    shown: str
    text: str
    substituted: Mapping[str, str]

    @classmethod
    def of(cls, text: str, alphabet: Collection[str]) -> CharacterPrompt:
        """Lay a text out as verse, and write it in the characters of an alphabet for the poet.

        Line ends become line breaks, blank lines at the beginning are dropped, and several
        blank lines become one. A character that the alphabet lacks is tried in the other case,
        with quotation marks and dashes folded, without its accent, and so in the other case.

        Raises:
            SettingsError: a character has no replacement; the message names all of them.
        """
        shown = _as_verse(text)
        verse = unicodedata.normalize("NFC", shown)
        substituted: dict[str, str] = {}
        unknown = []
        for character in dict.fromkeys(verse):
            if character in alphabet:
                continue
            for candidate in _candidates(character):
                if candidate and all(part in alphabet for part in candidate):
                    substituted[character] = candidate
                    break
            else:
                unknown.append(character)
        if unknown:
            signs = ", ".join(map(repr, unknown))
            raise SettingsError(
                "the start of the poem",
                signs,
                "characters of the poet's alphabet",
                "Begin with other characters.",
                message=f"The poem can't start with {signs}: this poet has never read that.",
            )
        read = "".join(substituted.get(sign, sign) for sign in verse)
        return cls(shown, read, substituted)

    @property
    def full_lines(self) -> int:
        """Number of lines that the start completes."""
        return sum(bool(line.strip()) for line in self.text.split("\n")[:-1])


def _as_verse(text: str) -> str:
    """Return a text with plain line breaks, without blank lines that end no stanza."""
    lines: list[str] = []
    rows = rows_of(text)
    for row in rows[:-1]:
        if row.strip():
            lines.append(row)
        elif lines and lines[-1]:
            lines.append("")
    lines.append(rows[-1])  # what the poet goes on with; empty after a line break
    return "\n".join(lines)


def _candidates(character: str) -> Iterator[str]:
    """Yield what may replace a character, the nearest first."""
    yield character.swapcase()
    yield _FOLDED.get(character, "")
    decomposed = unicodedata.normalize("NFKD", character)
    plain = "".join(part for part in decomposed if not unicodedata.combining(part))
    yield plain
    yield plain.swapcase()


@dataclass(frozen=True)
class WordPrompt:
    """The start of a poem for a word-level poet.

    Attributes:
        lines: whole lines of tokens, with their ends.
        texts: the same lines as they were given.
        prefix: first tokens of the line after them; empty without one.
        begins: that beginning as it was given.
    """

    lines: list[list[str]]
    texts: list[str]
    prefix: list[str]
    begins: str

    @classmethod
    def of(cls, text: str) -> WordPrompt:
        """Read a text; if it does not end in a line break, the poet continues its last line."""
        *rows, begins = rows_of(text)
        lines = tokens.poem_tokens(Poem.from_lines(rows))
        if lines and not rows[-1].strip() and begins.strip():
            lines[-1].append(tokens.STANZA_END)
        texts = [row for row in rows if row.strip()]
        return cls(lines, texts, drawn_tokens(begins), begins)

    def suits(self, token: str) -> bool:
        """Return whether a token may follow the beginning: no mark stands close to a space."""
        return not (self.begins[-1:].isspace() and tokens.stands_close(token))


def draw_line_end(
    model: LanguageModel,
    vocabulary: WordVocabulary,
    prompt: WordPrompt,
    logits: NDArray[np.float32],
    state: State,
    sampling: Sampling,
    rules: AdjacencyRules,
    generator: np.random.Generator,
) -> list[int]:
    """Draw an end for a line whose first words are given.

    Args:
        model: a poet that reads every line from its end, or what stands in for it.
        vocabulary: its words.
        prompt: the start, with the line's first tokens.
        logits: logits of the next word, (1, vocabulary).
        state: state of one poem after all that stands before the line.
        sampling: how words are drawn.
        rules: which tokens may stand side by side.
        generator: the poem's source of chance.

    Returns:
        Numbers of the tokens after the prefix in the order they are read: from the line's end.
    """
    prefix_ids = [*vocabulary.encode(prompt.prefix)[::-1].tolist(), vocabulary.LINE]
    state = state.select([0] * _LINE_ENDS)
    logits = np.repeat(logits, _LINE_ENDS, axis=0)
    ends: list[list[int]] = [[] for _ in range(_LINE_ENDS)]
    candidates: list[tuple[float, list[int]]] = []
    for _ in range(_LONGEST_END):
        allowed = np.stack([rules.allowed(end) for end in ends])
        allowed[:, vocabulary.LINE] = False
        drawn = draw(distribution(logits, sampling, allowed), [generator] * _LINE_ENDS)
        for end, number in zip(ends, drawn.tolist(), strict=True):
            end.append(number)
        logits, state = model.step(drawn, state)
        fits = [
            bool(rules.allowed(end)[prefix_ids[0]]) and prompt.suits(vocabulary.token(end[-1]))
            for end in ends
        ]
        scores = _log_probability(model, prefix_ids, logits, state)
        candidates += [
            (float(score), list(end))
            for score, end, fit in zip(scores, ends, fits, strict=True)
            if fit
        ]
    if not candidates:
        return []
    scores = np.array([score for score, _ in candidates])
    if sampling.temperature == 0.0:
        return candidates[int(scores.argmax())][1]
    weights = np.exp((scores - scores.max()) / sampling.temperature)
    chosen = np.searchsorted(np.cumsum(weights), generator.random() * weights.sum())
    return candidates[min(int(chosen), len(candidates) - 1)][1]


def _log_probability(
    model: LanguageModel, numbers: list[int], logits: NDArray[np.float32], state: State
) -> NDArray[np.float64]:
    """Return the log probability of tokens in a row after each of several states, (states,)."""
    total = np.zeros(len(logits))
    numbers = numbers[:_SCORED_TOKENS]
    for place, number in enumerate(numbers):
        values = logits.astype(np.float64)
        top = values.max(axis=1)
        total += values[:, number] - top - np.log(np.exp(values - top[:, None]).sum(axis=1))
        if place < len(numbers) - 1:
            logits, state = model.step(np.full(len(logits), number), state)
    return total
