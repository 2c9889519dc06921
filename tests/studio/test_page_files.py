"""The page's files: whole, small, and without anything that its content-security policy forbids."""

import gzip
import posixpath
import re
from pathlib import Path

import quatrain.studio

STATIC = Path(quatrain.studio.__file__).parent / "static"
MOST_BYTES = 100_000
"""Bytes of the whole page as it is sent, compressed."""
MOST_LINES = 400
"""Lines of a file, as everywhere in the house."""

FILES = [path for path in STATIC.rglob("*") if path.is_file()]
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
FORBIDDEN = re.compile(
    r"\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|"
    r"setAttribute\(\"style\"|createContextualFragment|DOMParser|srcdoc"
)
"""What would parse verse as HTML, run text as code, or break the policy."""


def test_page_weighs_less_than_100_kb():
    assert sum(len(gzip.compress(path.read_bytes())) for path in FILES) < MOST_BYTES


def test_files_are_short():
    long = {p.name: n for p in FILES if (n := p.read_text().count("\n")) > MOST_LINES}
    assert not long


def test_scripts_never_parse_text():
    assert not [path.name for path in SCRIPTS if FORBIDDEN.search(path.read_text())]


def test_index_has_no_script_style_or_handler_of_its_own():
    index = (STATIC / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", index)


def test_everything_that_is_named_is_there():
    index = (STATIC / "index.html").read_text()
    named = {STATIC / path for path in re.findall(r'"/static/([^"]+)"', index)}
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
