"""What happens around a build of the documentation.

Before: a scratch folder is made and entered, `poems.txt` is written into it,
and the programs that the pages run get a fixed width and no colours. `tour.md`
is rendered first, because the poet it trains is the one every page uses.
On each page: mathematics is set, and a lesson's numbers are put into its text.
After: the scratch folder goes, the font of the mathematics is written, and every
page is searched for anything that a browser would load from elsewhere, which fails
the build.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

DOCS = Path(__file__).parent.parent
COLUMNS = 90
FIRST = "tour.md"
LESSONS = "lessons/"
FONT = "assets/mathematics.woff"

_began: list[Path] = []
_scratch: list[Path] = []


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let pages import `workshop`, and find the `quatrain` of this Python first."""
    if str(DOCS) not in sys.path:
        sys.path.insert(0, str(DOCS))
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ["PATH"]])
    os.environ |= {"COLUMNS": str(COLUMNS), "NO_COLOR": "1", "TERM": "dumb", "OMP_NUM_THREADS": "1"}
    return config


def on_pre_build(config: MkDocsConfig) -> None:  # noqa: ARG001
    """Make the scratch folder and go there."""
    from workshop import verse

    _leave()
    _began.append(Path.cwd())
    _scratch.append(Path(tempfile.mkdtemp(prefix="quatrain-docs-")))
    os.chdir(_scratch[-1])
    Path("poems.txt").write_text(verse.anthology_as_text(), encoding="utf-8")


def on_files(files: Files, config: MkDocsConfig) -> Files:  # noqa: ARG001
    """Render the page that trains the poet before the pages that use it."""
    return Files(sorted(files, key=lambda file: file.src_uri != FIRST))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Begin a lesson, whose blocks are run next."""
    from workshop import lessons

    if page.file.src_uri.startswith(LESSONS):
        return _done(page, lessons.begun, markdown)
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Put a lesson's numbers into its text, and set the mathematics of any page."""
    from workshop import lessons, mathematics

    if page.file.src_uri.startswith(LESSONS):
        html = _done(page, lessons.filled, html)
    return _done(page, mathematics.set_in, html)


def _done(page: Page, work: Callable[[str], str], text: str) -> str:
    """What `work` makes of `text`; a fault ends the build and names the page."""
    try:
        return work(text)
    except ValueError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from error


def on_post_build(config: MkDocsConfig) -> None:
    """Leave nothing behind, write the font, and let no page load anything from elsewhere."""
    from workshop import mathematics
    from workshop.offline import loaded_from_elsewhere

    _leave()
    site = Path(config.site_dir)
    pages = [path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))]
    mathematics.write_font(pages, site / FONT)
    found = [
        f"{path.relative_to(config.site_dir)}: {reference}"
        for pattern in ("*.html", "*.css")
        for path in sorted(Path(config.site_dir).rglob(pattern))
        for reference in loaded_from_elsewhere(path.read_text(encoding="utf-8"))
    ]
    if found:
        raise PluginError("Pages would load from elsewhere:\n  " + "\n  ".join(found))


def on_build_error(error: Exception) -> None:  # noqa: ARG001
    """Leave nothing behind."""
    _leave()


def _leave() -> None:
    if _began:
        os.chdir(_began.pop())
    if _scratch:
        shutil.rmtree(_scratch.pop(), ignore_errors=True)
