"""Records in a notebook: they show themselves, escape what they hold, and cost nothing before."""

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import quatrain
from quatrain.page.notebook import as_html
from quatrain.records import (
    Alternative,
    Comparison,
    Explanation,
    Heatmap,
    Listing,
    Note,
    Poem,
    PoetSummary,
    Score,
    Sense,
    Trained,
    WordAlternative,
    WordMatch,
    WordPanel,
)

HOSTILE = "<script>alert('a rhyme')</script>\n& \x1b[31m<img src=x onerror=alert(1)>"
POEM = Poem.from_text(HOSTILE, title="<b>bold</b>", author='"><i>', source="</div>")
SCORE = Score(nats=100.0, characters=60, unknown=1, poems=2)
PICTURE = Heatmap("gate", "<i>gate</i>", "<u>", "y", "z", ("<a>",), ("<b>",), ((0.5,),))
RECORDS = [
    POEM,
    Alternative(POEM, "<b>", 10.0, -1.0),
    quatrain.scan(POEM),
    quatrain.check(POEM, "haiku"),
    quatrain.rhymes("<b>night</b>", "light"),
    quatrain.rhyme_scheme(POEM),
    Explanation("<b>Title</b>", (Note(HOSTILE), PICTURE, Note("[red]<i>[/red]"))),
    SCORE,
    Comparison("<p>", "<poet>", {"<poet>": SCORE}, ("<note>",)),
    Trained("<folder>", SCORE, "budget", 1, 1.0, 1.0, 2.0, (HOSTILE,)),
    quatrain.pronounce("night")[0],
    WordMatch(HOSTILE, quatrain.pronounce("night")[0], definition=HOSTILE),
    WordPanel(HOSTILE, place=HOSTILE, senses=(Sense(HOSTILE, "noun", HOSTILE),)),
    Sense(HOSTILE, HOSTILE, HOSTILE),
    PoetSummary(HOSTILE, False, corpus=HOSTILE),
    quatrain.form.check_draft([HOSTILE.replace("\n", " "), ""], "haiku"),
    WordAlternative(HOSTILE, HOSTILE, 1.0, -1.0),
    Listing([PoetSummary(HOSTILE, False), PoetSummary("b", True, trouble=HOSTILE)]),
    Listing([]),
    replace(quatrain.explain.demonstrate("convolution"), title=HOSTILE, problem=HOSTILE),
]
TAGS = {"div", "h4", "img", "p", "pre", "span", "strong"}
TAGS |= {"table", "tbody", "td", "th", "thead", "tr"}
MATHEMATICAL = {"xmlns", "display", "displaystyle", "stretchy", "fence", "form"}
MATHEMATICS = {"math", "mfrac", "mi", "mn", "mo", "mrow", "mspace", "msub", "msup"}


class Reader(HTMLParser):
    """Collects the tags, attributes and text of a fragment."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == "img" or self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_whatever_a_record_holds_is_escaped(record: object) -> None:
    fragment = record._repr_html_()  # type: ignore[attr-defined]
    page = Reader(fragment)
    assert page.tags <= TAGS | MATHEMATICS
    assert page.attributes <= {"style", "src", "alt"} | MATHEMATICAL
    assert not page.open
    assert "\x1b" not in fragment


def test_a_poem_shows_its_lines_and_where_it_comes_from() -> None:
    poem = Poem.from_text("one\n\n<two>", title="Numbers", author="Nobody", form="free-verse")
    text = Reader(as_html(poem)).text
    assert text == "Numbers, Nobodyone\n\n<two>free-verse"


def test_a_corpus_shows_its_first_poems() -> None:
    corpus = quatrain.read("anthology")
    page = Reader(corpus._repr_html_())
    assert f"{len(corpus.poems)} poems" in page.text
    assert corpus.poems[0].title in page.text
    assert f"and {len(corpus.poems) - 10} more" in page.text


def test_a_list_of_records_is_one_table() -> None:
    forms = quatrain.forms()
    page = Reader(forms._repr_html_())
    assert all(form.name in page.text for form in forms)
    assert forms._repr_html_().count("<table") == 1
    many = Listing([PoetSummary(f"p{number}", False) for number in range(150)])
    assert Reader(many._repr_html_()).text.endswith("and 50 more")
    assert isinstance(forms, list)
    assert forms == list(forms)


def test_facts_that_are_not_known_are_left_out() -> None:
    text = Reader(PoetSummary("songs", False, "words")._repr_html_()).text
    assert "bits per character" not in text
    assert "trained on" not in text


def test_pictures_are_svg_inside_an_image() -> None:
    pytest.importorskip("matplotlib")
    fragment = as_html(Explanation("Gates", (PICTURE,)))
    assert re.search(r'<img src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]+"', fragment)
    assert "Gates" in fragment


def test_pictures_are_text_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    page = Reader(as_html(Explanation("Gates", (PICTURE,))))
    assert "img" not in page.tags
    assert "<i>gate</i>" in page.text


def test_colours_suit_a_light_and_a_dark_page() -> None:
    styles = " ".join(record._repr_html_() for record in RECORDS)
    assert "background-color" not in styles
    for colour in re.findall(r"(?<![-\w])color: #(\w{6})", styles):
        brightness = sum(int(colour[place : place + 2], 16) for place in (0, 2, 4)) / 3
        assert 70 < brightness < 190


def test_other_objects_have_no_html() -> None:
    with pytest.raises(TypeError, match="int has no HTML"):
        as_html(3)


def test_making_a_record_loads_no_page() -> None:
    code = (
        "import sys, quatrain; quatrain.Poem.from_text('a'); print('quatrain.page' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.slow
def test_a_real_notebook_shows_records(tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    cells = [
        "import quatrain; poem = quatrain.Poem.from_text('<script>a</script>'); poem",
        "quatrain.scan('The tide is out, the boats lie down')",
        "quatrain.check(poem, 'haiku')",
        "quatrain.explain.linear(4, 3)",
        "quatrain.read('anthology')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=120, resources=resources).execute()
    for cell in notebook.cells:
        (output,) = cell.outputs
        assert output.output_type == "execute_result"
        assert "<script" not in output.data["text/html"]
        assert Reader(output.data["text/html"]).tags <= TAGS | MATHEMATICS
