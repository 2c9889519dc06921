"""The MCP tools, asked by a real client: in memory, over a process's pipes, and over HTTP."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest

pytest.importorskip("mcp", reason="needs the extra 'mcp'")

from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from quatrain.studio.mcp import create_server

pytestmark = pytest.mark.slow  # every server starts the processes that do the work

COUPLET = ["The lamps are lit along the harbour wall,", "I hear the evening tide begin to call."]
FAULTY = [COUPLET[0], "I hear the slow and heavy evening tide begin to call."]
TOOLS = {"check", "scan", "rhyme", "words", "write", "revise", "alternatives", "forms"}
WAIT_S = 120.0


def run(story: Callable[[Client], Awaitable[None]], server: Any) -> None:
    """Let a client talk to a server, and end with it."""

    async def talk() -> None:
        async with Client(server) as client:
            await story(client)

    anyio.run(talk)


async def answer(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    # Clients without structured content read the same as text.
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


async def refusal(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)


async def the_whole_story(client: Client) -> None:
    """A line is checked, mended, checked again; others are found, written, revised."""
    assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
    checked = await answer(client, "check", lines=FAULTY, form="heroic-couplets")
    assert not checked["kept"]
    (fault, *_) = checked["lines"][1]["faults"]
    assert fault["asked"] == "metre"
    assert fault["syllables"]
    assert "syllable" in fault["brief"]
    assert "[" in checked["lines"][1]["scansion"]
    mended = await answer(client, "check", lines=COUPLET, form="heroic-couplets")
    assert mended["kept"]
    assert mended["lines"][0]["scansion"] == "The LAMPS are LIT a-LONG the HAR-bour WALL,"

    written = await answer(
        client, "write", form="heroic-couplets", lines=[*COUPLET, ""], theme="harbour", seed=3
    )
    assert written["kept"]
    assert written["lines"][2]["by"] == "verse"
    assert [line["text"] for line in written["lines"][:2]] == COUPLET
    lines = [line["text"] for line in written["lines"] if line["text"]]
    revised = await answer(
        client, "revise", form="heroic-couplets", lines=lines, rewrite=[2], seed=5
    )
    assert revised["lines"][0]["text"] == COUPLET[0]
    assert revised["lines"][1]["text"] not in ("", COUPLET[1])


def test_the_whole_story_over_standard_streams(tmp_path: Path) -> None:
    command = ["-m", "quatrain", "mcp", "--folder", str(tmp_path)]
    environment = {**os.environ, "PYTHONWARNINGS": "default"}
    run(
        the_whole_story,
        StdioServerParameters(command=sys.executable, args=command, env=environment),
    )


class HttpServer:
    """`quatrain mcp --http` on a free port."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/mcp"
        command = ["mcp", "--http", "--port", str(self.port), "--folder", str(folder), *options]
        self.process = subprocess.Popen([sys.executable, "-m", "quatrain", *command])
        deadline = time.monotonic() + WAIT_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)

    def __enter__(self) -> "HttpServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(WAIT_S)


def test_the_whole_story_over_http(tmp_path: Path) -> None:
    with HttpServer(tmp_path) as server:
        run(the_whole_story, server.url)


def test_http_asks_for_the_token_and_refuses_other_sites(tmp_path: Path) -> None:
    with HttpServer(tmp_path, "--token", "a-secret-of-the-house") as server:
        headers = {"Accept": "application/json, text/event-stream"}
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        with httpx2.Client(headers=headers) as anyone:
            assert anyone.post(server.url, json=ping).status_code == 401
            known = {"Authorization": "Bearer a-secret-of-the-house"}
            for name, value, status in (
                ("Host", "evil.example", 421),
                ("Origin", "http://evil.example", 403),
                ("Origin", "http://127.0.0.1:1", 403),
                ("Sec-Fetch-Site", "cross-site", 403),
                ("Content-Type", "text/plain", 415),
            ):
                answer = anyone.post(server.url, json=ping, headers={**known, name: value})
                assert answer.status_code == status, (name, answer.text)
            large = anyone.post(
                server.url,
                content=b"[" * 3_000_000,
                headers={**known, "Content-Type": "application/json"},
            )
            assert large.status_code == 413

        async def talk() -> None:
            async with (
                httpx2.AsyncClient(headers=known, timeout=WAIT_S) as web,
                Client(streamable_http_client(server.url, http_client=web)) as client,
            ):
                assert (await answer_of_forms(client))["poets"]

        anyio.run(talk)


async def answer_of_forms(client: Client) -> dict[str, Any]:
    return await answer(client, "forms")


def test_other_machines_need_a_token(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "quatrain", "mcp", "--http", "--host", "192.0.2.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT_S)
    assert done.returncode == 1
    assert "needs a token" in done.stderr


def test_sounds_words_and_forms(tmp_path: Path) -> None:
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "broken.toml").write_text("lines = ")

    async def story(client: Client) -> None:
        scanned = await answer(client, "scan", lines=COUPLET)
        assert (scanned["metre"], scanned["scheme"]) == ("iambic pentameter", "AA")
        assert scanned["lines"][0]["stress"] == "-+" * 5
        pair = await answer(client, "rhyme", word="love", other="prove")
        assert pair["rhymes"][0]["kind"] == "historical"
        listed = await answer(client, "rhyme", word="harbour", kinds=["perfect"], limit=5)
        assert {"arbour", "barber"} <= {rhyme["word"] for rhyme in listed["rhymes"]}
        words = await answer(
            client, "words", word="wall", lines=COUPLET, form="heroic-couplets", line=1
        )
        assert words["senses"]
        fitting = [word for group in words["groups"] for word in group["words"]]
        assert fitting
        assert all(word["fits"] for word in fitting)
        forms = await answer(client, "forms")
        assert "verse" in forms["poets"]
        names = {form["name"] for form in forms["forms"]}
        assert "haiku" in names
        assert "broken" not in names
        haiku = await answer(client, "forms", name="haiku")
        assert "syllables" in haiku["source"]
        others = await answer(
            client, "alternatives", lines=COUPLET, form="heroic-couplets", line=2, count=2, seed=1
        )
        assert others["lines"]
        for other in others["lines"]:
            check = await answer(
                client, "check", lines=[COUPLET[0], other["text"]], form="heroic-couplets"
            )
            assert check["kept"]
        one = await answer(
            client, "alternatives", lines=COUPLET, form="heroic-couplets", line=2, word=4, count=3
        )
        assert len(one["words"]) == 3

    run(story, create_server(tmp_path))


def test_mistakes_are_told_in_sentences(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        assert "Did you mean 'haiku'" in await refusal(client, "check", lines=["a"], form="haiku5")
        assert "no form" in await refusal(client, "check", lines=["a"], form="../../etc/passwd")
        assert "no poet 'nobody'" in await refusal(client, "write", form="haiku", poet="nobody")
        for wrong in (
            {"lines": ["two\nlines"]},
            {"lines": ["a"] * 501},
            {"lines": ["x" * 100_001]},
            {"lines": "no list"},
            {},
        ):
            assert "check" in await refusal(client, "check", **wrong)
        assert (
            "line"
            in (await refusal(client, "alternatives", lines=COUPLET, form="haiku", line=9)).lower()
        )
        assert "rewrite" in await refusal(
            client, "revise", lines=COUPLET, form="heroic-couplets", rewrite=[]
        )
        with pytest.raises(MCPError):
            await client.read_resource("file:///etc/passwd")
        hostile = ["<script>alert(1)</script>", "\u202eright to left", "🜂 fire 🜂 and earth"]
        checked = await answer(client, "check", lines=hostile)
        assert [line["text"] for line in checked["lines"]] == hostile

    run(story, create_server(tmp_path))


def test_a_cancelled_call_ends_and_the_server_answers_meanwhile(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        begun = time.monotonic()
        with anyio.move_on_after(3):
            await client.call_tool("write", {"form": "sonnet", "lines": [], "seed": 1})
        checked = await answer(client, "check", lines=COUPLET, form="heroic-couplets")
        assert checked["kept"]
        assert time.monotonic() - begun < WAIT_S

    run(story, create_server(tmp_path))


def test_every_tool_is_described_for_a_language_model(tmp_path: Path) -> None:
    async def story(client: Client) -> None:
        for tool in (await client.list_tools()).tools:
            assert tool.title
            assert tool.description
            assert len(tool.description) > 60
            assert tool.output_schema
            for name, argument in tool.input_schema["properties"].items():
                assert argument.get("description"), f"{tool.name}: {name}"
            assert tool.annotations is not None
            assert tool.annotations.read_only_hint
        assert client.instructions
        assert "check" in client.instructions

    run(story, create_server(tmp_path))
