"""The page's files: whole, small, and without anything that its content-security policy forbids."""

import gzip
import posixpath
import re
from pathlib import Path

import quatrain.studio

STATIC = Path(quatrain.studio.__file__).parent / "static"
MOST_BYTES = 100_000
"""Bytes of each page as it is sent, compressed; the Inside pages also load a few of the desk's."""
MOST_LINES = 400
"""Lines of a file, as everywhere in the house."""

FILES = [path for path in STATIC.rglob("*") if path.is_file()]
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
FORBIDDEN = re.compile(
    r"\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|"
    r"setAttribute\(\"style\"|createContextualFragment|DOMParser|srcdoc"
)
"""What would parse verse as HTML, run text as code, or break the policy."""


def test_each_page_weighs_less_than_100_kb():
    inside = [path for path in FILES if "inside" in path.relative_to(STATIC).parts[0]]
    for files in (inside, set(FILES) - set(inside)):
        assert sum(len(gzip.compress(path.read_bytes())) for path in files) < MOST_BYTES


def test_files_are_short():
    long = {p.name: n for p in FILES if (n := p.read_text().count("\n")) > MOST_LINES}
    assert not long


def test_scripts_never_parse_text():
    # It takes the server's formulas, and of those only elements and attributes of a list.
    adopt = STATIC / "inside" / "adopt.js"
    assert not [
        path.name for path in SCRIPTS if path != adopt and FORBIDDEN.search(path.read_text())
    ]
    assert FORBIDDEN.findall(adopt.read_text()) == ["DOMParser"]


def test_index_has_no_script_style_or_handler_of_its_own():
    for page in STATIC.glob("*.html"):
        text = page.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text), page.name


def test_everything_that_is_named_is_there():
    pages = "".join(page.read_text() for page in STATIC.glob("*.html"))
    named = {STATIC / path for path in re.findall(r'"/static/([^"]+)"', pages)}
    for script in SCRIPTS:
        for path in re.findall(r'(?:from|import\()\s*"(\.[^"]+)"', script.read_text()):
            named.add(Path(posixpath.normpath(script.parent / path)))
    assert named
    assert not {path for path in named if not path.is_file()}


def test_nothing_comes_from_another_origin():
    allowed = "http://www.w3.org/"
    for path in FILES:
        found = re.findall(r"https?://[\w./-]+", path.read_text())
        assert not [url for url in found if not url.startswith(allowed)], path.name
