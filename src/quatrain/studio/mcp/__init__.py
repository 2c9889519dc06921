"""An MCP server, through which a language model writes in form by asking.

In: calls of tools by an MCP client, over standard input and output or over HTTP. Out: typed results
with the reasons: which line, which syllable, and what would mend it. It needs the extra `mcp`.

Reading order: `results` (what the tools answer), `reading` (the tasks' JSON read into them),
`tools`, `server` (the tools put together), `http` (the server behind the desk's checks).
"""

from quatrain.studio.mcp.http import create_mcp_app, serve_http
from quatrain.studio.mcp.server import create_server

__all__ = ["create_mcp_app", "create_server", "serve_http"]
