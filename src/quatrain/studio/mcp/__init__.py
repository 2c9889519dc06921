"""An MCP server, through which a language model writes in form by asking.

In: calls of tools by an MCP client, over standard input and output or over HTTP. Out: typed results
with the reasons: which line, which syllable, and what would mend it. It needs the extra `mcp`.

Reading order: `arguments` and `results` (what the tools take and answer), `reading` (the tasks'
JSON read into results), `tools`, `server` (the tools put together), `http` (the server behind the
desk's checks). To add a tool, write a method of `tools.Tools`, whose docstring tells a model when
to use it, and name it in `server.create_server`. The work is a function in `studio.tasks`.
"""

from quatrain.studio.mcp.http import create_mcp_app, serve_http
from quatrain.studio.mcp.server import create_server

__all__ = ["create_mcp_app", "create_server", "serve_http"]
