"""What reading a hundred poems asked for: one kind of English, rhymes on the beat, a closed end."""

from __future__ import annotations

import re

import numpy as np
import pytest

import quatrain
from quatrain.form import Checker, parse
from quatrain.poet import WordVocabulary
from quatrain.poet.network import WordSize
from quatrain.records import Poem
from quatrain.write import WordWriter
from quatrain.write.bias.blocklist import BLOCKED_WORDS
from quatrain.write.bias.register import Registers
from quatrain.write.constrained.decoders.word_decoder import WordDecoder
from quatrain.write.constrained.line.automaton import ACCEPT, LineAutomaton
from quatrain.write.word_classes import FINAL_MARKS, LINE_END, WordClasses

CHECKER = Checker()
VERSES = parse('stanzas = ["XXXX"]\nmetre = "iambic 2"\n', "verses", "here")
COUPLET = parse(
    'stanzas = ["AA"]\nmetre = "iambic 2"\nallow = ["feminine"]\n', "couplet", "here"
)  # fmt: skip


def poet_of(words: str, backwards: bool) -> WordWriter:
    """A poet of a few words that thinks about the same of all of them."""
    counts = {word: 90 - place for place, word in enumerate(words.split())}
    vocabulary = WordVocabulary.from_counts(counts)
    size = WordSize(vocabulary.size, vocabulary.letters, 4, 2, 3, 1, 8, 1, 6)
    generator = np.random.default_rng(5)
    tensors = {
        name: generator.normal(0, 0.3, shape).astype(np.float32)
        for name, shape in size.shapes.items()
    }
    return WordWriter(tensors, vocabulary, backwards=backwards, name="few")


def lexis_of(words: str) -> WordClasses:
    counts = {word: 90 - place for place, word in enumerate(words.split())}
    return WordClasses(WordVocabulary.from_counts(counts), CHECKER.reader)


def words_in(poems: list[Poem], place: int = 0) -> list[str]:
    """The words of the lines from a place on."""
    lines = [line.text for poem in poems for line in poem.lines[place:]]
    return re.findall(r"[a-z']+", " ".join(lines).lower())


def test_registers_take_from_the_other_kind_only() -> None:
    heard = lexis_of("walk walked wait waited shed she thou thee you your 'd i need nee river")
    registers, numbers = Registers(heard), heard.vocabulary.numbers

    def losing(*lines: str) -> set[str]:
        bias = registers.bias([line.split() for line in lines])
        assert (bias <= 0).all()
        return {word for word, number in numbers.items() if bias[number] < 0}

    assert losing("i walk 'd") == {"walked"}
    assert losing("i walked") == {"'d"}
    assert losing("i waited", "she shed", "i need") == set()
    assert losing("i 'd walk") == set()
    assert losing("thou and thee") == {"you", "your"}
    assert losing("your river") == {"thou", "thee"}
    assert losing("thou", "you") == set()


FEW = "lamp rain door stone bread sleep the a of , ."


@pytest.mark.slow
@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
@pytest.mark.parametrize(("said", "other"), [("thee", "you"), ("you", "thee")])
def test_a_poem_goes_on_addressing_as_it_began(backwards: bool, said: str, other: str) -> None:
    poet = poet_of(f"{FEW} thee you", backwards)
    poems = poet.write_many(48, form=VERSES, seed=1, start=f"The lamp of {said}\n")
    found = words_in(poems, 1)
    assert found.count(said) > 3 * found.count(other)


@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
def test_a_poem_with_marks_at_its_ends_is_closed(backwards: bool) -> None:
    poet = poet_of(FEW, backwards)
    marked = "The lamp of bread,\nThe rain of stone,\nA door of sleep,\n"
    last = [
        [
            poem.lines[-1].text[-1] in FINAL_MARKS
            for poem in poet.write_many(16, form=VERSES, start=start, seed=0)
        ]
        for start in (marked, marked.replace(",", ""))
    ]
    assert all(last[0])
    # A poet that draws a line's end first asks for a final mark if it is fond of them, as here.
    assert all(last[1]) is backwards


@pytest.mark.slow
@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
def test_no_poem_begins_with_a_word_that_goes_on(backwards: bool) -> None:
    poet = poet_of("and but nor lamp rain door stone sleep bread the .", backwards)
    poems = poet.write_many(24, form=VERSES, seed=1)
    assert {"and", "but"} & set(words_in(poems, 1))
    assert not {"and", "but"} & {words_in([poem])[0] for poem in poems}
    asked = poet.write(form=VERSES, seed=1, acrostic="N")  # it has no other word with that letter
    assert words_in([asked])[0] == "nor"


@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
def test_a_rhyme_word_of_one_syllable_stands_on_the_beat(backwards: bool) -> None:
    heard = lexis_of("the lamp is yellow low beside you .")
    metre = COUPLET.metre_of(0)

    def kept(line: str, *, falling: bool) -> bool:
        graph = LineAutomaton(metre, heard, backwards=backwards, falling=falling)
        order = line.split()[::-1] if backwards else line.split()
        classes = [int(heard.class_ids[heard.vocabulary.numbers[word]]) for word in order]
        return graph.follow([*classes, LINE_END], graph.start) == ACCEPT

    for line in ("the lamp is low .", "the lamp is yellow"):
        assert kept(line, falling=True)
        assert kept(line, falling=False)
    assert kept("the lamp beside you .", falling=True)
    assert not kept("the lamp beside you .", falling=False)


def test_an_end_that_was_given_may_fall() -> None:
    poet = poet_of("the lamp is yellow low new through beside you blue .", True)
    poem = poet.write(form=COUPLET, seed=1, end="beside you.")
    assert poem.text.endswith("beside you.")
    assert CHECKER.check(poem, COUPLET, strict=True).kept


@pytest.mark.slow
@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
def test_a_slur_is_written_only_where_it_is_given(backwards: bool) -> None:
    assert "papist" in BLOCKED_WORDS
    poet = poet_of("papist window lamp rain door stone sleep river the a .", backwards)
    form = parse('stanzas = ["XXXX"]\nsyllables = [4]\n', "fours", "here")
    assert "papist" not in words_in(poet.write_many(24, form=form, seed=1))
    assert "papist" not in words_in(poet.write_many(24, lines=4, seed=1))
    assert "papist" in words_in([poet.write(form=form, seed=1, include=["papist"])])
    assert "papist" in words_in([poet.write(form=form, seed=1, end="the papist.")])


@pytest.mark.slow
def test_a_cold_poem_has_no_more_marks_than_a_warm_one(monkeypatch: pytest.MonkeyPatch) -> None:
    poet = quatrain.load("verse")

    def marks(temperature: float) -> int:
        poems = poet.write_many(
            6, form="heroic-couplets", lines=6, seed=1, temperature=temperature, contrast=0
        )
        return len(re.findall(r"[,;:.!?]|--", " ".join(poem.text for poem in poems)))

    warm, cold = marks(1.0), marks(0.6)
    monkeypatch.setattr(WordDecoder, "mark_bias", 0.0)
    assert cold < 1.4 * warm < marks(0.6)


def test_the_list_is_of_single_words_in_lower_case() -> None:
    assert all(word.isalpha() and word == word.lower() for word in BLOCKED_WORDS)
    assert not BLOCKED_WORDS & {"savage", "heathen", "chink", "dyke", "jew", "moor"}


def test_a_slur_is_no_alternative() -> None:
    poet = poet_of("papist window lamp rain door stone sleep river kettle the a .", True)
    form = parse('stanzas = ["X"]\nsyllables = [4]\n', "four", "here")
    poem = Poem.from_lines(["The window rain."])
    found = poet.alternatives(poem, line=1, word="window", form=form, count=5)
    assert {"river", "kettle"} <= set(words_in([each.poem for each in found]))
    assert "papist" not in words_in([each.poem for each in found])
