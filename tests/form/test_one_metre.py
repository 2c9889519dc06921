"""Forms that leave the metre open: the poem's own is found, and every line is held to it."""

import pytest

from quatrain.errors import FormError
from quatrain.form import Checker, check, load, parse
from quatrain.records import Poem

VILLANELLE = """The road goes down to meet the sea,
And every lamp along it burns.
No one is there to wait for me.

The wind has shaken every tree;
The weathercock complains and turns.
The road goes down to meet the sea.

I left a light, I left a key,
A kettle where the water churns.
No one is there to wait for me.

I was not asked to leave; not she,
But I it was, who never learns.
The road goes down to meet the sea.

The gulls are loud, the tide is free,
The ferry leaves, and none returns.
No one is there to wait for me.

I might have asked her what would be
The thing for which a woman yearns.
The road goes down to meet the sea.
No one is there to wait for me."""

SHORT_VILLANELLE = """The rain is near.
The swallows fly.
We end the year.

The hill is clear
Against the sky;
The rain is near.

You are not here
To ask me why
We end the year

With so much fear,
And none to cry
(The rain is near)

I shed no tear,
I close my eye.
We end the year,

The cold, the drear,
The lost, the dry.
The rain is near.
We end the year."""

TRIOLET = """I had a little boat
And left it on the sand.
I wear my summer coat;
I had a little boat.
The song is in my throat,
The oar is in my hand;
I had a little boat
And left it on the sand."""

LETTER = """If I write you a letter
And you burn it to-day,
Will you like me the better
If I write you a letter?
Though I ought to know better,
As the gossips all say.
If I write you a letter
And you burn it to-day."""

RONDEL = """The swallows gather on the wire,
The garden puts its green away;
The light is shorter every day,
And someone in it lights a fire.

I watch the smoke climb up the spire,
I hear the talk of oats and hay;
The swallows gather on the wire,
The garden puts its green away.

What is it that the birds desire
That I should wish to make them stay?
They never heard of me, or May,
And never knew that I would tire.
The swallows gather on the wire,
The garden puts its green away."""

TERCETS = """The train went slowly past the mill
And nobody was on the stair;
A horse was standing on the hill.

I thought that somebody would care
To lift a hand or draw a blind,
But all the windows had a stare

Like people who have lost their mind
And wait for what they cannot say.
I left the little town behind

And thought about it every day."""

RUBAI = """The baker lights his lamp at three;
The dough is patient as can be.
It lifts itself in every pan
And nobody is there to see."""


@pytest.mark.parametrize(
    ("poem", "form", "metre", "variant"),
    [
        (VILLANELLE, "villanelle", "iambic tetrameter", ""),
        (SHORT_VILLANELLE, "villanelle", "iambic dimeter", ""),
        (TRIOLET, "triolet", "iambic trimeter", ""),
        (LETTER, "triolet", "anapaestic dimeter", ""),
        (RONDEL, "rondel", "iambic tetrameter", "rondel-14"),
        (RONDEL.rsplit("\n", 1)[0], "rondel", "iambic tetrameter", ""),
        (TERCETS, "terza-rima", "iambic tetrameter", ""),
        (RUBAI, "rubai", "iambic tetrameter", ""),
    ],
)
def test_a_form_is_kept_in_the_metre_that_the_poem_has(
    poem: str, form: str, metre: str, variant: str
) -> None:
    verdict = check(poem, form)
    assert verdict.kept, str(verdict)
    assert (verdict.metre, verdict.variant, verdict.form) == (metre, variant, form)
    assert metre in verdict.summary


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (2, "And every lamp along it burns and burns."),
        (8, "The weather turns."),
        (14, "The ferry leaves, the ferry returns."),
    ],
)
def test_a_line_in_another_metre_than_most_is_refused(line: int, text: str) -> None:
    lines = [row for row in VILLANELLE.split("\n") if row]
    lines[line - 1] = text
    verdict = check("\n".join(lines), "villanelle")
    (finding,) = [finding for finding in verdict.broken if finding.asked == "metre"]
    assert (finding.line, finding.wanted) == (line, "iambic tetrameter")
    assert verdict.metre == "iambic tetrameter"


def test_a_poem_in_no_one_metre_is_told_so() -> None:
    lines = [row for row in VILLANELLE.split("\n") if row]
    mixed = [
        f"{row[:-1]} and all the world besides." if number % 2 else row
        for number, row in enumerate(lines)
    ]
    mixed[4] = mixed[7] = mixed[10] = mixed[13] = "Nothing."
    verdict = check("\n".join(mixed), "villanelle")
    finding = next(finding for finding in verdict.broken if finding.asked == "one metre")
    assert finding.line == 0
    assert str(finding).startswith("The poem keeps no one metre; the nearest is ")


OPEN = 'again = ["."]\nmetre = "any"\n'


def test_an_open_metre_without_words_is_the_usual_one() -> None:
    form = parse(OPEN + 'usual = "trochaic 3"', "made", "made.toml")
    assert (form.metre, form.one_metre, form.usual) == ((), True, ("trochaic", 3))
    settled = Checker().settle_metre([], form)
    assert (settled.metre, settled.one_metre) == ((("trochaic", 3),), False)
    assert form.metre_of(0) is None
    assert parse(OPEN, "made", "made.toml").usual == ("iambic", 5)
    sonnet = load("sonnet")
    assert Checker().settle_metre(["A line"], sonnet) is sonnet


def test_a_poem_is_settled_in_its_variant_and_metre() -> None:
    settled = Checker().settle(Poem.from_lines(RONDEL.split("\n")), load("rondel"))
    assert settled.metre == (("iambic", 4),)
    assert sum(map(len, settled.stanzas)) == 14
    assert settled.variants == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('metre = "iambic 4"\nusual = "iambic 4"', "line 3: got 'usual' without any metre"),
        ('usual = "iambic 4"', "'usual' without any metre"),
        ('metre = "any"\nusual = "iambick 4"', "line 3: got 'iambick 4'"),
        ('metre = "any"\nsyllables = 8', "A metre already fixes the number of syllables"),
        ('metre = ["any"]', r"got 'any'; expected a foot"),
    ],
)
def test_an_open_metre_contradicts(text: str, message: str) -> None:
    with pytest.raises(FormError, match=message):
        parse(f'stanzas = ["AA"]\n{text}', "made", "made.toml")


# --- rentrement


RONDEAU = """The postman has not come today,
The snow has taken road and gate;
I set the cup beside the plate
And hear the weather have its say.

The children have gone out to play
And tell me it is getting late:
{}

They built a man and left him grey,
They hung a letter on his weight,
And all his buttons are of slate.
He looks at me as if to say:
{}"""


def rondeau(first: str, second: str) -> str:
    """Return a rondeau of twelve lines, with the two lines that repeat its opening words."""
    return RONDEAU.format(first, second)


@pytest.mark.parametrize(
    ("first", "second", "broken"),
    [
        ("The postman has not come.", "The postman has not come!", []),
        ("The postman", "The postman.", []),
        ("The postman", "The postman has not come", [12]),
        ("The postman has not come today", "The postman has not come today", [7, 12]),
        ("A postman", "A postman", [7, 12]),
        ("...", "...", [7, 12]),
    ],
)
def test_a_rondeau_repeats_its_opening_words(first: str, second: str, broken: list[int]) -> None:
    verdict = check(rondeau(first, second), "rondeau")
    assert verdict.variant == "rondeau-12"
    assert [finding.line for finding in verdict.broken] == broken, str(verdict)
    assert {finding.asked for finding in verdict.broken} <= {"refrain"}


def test_lines_of_a_rondeau_to_come() -> None:
    verdict = check("\n".join(RONDEAU.split("\n")[:4]), "rondeau-12")
    assert str(verdict.coming[2]) == (
        "line 7: the opening words of line 1 again, 'The postman has not come today,'"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('stanzas = ["A.A"]\nrentrement = [4]', "line 2: got .4.; expected lines from 2 to 3"),
        ('stanzas = ["A.A"]\nrentrement = [1]', "expected lines from 2 to 3"),
        ('stanzas = ["A.A"]\nrentrement = ["2"]', "expected lines from 2 to 3"),
        ('again = ["A.A"]\nrentrement = [2]', "expected none beside 'again'"),
    ],
)
def test_a_wrong_rentrement_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormError, match=message):
        parse(text, "song", "song.toml")


# --- variants


def test_the_variants_of_the_shipped_forms_have_names() -> None:
    rondel = load("rondel-14")
    assert (rondel.name, rondel.title) == ("rondel-14", "rondel of fourteen lines")
    assert rondel.refrains == {1: (7, 13), 2: (8, 14)}
    assert check(RONDEL, "rondel-14").kept
    assert not check(RONDEL.rsplit("\n", 1)[0], "rondel-14").kept
    with pytest.raises(FormError, match="Did you mean 'rondel-14'"):
        load("rondel-15")


MADE = """title = "song"
stanzas = ["AABB"]

[variants.song-in-turn]
stanzas = ["ABAB"]

[variants.long-song]
stanzas = ["AABB", "CC"]
refrains = {1 = [6]}
"""


def test_a_poem_is_held_to_the_variant_that_suits_it() -> None:
    long = MADE.replace("refrains = {1 = [6]}", "")
    form = parse(long, "song", "song.toml")
    assert [variant.name for variant in form.variants] == ["song-in-turn", "long-song"]
    rows = {
        "stone / alone / wall / fall": "",
        "stone / wall / alone / fall": "song-in-turn",
        "stone / alone / wall / fall / rain / lane": "long-song",
    }
    checker = Checker()
    for row, variant in rows.items():
        verdict = checker.check(Poem.from_lines(row.split(" / ")), form)
        assert verdict.kept, str(verdict)
        assert (verdict.form, verdict.variant) == ("song", variant)
    verdict = checker.check(Poem.from_lines(["stone", "wall", "alone", "lamp"]), form)
    assert (verdict.variant, len(verdict.broken)) == ("song-in-turn", 1), "the nearest one"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MADE, "song.toml, line 9: got lines 1 and 6 with rhymes A and C"),
        ('stanzas = ["A"]\nvariants = {a = 1}', "line 2: got a = 1; expected a table"),
        ('stanzas = ["A"]\n[variants.a]', "expected a table with the keys that differ"),
        ('stanzas = ["A"]\n[variants.a]\nmeter = "any"', "line 3: got the key 'meter'"),
        ('stanzas = ["A"]\n[variants.a.variants.b]\nstanzas = ["B"]', "the keys that differ"),
    ],
)
def test_a_wrong_variant_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormError, match=message):
        parse(text, "song", "song.toml")
