"""The desk: a page in the browser on which verse is written, with an HTTP API under it.

In: requests from the page or from a program. Out: JSON, server-sent events, and the page itself.
The packages of verse do the work, through their public functions; this one adds what a server
needs. It needs the extra `studio`.

Reading order:

- `settings`: where the server listens, its folder and its limits.
- `app`: the application: routes, checks and worker processes put together.
- `serve`: the server of the command `quatrain studio`.
- `problems`: errors as problem details; `openapi`: the description of the API.
- `logs`, `metrics`: what the server says of itself, without users' texts.
- `form_names`: which forms a request may name.
- `security/`: hosts, origins, tokens, sizes, rates, headers.
- `schemas/`: requests and answers.
- `api/`: the operations.
- `workers/` and `tasks/`: processes that do the work, and the functions that run in them.
- `drafts/`: drafts in a database, with undo and versions.
- `training/`: uploaded texts, and trainings as processes of their own.
- `static/`: the page.
- `mcp/`: tools for language models, over the same tasks.

To add an operation, write a router as in `api.verse` and name it in `app.ROUTERS`. What takes more
than a few milliseconds is a function in `tasks`, run by a lane.
"""
