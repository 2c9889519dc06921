"""Whether a poem keeps a form, and why not.

In: a poem and a form. Out: a `Verdict` with a finding for every line and every link.

Strict: each line keeps its metre with the substitutions the form allows, in some
pronunciation; each rhyme is of a kind the form allows. Lenient: a line may also be inverted
in mid-phrase, headless, end unstressed, hold an extra unstressed syllable, or break its metre
at one syllable; a counted line may be one syllable off; every kind of rhyme poets make
counts. Guessed words count in both, and are told. docs/forms.md defines both.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from quatrain.form.form import Form, load, names
from quatrain.form.metre import MetreAutomaton
from quatrain.form.reading import Reader, Reading, syllable_counts
from quatrain.records import Finding, Poem, Verdict, Verse, as_poem
from quatrain.sound import Ear, Rhymer, words

LENIENT_RHYMES = frozenset(
    {"perfect", "rich", "mosaic", "promoted", "identical", "historical", "family", "slant", "eye"}
)
LENIENT_SUBSTITUTIONS = frozenset(
    {"inversion", "midline", "feminine", "headless", "anapaest", "pyrrhic", "iamb"}
)


class Checker:
    """Checks poems with one ear; words and pairs are remembered.

    Attributes:
        ear, rhymer, reader: what it hears with.
    """

    def __init__(self, ear: Ear | None = None) -> None:
        self.ear = ear or Ear()
        self.rhymer = Rhymer(self.ear)
        self.reader = Reader(self.ear)

    def check(self, poem: Poem, form: Form | str, *, strict: bool = True) -> Verdict:
        """Hold a poem to a form.

        Args:
            poem: the poem.
            form: the form, or the name of a shipped one.
            strict: whether only what the form allows counts.

        Raises:
            FormError: there is no such form.
        """
        form = load(form) if isinstance(form, str) else form
        lines = [line.text for line in poem.lines]
        findings = self._shape(poem, form)
        scheme = self._scheme(poem, form)
        readings: list[Reading | None] = [None] * len(lines)
        for number, text in enumerate(lines):
            metre = form.metre_of(number)
            if metre is not None:
                finding, readings[number] = self._metre(number, text, metre, strict)
                findings.append(finding)
            count = form.syllables_of(number)
            if count is not None:
                findings.append(self._count(number, text, count, strict))
        if not any(each.asked == "lines" and not each.kept for each in findings):
            findings += self._rhymes(lines, readings, scheme, form, strict)
            findings += self._refrains(poem, form)
            findings += self._end_words(poem, form)
        findings += self._acrostic(lines, form)
        findings.sort(key=lambda each: each.line)
        guessed = dict.fromkeys(
            word.text
            for text in lines
            for word in words(text)
            if (ways := self.ear.pronounce(word.spoken)) and ways[0].guessed
        )
        stresses = tuple(each.stress if each else "" for each in readings)
        places = tuple(each.places if each else () for each in readings)
        return Verdict(
            form.name, strict, poem, tuple(findings), scheme, stresses, tuple(guessed), places
        )

    def likeliest(self, poem: Poem, most: int = 3) -> list[Verdict]:
        """The shipped forms a poem comes nearest to, the nearest first, each checked leniently.

        A form without demands (free verse) comes only after those that are kept.
        """
        found = []
        for name in names():
            form = load(name)
            if not all(each.kept for each in self._shape(poem, form)):
                continue
            verdict = self.check(poem, form, strict=False)
            asked = len(verdict.findings)
            share = 1 - len(verdict.broken) / max(1, asked)
            # Of forms kept alike, the one that asks for more says more about the poem.
            rank = (not verdict.kept, -share, not form.fixed, -asked, name)
            if share > 0.5:
                found.append((rank, verdict))
        return [verdict for _, verdict in sorted(found, key=lambda each: each[0])[:most]]

    def _shape(self, poem: Poem, form: Form) -> list[Finding]:
        """Whether the poem has the form's lines; stanza breaks are free."""
        count = len(poem.lines)
        fixed = sum(map(len, form.stanzas))
        if form.fixed:
            kept = count == fixed
            return [Finding(0, "lines", kept, f"{count} lines", f"{fixed} lines",
                            "" if kept else "The form has a fixed number of lines.")]  # fmt: skip
        unit = sum(map(len, form.again))
        rest = count - fixed - sum(map(len, form.close))
        kept = rest >= unit * form.least and rest % unit == 0
        wanted = f"{fixed + sum(map(len, form.close))} + " if fixed or form.close else ""
        return [Finding(0, "lines", kept, f"{count} lines",
                        f"{wanted}a multiple of {unit}, at least {unit * form.least}",
                        "" if kept else "Its stanzas are of one length.")]  # fmt: skip

    def _scheme(self, poem: Poem, form: Form) -> tuple[str | None, ...]:
        count = len(poem.lines)
        if form.fixed:
            letters = [letter for row in form.laid_out(0) for letter in row]
        else:
            unit = sum(map(len, form.again))
            rest = count - sum(map(len, form.stanzas)) - sum(map(len, form.close))
            stanzas = max(form.least, rest // unit) * len(form.again)
            laid = form.laid_out(stanzas + len(form.stanzas) + len(form.close))
            letters = [letter for row in laid for letter in row]
        return tuple((letters + [None] * count)[:count])

    def _metre(
        self, number: int, text: str, metre: MetreAutomaton, strict: bool
    ) -> tuple[Finding, Reading]:
        reading = self.reader.read(text, metre)
        licence = ", ".join(reading.licences)
        if reading.breaches and not strict:
            # First with every licence and no breach, then with one breach and few licences:
            # both at once would let a line of four feet pass for one of five.
            looser = replace(metre, allowed=metre.allowed | LENIENT_SUBSTITUTIONS)
            again = self.reader.read(text, looser)
            if again.breaches:
                near = replace(metre, allowed=metre.allowed | {"midline"})
                again = self.reader.read(text, near)
            if again.distance <= 1:
                licence = ", ".join((*again.licences, *again.breaches))
                why = "one breach, forgiven" if again.breaches else f"read {again.stress}"
                return (
                    Finding(number + 1, "metre", True, again.stress, str(metre), why, licence),
                    again,
                )
        kept = not reading.breaches
        why = "; ".join(reading.breaches) if reading.breaches else f"read {reading.stress}"
        found = reading.stress or "no words"
        return Finding(number + 1, "metre", kept, found, str(metre), why, licence), reading

    def _count(self, number: int, text: str, wanted: int, strict: bool) -> Finding:
        possible, likeliest = syllable_counts(text, self.ear)
        kept = wanted in possible
        licence = ""
        if kept and likeliest != wanted:
            licence = f"said with {wanted} syllables, {likeliest} is likelier"
        if not kept and not strict and abs(likeliest - wanted) <= 1:
            kept, licence = True, f"{likeliest} syllables, one off"
        said = ", ".join(
            f"{word.text} {ways[0].syllables}"
            for word in words(text)
            if (ways := self.ear.pronounce(word.spoken))
        )
        shown = wanted if kept and not licence.endswith("off") else likeliest
        return Finding(number + 1, "syllables", kept, f"{shown} syllables",
                       f"{wanted} syllables", f"counted: {said}", licence)  # fmt: skip

    def _rhymes(
        self,
        lines: list[str],
        readings: list[Reading | None],
        scheme: tuple[str | None, ...],
        form: Form,
        strict: bool,
    ) -> list[Finding]:
        allowed = form.rhymes if strict else form.rhymes | LENIENT_RHYMES
        latest: dict[str, int] = {}
        repeats = {later for places in form.refrains.values() for later in places}
        found = []
        for number, letter in enumerate(scheme):
            if letter is None:
                continue
            before = latest.get(letter)
            latest[letter] = number
            if before is None or number + 1 in repeats or self._carried(number, form):
                continue
            rhyme = self.rhymer.rhyme_lines(lines[before], lines[number])
            kind, why = rhyme.kind, rhyme.why
            if kind not in form.rhymes and self._promoted(readings[before], readings[number]):
                kind, why = "promoted", "the same last syllable, on a beat in both lines"
            kept = kind in allowed or _same_line(lines[before], lines[number])
            licence = "" if not kept or kind in form.rhymes else f"{kind} rhyme"
            if rhyme.pronunciations and (
                rhyme.pronunciations[0].guessed or rhyme.pronunciations[1].guessed
            ):
                why += ", by a guess"
            if rhyme.pronunciations:
                why += f" ({rhyme.pronunciations[0]} / {rhyme.pronunciations[1]})"
            found.append(
                Finding(number + 1, "rhyme", kept, f"{kind}: {rhyme.first}/{rhyme.second}",
                        f"a rhyme with line {before + 1} ({letter})", why, licence)
            )  # fmt: skip
        return found

    @staticmethod
    def _promoted(first: Reading | None, second: Reading | None) -> bool:
        """Whether lines end in one same syllable, on a beat in both: *tree* and *memory*.

        The syllable of a longer word that has no stress of its own is promoted by the metre. It
        is heard as the metre was read: not *razèd* where the line has *razed*.
        """
        ends = []
        for reading in (first, second):
            if reading is None or not reading.said or not reading.stress.endswith("+"):
                return False
            phonemes = reading.said[-1][1].phonemes
            place = max(number for number, each in enumerate(phonemes) if each[-1].isdigit())
            before = phonemes[place - 1] if place else ""
            ends.append(((phonemes[place][:-1], *phonemes[place + 1 :]), before))
        (rime, onset), (other_rime, other_onset) = ends
        return rime == other_rime and onset != other_onset

    @staticmethod
    def _carried(number: int, form: Form) -> bool:
        """Whether a line of an open form repeats one of the stanza before."""
        if not form.carry:
            return False
        stanza, place = divmod(number - sum(map(len, form.stanzas)), len(form.again[0]))
        return stanza > 0 and any(now == place + 1 for _, now in form.carry)

    def _refrains(self, poem: Poem, form: Form) -> list[Finding]:
        lines = [line.text for line in poem.lines]
        pairs = [(first, later) for first, places in form.refrains.items() for later in places]
        if form.carry:
            start, unit = sum(map(len, form.stanzas)), len(form.again[0])
            for stanza in range(1, (len(lines) - start) // unit):
                base = start + stanza * unit
                pairs += [(base - unit + before, base + now) for before, now in form.carry]
        return [
            Finding(later, "refrain", _same_line(lines[first - 1], lines[later - 1]),
                    repr(lines[later - 1]), f"line {first} again: {lines[first - 1]!r}",
                    "Words are compared, not punctuation or capitals.")
            for first, later in pairs
        ]  # fmt: skip

    def _end_words(self, poem: Poem, form: Form) -> list[Finding]:
        if not form.end_words:
            return []
        lines = [line.text for line in poem.lines]
        ends = [_last_word(line) for line in lines[: len(form.stanzas[0])]]
        found = []
        start = 0
        for scheme, row in zip(form.stanzas, form.end_words, strict=True):
            for place in range(len(scheme)):
                wanted, has = ends[row[place] - 1], _last_word(lines[start + place])
                if start:
                    found.append(
                        Finding(start + place + 1, "end word", wanted == has, repr(has),
                                repr(wanted), f"The last word of line {row[place]} comes back.")
                    )  # fmt: skip
            start += len(scheme)
        return found

    @staticmethod
    def _acrostic(lines: list[str], form: Form) -> list[Finding]:
        found = []
        for number, (letter, text) in enumerate(zip(form.acrostic, lines, strict=False), 1):
            first = next((each for each in text if each.isalpha()), "")
            found.append(
                Finding(number, "acrostic", first.lower() == letter.lower(), repr(first),
                        repr(letter), "The first letters of the lines spell a word.")
            )  # fmt: skip
        return found


def _same_line(one: str, other: str) -> bool:
    return [word.spoken for word in words(one)] == [word.spoken for word in words(other)]


def _last_word(line: str) -> str:
    found = words(line)
    return found[-1].spoken if found else ""


@cache
def _checker() -> Checker:
    return Checker()


def check(poem: Verse, form: Form | str, *, strict: bool = True) -> Verdict:
    """Hold a poem to a form; `Checker.check` says what the arguments are."""
    return _checker().check(as_poem(poem), form, strict=strict)


def likeliest(poem: Verse, most: int = 3) -> list[Verdict]:
    """The shipped forms a poem comes nearest to, the nearest first."""
    return _checker().likeliest(as_poem(poem), most)
