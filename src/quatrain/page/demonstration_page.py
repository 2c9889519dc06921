"""A demonstration as one HTML file that works without a server and loads nothing.

In: the folder of the desk's page, and a demonstration for every combination of the values that
the page offers. Out: the text of an HTML file with the same scripts and styles in it, and the
demonstrations as a table (gzip, base64) that the scripts look states up in.

Modules are `data:` URLs named by an import map, since a page that was opened as a file may not load
modules from other files. The page's policy allows its own scripts by their hashes, and nothing
from outside.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import posixpath
import re
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

from quatrain.errors import InternalError, OutputError
from quatrain.page.demonstration import as_data
from quatrain.records import Demonstration, Json, StateValue

MOST_BYTES = 3 * 2**20
"""Largest file, in bytes: what a course page or a mail takes without complaint."""

_ROOT = "quatrain/"
"""Beginning of a module's name in the import map."""

_STYLE = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)">\n?')
_SCRIPT = re.compile(r'<script src="/static/([^"]+)"></script>\n?')
_MODULE = re.compile(r'<script type="module" src="/static/([^"]+)"></script>\n?')
_ICON = re.compile(r'href="/static/([^"]+\.svg)"')
_HOME = re.compile(r'<a href="/"[^>]*>([^<]*)</a>')
_SPECIFIER = re.compile(r'(\bfrom\s+|\bimport\s+|\bimport\()"(\.[^"]+)"')
"""Parts of the desk's page that name a file, and the name of a module in another."""


class DemonstrationTable:
    """The demonstrations of a page, by the values of its controls. It grows with `add`.

    Args:
        grid: names of controls -> the values that the page offers.
        first: the values of all controls that it shows at first.
    """

    def __init__(
        self, grid: Mapping[str, Sequence[StateValue]], first: Mapping[str, StateValue]
    ) -> None:
        self._grid = {name: list(values) for name, values in grid.items()}
        self._first = dict(first)
        self._answers: dict[str, dict[str, Json]] = {}
        self.title = self.topic = ""

    def add(self, demonstration: Demonstration) -> None:
        """Add the demonstration of one combination of values."""
        places = (values.index(demonstration.state[name]) for name, values in self._grid.items())
        # A link names what differs from the first state, which here is that of the page.
        data = as_data(demonstration, self._first)
        self._answers[" ".join(map(str, places))] = data
        self.title, self.topic = demonstration.title, demonstration.topic

    def encoded(self) -> str:
        """Return the table as JSON in gzip in base64, as static/inside/source.js reads it.

        What is the same in all demonstrations is written once.

        Raises:
            InternalError: a combination is missing.
        """
        for places in product(*(range(len(values)) for values in self._grid.values())):
            if " ".join(map(str, places)) not in self._answers:
                raise InternalError(f"the table of {self.topic!r} has no entry for {places}")
        one, *others = self._answers.values()
        common = {
            name: value
            for name, value in one.items()
            if all(other[name] == value for other in others)
        }
        table = {
            "topic": self.topic,
            "grid": self._grid,
            "first": {name: self._first[name] for name in self._grid},
            "common": common,
            "answers": {
                key: {name: value for name, value in answer.items() if name not in common}
                for key, answer in self._answers.items()
            },
        }
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
        # Without a time, so that the same table gives the same file.
        return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode("ascii")


def as_page(table: DemonstrationTable, folder: Path) -> str:
    """Return the whole HTML file.

    Args:
        table: all demonstrations of the page.
        folder: the desk's `static` folder, with `inside.html`.

    Raises:
        OutputError: the file would be larger than `MOST_BYTES`.
    """
    page = (folder / "inside.html").read_text(encoding="utf-8")
    hashes: list[str] = []

    def script(content: str, kind: str = "") -> str:
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode("ascii")
        hashes.append(f"'sha256-{digest}'")
        attribute = f' type="{kind}"' if kind else ""
        return f"<script{attribute}>{content}</script>\n"

    def file(match: re.Match[str]) -> str:
        return (folder / match[1]).read_text(encoding="utf-8")

    def modules(match: re.Match[str]) -> str:
        imports = {
            _ROOT + name: _data_url(code, "text/javascript")
            for name, code in _modules(folder, match[1], table.topic).items()
        }
        begin = script(f'import "{_ROOT}{match[1]}";', "module")
        data = f'<script type="text/plain" id="table">{table.encoded()}</script>\n'
        return script(json.dumps({"imports": imports}), "importmap") + data + begin

    page = _STYLE.sub(lambda match: f"<style>\n{file(match)}</style>\n", page)
    page = _ICON.sub(lambda match: f'href="{_data_url(file(match), "image/svg+xml")}"', page)
    page = _SCRIPT.sub(lambda match: script(file(match)), page)
    page = _MODULE.sub(modules, page)
    page = _HOME.sub(r"\1", page)
    title = html.escape(f"{table.title} · Quatrain")
    page = re.sub("<title>.*?</title>", lambda _: f"<title>{title}</title>", page)
    policy = (
        f"default-src 'none'; script-src data: {' '.join(hashes)}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    page = page.replace('<meta charset="utf-8">\n', f'<meta charset="utf-8">\n{meta}', 1)
    return _checked(page, table.topic)


def _checked(page: str, topic: str) -> str:
    if (size := len(page.encode())) > MOST_BYTES:
        raise OutputError(
            f"the page on {topic}",
            f"{size / 2**20:.1f} MB",
            f"at most {MOST_BYTES / 2**20:.0f} MB",
            "Leave out a value that isn't among those of the page.",
        )
    left = re.search(r'(?:src|href)="(?!data:|#)[^"]*"', page)
    if left or "Content-Security-Policy" not in page:
        raise InternalError(f"the page on {topic!r}: {left[0] if left else 'no policy'}")
    return page


def _modules(folder: Path, start: str, topic: str) -> dict[str, str]:
    """Return the modules that a module needs, with names of the import map in them.

    Modules of other topics are left out: nothing asks for them.
    """
    modules: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        if name in modules:
            continue

        def rename(match: re.Match[str], of: str = name) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(of), match[2]))
            if "/topics/" not in target or target.endswith(f"/{topic}.js"):
                waiting.append(target)
            return f'{match[1]}"{_ROOT}{target}"'

        code = (folder / name).read_text(encoding="utf-8")
        modules[name] = _SPECIFIER.sub(rename, code)
    return modules


def _data_url(text: str, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(text.encode()).decode('ascii')}"
