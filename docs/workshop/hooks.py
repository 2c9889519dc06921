"""MkDocs hooks: the steps before, during and after a build of the documentation.

Before: make and enter a scratch folder, write `poems.txt` into it, and give the
programs that pages run a fixed width and no colours. `tour.md` is rendered first,
because every page uses the poet it trains.
On each page: typeset mathematics, and fill a lesson's numbers into its text.
After: remove the scratch folder, write the font of the mathematics, and search every
page for anything that a browser would load from elsewhere, which fails the build.
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

_previous_folders: list[Path] = []
_scratch_folders: list[Path] = []


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let pages import `workshop`, and put the `quatrain` of this Python first in the path."""
    if str(DOCS) not in sys.path:
        sys.path.insert(0, str(DOCS))
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ["PATH"]])
    os.environ |= {"COLUMNS": str(COLUMNS), "NO_COLOR": "1", "TERM": "dumb", "OMP_NUM_THREADS": "1"}
    return config


def on_pre_build(config: MkDocsConfig) -> None:  # noqa: ARG001
    """Make the scratch folder and enter it."""
    from workshop import verse

    _clean_up()
    _previous_folders.append(Path.cwd())
    _scratch_folders.append(Path(tempfile.mkdtemp(prefix="quatrain-docs-")))
    os.chdir(_scratch_folders[-1])
    Path("poems.txt").write_text(verse.anthology_as_text(), encoding="utf-8")


def on_files(files: Files, config: MkDocsConfig) -> Files:  # noqa: ARG001
    """Render the page that trains the poet before the pages that use it."""
    return Files(sorted(files, key=lambda file: file.src_uri != FIRST))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Check a lesson before its blocks are run."""
    from workshop import lessons

    if page.file.src_uri.startswith(LESSONS):
        return _apply(page, lessons.begin, markdown)
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Fill a lesson's numbers into its text, and typeset the mathematics of any page."""
    from workshop import lessons, mathematics

    if page.file.src_uri.startswith(LESSONS):
        html = _apply(page, lessons.fill, html)
    return _apply(page, mathematics.typeset, html)


def _apply(page: Page, work: Callable[[str], str], text: str) -> str:
    """Apply `work` to `text`; an error ends the build and names the page."""
    try:
        return work(text)
    except ValueError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from error


def on_post_build(config: MkDocsConfig) -> None:
    """Clean up, write the font, and check that no page loads anything from elsewhere."""
    from workshop import mathematics
    from workshop.offline import loaded_from_elsewhere

    _clean_up()
    site = Path(config.site_dir)
    pages = [path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))]
    mathematics.write_font(pages, site / FONT)
    references = [
        f"{path.relative_to(config.site_dir)}: {reference}"
        for pattern in ("*.html", "*.css")
        for path in sorted(Path(config.site_dir).rglob(pattern))
        for reference in loaded_from_elsewhere(path.read_text(encoding="utf-8"))
    ]
    if references:
        raise PluginError("Pages would load from elsewhere:\n  " + "\n  ".join(references))


def on_build_error(error: Exception) -> None:  # noqa: ARG001
    """Clean up after a failed build."""
    _clean_up()


def _clean_up() -> None:
    if _previous_folders:
        os.chdir(_previous_folders.pop())
    if _scratch_folders:
        shutil.rmtree(_scratch_folders.pop(), ignore_errors=True)
