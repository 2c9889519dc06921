"""MkDocs hooks: the steps before, during and after a build of the documentation.

Before: make and enter a scratch folder, write `poems.txt` into it, and give the
programs that pages run a fixed width and no colours. Every lesson is run, which makes its
notebook and its page. `tour.md` is rendered first, because other pages use the poet it trains.
On each page: typeset mathematics, and put a lesson's outputs in.
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
from typing import TYPE_CHECKING

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

if TYPE_CHECKING:
    from workshop.lessons import LessonPage

DOCS = Path(__file__).parent.parent
COLUMNS = 90
FIRST = "tour.md"
LESSONS = "lessons/"
FONT = "assets/mathematics.woff"

_previous_folders: list[Path] = []
_scratch_folders: list[Path] = []
_lessons: dict[str, LessonPage] = {}
"""Lessons that were run, by the path of their page."""


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


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Run the lessons, add their notebooks, and put the page that trains the poet first."""
    notebooks = [
        _run_lesson(file, config)
        for file in files.documentation_pages()
        if file.src_uri.startswith(LESSONS)
    ]
    return Files(sorted([*files, *notebooks], key=lambda file: file.src_uri != FIRST))


def _run_lesson(file: File, config: MkDocsConfig) -> File:
    """Run a lesson, keep its page, and return its notebook."""
    from workshop import lessons

    def run(markdown: str) -> str:
        pieces = lessons.run(lessons.parse(markdown))
        _lessons[file.src_uri] = lessons.as_page(file.name, pieces)
        return lessons.as_text(lessons.as_notebook(file.name, pieces))

    content = _apply(file, run, file.content_string)
    return File.generated(config, f"{LESSONS}{file.name}.ipynb", content=content)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Return a lesson as it was run, and any other page as it is."""
    lesson = _lessons.get(page.file.src_uri)
    return lesson.markdown if lesson else markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Put in the outputs of a lesson, and typeset the mathematics of any page."""
    from workshop import mathematics

    html = _apply(page.file, mathematics.typeset, html)
    lesson = _lessons.get(page.file.src_uri)
    return _apply(page.file, lesson.with_outputs, html) if lesson else html


def _apply(file: File, work: Callable[[str], str], text: str) -> str:
    """Apply `work` to `text`; an error ends the build and names the page."""
    try:
        return work(text)
    except ValueError as error:
        raise PluginError(f"{file.src_uri}: {error}") from error


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
