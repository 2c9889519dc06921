"""Pictures that a page's code has drawn."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path


def file(path: str, alternative: str) -> str:
    """Return a PNG of the scratch folder as an inline image."""
    data = base64.b64encode(Path(path).read_bytes()).decode()
    return f'<img alt="{escape(alternative)}" src="data:image/png;base64,{data}">'
