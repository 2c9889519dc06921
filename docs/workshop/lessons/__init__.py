"""Lessons: Markdown with Python, run once, and shown as a page and as a notebook.

A lesson is a file in docs/lessons. Its Python has no name from here, so that a reader can run it:

    # Pooling

    *What the lesson is about, in two or three sentences.*

    Each picture is 4 × 4, with a block of 3 × 3 ones.

    ```python
    from quatrain import explain

    corners = explain.pooling_corners()
    corners.only("Image, top left", "Max pooling, top left")
    ```

    ```python check
    assert corners.matrices["Max pooling, top left"].values[0][0] == 1
    ```

    The largest number is {{max(map(max, corners.matrices["Image, top left"].values)):g}}.

- A block of `python` is a cell of the notebook. All blocks share their names. A last line that is
  an expression shows its value, and `print` works as well. It may import `quatrain`, `numpy` and
  the standard library.
- A block of `python check` holds the text to its numbers. It is run where it stands and shown
  nowhere. It sees the names of the cells above; what it assigns is gone when it ends.
- `{{expression}}` or `{{expression:format}}` in the text is replaced by the value, as in an
  f-string, with the names of the cells above. A number with an exponent becomes LaTeX, so it stands
  inside dollars: `${{1e-7:.0e}}$`.
- Mathematics is `$...$`, or `$$...$$` on lines of its own. Blocks of another language are text.
- Links go to files, as in every page: `[Pooling](pooling.md#words-of-any-length)`.
- The lesson ends with three questions under `## Three questions`; only `## References` may follow.
  In a notebook the reader sees the question, then the code, and opens the answer last. So the
  code of an answer comes first and shows nothing:

      ??? question "How many rows are left?"

          ```python
          rows = explain.pooling((28, 28, 8), window=2)["output shape"][0]
          ```

          {{rows}}, because ...

Reading order: `parsing` (a file to pieces), `running` (a notebook kernel runs them and fills in the
values), `notebook` and `page` (what the reader gets). Nothing here imports MkDocs.
"""

from workshop.lessons.notebook import as_notebook, as_text
from workshop.lessons.page import LessonPage, as_page
from workshop.lessons.parsing import parse
from workshop.lessons.running import run

__all__ = ["LessonPage", "as_notebook", "as_page", "as_text", "parse", "run"]
