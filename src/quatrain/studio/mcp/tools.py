"""The tools: each asks a worker process, so that the server answers pings and cancels meanwhile."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from quatrain.errors import UserError
from quatrain.studio.form_names import form_source
from quatrain.studio.mcp.arguments import (
    MOST_LINES,
    MOST_WRITTEN,
    FormName,
    LineNumber,
    Lines,
    Metre,
    Poet,
    Seed,
    Stress,
    Syllables,
    Temperature,
    Theme,
)
from quatrain.studio.mcp.reading import checked_poem, words_of
from quatrain.studio.mcp.results import (
    Alternatives,
    CheckedPoem,
    Forms,
    FormSummary,
    OtherLine,
    OtherWord,
    Rhyme,
    Rhymes,
    ScannedLine,
    ScannedPoem,
    Words,
    WrittenLine,
    WrittenPoem,
)
from quatrain.studio.problems import problem_content
from quatrain.studio.schemas.document import Document, DocumentLine, DocumentSettings
from quatrain.studio.schemas.texts import LineText, ShortText
from quatrain.studio.tasks import verse, writing
from quatrain.studio.training import list_muses, muse_folder
from quatrain.studio.workers import BusyError, Lane, Lanes, TaskError, TimeLimitError


class Tools:
    """The tools of the server, each with the flat list of arguments that a model fills in.

    Some have more than eight. Grouped in an object they would reach the model as a reference to
    `$defs`, which not every client follows; flat, each stands in the schema with its limits.

    Args:
        lanes: worker processes.
        folder: the desk's folder, with poets trained there and forms of one's own.
    """

    def __init__(self, lanes: Lanes, folder: Path) -> None:
        self._lanes, self._folder = lanes, folder

    async def check(self, lines: Lines, form: FormName = "", metre: Metre = "") -> CheckedPoem:
        """Check verse against a form, line by line, and say which syllable is wrong and why.

        Use it whenever you write in a metre or a form, before you show the poem: you can't count
        syllables or hear stress reliably, and this tool can. For each line it says whether the line
        is kept, how it is read (beats in capitals), what is wrong with it, at which syllable, and
        how it could be mended. Lines that are not written yet say what they ask for ("iambic 5,
        rhymes with line 9, *day*"). Without a form it names the forms that the lines are likely
        on their way to. Check again after every change.
        """
        return checked_poem(await self._check(lines, self._form(form), metre))

    async def scan(self, lines: Lines) -> ScannedPoem:
        """Find the metre, the stresses and the rhyme scheme of verse, whatever its form.

        Use it for verse that is there, such as a poem somebody wrote. To hold verse to a form and
        learn what breaks it, use check.
        """
        scan = json.loads(await self._ask(self._lanes.check, verse.scan, lines, []))
        return ScannedPoem(
            metre=scan["metre"],
            confidence=scan["confidence"],
            regularity=scan["regularity"],
            scheme=scan["scheme"],
            lines=[
                ScannedLine(**{name: line[name] for name in ScannedLine.model_fields})
                for line in scan["lines"]
            ],
        )

    async def rhyme(
        self,
        word: Annotated[ShortText, Field(description="A word, or the words that end a line.")],
        other: Annotated[
            ShortText, Field(description="A second word: say how the two rhyme.")
        ] = "",
        kinds: Annotated[
            list[ShortText],
            Field(max_length=12, description="Kinds of rhyme, e.g. perfect, slant; none for all."),
        ] = [],  # noqa: B006 - read, never changed
        limit: Annotated[int, Field(ge=1, le=200, description="Most words of each kind.")] = 15,
    ) -> Rhymes:
        """List words that rhyme with a word, by how they are pronounced, or compare two words.

        Use it to find or to check a rhyme: spelling misleads, and this tool hears. The kinds run
        from perfect over family and slant to eye.
        """
        if other:
            answer = json.loads(await self._ask(self._lanes.words, verse.rhyme, word, other))
            return Rhymes(word=word, rhymes=[_rhyme(answer["rhyme"])])
        answer = json.loads(await self._ask(self._lanes.words, verse.rhyming, word, kinds, limit))
        return Rhymes(word=word, rhymes=[_rhyme(rhyme) for rhyme in answer["rhymes"]])

    async def words(
        self,
        word: Annotated[
            ShortText, Field(description="A word to look up or replace; may be empty.")
        ] = "",
        near: Annotated[
            ShortText, Field(description="Words that the meaning should be near.")
        ] = "",
        rhyme: Annotated[ShortText, Field(description="A word that it should rhyme with.")] = "",
        stress: Stress = "",
        syllables: Syllables = None,
        lines: Lines = [],  # noqa: B006
        form: FormName = "",
        line: Annotated[
            int, Field(ge=0, le=MOST_LINES, description="The line it should fit; 0 for none.")
        ] = 0,
        place: Annotated[
            int, Field(ge=0, le=200, description="Number of the word in it; 0: the last.")
        ] = 0,
        only_fitting: Annotated[
            bool, Field(description="Leave out words that do not fit that place.")
        ] = True,
    ) -> Words:
        """Find a word by meaning, sound and stress, and by whether it fits a place in a poem.

        It gives definitions, and groups of other words: rhymes by kind, words close in meaning,
        words near in verse, opposites. Give lines, form, line and place, and each word says
        whether the line still keeps its metre and its rhyme with it.
        """
        draft: dict[str, Any] | None = None
        if line:
            draft = {
                "lines": lines,
                "form": self._form(form),
                "metre": "",
                "line": line,
                "word": place or None,
            }
        wanted: dict[str, Any] = {
            "word": word,
            "filters": {
                "near": near,
                "rhyme": rhyme,
                "stress": stress,
                "syllables": syllables,
                "kinds": [],
            },
            "draft": draft,
            "only_fitting": only_fitting,
            "poet": self._poet("verse"),
        }
        panel = json.loads(await self._ask(self._lanes.words, verse.words, wanted))
        return words_of(panel)

    async def write(
        self,
        context: Context[Any, Any],
        form: FormName,
        lines: Lines = [],  # noqa: B006
        theme: Theme = "",
        poet: Poet = "verse",
        metre: Metre = "",
        temperature: Temperature = 0.8,
        seed: Seed = None,
    ) -> WrittenPoem:
        """Let a small neural poet write the missing lines of a poem so that it keeps its form.

        Give the lines you have, with an empty text for each missing one, or none for a whole poem.
        Your lines stay as they are, and the new ones rhyme with them. The poet is small: its lines
        keep the form, their sense is modest. Take them as material, and check what you change.
        """
        document = self._document(lines, form, theme, poet, metre, temperature)
        return await self._write(context, document, None, seed)

    async def revise(
        self,
        context: Context[Any, Any],
        lines: Lines,
        form: FormName,
        rewrite: Annotated[
            list[LineNumber],
            Field(
                min_length=1,
                max_length=MOST_WRITTEN,
                description="Numbers of the lines to write anew.",
            ),
        ],
        theme: Theme = "",
        poet: Poet = "verse",
        metre: Metre = "",
        temperature: Temperature = 0.8,
        seed: Seed = None,
    ) -> WrittenPoem:
        """Let a poet rewrite some lines of a poem; the form and all other lines stay the same."""
        document = self._document(lines, form, theme, poet, metre, temperature)
        return await self._write(context, document, sorted(set(rewrite)), seed)

    async def alternatives(
        self,
        lines: Lines,
        form: FormName,
        line: LineNumber,
        word: Annotated[
            int, Field(ge=0, le=200, description="Number of one word to replace; 0: the line.")
        ] = 0,
        begin: Annotated[
            LineText, Field(description="Text that each line begins with: finish what I began.")
        ] = "",
        count: Annotated[int, Field(ge=1, le=12, description="How many.")] = 4,
        poet: Poet = "verse",
        metre: Metre = "",
        seed: Seed = None,
    ) -> Alternatives:
        """Offer other lines for one of a poem, or other words for one of its words.

        With all of them the poem keeps its form. With begin, a line that was begun is finished.
        """
        document = self._document(lines, form, "", poet, metre, None)
        if word:
            text = await self._ask(
                self._lanes.words, writing.word_alternatives, document, line, word, count
            )
            words = [OtherWord(**other) for other in json.loads(text)["alternatives"]]
            return Alternatives(lines=[], words=words)
        arguments = (document, line, count, begin, seed)
        async with aclosing(self._events(writing.line_alternatives, *arguments)) as events:
            others = [
                OtherLine(**event["data"])
                async for event in events
                if event["event"] == "alternative"
            ]
        return Alternatives(lines=others, words=[])

    async def forms(
        self,
        name: Annotated[
            ShortText, Field(description="One form, to see its rules; empty for all.")
        ] = "",
    ) -> Forms:
        """List the forms that poems can be checked and written in, and the poets that write."""
        muses = [str(muse["name"]) for muse in list_muses(self._folder, "") if muse["usable"]]
        if name:
            form = await self._ask(self._lanes.check, verse.describe_form, self._form(name))
            listed, source = [form, *form["variants"]], form["source"]
        else:
            folder = str(self._folder / "forms")
            listed, source = await self._ask(self._lanes.check, verse.list_forms, folder), ""
        return Forms(
            forms=[
                FormSummary(**{field: form[field] for field in FormSummary.model_fields})
                for form in listed
                if form["usable"]
            ],
            poets=muses,
            source=source,
        )

    async def _check(self, lines: Sequence[str], form: str, metre: str) -> dict[str, Any]:
        text = await self._ask(self._lanes.check, verse.check, list(lines), [], form, metre)
        check: dict[str, Any] = json.loads(text)
        return check

    async def _write(
        self,
        context: Context[Any, Any],
        document: dict[str, Any],
        only: list[int] | None,
        seed: int | None,
    ) -> WrittenPoem:
        """Write lines, tell the client of each, and check the poem."""
        texts = {number: line["text"] for number, line in enumerate(document["lines"], 1)}
        authors: dict[int, str] = {}
        notes: list[str] = []
        async with aclosing(self._events(writing.write, document, only, seed)) as events:
            async for event in events:
                data = event["data"]
                if event["event"] == "line":
                    texts[data["number"]] = data["text"]
                    authors[data["number"]] = data["by"]
                    await context.report_progress(len(authors), message=data["text"])
                    if len(authors) >= MOST_WRITTEN:
                        notes.append(f"Only {MOST_WRITTEN} lines are written at once.")
                        break
                elif event["event"] == "note":
                    notes.append(data["message"])
                else:
                    seed = data["seed"]
        most = max(texts, default=0)
        lines = [texts.get(number, "") for number in range(1, most + 1)]
        check = await self._check(lines, document["form"], document["metre"])
        rows = check["lines"]
        text = "\n".join(
            ("\n" if row["gap"] and row["number"] > 1 else "") + row["text"]
            for row in rows
            if row["text"]
        )
        return WrittenPoem(
            text=text,
            lines=[
                WrittenLine(
                    number=row["number"], text=row["text"], by=authors.get(row["number"], "")
                )
                for row in rows
            ],
            kept=check["kept"],
            summary=check["summary"],
            notes=notes,
            seed=seed or 0,
        )

    def _document(
        self,
        lines: Sequence[str],
        form: str,
        theme: str,
        poet: str,
        metre: str,
        temperature: float | None,
    ) -> dict[str, Any]:
        """Return a poem as the tasks take it."""
        plain = Document(
            form=form,
            metre=metre,
            theme=theme,
            lines=[DocumentLine(text=text) for text in lines],
            settings=DocumentSettings(temperature=temperature),
        ).model_dump()
        return {**plain, "form": self._form(form), "muses": [[poet, self._poet(poet)]]}

    def _form(self, name: str) -> str:
        with _tool_errors():
            return form_source(self._folder, name)

    def _poet(self, name: str) -> str:
        with _tool_errors():
            return str(muse_folder(self._folder, "", name))

    async def _ask(self, lane: Lane, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what a task returns.

        Raises:
            ToolError: the task can't be done; the text says why and what to do.
        """
        with _tool_errors():
            return await lane.run(function, *arguments)

    async def _events(
        self, function: Callable[..., Iterator[Any]], *arguments: Any
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Yield what a task that writes yields; close it, and the task ends."""
        with _tool_errors():
            async with aclosing(self._lanes.write.stream(function, *arguments)) as events:
                async for event in events:
                    yield event


@contextmanager
def _tool_errors() -> Iterator[None]:
    """Turn what can go wrong into errors that a language model can read and act on.

    Raises:
        ToolError: in the place of another, with the sentence that the desk answers too.
    """
    try:
        yield
    except (UserError, BusyError, TimeLimitError, TaskError) as error:
        raise ToolError(problem_content(error)["detail"]) from error


def _rhyme(rhyme: dict[str, Any]) -> Rhyme:
    same = ("kind", "why", "syllables", "probability")
    return Rhyme(word=rhyme["second"], **{name: rhyme[name] for name in same})
