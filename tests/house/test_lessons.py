"""The lessons of the documentation: every one runs as a notebook, on what Quatrain installs."""

import ast
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

DOCS = Path(__file__).parents[2] / "docs"
LESSONS = sorted((DOCS / "lessons").glob("*.md"))
ALLOWED = {"quatrain", "numpy", *sys.stdlib_module_names}

QUESTIONS = """
## Three questions

??? question "How many of {{n}}?"

    ```python
    double = 2 * n
    ```

    {{double}}, of course.

??? question "And one more?"

    {{n + 1}}

??? question "And none?"

    {{0 * n}}

## References

None.
"""
SMALL = r"""# Small

*About a number.* See [Pooling](pooling.md#the-four-corners) and [Five minutes](../tour.md).

```python
n = 3
print("n is", n)
{"a": n}
```

```python check
assert n == 3
n = 4
```

It is {{n}}, {{n / 7:.2f}} of seven, $10^{ {{n}} }$ and ${{1 / 30_000:.1e}}$.

```console
$ quatrain --help
```
"""


@pytest.fixture(scope="module")
def lessons() -> Iterator[Any]:
    sys.path.insert(0, str(DOCS))
    try:
        from workshop import lessons

        yield lessons
    finally:
        sys.path.remove(str(DOCS))


def sources(notebook: Any, kind: str = "code") -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == kind]


def imported(source: str) -> set[str]:
    """Return the top-level names of the packages that a cell imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, "a relative import"
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.slow
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_a_notebook_that_runs(path: Path, lessons: Any) -> None:
    pieces = lessons.run(lessons.parse(path.read_text(encoding="utf-8")))
    notebook = lessons.as_notebook(path.stem, pieces)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert imported(cell.source) <= ALLOWED
            assert not any(output.output_type == "error" for output in cell.outputs)
        else:
            assert "{{" not in cell.source
            assert not re.search(r"\.md[)#]", cell.source)
    text = lessons.as_text(notebook)
    assert str(DOCS) not in text
    assert tempfile.gettempdir() not in text
    page = lessons.as_page(path.stem, pieces)
    assert len(page.outputs) == sum(len(cell.get("outputs", ())) for cell in notebook.cells)


@pytest.mark.slow
def test_a_small_lesson_becomes_a_notebook_and_a_page(lessons: Any) -> None:
    pieces = lessons.run(lessons.parse(SMALL + QUESTIONS))
    notebook = lessons.as_notebook("small", pieces)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells][:3] == ["small-00", "small-01", "small-02"]
    assert [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"] == [1, 2]
    assert sources(notebook) == ['n = 3\nprint("n is", n)\n{"a": n}', "double = 2 * n"]
    assert [output.get("text") for output in notebook.cells[1].outputs] == ["n is 3\n", None]
    assert notebook.cells[1].outputs[1].data["text/plain"] == "{'a': 3}"

    texts = sources(notebook, "markdown")
    assert texts[0].startswith("# Small\n\n> This notebook")
    assert 'pip install "quatrain[train,plot]"' in texts[0]
    assert "See [Pooling](pooling.ipynb) and Five minutes." in texts[0]
    assert texts[1].startswith(r"It is 3, 0.43 of seven, $10^{ 3 }$ and $3.3 \times 10^{-5}$.")
    assert "```console\n$ quatrain --help\n```" in texts[1]
    assert texts[2] == "**How many of 3?**"
    assert texts[3].startswith("<details>\n<summary>The answer</summary>\n\n6, of course.")

    page = lessons.as_page("small", pieces)
    assert page.markdown.startswith(
        "# Small\n\n[Download this lesson as a notebook](small.ipynb){ download="
    )
    assert '??? question "How many of 3?"\n\n    ```python\n    double' in page.markdown
    assert page.outputs == (
        '<pre class="printed">n is 3</pre>',
        '<pre class="printed">{&#x27;a&#x27;: 3}</pre>',
    )
    places = re.findall(r"^lesson-output-\d+-stands-here$", page.markdown, re.MULTILINE)
    html = page.with_outputs("".join(f"<p>{place}</p>" for place in places))
    assert html == "".join(f'<div class="output">{output}</div>' for output in page.outputs)
    with pytest.raises(ValueError, match="output 0 of 2 has no place"):
        page.with_outputs("")

    again = lessons.run(lessons.parse(SMALL + QUESTIONS))
    assert lessons.as_text(lessons.as_notebook("small", again)) == lessons.as_text(notebook)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("```python\n1 / 0\n```", "ZeroDivisionError"),
        ("```python check\nassert n > 9\n```", "AssertionError"),
        ("{{m}}", "name 'm' is not defined"),
        ("```python\nimport warnings\nwarnings.warn('careful')\n```", "careful"),
    ],
)
def test_a_lesson_that_fails_says_where(code: str, message: str, lessons: Any) -> None:
    with pytest.raises(ValueError, match=message):
        lessons.run(lessons.parse(SMALL + code + QUESTIONS))


@pytest.mark.slow
def test_the_code_of_an_answer_shows_nothing(lessons: Any) -> None:
    shown = QUESTIONS.replace("double = 2 * n", "double = 2 * n\n    double")
    with pytest.raises(ValueError, match=r"answer to .* shows something"):
        lessons.run(lessons.parse(SMALL + shown))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("```python\nn", "```python hidden\nn"), "a block is 'python' or 'python check'"),
        (("quatrain --help\n```", "quatrain --help"), "does not end"),
        (("    {{0 * n}}", "    0"), "nothing is computed in the answer to 'And none"),
        (("## Three questions", "## Questions"), "ends with 3 questions"),
        (("## References", "## After all"), "ends with 3 questions"),
        (("    {{n + 1}}", "    {{n + 1}}\n\n    ```python\n    n\n    ```"), "and then text"),
    ],
)
def test_a_lesson_in_another_format_is_refused(
    change: tuple[str, str], message: str, lessons: Any
) -> None:
    markdown = SMALL + QUESTIONS
    assert change[0] in markdown
    with pytest.raises(ValueError, match=re.escape(message)):
        lessons.parse(markdown.replace(*change))


def test_a_field_with_triple_quotes_is_refused(lessons: Any) -> None:
    with pytest.raises(ValueError, match="no backslash"):
        lessons.run(lessons.parse(SMALL + "{{'''n'''}}" + QUESTIONS))


def test_lessons_need_no_documentation_tools() -> None:
    for path in (DOCS / "workshop" / "lessons").glob("*.py"):
        packages = imported(path.read_text(encoding="utf-8"))
        assert packages <= {"nbclient", "nbformat", "workshop", *sys.stdlib_module_names}
