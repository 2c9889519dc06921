"""Sharing poets through the Hugging Face hub, or another server of its kind.

In: a poet's folder, or the name of a repository. Out: the other. Only the files of a poet are
sent or fetched, and a poet that was fetched is checked before it is put in place. Nothing here
runs unless the user asks for it; `huggingface_hub` talks to the server, with the address and the
token that it is configured with.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from quatrain.errors import ExtraError, OutputError, PoetError
from quatrain.poet import artifact
from quatrain.poet.registry import resolve

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LARGEST = 2**30
"""The largest poet that `pull` fetches, in bytes of all its files."""


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
        token: of the user; by default the one who is logged in.

    Returns:
        The URL of the commit.

    Raises:
        PoetError: there is no poet in the folder, or the server refuses it.
        ExtraError: huggingface_hub is not installed.
    """
    if not Path(folder).exists():
        folder = resolve(folder)
    artifact.load(folder)
    with _server_errors(repository):
        server = _server(endpoint, token)
        server.create_repo(repository, private=private, exist_ok=True)
        commit = server.upload_folder(
            repo_id=repository,
            folder_path=Path(folder),
            allow_patterns=list(artifact.FILES),
            commit_message="A poet by Quatrain",
        )
        return str(commit.commit_url)


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
        token: of the user; by default the one who is logged in.

    Raises:
        PoetError: the repository cannot be reached, or holds no poet, a damaged or a too large one.
        OutputError: the folder is there already or cannot be written.
        ExtraError: huggingface_hub is not installed.
    """
    folder = Path(folder)
    if folder.exists():
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
        files = {file.rfilename: file.size or 0 for file in info.siblings or []}
    names = [name for name in artifact.FILES if name in files]
    size = sum(files[name] for name in names)
    if artifact.CONFIG not in names or size > LARGEST:
        content = f"{size:,} bytes" if size > LARGEST else f"no {artifact.CONFIG}"
        raise PoetError(repository, content, "the files of a poet", "Give a poet's repository.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as fetched:
            with _server_errors(repository):
                for name in names:
                    server.hf_hub_download(
                        repository, name, revision=info.sha, local_dir=Path(fetched) / "poet"
                    )
            poet = Path(fetched) / "poet"
            shutil.rmtree(poet / ".cache", ignore_errors=True)
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


def _server(endpoint: str | None, token: str | None) -> HfApi:
    from huggingface_hub import HfApi

    return HfApi(endpoint=endpoint, token=token, library_name="quatrain")


@contextmanager
def _server_errors(repository: str) -> Iterator[None]:
    """Turn errors of the connection and the server into errors that say what to do."""
    try:
        import httpx2
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    except ModuleNotFoundError as error:
        missing = error.name or "huggingface_hub"
        raise ExtraError.missing("sharing poets", missing, "hub") from error
    try:
        yield
    except HFValidationError as error:
        raise PoetError(
            repository,
            "no name of a repository",
            "a name like anna/sonnets",
            "Give a name like anna/sonnets.",
            message=f"{repository!r} is not the name of a repository.",
        ) from error
    except (HfHubHTTPError, httpx2.HTTPError, OSError) as error:
        reason = " ".join(str(error).split())
        raise PoetError(
            repository,
            f"an error ({reason:.200})",
            "a repository that can be reached",
            "Check the name and the connection. For a private repository: hf auth login",
            message=f"The repository {repository} can't be reached: {reason:.200}.",
        ) from error
