"""One word of a poem, and what could stand there instead.

In: a poem in a form, and one word of it. Out: the poem with that word changed, once for each of
the words that keep the form and surprise the poet least.

Which words keep the metre is heard once for each class (`word_classes`). Of those that do, and
rhyme where they must, fewer and fewer are read on with: to the end of the line, of the next line,
of the poem. Those few are held to the whole form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quatrain.errors import FormError, SettingsError
from quatrain.form import ARTICLES, LIGHT_WORDS, Form
from quatrain.poet import WordPoet, tokens, words_in
from quatrain.records import Alternative, Poem
from quatrain.write.bias.blocklist import BLOCKED_WORDS
from quatrain.write.constrained.plan import plan
from quatrain.write.constrained.prosody import Prosody, describe_measure, last_word
from quatrain.write.options import WriteOptions
from quatrain.write.overlap import Guard
from quatrain.write.revise.lines import check_line, repeated_line, with_lines
from quatrain.write.word_classes import ENDING_S, FINAL_MARKS, FIRST_WORD_CLASS, Mask

TO_LINE_END = 256
"""Words for which the rest of the line is read."""

TO_NEXT_LINE = 64
"""Words for which the line after it is read."""

TO_POEM_END = 16
"""Words for which the whole poem is read, or twice as many as are asked for."""

_WORD = re.compile(r"[^\W_]+(?:['’‘][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class _Place:
    """A word in a line's text: what of it changes.

    Attributes:
        start, end: in the text.
        token: its number among the line's tokens.
        ending: the token after it that is part of the word, as in *king's*, or empty.
    """

    start: int
    end: int
    token: int
    ending: str = ""


def _places(text: str) -> list[_Place]:
    """The words of a line that are tokens of their own, in order."""
    read = tokens.line_tokens(text)
    found = []
    for match in _WORD.finditer(text):
        parts = tokens.line_tokens(match.group())
        number = len(tokens.line_tokens(text[: match.start()]))
        if read[number : number + len(parts)] != parts:
            continue
        last = number + len(parts) == len(read) or not any(
            token[0].isalnum() for token in read[number + len(parts) :]
        )
        ending = parts[1] if len(parts) == 2 and parts[1] != "n't" and not last else ""
        end = match.start() + len(parts[0]) if ending else match.end()
        found.append(_Place(match.start(), end, number, ending))
    return found


class WordRevision:
    """One word of a poem that may be another."""

    def __init__(
        self, poet: WordPoet, prosody: Prosody, poem: Poem, form: Form, line: int, word: int | str
    ) -> None:
        check_line(poem, line)
        self._poet, self._prosody, self.poem, self.form = poet, prosody, poem, form
        self._plans = plan(form, WriteOptions(form=form, lines=len(poem.lines)))
        each = self._plans[line - 1]
        if each.repeats is not None:
            raise repeated_line(line, each.repeats + 1)
        self.line, self._plan = line, each
        self.text = poem.lines[line - 1].text
        places = _places(self.text)
        self.number = _number(self.text, places, word)
        self.place = places[self.number]
        self.old = self.text[self.place.start : self.place.end]
        self.last = self.number == len(places) - 1
        returns = each.ends_like is not None or any(
            other.ends_like == each.number for other in self._plans
        )
        if self.last and returns:
            raise SettingsError(
                "setting 'word'",
                f"{self.old!r}, which ends other lines too",
                "a word that may change alone",
                "Take another word of the line.",
            )
        self.wanted = form.metre_of(line - 1) or form.syllables_of(line - 1)
        self.lines = {line: self.place}
        for other in self._plans:
            if other.repeats == each.number:
                again = _places(poem.lines[other.number].text)
                if len(again) == len(places):  # else the form is broken there, which is told
                    self.lines[other.number + 1] = again[self.number]

    def alternatives(
        self, count: int, avoid: Sequence[str], guards: Sequence[Guard]
    ) -> list[Alternative]:
        """Return the poem with other words, the likeliest first.

        Args:
            count: most alternatives to return.
            avoid: words that are not wanted.
            guards: indexes of texts that no run of words is copied from.

        Raises:
            FormError: another line breaks the form, or no other word fits.
        """
        poet = self._poet
        self.check_rest()
        chosen: list[str] = []
        for number in _Reading(poet, self).ranked(self.candidates(avoid), 2 * count):
            token = poet.vocabulary.token(number)
            if self.keeps(token, guards):
                chosen.append(token)
            if len(chosen) >= max(TO_POEM_END, 2 * count):
                break
        if not chosen:
            raise self.none_kept(guards)
        poems = [with_lines(self.poem, self.texts(token)) for token in chosen]
        encoded = [poet.encode(poem) for poem in poems]
        nats = [float(surprisals.sum()) for surprisals in poet.surprisals(encoded)]
        # What the letters of unknown words cost, which is the same in all.
        spelling = poet.evaluate(poems[0]).nats - nats[0]
        before = poet.evaluate(self.poem).nats
        alternatives = [
            Alternative(
                replace(poem, form=self.form.name, seed=None, settings={}),
                self.shown(token, self.line),
                surprisal + spelling,
                surprisal + spelling - before,
            )
            for poem, token, surprisal in zip(poems, chosen, nats, strict=True)
        ]
        return sorted(alternatives, key=lambda alternative: alternative.surprisal)[:count]

    def shown(self, token: str, line: int) -> str:
        """A word as it is written in a line in place of the old one."""
        text, place = self.poem.lines[line - 1].text, self.lines[line]
        word = self._prosody.page.line(["a", token]).split()[-1]
        before = tokens.line_tokens(text[: place.start])
        begins = not any(each[0].isalnum() for each in before) or before[-1] in FINAL_MARKS
        if begins and text[place.start].isupper():
            word = word[0].upper() + word[1:]
        return word

    def texts(self, token: str) -> dict[int, str]:
        """The lines with another word, by number."""
        found = {}
        for line, place in self.lines.items():
            text = self.poem.lines[line - 1].text
            found[line] = text[: place.start] + self.shown(token, line) + text[place.end :]
        return found

    @property
    def changed(self) -> Poem:
        """The poem with some other word, to count tokens by."""
        word = next(each for each in self._poet.vocabulary.words if each.isalpha())
        return with_lines(self.poem, self.texts(word))

    def check_rest(self) -> None:
        """Raise `FormError` if what another word cannot mend breaks the form."""
        mended = set(self.lines)
        if self.last:
            mended |= {each.number + 1 for each in self._plans if each.letter == self._plan.letter}
        for finding in self._prosody.checker.check(self.poem, self.form).broken:
            if finding.line not in mended:
                where = f"line {finding.line}, " if finding.line else "the poem, "
                raise FormError(
                    f"{where}{finding.asked}",
                    finding.found,
                    finding.wanted,
                    "Change that first, or give another form.",
                    message=str(finding),
                )

    def candidates(self, avoid: Sequence[str]) -> Mask:
        """The words that fit there, (vocabulary,).

        Raises:
            FormError: there are none; the reason is told.
        """
        word_classes, vocabulary = self._prosody.word_classes, self._poet.vocabulary
        here = tokens.line_tokens(self.text)
        near = here[max(0, self.place.token - 1) : self.place.token + 2]
        numbers = vocabulary.numbers
        # Neither itself, nor what stands beside it, nor what carries meaning in the line already.
        taken = {*near, self.old.lower(), *(set(here) - LIGHT_WORDS - ARTICLES)}
        found = ~word_classes.mask(numbers[each] for each in taken if each in numbers)
        found &= self._in_metre()
        if not found.any():
            raise self._none(f"keeps {describe_measure(self.wanted)} there")
        if self.last:
            found &= word_classes.may_end_line
            for other in self._partners():
                found &= self._prosody.rhymes_with(other, self.form.rhymes)
                if not found.any():
                    raise self._none(
                        f"rhymes with {last_word(other) or other!r} and keeps the metre"
                    )
        unwanted = {*map(_only_word, avoid), *BLOCKED_WORDS}
        found &= ~word_classes.mask(numbers[each] for each in unwanted if each in numbers)
        if not found.any():
            raise self._none("fits there, but for those that were not to occur")
        return np.asarray(found)

    def _in_metre(self) -> Mask:
        """The words whose class keeps the metre, (vocabulary,)."""
        word_classes = self._prosody.word_classes
        opened = word_classes.class_id_of(self.old.lower())
        after_apostrophe = (
            opened >= FIRST_WORD_CLASS and word_classes.classes[opened - FIRST_WORD_CLASS].clipped
        )
        kept, heard = [], {}
        ending = self.place.ending
        classes, first = np.unique(word_classes.class_ids, return_index=True)
        for number, example in zip(classes.tolist(), first.tolist(), strict=True):
            kind = (
                word_classes.classes[number - FIRST_WORD_CLASS]
                if number >= FIRST_WORD_CLASS
                else None
            )
            if kind is None or kind.clipped != after_apostrophe:
                continue
            if ending and not kind.endings[word_classes.class_id_of(ending) - ENDING_S]:
                continue
            sounds = kind.joined_signature if ending else kind.signature
            if sounds not in heard:
                text = self.texts(self._poet.vocabulary.token(example))[self.line]
                heard[sounds] = not self._prosody.describe_breach(text, self.wanted)
            if heard[sounds]:
                kept.append(number)
        return np.isin(word_classes.class_ids, kept)

    def _partners(self) -> list[str]:
        """The lines before and after it that it must rhyme with."""
        letter = self._plan.letter
        alike = [
            each.number
            for each in self._plans
            if letter and each.letter == letter and each.number + 1 not in self.lines
        ]
        before = [number for number in alike if number < self.line - 1][-1:]
        after = [number for number in alike if number >= self.line][:1]
        return [self.poem.lines[number].text for number in (*before, *after)]

    def keeps(self, token: str, guards: Sequence[Guard]) -> bool:
        """Whether the whole poem keeps its form with a word, and copies no run with it."""
        texts = self.texts(token)
        poem = with_lines(self.poem, texts)
        if not self._prosody.checker.check(poem, self.form).kept:
            return False
        return not any(self._copies(poem, line, guard) for line in texts for guard in guards)

    def _copies(self, poem: Poem, line: int, guard: Guard) -> bool:
        """Whether some run with the new word in it is copied."""
        before = words_in("\n".join(each.text for each in poem.lines[: line - 1]))
        text, start = poem.lines[line - 1].text, self.lines[line].start
        before += words_in(text[:start])
        rest = words_in("\n".join([text[start:], *(each.text for each in poem.lines[line:])]))
        return guard.copies([*before[-guard.longest :], *rest[: guard.longest + 1]])

    def none_kept(self, guards: Sequence[Guard]) -> FormError:
        """That no word was left by the check of the whole."""
        return self._none("keeps the whole form" + (" and copies nothing" if guards else ""))

    def _none(self, what: str) -> FormError:
        return FormError(
            f"line {self.line}, {self.old!r}",
            f"no other word among this poet's {len(self._poet.vocabulary.words):,} that {what}",
            "one that does",
            "Revise the whole line, or take a poet with more words.",
        )


def _number(text: str, places: list[_Place], word: int | str) -> int:
    """Which of the words of a line is meant."""
    shown = [text[place.start : place.end] for place in places]
    if isinstance(word, int):
        if not 1 <= word <= len(places):
            raise SettingsError(
                "setting 'word'",
                f"word {word}",
                f"1 to {len(places)}: {' '.join(shown)}",
                "Correct the number of the word.",
            )
        return word - 1
    wanted = word.strip().lower().replace("’", "'")
    full = [each.lower().replace("’", "'") for each in shown]
    whole = [each + place.ending for each, place in zip(full, places, strict=True)]
    found = [number for number in range(len(places)) if wanted in {full[number], whole[number]}]
    if len(found) != 1:
        times = f"it {len(found)} times" if found else "a line without it"
        raise SettingsError(
            "setting 'word'",
            f"{word!r}, and {times}: {text!r}",
            "a word that the line has once",
            "Give its number in the line, from 1.",
        )
    return found[0]


def _only_word(text: str) -> str:
    """The one token of a text that is a word, as *tis* of *'tis*; nothing if there are more."""
    words = [token for token in tokens.line_tokens(text) if token[0].isalnum()]
    return words[0] if len(words) == 1 else ""


class _Reading:
    """The poet's reading up to the word, and from it on to the end of the next line."""

    def __init__(self, poet: WordPoet, change: WordRevision) -> None:
        self._poet = poet
        read: list[str] = []
        after: list[int] = []  # where the line ends, and the next
        at = 0
        for number, line in enumerate(tokens.poem_tokens(change.changed), 1):
            if number == change.line:
                words = sum(token not in {tokens.LINE_END, tokens.STANZA_END} for token in line)
                token = change.place.token
                at = len(read) + (words - 1 - token if poet.backwards else token)
            read += tokens.reversed_line(line) if poet.backwards else line
            if number >= change.line:
                after.append(len(read))
            if number > change.line:
                break
        numbers = poet.vocabulary.encode(read)
        self._rest = [numbers[at + 1 : after[0]], numbers[after[0] :]]
        logits, state = poet.step(np.array([poet.vocabulary.START]), poet.start(1))
        for each in numbers[:at]:
            logits, state = poet.step(np.array([each]), state)
        self._logits, self._state = logits, state

    def ranked(self, mask: Mask, least: int) -> list[int]:
        """The words of a mask, those first that the poet would rather read there.

        Args:
            mask: (vocabulary,).
            least: how many are wanted.
        """
        first = _nats(self._logits)[0]
        order = np.argsort(first, kind="stable")
        order = order[mask[order]]
        ids = order[: max(TO_LINE_END, least)]
        nats, state, read = first[ids], self._state.select([0] * len(ids)), ids
        for most, rest in zip((len(ids), max(TO_NEXT_LINE, least)), self._rest, strict=True):
            state = state.select(list(range(min(most, len(ids)))))
            read, kept = read[:most], nats[:most]
            for each in rest:
                logits, state = self._poet.step(read, state)
                read = np.full(len(read), each)
                kept = kept + _nats(logits)[:, each]
            places = np.argsort(kept, kind="stable")
            ids = np.concatenate([ids[:most][places], ids[most:]])
            nats = np.concatenate([kept[places], nats[most:]])
            state, read = state.select(places.tolist()), read[places]
        return [*ids.tolist(), *order[len(ids) :].tolist()]


def _nats(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """The surprise at every word, (poems, vocabulary)."""
    most = logits.max(axis=1, keepdims=True)
    whole = np.exp(logits - most).sum(axis=1, keepdims=True)
    return np.asarray(most + np.log(whole) - logits)
