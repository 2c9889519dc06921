"""Words that a poet never saw, given by the user: read, scanned, placed and spelled as given."""

import re
from collections.abc import Callable

import numpy as np
import pytest

import quatrain
from quatrain.corpus.tokens import Style, Typesetter
from quatrain.errors import FormError, SettingsError, UserError
from quatrain.form import Checker, parse
from quatrain.poet import WordVocabulary
from quatrain.records import Poem
from quatrain.write import WordWriter, Writer
from quatrain.write.constrained.stand_ins import may_stand_in
from quatrain.write.spoken_tokens import said_words

CHECKER = Checker()
NEW = ["smartphone", "iPhone", "e-mail", "Twitter", "COVID-19", "TikTok", "3D", "naïve", "NASA"]
FEW = ["the", "a", "of", "lamp", "window", "rain", "river", "stone", "sleep", "door", "night", "."]
FOURS = parse('again = ["...."]\nsyllables = [6]\n', "sixes", "here")

MakeWordWriter = Callable[..., WordWriter]


def holds(poem: Poem, word: str) -> bool:
    """Return whether a poem has a word, spelled exactly so but for a capital at a line's start."""
    spelled = re.escape(word)
    return bool(re.search(rf"(?<![\w-]){spelled}(?![\w])", poem.text)) or bool(
        re.search(rf"^{spelled.capitalize()}(?!\w)", poem.text, re.MULTILINE)
    )


@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
@pytest.mark.parametrize("search", ["particles", "beam"])
@pytest.mark.parametrize("word", NEW)
def test_a_small_poet_includes_any_word(
    make_word_writer: MakeWordWriter, word: str, search: str, backwards: bool
) -> None:
    poet = make_word_writer(FEW, backwards=backwards)
    poem = poet.write(form=FOURS, lines=4, seed=1, include=[word], search=search, particles=4)
    assert holds(poem, word), poem.text
    assert CHECKER.check(poem, FOURS, strict=True).kept
    assert poem == poet.write(
        form=FOURS, lines=4, seed=1, include=[word], search=search, particles=4
    )


@pytest.mark.slow
@pytest.mark.parametrize("form", ["sonnet", "limerick", "haiku", "villanelle"])
@pytest.mark.parametrize("search", ["particles", "beam"])
def test_new_words_keep_every_form(verse: Writer, form: str, search: str) -> None:
    for seed, (word, contrast) in enumerate([("smartphone", 0.75), ("e-mail", 0.0)], 1):
        poem = verse.write(
            form=form, seed=seed, include=[word], search=search, contrast=contrast, particles=4
        )
        assert holds(poem, word), poem.text
        verdict = Checker().check(poem, form, strict=True)
        assert verdict.kept, f"{poem.text}\n{verdict.broken}"


@pytest.mark.slow
def test_rhymes_and_ends_may_be_new_words(verse: Writer) -> None:
    poem = verse.write(form="limerick", seed=1, rhyme={"A": ["wifi", "sky", "hi-fi"]}, particles=4)
    ends = [line.text.rstrip(".,!?;:-") for line in poem.lines]
    assert ends[0].endswith("wifi")
    assert ends[4].endswith("hi-fi")
    assert CHECKER.check(poem, "limerick", strict=True).kept


@pytest.mark.slow
def test_letters_spell_new_words() -> None:
    poet = quatrain.load("letters")
    poem = poet.write(form="haiku", seed=3, include=["smartphone", "iPhone"], particles=4)
    assert holds(poem, "smartphone")
    assert holds(poem, "iPhone")
    assert CHECKER.check(poem, "haiku", strict=True).kept


@pytest.mark.slow
def test_a_new_word_does_not_open_every_line(verse: Writer) -> None:
    """Without its gain it came first in its line every time: nothing else was possible there."""
    poems = verse.write_many(12, form="heroic-couplets", lines=4, seed=1, include=["smartphone"])
    lines = [
        line.text for poem in poems for line in poem.lines if "smartphone" in line.text.lower()
    ]
    assert len(lines) == len(poems)
    assert sum(line.startswith("Smartphone") for line in lines) <= 2


@pytest.mark.parametrize("word", ["river", "Lamp"])
def test_known_words_leave_poems_without_contrast_as_they_were(
    make_word_writer: MakeWordWriter, word: str
) -> None:
    poet = make_word_writer(FEW, backwards=True)
    poem = poet.write(form=FOURS, lines=4, seed=1, include=["river"], contrast=0)
    poet.write(form=FOURS, lines=4, seed=1, include=[word, "wifi"])
    assert poet.write(form=FOURS, lines=4, seed=1, include=["river"], contrast=0) == poem


def test_a_new_word_stands_only_where_it_is_asked_for(make_word_writer: MakeWordWriter) -> None:
    poet = make_word_writer(FEW, backwards=True)
    for poem in poet.write_many(6, form=FOURS, lines=4, seed=1, include=["wifi"]):
        assert poem.text.lower().count("wifi") == 1


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("xkcd", "'xkcd' can't be placed in a line: it isn't clear how it is said. Spell it as"),
        ("🙂", "'🙂' can't be placed in a line"),
        ("москва", "'москва' can't be placed in a line"),
        ("so,", "'so,' can't be placed in a line"),
        ("“Zoom”", "'“Zoom”' can't be placed in a line"),
        ("-", "'-' can't be placed in a line"),
        ("lmp", "Did you mean 'lamp'"),
    ],
)
def test_what_cannot_be_said_is_told(
    make_word_writer: MakeWordWriter, word: str, told: str
) -> None:
    poet = make_word_writer(FEW, backwards=True)
    with pytest.raises(SettingsError) as raised:
        poet.write(form=FOURS, lines=4, seed=1, include=[word])
    assert told in str(raised.value)


def test_a_word_too_long_for_the_metre_is_told_with_its_stress(
    make_word_writer: MakeWordWriter,
) -> None:
    poet = make_word_writer(FEW, backwards=True)
    form = parse('stanzas = ["..."]\nmetre = "iambic 2"\n', "iambs", "here")
    with pytest.raises(FormError, match=r"the word 'photovoltaic' \(stress 20210\)"):
        poet.write(form=form, seed=1, include=["photovoltaic"])


def test_a_word_goes_where_the_metre_has_room(make_word_writer: MakeWordWriter) -> None:
    poet = make_word_writer(FEW, backwards=True)
    form = parse('stanzas = ["...."]\nsyllables = [2, 2, 5, 2]\n', "one-long", "here")
    for seed in range(4):
        poem = poet.write(form=form, seed=seed, include=["photovoltaic"])
        assert "photovoltaic" in poem.lines[2].text.lower()


def test_guesses_are_recorded(make_word_writer: MakeWordWriter) -> None:
    poet = make_word_writer(FEW, backwards=True)
    poem = poet.write(form=FOURS, lines=4, seed=1, include=["TikTok", "river"])
    assert poem.settings["guessed"] == {"TikTok": "T IH1 K T AA0 K"}
    assert "guessed" not in poet.write(form=FOURS, lines=4, seed=1, include=["wifi"]).settings


def test_letters_that_a_poet_never_read_are_told() -> None:
    poet = quatrain.load("letters")
    with pytest.raises(UserError, match="The poet can't spell 'Dvořák': it has never read ř"):
        poet.write(form="haiku", seed=1, include=["Dvořák"])


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("smartphone", ("smartphone",)),
        ("e-mail", ("e", "mail")),
        ("GPT-4", ("g.p.t.", "4")),
        ("C++", ("c", "plus", "plus")),
        ("24/7", ("24/7",)),
        ("Łódź", ("łódź",)),
        ("qwzrtp", ()),
        ("mail-", ()),
        ("a_b", ()),
    ],
)
def test_tokens_of_any_kind_are_said_in_words(token: str, said: tuple[str, ...]) -> None:
    assert said_words(token, CHECKER.reader) == said


@pytest.mark.parametrize(
    ("new", "known", "may"),
    [
        ("selfie", "window", True),
        ("selfie", "expound", False),
        ("TikTok", "slowly", False),
        ("googled", "slowly", False),
        ("texted", "walked", True),
        ("texted", "window", False),
        ("emojiless", "slowly", True),
        ("telephone", "window", True),
        ("telephone", "golden", False),
    ],
)
def test_stand_ins_have_the_part_of_speech(new: str, known: str, may: bool) -> None:
    assert may_stand_in(new, known) is may


def test_inner_capitals_stay_at_a_lines_start() -> None:
    typesetter = Typesetter(Style())
    assert typesetter.line(["iPhone", "and", "lamp"]) == "iPhone and lamp"
    assert typesetter.line(["lamp", "and", "iPhone"]) == "Lamp and iPhone"


def test_a_poet_with_more_words_scores_the_old_ones_the_same(
    make_word_writer: MakeWordWriter,
) -> None:
    poet = make_word_writer(FEW, backwards=True)
    more = poet.with_words(["wifi", "Lamp"])
    assert more.vocabulary.words == (*poet.vocabulary.words, "wifi", "Lamp")
    size, start = poet.vocabulary.size, np.array([WordVocabulary.START])
    logits, state = poet.step(start, poet.start(1))
    more_logits, more_state = more.step(start, more.start(1))
    np.testing.assert_allclose(more_logits[:, :size], logits, rtol=1e-5, atol=1e-6)
    lamp = poet.vocabulary.numbers["lamp"]
    np.testing.assert_allclose(more_logits[:, size + 1], logits[:, lamp], rtol=1e-5, atol=1e-6)
    one, _ = poet.step(np.array([lamp]), state)  # *Lamp* is read as *lamp*
    other, _ = more.step(np.array([size + 1]), more_state)
    np.testing.assert_allclose(other[:, :size], one, rtol=1e-5, atol=1e-6)
    assert poet.with_words(["lamp"]) is poet


def test_stand_ins_are_averaged_by_hand(make_word_writer: MakeWordWriter) -> None:
    """With one known word allowed to stand in, a new word is scored exactly like it."""
    poet = make_word_writer(FEW, backwards=True)
    more = poet.with_words(["wifi"], lambda new, known: known == "stone")
    stone = poet.vocabulary.numbers["stone"]
    weight, bias = more.network.output.weight, more.network.output.bias
    np.testing.assert_allclose(weight[-1], weight[stone], rtol=1e-6)
    np.testing.assert_allclose(bias[-1], bias[stone], rtol=1e-6)
