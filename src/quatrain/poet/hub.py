"""Sharing poets through the Hugging Face hub, or another server of its kind.

In: a poet's folder, or the name of a repository. Out: the other. Only the files of a poet are
sent or fetched, and a poet that was fetched is checked before it is put in place. Nothing here
runs unless the user asks for it; `huggingface_hub` talks to the server.

A server that the user names is trusted with nothing: it gets the token of the user who is logged
in only if it is the hub itself, and what it sends is counted as it arrives.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from quatrain.errors import ExtraError, OutputError, PoetError, QuatrainError, SettingsError
from quatrain.poet import artifact
from quatrain.poet.registry import resolve

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LARGEST = 2**30
"""The largest poet that is sent or fetched, in bytes of all its files."""

_HERE = {"localhost", "127.0.0.1", "::1"}
"""Hosts on this machine: what is sent to them can't be overheard on the way."""


def push(
    folder: str | Path,
    repository: str,
    *,
    private: bool = True,
    endpoint: str | None = None,
    token: str | None = None,
) -> str:
    """Upload a poet to a repository, which is created if it is not there.

    Args:
        folder: the poet's folder, or the name of a shipped poet; it is checked first.
        repository: its name, e.g. "anna/sonnets".
        private: whether a new repository is private.
        endpoint: the server; by default the one `huggingface_hub` is configured with.
        token: of the user; by default, on that server only, the one who is logged in.

    Returns:
        The URL of the commit.

    Raises:
        PoetError: there is no poet in the folder, one of its files is a link, or the server
            refuses it.
        SettingsError: the endpoint is no address, or would have the token sent in the open.
        ExtraError: huggingface_hub is not installed.
    """
    if not Path(folder).exists():
        folder = resolve(folder)
    folder = Path(folder)
    artifact.load(folder)
    with tempfile.TemporaryDirectory() as copy:
        _copy_files(folder, Path(copy))
        artifact.load(copy)  # what is sent is what was checked, whatever happens to the folder
        with _server_errors(repository):
            server = _server(endpoint, token)
            server.create_repo(repository, private=private, exist_ok=True)
            commit = server.upload_folder(
                repo_id=repository,
                folder_path=copy,
                allow_patterns=list(artifact.FILES),
                commit_message="A poet by Quatrain",
            )
            return str(commit.commit_url)


def _copy_files(folder: Path, target: Path) -> None:
    """Copy a poet's files, and follow no link: it may lead to anything of the user's.

    Raises:
        PoetError: a file is a link, is no regular file or is too large.
    """
    saving = folder / artifact.SAVING
    complete = (saving / artifact.CONFIG).exists()  # a save that is not moved yet (`artifact`)
    for name in artifact.FILES:
        newer = saving / name
        path = newer if complete and os.path.lexists(newer) else folder / name
        if os.path.lexists(path):
            (target / name).write_bytes(_own_content(path))


def _own_content(path: Path) -> bytes:
    """Return the content of a file that is no link."""
    refused = "a link"
    try:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        if not path.is_symlink():
            with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
                status = os.fstat(file.fileno())
                if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST:
                    return file.read(LARGEST)
                refused = "no regular file of a poet's size"
    except OSError as error:
        refused = error.strerror or str(error)
    raise PoetError(
        str(path),
        refused,
        "a file of the poet's own",
        "Put the file itself in its place, or leave the link out.",
        message=f"{path} is {refused}, so it is not sent.",
    )


def pull(
    repository: str,
    folder: str | Path,
    *,
    revision: str | None = None,
    endpoint: str | None = None,
    token: str | None = None,
) -> Path:
    """Download a poet from a repository into a new folder.

    Args:
        repository: its name, e.g. "anna/sonnets".
        folder: the new folder; it must not be there yet.
        revision: a branch, tag or commit; by default the newest.
        endpoint: the server; by default the one `huggingface_hub` is configured with.
        token: of the user; by default, on that server only, the one who is logged in.

    Raises:
        PoetError: the repository cannot be reached, or holds no poet, a damaged or a too large one.
        OutputError: the folder is there already or cannot be written.
        SettingsError: the endpoint is no address, or would have the token sent in the open.
        ExtraError: huggingface_hub is not installed.
    """
    folder = Path(folder)
    if os.path.lexists(folder):
        raise OutputError(
            str(folder),
            "something there already",
            "a new folder",
            "Choose another folder.",
            message=f"{folder} already exists.",
        )
    with _server_errors(repository):
        server = _server(endpoint, token)
        info = server.model_info(repository, revision=revision, files_metadata=True)
        sizes = {file.rfilename: file.size for file in info.siblings or []}
        names = [name for name in artifact.FILES if name in sizes]
        declared = sum(int(sizes[name] or 0) for name in names)
    if artifact.CONFIG not in names:
        raise PoetError(
            repository,
            f"no {artifact.CONFIG}",
            "the files of a poet",
            "Give a poet's repository.",
        )
    if declared > LARGEST:
        raise _too_large(repository, f"{declared:,} bytes")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as fetched:
            poet = Path(fetched) / "poet"
            poet.mkdir()
            left = LARGEST
            for name in names:
                with (poet / name).open("wb") as file:
                    for piece in _pieces(server, repository, name, info.sha):
                        left -= len(piece)
                        if left < 0:
                            raise _too_large(repository, f"more than {LARGEST:,} bytes")
                        file.write(piece)
            artifact.load(poet)
            poet.rename(folder)
    except OSError as error:
        raise OutputError(
            str(folder),
            f"{error.strerror or error}",
            "a folder that can be written",
            "Choose another folder, or free some space on the disk.",
        ) from error
    return folder


def _too_large(repository: str, size: str) -> PoetError:
    wanted = f"the files of a poet, at most {LARGEST:,} bytes"
    return PoetError(repository, size, wanted, "Give a poet's repository.")


def _pieces(server: HfApi, repository: str, name: str, revision: str | None) -> Iterator[bytes]:
    """Yield a file of a repository as it arrives.

    `huggingface_hub` can download files itself, but writes whatever a server sends until the
    disk is full. The pieces are as they were sent: nothing is unpacked, so nothing can grow.
    """
    from huggingface_hub import get_session, get_token, hf_hub_url

    with _server_errors(repository):
        url = hf_hub_url(repository, name, revision=revision, endpoint=server.endpoint)
        headers = {"accept-encoding": "identity", "user-agent": "quatrain"}
        token = get_token() if server.token is None else server.token
        if token:
            headers["authorization"] = f"Bearer {token}"
        with get_session().stream("GET", url, headers=headers) as response:
            response.raise_for_status()
            yield from response.iter_raw()


def _server(endpoint: str | None, token: str | None) -> HfApi:
    """Return the server, with a token that may be sent there.

    The token of the user who is logged in goes to the server that `huggingface_hub` is configured
    with, and never in the open. Another server gets a token only if the caller gives one.
    """
    from huggingface_hub import HfApi, constants

    address = endpoint or constants.ENDPOINT
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(
            "the endpoint",
            repr(address),
            "an address such as https://hub.example.org",
            "Correct the address.",
            message=f"{address!r} is not the address of a server.",
        )
    own = address.rstrip("/") == constants.ENDPOINT.rstrip("/")
    if token is None:
        implicit = own and parts.scheme == "https"
        return HfApi(endpoint=address, token=None if implicit else False, library_name="quatrain")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise SettingsError(
            "the endpoint",
            f"{address!r} and a token",
            "an address with https",
            "Use https, or leave the token out.",
            message=f"A token sent to {address} could be read by anybody on the way.",
        )
    return HfApi(endpoint=address, token=token, library_name="quatrain")


@contextmanager
def _server_errors(repository: str) -> Iterator[None]:
    """Turn errors of the connection and the server into errors that say what to do.

    A server that sends something else than the hub does makes `huggingface_hub` fail in many
    ways, not only in its own classes of errors.
    """
    try:
        from huggingface_hub.errors import HFValidationError
    except ModuleNotFoundError as error:
        missing = error.name or "huggingface_hub"
        raise ExtraError.missing("sharing poets", missing, "hub") from error
    try:
        yield
    except (QuatrainError, MemoryError):
        raise
    except HFValidationError as error:
        raise PoetError(
            repository,
            "no name of a repository",
            "a name like anna/sonnets",
            "Give a name like anna/sonnets.",
            message=f"{repository!r} is not the name of a repository.",
        ) from error
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise PoetError(
            repository,
            f"an error ({reason:.200})",
            "a repository that can be reached",
            "Check the name and the connection. For a private repository: hf auth login, or on a "
            "server of your own --token-file",
            message=f"The repository {repository} can't be reached: {reason:.200}.",
        ) from error
