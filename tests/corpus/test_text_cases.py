"""Texts as people have them on disk, with every line marked by hand.

Each line begins with a letter and a bar: `v` verse, `t` title, `a` author, `d` dedication, `e`
epigraph, `y` date, `s` signature, `n` note, `x` anything else that is no verse. Where a line is
verse with something beside it, the verse follows after `=>`. All verse is written for this table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from quatrain.config import Cleaning
from quatrain.corpus import Corpus, read


@dataclass(frozen=True)
class Case:
    """A text and what its lines are.

    Attributes:
        name: what is special about it.
        marked: the lines with their marks.
        poems: how many poems it holds.
        suffix: of its file.
    """

    name: str
    marked: str
    poems: int = 1
    suffix: str = ".txt"

    @property
    def text(self) -> str:
        """The text as it would be on disk."""
        return "\n".join(line.partition("|")[2].split(" => ")[0] for line in self._lines) + "\n"

    @property
    def verse(self) -> list[str]:
        """The lines of verse, without indentation."""
        return [
            line.partition("|")[2].split(" => ")[-1].strip()
            for line in self._lines
            if line.startswith("v|")
        ]

    @property
    def others(self) -> list[str]:
        """The lines that are no verse, without indentation."""
        return [
            line.partition("|")[2].strip()
            for line in self._lines
            if line[:1] not in ("v", "|") and line.partition("|")[2].strip()
        ]

    @property
    def _lines(self) -> list[str]:
        return self.marked.strip("\n").split("\n")


SONNET = """\
v|I kept the lamp until the oil was low
v|And heard the harbour ropes complain all night;
v|The window gave me back my own slow glow,
v|A face with neither argument nor light.
v|Below, the tide was counting out its change
v|In silver on the counter of the quay,
v|And every boat that moved was something strange,
v|And every boat that stayed was kin to me.
v|I thought of those who row without a chart
v|And those who chart and never leave the land,
v|And could not say which kind I was at heart,
v|The oar and pencil equal in my hand.
v|  Then morning came, as mornings do, and laid
v|  Its plain white cloth on all that I had weighed."""

QUATRAINS = """\
v|The miller's wheel goes round and round,
v|  The water runs below;
v|It has a long and sleepy sound
v|  That only millers know.
|
v|The miller's cat sits on the sill
v|  And watches how it turns;
v|She'll never own a watermill,
v|  But see how much she learns."""

HAIKU = """\
v|rain on the tin roof
v|the dog looks up from his dream
v|and lies down again"""

LIMERICK = """\
v|A baker who lived by the quay
v|Put salt in her cakes from the sea;
v|  When the customers swore
v|  She replied, "There is more,
v|And you're welcome to take it for free." """.rstrip()

FREE = """\
v|the ferry leaves without me
v|and I am glad
v|of the bench, the gull,
v|the paper cup going round and round"""

CASES = (
    Case("a numbered sonnet", f"t|Sonnet 18\n|\n{SONNET}"),
    Case("a Markdown title", f"t|# The Lamp\n|\n{SONNET}"),
    Case("a Markdown title right above", f"t|# The Lamp\n{SONNET}"),
    Case("a title in capitals and small letters", f"t|The Lamp at the Window\n|\n{SONNET}"),
    Case("two empty lines below the title", f"t|The Lamp\n|\n|\n{SONNET}"),
    Case("title and author", f"t|The Lamp\na|by Ann Weir\n|\n|\n{SONNET}"),
    Case("title, empty line, author", f"t|THE LAMP\n|\na|By A. Weir\n|\n{SONNET}"),
    Case("title in capitals right above", f"t|THE LAMP\n{SONNET}"),
    Case("title right above a sonnet", f"t|The Lamp\n{SONNET}"),
    Case("the first words as title", f"t|I Kept the Lamp\n|\n{SONNET}"),
    Case("a sentence as title", f"t|What the harbour said\n|\n{SONNET}"),
    Case("a Roman numeral", f"t|XIV.\n|\n{SONNET}"),
    Case("a Roman numeral right above", f"t|XIV.\n{SONNET}"),
    Case("fields", f"t|Title: The Lamp\na|Author: Ann Weir\ny|Year: 1987\n|\n{SONNET}"),
    Case("a haiku under a title", f"t|Rain\n|\n{HAIKU}"),
    Case("a haiku and who wrote it", f"{HAIKU}\n|\ns|-- Ann Weir"),
    Case("a limerick under a title", f"t|The Baker\n|\n{LIMERICK}"),
    Case("a limerick with a title right above", f"t|The Baker\n{LIMERICK}"),
    Case("a signature with place and year", f"{QUATRAINS}\n|\ns|-- A. W., Leith, 2022"),
    Case("a signature right below", f"{QUATRAINS}\ns|— Ann Weir"),
    Case("initials below", f"{QUATRAINS}\n|\ns|A. W."),
    Case("a date right below", f"{QUATRAINS}\ny|(2020)"),
    Case("a date below", f"{QUATRAINS}\n|\ny|Leith, 12 March 2019"),
    Case(
        "all the apparatus of a writer",
        "t|HARBOUR, EARLY\n|\nd|for Miriam\n|\n" + FREE + "\n|\ny|12 March 2019\ns|-- A. W., Leith",
    ),
    Case(
        "dedication and epigraph",
        't|The Mill\nd|for my father\n|\ne|"All wheels are one wheel."\ne|    -- Old saying\n|\n'
        + QUATRAINS,
    ),
    Case(
        "a date under each of several poems",
        f"t|Rain\n|\n{HAIKU}\n|\ny|(2020)\n|\n|\nt|The Baker\n|\n{LIMERICK}\n|\ny|March 2021",
        poems=2,
    ),
    Case(
        "dates between wide gaps",
        f"{QUATRAINS}\n|\n|\ny|(2020)\n|\n|\n{FREE}\n|\n|\ny|(2021)",
        poems=2,
    ),
    Case("an empty line of spaces", f"{HAIKU}\n|  \n|  \n{FREE}", poems=2),
    Case(
        "numbered haiku",
        f"t|1.\n{HAIKU}\n|\nt|2.\nv|first frost of the year\nv|the scarecrow has lost his hat\n"
        "v|to a passing crow",
        poems=2,
    ),
    Case(
        "numbers in the first line of haiku",
        "v|1. rain on the tin roof => rain on the tin roof\nv|the dog looks up from his dream\n"
        "v|and lies down again\n|\nv|2. first frost of the year => first frost of the year\n"
        "v|the scarecrow has lost his hat\nv|to a passing crow",
        poems=2,
    ),
    Case(
        "every line numbered",
        "v|1. The wheel goes round, => The wheel goes round,\n"
        "v|2. the water with it; => the water with it;\n"
        "v|3. nobody asks the millpond => nobody asks the millpond\n"
        "v|4. what it would rather do. => what it would rather do.",
    ),
    Case(
        "every fifth line numbered",
        "\n".join(
            f"v|{row[2:]:60}{n} => {row[2:]}" if n % 5 == 0 else row
            for n, row in enumerate(SONNET.split("\n"), 1)
        ),
    ),
    Case(
        "notes below",
        "v|The miller's wheel[1] goes round and round, => "
        "The miller's wheel goes round and round,\n"
        "v|  The leat* runs on below; =>   The leat runs on below;\n"
        "v|It has a long and sleepy sound\nv|  That only millers know.\n|\n"
        "n|[1] An overshot wheel.\nn|* leat: the channel of a mill.",
    ),
    Case(
        "entities and tags",
        "v|<i>The ferry</i> leaves &mdash; without me,<br> => The ferry leaves — without me,\n"
        "v|and I&#8217;m glad<br/> => and I’m glad\nv|of the bench, the gull&hellip; => "
        "of the bench, the gull…",
    ),
    Case(
        "tokens of a data set",
        f"x|<|startoftext|>\n{HAIKU}\nx|<|endoftext|>\nx|<|startoftext|>\n{FREE}\nx|<|endoftext|>",
        poems=2,
    ),
    Case(
        "italics",
        "v|_The ferry leaves_ without me, => The ferry leaves without me,\n"
        "v|and I am *glad* of the bench, => and I am glad of the bench,\n"
        "v|the **gull** that has my sandwich. => the gull that has my sandwich.",
    ),
    Case(
        "a page number and an illustration",
        QUATRAINS.replace("\n|\n", "\n|\nx|[Pg 12]\n|\n", 1)
        + "\n|\nx|[Illustration: The mill\nx|by moonlight]",
    ),
    Case(
        "a ruler between stanzas under a title",
        "t|The Mill\n|\n" + QUATRAINS.replace("\n|\n", "\n|\nx|* * *\n|\n", 1),
    ),
    Case(
        "rulers between poems",
        f"{HAIKU}\n|\nx|* * *\n|\n{FREE}\n|\nx|* * *\n|\n{LIMERICK}",
        poems=3,
    ),
    Case(
        "speakers and directions",
        "x|MILLER.\nv|The wheel is stuck. Go down and see.\n|\nx|[Exit Boy.]\n|\nx|WIFE.\n"
        "v|He's gone to look, as I should be.\n|\nx|MILLER.\n"
        "v|Then who will mind the flour and me?\n"
        "|\nx|(Enter the Cat.)\n|\nx|WIFE.\nv|The cat, the cat. She always did.",
    ),
    Case("an end mark", f"t|THE MILL\n|\n{QUATRAINS}\n|\nx|FINIS"),
    Case("a link below", f"{QUATRAINS}\n|\nx|Source: https://example.org/mill"),
    Case(
        "titles with single empty lines only",
        f"t|The Lamp\n|\n{SONNET}\n|\nt|A Second Lamp\n|\n{SONNET.replace('lamp', 'light')}",
        poems=2,
    ),
    Case(
        "numbers of the parts of one poem",
        f"t|THE MILL\n|\nt|I\n|\n{QUATRAINS}\n|\nt|II\n|\n{FREE}\n|\n{QUATRAINS}",
    ),
    Case("title above free verse", f"t|Missing the Ferry\n|\n{FREE}"),
    Case("after another poet", f"t|The Ferry\nx|after Horace\n|\n{FREE}"),
    # Verse that looks like something else.
    Case("a first line that stands alone", "v|Nothing is lost.\n|\n" + QUATRAINS),
    Case(
        "a first line that runs on",
        "v|All at once\n|\nv|the birds went up from the wheat\n"
        "v|like a question nobody had asked\n|\nv|and then came down",
    ),
    Case(
        "a refrain that stands alone",
        "v|Row, my love, and row\n|\n" + QUATRAINS + "\n|\nv|Row, my love, and row",
    ),
    Case(
        "a stanza in capitals",
        "v|the sign on the gate said\n|\nv|NO ENTRY\n|\nv|so naturally\nv|we went in",
    ),
    Case(
        "dashes before and after lines",
        "v|— I keep a Clock — it keeps me too —\nv|It has a Face — "
        "like mine —\nv|And when it stops — at noon — some day —\n"
        "v|— The Hands — will both be fine —",
    ),
    Case("a numeral as a line", "v|we counted the boats\nv|7\nv|and then\nv|6"),
    Case(
        "a countdown",
        "v|3\n|\nv|the engine coughs\n|\nv|2\n|\nv|the engine thinks it over\n|\n"
        "v|1\n|\nv|birdsong",
    ),
    Case("one word a line", "v|rain\n|\nv|on\n|\nv|tin\n|\nv|listen"),
    Case(
        "for Miriam in verse",
        "v|For Miriam I walked the shore alone,\nv|For Miriam I turned the "
        "smallest stone,\nv|And every stone I turned was only stone.",
    ),
    Case(
        "to the sea in verse",
        "v|To the sea\nv|I brought a jar,\nv|to the jar\nv|I brought the sea.",
    ),
    Case(
        "a ballad with speakers in the verse",
        'v|"O where have you been, my miller\'s lad?"\n'
        'v|  "I have been to the weir and back."\nv|"And what did you see in the water, lad?"\n'
        'v|  "A moon with a single crack."',
    ),
    Case(
        "speeches that begin with dashes",
        'v|"Who goes there?"\nv|— A friend.\n|\nv|"What friend?"\nv|— The rain.',
    ),
    Case(
        "an acrostic",
        "v|Mornings I hear it turning,\nv|Insistent, under the hill;\n"
        "v|Late, and the lamp is burning,\nv|Loud in the dark is the mill.",
    ),
    Case("parentheses in verse", "v|(and the rain\nv|came down)\nv|on the just\nv|(and the wheat)"),
    Case("a letter in brackets", "v|i am a\nv|l(o\nv|ne\nv|leaf)"),
    Case("a year in verse", "v|In nineteen ninety, or in 1991,\nv|we bought the boat\nv|in 1991"),
    Case("a last line that stands alone", FREE + "\n|\nv|and the tide"),
    Case("a blank to be filled in", "v|My name is ____ and I live\nv|in the house of ____."),
    Case("a name in the last line", QUATRAINS + "\n|\nv|Sleep well, sleep well, Ann Weir."),
    Case(
        "capitals throughout",
        "v|THE WHEEL GOES ROUND\nv|THE WATER TOO\n|\nv|AND NOTHING STOPS\nv|FOR ME OR YOU",
    ),
    Case("multiplication", "v|2 * 3 is six, the teacher said,\nv|and 3 * 2 the same instead."),
    Case(
        "single-line poems",
        "v|the moon has no handle\n|\n|\nv|a door is a slow wing\n|\n|\nv|salt remembers",
        poems=3,
    ),
)


def read_case(folder: Path, case: Case, *, keep_all: bool = False) -> Corpus:
    path = folder / f"verse{case.suffix}"
    path.write_text(case.text, encoding="utf-8")
    cleaning = Cleaning(
        fold_quotes=False, fold_dashes=False, drop_duplicates=False, keep_all=keep_all
    )
    return read(path, cleaning=cleaning)


def verse_of(corpus: Corpus) -> list[str]:
    return [line.text.strip() for poem in corpus for line in poem]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_line_is_what_a_reader_says_it_is(tmp_path: Path, case: Case) -> None:
    corpus = read_case(tmp_path, case)
    found = Counter(verse_of(corpus))
    assert found - Counter(case.verse) == Counter(), "taken as verse"
    assert Counter(case.verse) - found == Counter(), "lost"
    assert len(corpus) == case.poems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_no_verse_is_counted_and_listed_with_its_line(tmp_path: Path, case: Case) -> None:
    report = read_case(tmp_path, case).report
    rows = case.text.split("\n")
    listed = {
        line
        for omission in report.omissions
        for line in range(omission.line, omission.line + omission.text.count("\n") + omission.lines)
    }
    for number, row in enumerate(rows, 1):
        if row.strip() in case.others:
            assert number in listed, row
    for omission in report.omissions:
        if omission.kind not in ("markup", "epigraph", "note"):
            assert omission.text.split(" ")[0].strip("#* ") in rows[omission.line - 1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_keep_all_keeps_every_line(tmp_path: Path, case: Case) -> None:
    corpus = read_case(tmp_path, case, keep_all=True)
    rows = [row.strip() for row in case.text.split("\n") if row.strip()]
    assert verse_of(corpus) == rows
    assert not corpus.report.omissions
