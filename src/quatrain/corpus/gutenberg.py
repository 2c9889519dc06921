"""Books of Project Gutenberg, downloaded once and checked from then on.

`fetch` takes `gutenberg:1041`, or `gutenberg:1041@sha256:...`, and returns the path of the plain
text in the cache. Nothing is downloaded unless the user names a book.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from quatrain.errors import CorpusError, SettingsError

PREFIX = "gutenberg:"
BASE_URL = "https://www.gutenberg.org"
LARGEST = 64 * 2**20
"""Bytes in the largest book taken; the Bible has 4.5 million."""
TIMEOUT = 30
"""Seconds to wait for the server."""

_NAME = re.compile(r"gutenberg:(?P<number>[1-9]\d{0,6})(?:@sha256:(?P<hash>[0-9a-fA-F]{64}))?")


def name_of(source: str) -> str:
    """Return a short name for a book, for example `gutenberg-1041`."""
    return f"gutenberg-{_parsed(source)[0]}"


def fetch(source: str, base_url: str | None = None) -> Path:
    """Find a book in the cache, or fetch it into the cache, and check its hash.

    The first fetch of a book without a hash records its SHA-256 beside it; from then on
    the file must match.

    Args:
        source: `gutenberg:NUMBER`, with or without `@sha256:HASH`.
        base_url: the server; by default the environment variable QUATRAIN_GUTENBERG, or
            Project Gutenberg's own. The cache is the user's, or QUATRAIN_CACHE.

    Raises:
        CorpusError: the book cannot be fetched, is too large, or does not match its hash.
        SettingsError: the name or the server's address is malformed.
    """
    import pooch

    number, known = _parsed(source)
    base = (base_url or os.environ.get("QUATRAIN_GUTENBERG") or BASE_URL).rstrip("/")
    if not base.startswith(("https://", "http://")):
        raise SettingsError(
            "the Project Gutenberg address",
            repr(base),
            "an address that begins with https:// or http://",
            "Correct QUATRAIN_GUTENBERG or base_url.",
        )
    cache = Path(os.environ.get("QUATRAIN_CACHE") or pooch.os_cache("quatrain")) / "gutenberg"
    path = cache / f"pg{number}.txt"
    record = cache / f"pg{number}.txt.sha256"
    if not path.exists():
        url = f"{base}/cache/epub/{number}/pg{number}.txt"
        _download(url, path, source)
        record.unlink(missing_ok=True)
    actual = hashlib.sha256(path.read_bytes()).hexdigest()
    if known is None and record.exists():
        known = record.read_text(encoding="ascii", errors="replace").strip()
    if known is not None and actual != known:
        raise CorpusError(
            f"{source} ({path})",
            f"the SHA-256 {actual}",
            known,
            "Delete the file to fetch it again, or correct the hash you gave.",
            message=f"{source} ({path}) has the SHA-256 {actual} instead of {known}.",
        )
    record.write_text(actual + "\n", encoding="ascii")
    return path


def _download(url: str, path: Path, source: str) -> None:
    """Fetch a book into the cache, at most `LARGEST` bytes."""
    import pooch
    import requests

    def limited(url: str, output_file: str, _: object) -> None:
        size = 0
        with (
            requests.get(url, stream=True, timeout=TIMEOUT) as response,
            Path(output_file).open("wb") as file,
        ):
            response.raise_for_status()
            for chunk in response.iter_content(2**16):
                size += len(chunk)
                if size > LARGEST:
                    raise CorpusError(
                        source,
                        f"more than {LARGEST:,} bytes",
                        "a book of verse",
                        "Check the number, and the server if it is not Project Gutenberg's.",
                    )
                file.write(chunk)

    logger = pooch.get_logger()
    level = logger.level
    logger.setLevel("WARNING")
    try:
        pooch.retrieve(url, known_hash=None, fname=path.name, path=path.parent, downloader=limited)
    except (requests.RequestException, OSError) as error:
        raise CorpusError(
            f"{source} at {url}",
            f"{type(error).__name__}: {error}",
            "the book's plain text",
            "Check the number and the connection; offline, download the book elsewhere and "
            f"give its path, or copy it to {path}.",
        ) from error
    finally:
        logger.setLevel(level)


def _parsed(source: str) -> tuple[int, str | None]:
    """Return the number of a book, and its hash if the name has one."""
    match = _NAME.fullmatch(source.strip())
    if match is None:
        raise SettingsError(
            repr(source),
            "no book number",
            "a name such as 'gutenberg:1041' or 'gutenberg:1041@sha256:' and 64 hex digits",
            "Write for example gutenberg:1041, with the number from the book's page.",
            message=f"{source!r} names no book of Project Gutenberg.",
        )
    known = match["hash"]
    return int(match["number"]), known.lower() if known else None
