"""Log lines on standard error: text or JSON, without anything that users wrote.

What goes wrong is named by its type and the place in the code, never by its message, because a
message may quote a text.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from pathlib import Path

LOGGER = logging.getLogger("quatrain.studio")
"""Logger of the desk; a line for each request has the level INFO."""

FACTS = "facts"
"""Name of the attribute of a log record that holds facts as a dictionary."""


def set_up_logging(kind: str) -> None:
    """Let the desk and its server write to standard error.

    Args:
        kind: "json" or "text" for a line for each request; "" for warnings and errors, as text.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter() if kind == "json" else _TextFormatter())
    for name in ("quatrain.studio", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        is_own = name == "quatrain.studio"
        logger.setLevel(logging.INFO if kind and is_own else logging.WARNING)


def place_of(error: BaseException) -> str:
    """Return the type of an exception and the lines of code that it came from."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


def _facts(record: logging.LogRecord) -> dict[str, object]:
    facts: dict[str, object] = dict(getattr(record, FACTS, {}))
    if record.exc_info and record.exc_info[1] is not None:
        facts["error"] = place_of(record.exc_info[1])
    return facts


def _message(record: logging.LogRecord) -> str:
    """Return the message; of one about an exception the first line, which quotes nothing."""
    return record.getMessage().partition("\n")[0]


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        head = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "message": _message(record),
        }
        return json.dumps(head | _facts(record))


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={value}" for name, value in _facts(record).items())
        return f"quatrain: {_message(record)}{f' ({facts})' if facts else ''}"
