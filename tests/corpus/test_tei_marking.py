"""TEI of any shape: it is read, and comes back byte for byte when attributes are added."""

import random
import re
from pathlib import Path

import pytest

from quatrain.corpus import stream_all
from quatrain.corpus.tei.elements import ELEMENTS
from quatrain.corpus.tei.marking import Marking
from quatrain.errors import CorpusError

USUAL = (
    "l l l l lg lg sp div p app lem rdg choice sic corr subst add del restore w pc c lb pb seg q "
    "note stage head epigraph floatingText delSpan anchor g ref hi list item text body group"
)
NAMES = [*sorted(ELEMENTS), "boat", "my:boat"]
TEXTS = [
    "sea",
    "the tide ",
    "low-",
    "'s",
    " ",
    "\n  ",
    "&mdash;",
    "&#233;",
    "<!-- c -->",
    "<?p i?>",
]
POINTERS = ["copyOf", "sameAs", "next", "prev", "spanTo", "target"]
ATTRIBUTES = [
    *('part="I"', 'part="M"', 'part="F"', 'break="no"', 'break="yes"', 'type="poem"'),
    *('type="stanza"', 'rend="sup"', 'join="left"', 'unit="stanza"', 'met="x"'),
]


def content(rng: random.Random, depth: int) -> str:
    """Return random content of an element."""
    return "".join(
        rng.choice(TEXTS) if rng.random() < 0.35 else element(rng, depth)
        for _ in range(rng.randint(0, 4))
    )


def element(rng: random.Random, depth: int) -> str:
    """Return a random element."""
    name = rng.choice(USUAL.split() if rng.random() < 0.8 else NAMES)
    start = name
    if rng.random() < 0.2:
        start += f' {rng.choice(POINTERS)}="#i{rng.randint(0, 9)}"'
    elif rng.random() < 0.3:
        start += f" {rng.choice(ATTRIBUTES)}"
    if rng.random() < 0.2:
        start += f' xml:id="i{rng.randint(0, 9)}"'
    if rng.random() < 0.1:
        return f"<{start}/>"
    return f"<{start}>{content(rng, depth - 1) if depth else 'tide'}</{name}>"


def marked_everywhere(path: Path, keep_all: bool) -> str:
    """Return a document with an attribute on each line and group; check that lines agree."""
    poems, marking = list(stream_all(path, keep_all=keep_all)), Marking(path, keep_all=keep_all)
    attributes: dict[int, dict[str, str]] = {}
    for poem, places in zip(poems, marking.poems, strict=True):
        for line, parts in zip(poem.lines, places.lines, strict=True):
            assert " ".join(text for text, _ in parts).split() == line.text.split()
            assert not re.search("[\1-\10]", line.text), "no mark is left"
            for _, number in parts:
                assert number not in attributes, "no line stands twice on one element"
                attributes |= {} if number is None else {number: {"real": "Q"}}
        for group in places.groups:
            attributes.setdefault(group, {})["rhyme"] = "Q"
    return marking.write(attributes, lambda _prefix, _is_p4: "<metDecl/>").decode()


@pytest.mark.slow
@pytest.mark.parametrize("keep_all", [False, True])
def test_random_documents_are_read_and_come_back(tmp_path: Path, keep_all: bool) -> None:
    path = tmp_path / "a.xml"
    read = 0
    for seed in range(300):
        rng = random.Random(seed)
        body = f"{content(rng, 6)}<l>the tide</l>{content(rng, 7)}"
        header = "<teiHeader><fileDesc></fileDesc></teiHeader>"
        source = f'<TEI xmlns:my="urn:m">{header}<text><body>{body}</body></text></TEI>'
        path.write_text(source, encoding="utf-8")
        try:
            out = marked_everywhere(path, keep_all)
        except CorpusError:  # all of it deleted, or copies without end
            continue
        out = re.sub(' (real|rhyme)="Q"', "", out)
        assert out.replace("<encodingDesc><metDecl/></encodingDesc>", "") == source
        read += 1
    assert read > 290


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("<p xml:id='p'>So: <q><l>The tide</l></q></p><p copyOf='#p'/>", 1),
        ("<seg xml:id='s'><l>The tide</l></seg><l>and <seg copyOf='#s'/></l>", 2),
        ("<l>He sang <q><l>the tide</l><l>goes out</l></q></l>", 3),
        ("<l>He sang <q><l>the tide</l></q> and sat</l>", 1),
        ("<lg xml:id='g'><l>The tide</l></lg><lg copyOf='#g'/><l copyOf='#nowhere'/>", 1),
        ("<lg xml:id='g'><l xml:id='l'>The tide</l></lg><l copyOf='#l'/>", 2),
        ("<l><w>The <w>tide</w></w></l>", 1),
    ],
)
def test_each_line_has_at_most_one_element(tmp_path: Path, body: str, marked: int) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f"<TEI><text><body>{body}</body></text></TEI>", encoding="utf-8")
    numbers = [
        number
        for places in Marking(path).poems
        for parts in places.lines
        for _, number in parts
        if number is not None
    ]
    assert len(set(numbers)) == len(numbers) == marked
