"""One word of a poem changed: the form kept, the likeliest first, and reasons where none fits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import quatrain
from quatrain.errors import FormError, SettingsError, UserError
from quatrain.form import Checker, parse
from quatrain.records import Line, Poem
from quatrain.write import OverlapIndex, WordWriter, WriteOptions
from quatrain.write.constrained.decoders.word_decoder import WordDecoder
from quatrain.write.constrained.prosody import Prosody
from quatrain.write.revise.word import WordRevision

CHECKER = Checker()
QUATRAIN = parse('stanzas = ["ABAB"]\nmetre = "iambic 5"\nallow = ["inversion"]\n', "own", "own")
RIVER = Poem.from_lines(
    [
        "The lamp is low, and nobody is home;",
        "We left the window open to the rain.",
        "The boat has gone, and so has all the foam;",
        "I shall not hear the river's talk again.",
    ],
    title="Ebb",
)


@pytest.fixture(scope="module")
def poet() -> WordWriter:
    poet = quatrain.load("verse")
    assert isinstance(poet, WordWriter)
    return poet


def only(poem: Poem, number: int) -> str:
    """The one line that differs from `RIVER`'s."""
    changed = [
        (place, line.text)
        for place, (line, before) in enumerate(zip(poem.lines, RIVER.lines, strict=True), 1)
        if line != before
    ]
    assert [place for place, _ in changed] == [number]
    return changed[0][1]


@pytest.mark.slow
def test_the_form_is_kept_and_one_word_changes(poet: WordWriter) -> None:
    found = poet.alternatives(RIVER, 2, 4, form=QUATRAIN, count=7)
    assert len({each.word for each in found}) == 7
    for each in found:
        assert only(each.poem, 2) == f"We left the {each.word} open to the rain."
        assert CHECKER.check(each.poem, QUATRAIN, strict=True).kept
        assert (each.poem.title, each.poem.form, each.poem.seed) == ("Ebb", "own", None)


@pytest.mark.slow
def test_no_article_comes_before_a_word_that_takes_none(poet: WordWriter) -> None:
    """*The rain* does not become *the it*, nor *and it* become *the it*."""
    options = WriteOptions(metre="iambic 5")
    before = "The rain comes rattling at the window pane"
    nouns = poet.word_alternatives([before], 1, 2, options, count=300)
    assert not {"it", "they", "my", "that", "is"} & {other.word for other in nouns}
    after = "And rain and it is at the window pane"
    joints = poet.word_alternatives([after], 1, 3, options, count=300)
    assert not {"a", "an", "the"} & {other.word for other in joints}


@pytest.mark.slow
def test_surprise_is_the_poets_and_the_least_comes_first(poet: WordWriter) -> None:
    found = poet.alternatives(RIVER, 3, "boat", form=QUATRAIN, count=6)
    before = poet.evaluate(RIVER).nats
    for each in found:
        assert each.surprisal == pytest.approx(poet.evaluate(each.poem).nats, abs=1e-2)
        assert each.difference == pytest.approx(each.surprisal - before, abs=1e-2)
    assert [each.surprisal for each in found] == sorted(each.surprisal for each in found)
    assert found[:2] == poet.alternatives(RIVER, 3, "boat", form=QUATRAIN, count=2)


@pytest.mark.slow
def test_hardly_any_that_was_passed_over_is_likelier(poet: WordWriter) -> None:
    """Against every word of one syllable among the thousand most frequent, one by one."""
    best = poet.alternatives(RIVER, 1, "lamp", form=QUATRAIN, count=1)[0]
    poems = [
        Poem.from_lines([RIVER.lines[0].text.replace("lamp", word), *map(str, RIVER.lines[1:])])
        for word in poet.vocabulary.words[:1000]
        if word.isalpha() and word not in {"the", "is", "low", "nobody", "home"}
    ]
    kept = [poem for poem in poems if CHECKER.check(poem, QUATRAIN).kept]
    assert len(kept) > 200
    nats = [float(each.sum()) for each in poet.surprisals([poet.encode(poem) for poem in kept])]
    assert best.surprisal <= min(nats) + 0.5
    assert sum(each < best.surprisal - 1e-2 for each in nats) <= 1


@pytest.mark.slow
def test_the_last_word_rhymes(poet: WordWriter) -> None:
    found = poet.alternatives(RIVER, 2, "rain", form=QUATRAIN, count=4)
    for each in found:
        assert only(each.poem, 2).endswith(f" {each.word}.")
        rhyme = CHECKER.rhymer.rhyme_lines(each.word, "again")
        assert rhyme.kind in QUATRAIN.rhymes
    avoided = poet.alternatives(RIVER, 2, "rain", form=QUATRAIN, count=4, avoid=[found[0].word])
    assert found[0].word not in {each.word for each in avoided}


@pytest.mark.slow
def test_a_word_keeps_its_capital_and_its_ending(poet: WordWriter) -> None:
    for each in poet.alternatives(RIVER, 4, "river", form=QUATRAIN, count=3):
        assert only(each.poem, 4) == f"I shall not hear the {each.word}'s talk again."
        assert CHECKER.check(each.poem, QUATRAIN).kept
    first = poet.alternatives(RIVER, 2, 1, form=QUATRAIN, count=3)
    assert all(each.word[0].isupper() for each in first)
    assert poet.alternatives(RIVER, 4, "river's", form=QUATRAIN, count=3) == poet.alternatives(
        RIVER, 4, 6, form=QUATRAIN, count=3
    )


@pytest.mark.slow
def test_what_the_poet_does_not_know_can_be_changed(poet: WordWriter) -> None:
    lines = [line.text for line in RIVER.lines]
    odd = Poem.from_lines([*lines[:1], "We left the “Kwikwik” open—to the rain.", *lines[2:]])
    for each in poet.alternatives(odd, 2, "Kwikwik", form=QUATRAIN, count=2):
        assert each.poem.lines[1].text == f"We left the “{each.word}” open—to the rain."
        assert each.surprisal == pytest.approx(poet.evaluate(each.poem).nats, abs=1e-2)


@pytest.mark.slow
def test_a_refrain_changes_wherever_it_stands(poet: WordWriter) -> None:
    lines = [
        "The river carries all to sea,",
        "The kettle sings against the rain;",
        "And nobody will call for me.",
        "The river carries all to sea--",
        "I mend the net, I bake for three,",
        "I set it on the shelf again.",
        "The river carries all to sea,",
        "The kettle sings against the rain.",
    ]
    poem = Poem.from_lines(lines)
    assert CHECKER.check(poem, "triolet").kept
    for each in poet.alternatives(poem, 1, "carries", form="triolet", count=2):
        changed = [line.text for line in each.poem.lines]
        assert changed[3] == f"The river {each.word} all to sea--"
        assert changed == [line.replace("carries", each.word) for line in lines]
        assert CHECKER.check(each.poem, "triolet").kept
    with pytest.raises(SettingsError, match="Revise line 1"):
        poet.alternatives(poem, 4, "carries", form="triolet")


@pytest.mark.slow
def test_an_end_word_that_comes_back_does_not_change_alone(poet: WordWriter) -> None:
    poem = poet.write(form="sestina", seed=1, particles=2)
    for line in (1, 8):
        last = len(poem.lines[line - 1].text.rstrip(".,;:!?-").replace("-", " ").split())
        with pytest.raises(SettingsError, match="ends other lines too"):
            poet.alternatives(poem, line, last, form="sestina")


@pytest.mark.slow
def test_a_guard_keeps_copies_out(poet: WordWriter) -> None:
    found = poet.alternatives(RIVER, 2, "window", form=QUATRAIN, count=2)
    guard = OverlapIndex([Poem.from_lines([found[0].poem.lines[1].text])], longest=3)
    left = poet.alternatives(RIVER, 2, "window", form=QUATRAIN, count=2, guard=guard)
    assert left[0] == found[1]


ORANGE = Poem.from_lines(
    ["We left the window open to the orange,", "The boat has gone across the bar to Blorenge."]
)


@pytest.mark.parametrize(
    ("poem", "line", "word", "options", "told"),
    [
        (RIVER, 9, 1, {}, "There is no line 9: the poem has 4 lines."),
        (RIVER, 2, 9, {}, "the line has 8 words, We left the window open to the rain."),
        (RIVER, 2, 0, {}, "There is no word 0: the line has 8 words"),
        (RIVER, 2, "silver", {}, "'silver' is not in the line"),
        (RIVER, 2, "the", {}, "'the' is 2 times in the line"),
        (RIVER, 2, 1, {"count": 0}, "setting 'count'"),
        (RIVER, 2, 1, {"form": None}, "doesn't say which form"),
        (RIVER, 2, 1, {"avoid": "us"}, "setting 'avoid': got the text 'us'"),
        (replace(RIVER, form="/etc/own.toml"), 2, 1, {"form": None}, "names the file '/etc/own"),
        (replace(RIVER, form="x/own"), 2, 1, {"form": None}, "names the file 'x/own'"),
        (RIVER, 2, 1, {"form": "haiku"}, "can't have 4 lines; the nearest number is 3."),
        (RIVER, 2, 4, {"form": "ballad"}, "keeps iambic trimeter there"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(
    poet: WordWriter, poem: Poem, line: int, word: int | str, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(UserError) as raised:
        poet.alternatives(poem, line, word, **{"form": QUATRAIN, **options})
    assert told in str(raised.value)


@pytest.mark.slow
def test_where_no_other_word_fits_the_reason_is_told(poet: WordWriter) -> None:
    couplet = parse('stanzas = ["AA"]\nmetre = "iambic 5"\nallow = ["inversion"]\n', "own", "own")
    silver = Poem.from_lines(
        ["We left the window open to the month.", "The boat is bright as any."]
    )
    with pytest.raises(FormError, match=r"'month' in line 1.*rhymes with 'any'"):
        poet.alternatives(silver, 1, "month", form=couplet)
    month = Poem.from_lines(
        ["We left the window open to the month.", "The boat has gone away, and so has warmth."]
    )
    with pytest.raises(FormError, match=r"'warmth'.*rhymes with 'month'.*Revise the whole"):
        poet.alternatives(month, 2, "warmth", form=couplet)
    birth = Poem.from_lines(
        ["We left the window open at his birth.", "The boat has gone away across the earth."]
    )
    rhymes = ["worth", "mirth", "dearth", "girth", "Berth", "firth"]
    with pytest.raises(FormError, match="except words to avoid"):
        poet.alternatives(birth, 2, "earth", form=couplet, avoid=rhymes)
    with pytest.raises(FormError, match="keeps iambic pentameter there"):
        poet.alternatives(
            Poem.from_lines(["Unpoetically low.", "The boat is gone, and I am left to go."]),
            1, 2, form=couplet,
        )  # fmt: skip


@pytest.mark.parametrize(("line", "word"), [(1, "lamp"), (2, 8), (4, "river's"), (4, "river")])
def test_words_are_weighed_after_what_stands_there(
    poet: WordWriter, line: int, word: int | str
) -> None:
    text = RIVER.text if word != "river" else RIVER.text.replace("river's", "river")
    poem = Poem.from_lines(text.split("\n"))
    changed = WordRevision(poet, Prosody(WordDecoder(poet)), poem, QUATRAIN, line, word).example
    assert (poet.encode(changed) != poet.encode(poem)).sum() == 1


@pytest.mark.slow
def test_other_lines_may_break_the_form(poet: WordWriter) -> None:
    """Only the line and its rhymes have to hold, so faults elsewhere prevent nothing."""
    lines = [line.text for line in RIVER.lines]
    faulty = Poem.from_lines([*lines[:2], "The boat.", lines[3]])
    for line, word in ((1, "lamp"), (2, "rain"), (4, "hear")):
        for other in poet.alternatives(faulty, line, word, form=QUATRAIN, count=3):
            broken = {found.line for found in CHECKER.check(other.poem, QUATRAIN).broken}
            assert broken == {found.line for found in CHECKER.check(faulty, QUATRAIN).broken}
    dotted = Poem.from_lines(["...", *lines[1:]])
    assert len(poet.alternatives(dotted, 3, "foam", form=QUATRAIN, count=2)) == 2
    mended = Poem.from_lines([*lines[:3], "I shall not hear the river's talk tonight."])
    for other in poet.alternatives(mended, 4, "tonight", form=QUATRAIN, count=3):
        assert CHECKER.check(other.poem, QUATRAIN).kept
    for other in poet.alternatives(mended, 2, "rain", form=QUATRAIN, count=3):
        assert CHECKER.check(other.poem, QUATRAIN).kept


@pytest.mark.slow
def test_a_last_word_answers_the_next_rhyme_and_spoils_no_other_line(poet: WordWriter) -> None:
    lines = [line.text for line in RIVER.lines]
    faulty = Poem.from_lines([*lines[:3], "I shall not hear the river's talk tonight."])
    prosody = Prosody(WordDecoder(poet))
    answer = WordRevision(poet, prosody, faulty, QUATRAIN, 2, "rain")
    assert answer.keeps_form("light")
    assert not answer.keeps_form("snow")
    form = parse('stanzas = ["AxA"]\nmetre = "iambic 5"\n', "own", "own")
    unrhymed = Poem(((Line(lines[0]), Line(lines[1]), Line("")),))
    revision = WordRevision(poet, prosody, unrhymed, form, 1, "home")
    assert revision.keeps_form("sea")
    assert not revision.keeps_form("lane")


@pytest.mark.slow
def test_a_word_of_a_draft_changes_beside_empty_places(poet: WordWriter) -> None:
    lines = ["", RIVER.lines[1].text, "\tThe boat is", RIVER.lines[3].text]
    options = WriteOptions(form=QUATRAIN, avoid=["pane"])
    for other in poet.word_alternatives(lines, 2, "rain", options, count=4):
        assert other.text == f"We left the window open to the {other.word}."
        assert CHECKER.rhymer.rhyme_lines(other.word, "again").kind in QUATRAIN.rhymes
        assert other.word != "pane"
    unfinished = poet.word_alternatives(lines, 3, 2, options, count=3)
    assert [other.text for other in unfinished] == [f"\tThe {o.word} is" for o in unfinished]
    free = poet.word_alternatives(["", "The boat is gone."], 2, "boat", count=2)
    assert len(free) == 2
    with pytest.raises(UserError, match="The line has no words"):
        poet.word_alternatives(lines, 1, 1, options)
