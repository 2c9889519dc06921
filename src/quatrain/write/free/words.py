"""Free verse of a word-level poet.

In: a poet, a prompt and options. Out: lines as they are drawn, and the finished poems.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from quatrain.poet import State, WordPoet, tokens
from quatrain.records import Poem
from quatrain.write.bias import Diction, LowTemperatureBias, closing_marks
from quatrain.write.bias.repetition import RECENT_LINE_ENDS, RECENT_WORDS
from quatrain.write.free.adjacency import AdjacencyRules, drop_unpaired
from quatrain.write.free.generation import FreeGeneration
from quatrain.write.free.prompt import WordPrompt, draw_line_end
from quatrain.write.options import WriteOptions
from quatrain.write.user_text import LineText, set_lines

CHARACTERS_PER_WORD = 5
"""Average characters per word; converts a limit of characters to one of words."""

Line = list[str]


class WordDraft:
    """A poem being written word by word.

    Args:
        lines: the full lines it begins with.
        texts: the same lines as they were given.
        line_goal: number of lines after which the poem ends; None lets the poet decide.
        words: most words to draw, but for the end of a line; None is no limit.

    Attributes:
        lines: full lines of tokens, in reading order.
        texts: what was given of each full line.
        begins: the beginning of the unfinished line, if it was given.
        prefix: first tokens of the unfinished line, if they were given.
        drawn: numbers of the unfinished line's tokens, the prefix included.
        recent_words: numbers of the words of the full lines, the last few.
        recent_ends: numbers of the words that ended the full lines, the last few.
        ended: what ended the poem, "lines", "end" or "words"; None while it is being written.
        quoted: whether a quotation is open.
        line_goal, words_left: as given; `words_left` counts down.
    """

    def __init__(
        self,
        lines: list[Line],
        texts: Sequence[str],
        line_goal: int | None,
        words: int | None,
    ) -> None:
        self.lines, self.texts = lines, [LineText(text) for text in texts]
        self.begins = ""
        self.prefix: Line = []
        self.drawn: list[int] = []
        self.recent_words: deque[int] = deque(maxlen=RECENT_WORDS)
        self.recent_ends: deque[int] = deque(maxlen=RECENT_LINE_ENDS)
        self.ended: str | None = None
        self.quoted = False
        self.line_goal = line_goal
        self.words_left = words

    @property
    def is_last_line(self) -> bool:
        """True if the poem will end with the line being written."""
        is_over = self.words_left is not None and self.words_left <= 0
        return is_over or len(self.lines) + 1 == self.line_goal

    @property
    def last_token(self) -> str:
        """The last word or mark of the full lines, but for quotation marks that close."""
        after = {tokens.LINE_END, tokens.STANZA_END, "”"}
        return next((token for token in reversed(self.lines[-1]) if token not in after), "")

    def end(self, reason: str) -> None:
        """End the poem: close an open quotation, and drop a stanza break."""
        self.ended = reason
        last = self.lines[-1]
        if tokens.STANZA_END in last:
            last.remove(tokens.STANZA_END)
        if self.quoted and self.texts[-1].whole is None:
            last.insert(last.index(tokens.LINE_END), "”")


class WordGeneration(FreeGeneration[WordDraft]):
    """Several free poems of a word-level poet being written side by side.

    A word that the poet does not know is printed as it is, and read as unknown.

    Args:
        poet: the poet.
        prompt: what every poem begins with.
        options: the options.
        diction: which of the poet's words are left out, or preferred.
    """

    unit = "word"

    def __init__(
        self, poet: WordPoet, prompt: WordPrompt, options: WriteOptions, diction: Diction
    ) -> None:
        super().__init__(poet, options)
        self._vocabulary = vocabulary = poet.vocabulary
        self._backwards = poet.backwards
        self._rules = AdjacencyRules(vocabulary, backwards=poet.backwards, diction=diction)
        self._typesetter = tokens.Typesetter(vocabulary.style)
        temperature = options.drawing.temperature
        self._bias = LowTemperatureBias(vocabulary, temperature)
        # Added before the division by the temperature.
        self._diction_bias = None if diction.bias is None else diction.bias * (temperature or 1.0)
        self._closing_marks = closing_marks(poet)
        names = [vocabulary.token(number) for number in range(vocabulary.size)]
        self._suits_start = np.array([not name.strip() or prompt.suits(name) for name in names])
        limit = options.character_limit
        words = limit and max(1, limit // CHARACTERS_PER_WORD)
        drafts = [
            WordDraft([list(line) for line in prompt.lines], prompt.texts, options.lines, words)
            for _ in range(options.poems)
        ]
        for draft in drafts:
            draft.begins = prompt.begins
            for line in draft.lines:
                self._remember(draft, line)
                _, draft.quoted = drop_unpaired(line, quoted=draft.quoted)

        state = self._model.start(1)
        logits, state = self._model.step(np.array([vocabulary.START]), state)
        read = vocabulary.encode_lines(prompt.lines, backwards=poet.backwards)[1:-1].tolist()
        prefix = vocabulary.encode(prompt.prefix).tolist()
        for number in read if poet.backwards else [*read, *prefix]:
            logits, state = self._model.step(np.array([number]), state)
        self._begin(drafts, logits, state)
        if prefix and poet.backwards:
            self._finish_first_lines(poet, prompt, logits, state)
        elif prefix:
            for draft in drafts:
                draft.prefix, draft.drawn = list(prompt.prefix), list(prefix)

    def _finish_first_lines(
        self, poet: WordPoet, prompt: WordPrompt, logits: NDArray[np.float32], state: State
    ) -> None:
        """Draw an end for the line that the user began, in every poem, and read that line.

        For a poet that writes lines from their end.
        """
        vocabulary = poet.vocabulary
        states, last_logits = [], []
        if self._drafts[0].is_last_line and self._closing_marks.any():
            logits = np.where(self._closing_marks, logits, -np.inf)
        for draft, generator in zip(self._drafts, self._generators, strict=True):
            end = draw_line_end(
                self._model,
                vocabulary,
                prompt,
                logits,
                state,
                self._sampling,
                self._rules,
                generator,
            )
            numbers = [*end, *vocabulary.encode(prompt.prefix)[::-1].tolist(), vocabulary.LINE]
            after = state
            for number in numbers:
                line_logits, after = self._model.step(np.array([number]), after)
            draft.prefix = list(prompt.prefix)
            self._add_line(draft, [vocabulary.token(number) for number in reversed(end)])
            states.append(after)
            last_logits.append(line_logits)
        self._state = State.joined(states)
        self._logits = np.concatenate(last_logits)
        self._active = [poem for poem, draft in enumerate(self._drafts) if not draft.ended]

    def pieces(self, poem: int = 0) -> Iterator[str]:
        """Yield the text of one poem, line by line; joined, it is the poem's text."""
        printed = ""
        draft = self._drafts[poem]
        while True:
            text = self._text(draft)
            # Hold the last line back: the end of the poem may still add a mark to it.
            ready = text if draft.ended else text[: text.rfind("\n") + 1].rstrip("\n")
            if len(ready) > len(printed):
                yield ready[len(printed) :]
                printed = ready
            if draft.ended:
                return
            self._advance()

    def _text(self, draft: WordDraft) -> str:
        rows = set_lines(self._typesetter, zip(draft.lines, draft.texts, strict=True))
        return Poem.from_lines(rows).text

    def _biased(
        self, logits: NDArray[np.float32], drafts: Sequence[WordDraft]
    ) -> NDArray[np.float32]:
        if not self._bias.strength and self._diction_bias is None:
            return logits
        logits = logits.copy()
        if self._diction_bias is not None:
            logits += self._diction_bias
        for row, draft in zip(logits, drafts, strict=True):
            ends_line = self._backwards and not self._bias.words_in(draft.drawn)
            recent = [*draft.recent_words, *draft.drawn]
            self._bias.add_to(row, recent, draft.recent_ends if ends_line else ())
        return logits

    def _allowed(self, drafts: Sequence[WordDraft]) -> NDArray[np.bool_]:
        return np.stack([self._allowed_in(draft) for draft in drafts])

    def _allowed_in(self, draft: WordDraft) -> NDArray[np.bool_]:
        """Return which tokens may come next in a poem, (vocabulary,)."""
        allowed = self._rules.allowed(draft.drawn)
        if draft.begins and len(draft.drawn) == len(draft.prefix) > 0:
            allowed &= self._suits_start
        if draft.drawn:
            return allowed
        if draft.is_last_line and self._closing_marks.any():
            return self._closing_marks
        if draft.lines:
            allowed[self._vocabulary.END] = draft.line_goal is None and self._is_closed(draft)
            allowed[self._vocabulary.STANZA] = tokens.STANZA_END not in draft.lines[-1]
        return allowed

    def _is_closed(self, draft: WordDraft) -> bool:
        """Return whether a poem may end after the lines that it has."""
        number = self._vocabulary.encode([draft.last_token])[0]
        return bool(self._closing_marks[number] or not self._closing_marks.any())

    def _add(self, draft: WordDraft, symbol: int) -> None:
        vocabulary = self._vocabulary
        if symbol == vocabulary.END:
            draft.end("end")
            return
        if symbol == vocabulary.STANZA:
            draft.lines[-1].append(tokens.STANZA_END)
        elif symbol == vocabulary.LINE:
            drawn = [vocabulary.token(number) for number in draft.drawn[len(draft.prefix) :]]
            words = tokens.reversed_line(drawn) if self._backwards else drawn
            self._add_line(draft, words)
        else:
            draft.drawn.append(symbol)
        if draft.words_left is not None and not draft.ended:
            draft.words_left -= 1
            if draft.words_left <= 0 and not draft.drawn and self._is_closed(draft):
                draft.end("words")

    def _add_line(self, draft: WordDraft, words: Line) -> None:
        """Add a finished line, in reading order, to a poem, after what was given of it."""
        words, draft.quoted = drop_unpaired(
            [*draft.prefix, *words], quoted=draft.quoted, first=len(draft.prefix)
        )
        draft.lines.append([*words, tokens.LINE_END])
        draft.texts.append(LineText(begins=draft.begins))
        draft.begins, draft.prefix, draft.drawn = "", [], []
        self._remember(draft, words)
        if draft.line_goal is not None and len(draft.lines) >= draft.line_goal:
            draft.end("lines")

    def _remember(self, draft: WordDraft, line: Line) -> None:
        """Note the words of a line in reading order, and the one that ended it."""
        words = self._bias.words_in(self._vocabulary.encode(line).tolist())
        draft.recent_words.extend(words)
        draft.recent_ends.extend(words[-1:])
