"""The MCP server: its tools, and the worker processes that do their work."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

from quatrain._version import __version__
from quatrain.studio.mcp.tools import Tools
from quatrain.studio.workers import Lane, Lanes

CHECK_SECONDS, WRITE_SECONDS = 30.0, 300.0
"""Longest times of a check or a search, and of a request that writes, in seconds."""

QUEUE = 32
"""Requests of one kind that wait; a language model sends a few at once."""

INSTRUCTIONS = """\
Quatrain hears verse: it scans, checks and rhymes by pronunciation, and writes lines in a form.
When you write in a metre or a form, draft it, then call check with the form and all lines, mend
what it says is wrong, and check again until nothing is. It names the line, the syllable and the
reason. rhyme and words find words that fit; forms lists the forms. write, revise and alternatives
let a small neural poet supply lines that are sure to keep the form.
"""
"""Description of the server for a language model."""

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False, idempotent_hint=True)
_DRAWS = ToolAnnotations(read_only_hint=True, open_world_hint=False, idempotent_hint=False)


def create_server(folder: Path) -> MCPServer[Any]:
    """Return the MCP server, its worker processes not yet started.

    Args:
        folder: the desk's, with poets trained there and forms of one's own; it may be missing.
    """
    lanes = Lanes(
        Lane("check", 1, QUEUE, CHECK_SECONDS),
        Lane("words", 1, QUEUE, CHECK_SECONDS),
        Lane("write", max(1, (os.cpu_count() or 1) // 2), QUEUE, WRITE_SECONDS),
        Lane("inside", 1, QUEUE, CHECK_SECONDS),
    )

    @asynccontextmanager
    async def lifespan(_: MCPServer[Any]) -> AsyncIterator[Lanes]:
        try:
            yield lanes  # each starts its processes when it is first needed
        finally:
            await lanes.close()

    server: MCPServer[Any] = MCPServer(
        "quatrain",
        title="Quatrain",
        description="Scan, check, rhyme and write verse in a form.",
        instructions=INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",  # at INFO it logs what users wrote
        lifespan=lifespan,
    )
    tools = Tools(lanes, folder)
    reading: tuple[tuple[Callable[..., Any], str], ...] = (
        (tools.check, "Check verse against a form"),
        (tools.scan, "Scan verse"),
        (tools.rhyme, "Find rhymes"),
        (tools.words, "Find words"),
        (tools.forms, "List forms"),
    )
    writing: tuple[tuple[Callable[..., Any], str], ...] = (
        (tools.write, "Write missing lines"),
        (tools.revise, "Rewrite lines"),
        (tools.alternatives, "Offer other lines or words"),
    )
    for function, title in reading:
        server.add_tool(function, title=title, annotations=_READS, structured_output=True)
    for function, title in writing:
        server.add_tool(function, title=title, annotations=_DRAWS, structured_output=True)
    return server
