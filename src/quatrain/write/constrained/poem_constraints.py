"""What each line of a poem must be, and whether any can be it.

In: a request, a poet and its prosody. Out: a `LineConstraint` for the next line of a draft, and the
reason where there cannot be a line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import FormError, SettingsError
from quatrain.form import ARTICLES, LIGHT_WORDS
from quatrain.poet import State, tokens
from quatrain.write.bias.blocklist import BLOCKED_WORDS
from quatrain.write.constrained.decoder import LineDecoder
from quatrain.write.constrained.line_automaton import Wanted
from quatrain.write.constrained.line_constraint import LineConstraint, Mask
from quatrain.write.constrained.prosody import Prosody, last_word, told_of
from quatrain.write.constrained.request import LinePlan, Request, plan
from quatrain.write.word_classes import FINAL_MARKS, MARK, MARKS, UNUSABLE

THEME = 12.0
"""Nats a word gains for a cosine of 1 with the theme, at strength 1."""

_JOINING = frozenset({"and", "but", "or", "nor", "than", "which", "whom"})
"""Words that go on from something: no poem begins with one, if it may begin otherwise."""

_NEAR = 0.1
"""The cosine up to which a word has nothing to do with the theme."""


@dataclass
class PoemState:
    """One poem as far as it stands."""

    number: int
    generator: np.random.Generator
    plans: list[LinePlan]
    state: State
    logits: NDArray[np.float32]
    lines: list[list[str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    used: Counter[int] = field(default_factory=Counter)
    restarts: int = 0


class PoemConstraints:
    """What a poem's lines must be.

    Args:
        poet: whose lines.
        prosody: its ear.
        request: what is asked for.

    Attributes:
        plans: of the lines.
        given: per line the tokens of its text, its beginning and its end.
        needs: numbers of the words to include.
        unwanted: what must not occur and is several tokens, as *to-day*.
        theme: what every word gains for the theme, in nats, (vocabulary,), or None.
        content: which words carry meaning, (vocabulary,).

    Raises:
        SettingsError: wishes contradict the form or each other, or name unknown words.
        FormError: what is given breaks the form.
    """

    def __init__(self, poet: LineDecoder, prosody: Prosody, request: Request) -> None:
        self._poet, self._prosody, self._request = poet, prosody, request
        self._form = request.form
        self.plans = plan(request)
        self.given = [self._tokens_of(each) for each in self.plans]
        self._check_given()
        avoided = [tokens.line_tokens(word) for word in request.avoid]
        self.unwanted = [parts for parts in avoided if len(parts) > 1]
        self._allowed = self._allowed_words(parts[0] for parts in avoided if len(parts) == 1)
        self.needs = [self._number(word) for word in request.include]
        self.theme = self._steered()
        vocabulary = poet.vocabulary
        names = [vocabulary.token(number) for number in range(vocabulary.size)]
        self._marks = np.array([name in FINAL_MARKS for name in names])
        self._openers = prosody.word_classes.is_word & np.array(
            [name not in _JOINING for name in names]
        )
        light = np.array([name in LIGHT_WORDS for name in names])
        self.content = np.asarray(prosody.word_classes.is_word & ~light)

    def _tokens_of(self, each: LinePlan) -> tuple[list[str], list[str], list[str]]:
        """The tokens of a line's text, of its beginning and of its end."""
        texts = (each.text or "", each.begins, each.ends)
        found = tuple(tokens.line_tokens(text) for text in texts)
        for text, words in zip(texts, found, strict=True):
            if text.strip() and not words:
                raise SettingsError(f"line {each.number + 1}", repr(text), "words", "Give words.")
        return found  # type: ignore[return-value]

    def wanted(self, number: int) -> Wanted:
        """The metre of a line, or its number of syllables, or None."""
        return self._form.metre_of(number) or self._form.syllables_of(number)

    def _check_given(self) -> None:
        """Raise if a line given breaks its metre, or two given ends do not rhyme."""
        latest: dict[str, tuple[int, str]] = {}
        for each in self.plans:
            where = f"line {each.number + 1}"
            text = each.text
            if text is not None:
                wanted = self.wanted(each.number)
                broken = self._prosody.broken(text, wanted)
                if broken:
                    raise FormError(
                        where,
                        f"{text!r}: {broken}",
                        told_of(wanted),
                        "Change the line, or give another form.",
                    )
            end = text or each.ends
            if each.letter and each.repeats is None and end:
                if not last_word(end):
                    raise FormError(
                        where,
                        repr(end),
                        "a word at its end: it must rhyme",
                        "Add one.",
                    )
                before = latest.get(each.letter)
                if before is not None:
                    rhyme = self._prosody.checker.rhymer.rhyme_lines(before[1], end)
                    if rhyme.kind not in self._form.rhymes:
                        raise FormError(
                            where,
                            f"{rhyme.first!r} and {rhyme.second!r} ({rhyme.kind}: {rhyme.why})",
                            f"a rhyme with line {before[0] + 1}",
                            "Give lines or words that rhyme, or leave one of them out.",
                        )
                latest[each.letter] = (each.number, end)
            shown = "".join(map(self._prosody.page.line, self.given[each.number]))
            unread = set(shown) - (self._poet.alphabet or set(shown))
            if unread:
                raise SettingsError(
                    where,
                    ", ".join(map(repr, sorted(unread))),
                    "characters of the poet's alphabet",
                    "Give other words: the poet has never read these characters.",
                )
            for token in (*self.given[each.number][1], *self.given[each.number][2]):
                if self._prosody.given(token).kind == UNUSABLE:
                    raise FormError(
                        where,
                        f"{token!r}, which cannot be said as a word of verse",
                        "words, and marks that need no partner",
                        "Leave it out.",
                    )

    def _number(self, word: str) -> int:
        vocabulary = self._poet.vocabulary
        number = vocabulary.numbers.get(word.lower(), vocabulary.UNKNOWN)
        if number == vocabulary.UNKNOWN or not self._prosody.word_classes.is_word[number]:
            raise SettingsError(
                "setting 'include'",
                f"the word {word!r}",
                f"a word that this poet knows, as {self._near(word)}",
                "Take another word, or put it into a line of your own.",
            )
        return number

    def _near(self, *words: str) -> str:
        """Some words that the poet knows and that are spelled like these."""
        numbers, is_word = self._poet.vocabulary.numbers, self._prosody.word_classes.is_word
        found = (
            [name for name in self._poet.near(word, 12) if is_word[numbers[name]]][:3]
            for word in words
        )
        return ", ".join(repr(name) for each in found for name in each)

    def _allowed_words(self, avoided: Iterable[str]) -> Mask:
        allowed = self._sayable()
        for word in avoided:
            number = self._poet.vocabulary.numbers.get(word)
            if number is not None:
                allowed[number] = False
        return allowed

    def _sayable(self) -> Mask:
        """The words that can be said, without those that nobody asked for."""
        numbers = self._poet.vocabulary.numbers
        given = {token for parts in self.given for each in parts for token in each}
        given |= {word.lower() for word in self._request.include}
        given |= set(tokens.line_tokens(self._request.about))
        unasked = (BLOCKED_WORDS - given) & numbers.keys()
        allowed = self._prosody.word_classes.class_ids != UNUSABLE
        return np.asarray(
            allowed & ~self._prosody.word_classes.mask(numbers[word] for word in unasked)
        )

    def _steered(self) -> NDArray[np.float32] | None:
        """What every word gains for the theme, in nats."""
        request = self._request
        if not request.about.strip() or request.strength == 0:
            return None
        vocabulary = self._poet.vocabulary
        asked = [token for token in tokens.line_tokens(request.about) if token[0].isalnum()]
        numbers = [vocabulary.numbers[token] for token in asked if token in vocabulary.numbers]
        empty = LIGHT_WORDS | ARTICLES
        heavy = [number for number in numbers if vocabulary.token(number) not in empty]
        near_all = self._poet.themes(heavy)
        if near_all is None:
            raise SettingsError(
                "setting 'about'",
                f"{request.about!r} for a poet of characters",
                "a poet of words: only it knows which words are near each other",
                "Take a poet of words, as 'verse', or include words of the theme.",
            )
        if not heavy:
            near = f", as {self._near(*asked[:2])}" if asked and not numbers else ""
            raise SettingsError(
                "setting 'about'",
                repr(request.about),
                f"a word that carries meaning and that this poet knows{near}",
                "Take other words for the theme.",
            )
        gain = THEME * request.strength * np.maximum(near_all - _NEAR, 0)
        return np.asarray(np.where(self._prosody.word_classes.is_word, gain, 0), np.float32)

    def task(self, draft: PoemState, number: int, *, without: str = "") -> LineConstraint:
        """What a line must be; for the search of what is impossible, without one demand."""
        each = draft.plans[number]
        backwards = self._poet.backwards
        prosody = self._prosody
        _, begins, ends = self.given[number]
        edge = self._edge(draft, each) if not ends and without != "rhyme" else None
        initial = self._initial(each, without) if not begins else None
        need = (
            self._poet.vocabulary.numbers[each.need] if each.need and without != "include" else None
        )
        given_begin = [prosody.given(token) for token in begins]
        given_end = [prosody.given(token) for token in ends]
        final = self._marks if number == len(self.plans) - 1 else None
        wanted = self.wanted(number) if without != "metre" else None
        return LineConstraint(
            prosody.language(wanted, falling=not each.letter or bool(ends)),
            prosody.word_classes,
            allowed=self._allowed if without != "avoid" else self._sayable(),
            first=edge if backwards else initial,
            last=initial if backwards else edge,
            marks=final if backwards else None,
            stops=None if backwards else final,
            closed=final is not None and not ends and self._closes(draft),
            need=need,
            opening=given_end[::-1] if backwards else given_begin,
            closing=given_begin[::-1] if backwards else given_end,
        )

    def _initial(self, each: LinePlan, without: str) -> Mask | None:
        """The words that a line may begin with, or None for any."""
        found = None
        if each.initial and without != "acrostic":
            found = self._prosody.initials(each.initial)
        if each.number == 0:
            fresh = self._openers if found is None else self._openers & found
            found = fresh if (fresh & self._allowed).any() else found
        return found

    def _closes(self, draft: PoemState) -> bool:
        """Whether the poem is one that ends its lines in marks, and so must end in one."""
        marked = sum(line[-1] in MARKS for line in draft.lines)
        able = self._marks & self._allowed & (self._prosody.word_classes.class_ids == MARK)
        return 0 < len(draft.lines) <= 2 * marked and bool(able.any())

    def _edge(self, draft: PoemState, each: LinePlan) -> Mask:
        """The words that a line may end in."""
        prosody, form = self._prosody, self._form
        if each.ends_like is not None and len(draft.texts) > each.ends_like:
            word = _last_word(draft.lines[each.ends_like])
            return prosody.word_classes.mask([prosody.given(word).number])
        taken = [
            prosody.given(_last_word(line)).number
            for line, before in zip(draft.lines, draft.plans, strict=False)
            if before.repeats is None
        ]
        free = prosody.word_classes.may_end_line & ~prosody.word_classes.mask(taken)
        if each.letter is None:
            return np.asarray(free)
        alike = [one for one in draft.plans if one.letter == each.letter]
        ends = [self._end(draft, one) for one in alike]
        before = [end for end, one in zip(ends, alike, strict=True) if one.number < each.number]
        after = [end for end, one in zip(ends, alike, strict=True) if one.number > each.number]
        before, after = list(filter(None, before)), list(filter(None, after))
        found = free
        for end in (*before[-1:], *after[:1]):  # the pairs that the form is held to
            found = found & prosody.rhyming(end, form.rhymes)
        for end in (*before[:-1], *after[1:]):
            both = found & prosody.rhyming(end, form.rhymes)
            found = both if both.any() else found
        if not before and not after:
            alike = [one for one in alike if one.repeats is None]
            rest = sum(one.number > each.number for one in alike)
            if rest:
                found = found & prosody.opening_rhyme(rest)
            fresh = found & ~np.isin(
                prosody.word_classes.rhyme_ids, prosody.word_classes.rhyme_ids[taken]
            )
            found = fresh if fresh.any() else found  # letters should sound different
        return np.asarray(found)

    def _end(self, draft: PoemState, each: LinePlan) -> str:
        """A line, or what is known of its end, or nothing."""
        if each.number < len(draft.texts):
            return draft.texts[each.number]
        if each.repeats is not None:
            return self._end(draft, draft.plans[each.repeats])
        return each.text or each.ends

    def check_possible(self, draft: PoemState, number: int) -> None:
        """Raise if no line can be what this one must be, naming the demand that prevents it.

        Raises:
            FormError: no word has the rhyme, the letter, or a place in the metre.
        """
        each = draft.plans[number]
        if not each.free or self.task(draft, number).possible():
            return
        _, begins, ends = self.given[number]
        demands = {
            "rhyme": "a rhyme that the form allows",
            "acrostic": f"a word that begins with {each.initial!r}",
            "include": f"the word {each.need!r}",
            "avoid": "words that were not to occur",
            "metre": f"a place in {told_of(self.wanted(number))}",
        }
        freed = (name for name in demands if self.task(draft, number, without=name).possible())
        name = next(freed, "")
        told = demands.get(name, "what was given of it")
        alike = [one for one in draft.plans if one.letter == each.letter and one.letter]
        known = dict.fromkeys(filter(None, (self._end(draft, one) for one in alike)))
        if name == "rhyme" and known:
            told = f"a word that rhymes with {' and '.join(map(repr, known))}"
        about = f" beginning with {' '.join(begins)!r}" if begins else ""
        about += f" ending in {' '.join(ends)!r}" if ends else ""
        raise FormError(
            f"line {number + 1}",
            f"no line{about} with {told} in this poet's {self._poet.words:,} words",
            "a line that meets all demands at once",
            "Leave that demand out, give the line yourself, or take a poet with more words.",
        )


def _last_word(line: Sequence[str]) -> str:
    return next((token for token in reversed(line) if token[0].isalnum()), "")
