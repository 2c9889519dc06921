"""Settings of the desk's server: where it listens, where it keeps drafts, and its limits."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from quatrain.errors import SettingsError

PORT = 8360
"""Port that the desk listens on unless another is asked for; no registered service has it."""

LEAST_TOKEN = 16
"""Fewest characters of a token's secret where other machines can reach the desk."""

MOST_WRITERS = 4
"""Most processes that write unless set otherwise: each takes up to 400 MB."""

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
"""Names by which a browser on this machine reaches the desk."""


def default_folder() -> Path:
    """Return the folder for drafts and poets, by the conventions of the system.

    It is `~/.local/share/quatrain/studio` on Linux (or below `XDG_DATA_HOME`),
    `~/Library/Application Support/quatrain/studio` on macOS, and
    `AppData/Local/quatrain/studio` on Windows.
    """
    return platformdirs.user_data_path("quatrain", appauthor=False) / "studio"


@dataclass(frozen=True, kw_only=True)
class StudioSettings:
    """Settings of the desk's server.

    Attributes:
        host: address to listen on; any but this machine's own demands a token.
        port: port to listen on.
        folder: folder with the drafts, the uploads and the poets trained here.
        database: URL of the database; empty for SQLite in `folder`.
        tokens: who may use the desk, each as SECRET or NAME:SECRET; empty for everyone who can
            reach it. Each token is a user with drafts of their own.
        host_names: names besides the address by which browsers may reach the desk.
        check_processes: most processes that check and scan, of 70 MB each; started when needed.
        word_processes: most processes that look words up, of 400 MB each.
        write_processes: most processes that write, of 200 to 400 MB each.
        queue: most requests that wait for a process of one kind.
        check_limit_s: longest time of a check, a scan or a search for words, in seconds.
        write_limit_s: longest time of a request that writes, in seconds.
        json_bytes: largest request in JSON; a draft of 10,000 lines and 1 MB of text fits.
        upload_bytes: largest request with files.
        requests_per_second: requests that one client may send on average; 0 for no limit.
        burst: requests that one client may send at once.
        log: "" for warnings only, "text" or "json" for a line for each request.
        warm: whether one process of each kind loads what it needs before it is asked.

    Raises:
        SettingsError: a setting is out of range, or other machines could reach a desk that has
            no token.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    folder: Path = field(default_factory=default_folder)
    database: str = ""
    tokens: tuple[str, ...] = ()
    host_names: tuple[str, ...] = ()
    check_processes: int = 2
    word_processes: int = 1
    write_processes: int = field(default_factory=lambda: min(os.cpu_count() or 1, MOST_WRITERS))
    queue: int = 64
    check_limit_s: float = 20.0
    write_limit_s: float = 300.0
    json_bytes: int = 4 * 2**20
    upload_bytes: int = 20 * 2**20
    requests_per_second: float = 400.0
    burst: int = 800
    log: str = ""
    warm: bool = True

    def __post_init__(self) -> None:
        """Check the settings, each alone and against each other."""
        for name in ("check_processes", "word_processes", "write_processes", "queue", "burst"):
            if getattr(self, name) < 1:
                raise SettingsError(
                    f"setting {name!r}",
                    str(getattr(self, name)),
                    "a whole number, 1 or more",
                    "Correct the value.",
                )
        if not 0 <= self.port <= 65535:
            raise SettingsError(
                "setting 'port'", str(self.port), "a number from 0 to 65535", "Correct the value."
            )
        if self.log not in ("", "text", "json"):
            raise SettingsError(
                "setting 'log'", repr(self.log), "'text' or 'json'", "Correct the value."
            )
        for token in self.tokens:
            self._check_token(token)
        secrets = [token.rpartition(":")[2] for token in self.tokens]
        if len(set(secrets)) < len(secrets):
            raise SettingsError(
                "setting 'token'",
                "the same secret twice",
                "a secret of their own for everyone",
                "Take another secret.",
                message="Two tokens have the same secret, so the desk can't tell who asks.",
            )
        if not self.is_local and not self.tokens:
            raise SettingsError(
                "setting 'host'",
                f"{self.host!r} without a token",
                "a token for everyone who may write there",
                "Add --token with a secret of 16 characters or more, or leave --host out.",
                message=f"Other machines can reach the desk at {self.host}, so it needs a token.",
            )

    def _check_token(self, token: str) -> None:
        secret = token.rpartition(":")[2]
        if not secret or not token.isascii() or not token.isprintable() or " " in token:
            raise SettingsError(
                "setting 'token'",
                "a token that is empty or has spaces or letters beyond ASCII",
                "SECRET or NAME:SECRET in plain letters and digits",
                "Take another token.",
                message="A token is a secret of plain letters and digits, or NAME:SECRET.",
            )
        if not self.is_local and len(secret) < LEAST_TOKEN:
            raise SettingsError(
                "setting 'token'",
                f"a secret of {len(secret)} characters",
                f"at least {LEAST_TOKEN}, since other machines can reach the desk",
                'Make one with: python -c "import secrets; print(secrets.token_urlsafe())"',
            )

    @property
    def is_local(self) -> bool:
        """True if only this machine can reach the desk."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def drafts(self) -> str | Path:
        """URL of the database of drafts, or the path of its file."""
        return self.database or self.folder / "desk.sqlite"

    def hide_folder(self, text: str) -> str:
        """Return a message as the desk's users may read it.

        On a desk with tokens it names files by their place in the desk's folder, and does not say
        where on the server that is.
        """
        if not self.tokens or not self.folder.is_absolute():
            return text
        folder = str(self.folder)
        return text.replace(f"{folder}{os.sep}", "").replace(folder, "the desk's folder")

    @property
    def invitation(self) -> str:
        """Sentences about address and tokens for whoever started the desk."""
        lines = [f"The desk is open at {self.address} (stop it with Ctrl-C)."]
        if self.tokens:
            where = self.address if self.is_local else f"http://ADDRESS:{self.port}/"
            lines.append(f"Everyone opens {where}?token=SECRET once, each with their own secret.")
        if self.tokens and not self.is_local:
            lines.append(
                "ADDRESS is the address of this machine in your network. What is sent can be read "
                "there; where you don't trust the network, put a server with HTTPS before the desk."
            )
        return "\n".join(lines)

    @property
    def address(self) -> str:
        """URL at which a browser on this machine finds the desk."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"
