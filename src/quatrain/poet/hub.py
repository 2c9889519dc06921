"""Poets shared through the Hugging Face hub, or another server of its kind.

In: a poet's folder, or the name of a repository. Out: the other. Only the files of a poet
go either way, and what comes is checked as any poet is before it is put in its place. Nothing
here runs unless the user asks for it by name; `huggingface_hub` does the talking, with the
server and the token that it is set up with.
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

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LARGEST = 2**30
"""Bytes of a poet's files that `pull` fetches at most."""


def push(folder: str | Path, repository: str, *, private: bool = True,
         endpoint: str | None = None, token: str | None = None) -> str:  # fmt: skip
    """Put a poet into a repository, made if it is not there.

    Args:
        folder: the poet's; it is opened and checked first.
        repository: as "name/sonnets".
        private: whether a new repository is private.
        endpoint: the server; by default the one `huggingface_hub` is set up with.
        token: of the user there; by default the one that is logged in.

    Returns:
        The address of the commit.

    Raises:
        PoetError: there is no poet in the folder, or the server refuses it.
        ExtraError: huggingface_hub is not installed.
    """
    artifact.load(folder)
    with _talking(repository):
        server = _server(endpoint, token)
        server.create_repo(repository, private=private, exist_ok=True)
        commit = server.upload_folder(
            repo_id=repository,
            folder_path=Path(folder),
            allow_patterns=list(artifact.FILES),
            commit_message="A poet by Quatrain",
        )
        return str(commit.commit_url)


def pull(repository: str, folder: str | Path, *, revision: str | None = None,
         endpoint: str | None = None, token: str | None = None) -> Path:  # fmt: skip
    """Fetch a poet from a repository into a new folder.

    Args:
        repository: as "name/sonnets".
        folder: where to; it must not be there yet.
        revision: a branch, tag or commit; by default the newest.
        endpoint: the server; by default the one `huggingface_hub` is set up with.
        token: of the user there; by default the one that is logged in.

    Raises:
        PoetError: the repository cannot be had or holds no poet, or a damaged or too large one.
        OutputError: the folder is there already or cannot be written.
        ExtraError: huggingface_hub is not installed.
    """
    folder = Path(folder)
    if folder.exists():
        raise OutputError(
            str(folder), "something there already", "a new folder", "Choose another folder."
        )
    with _talking(repository):
        server = _server(endpoint, token)
        info = server.model_info(repository, revision=revision, files_metadata=True)
        files = {file.rfilename: file.size or 0 for file in info.siblings or []}
    wanted = [name for name in artifact.FILES if name in files]
    size = sum(files[name] for name in wanted)
    if artifact.CONFIG not in wanted or size > LARGEST:
        held = f"{size:,} bytes" if size > LARGEST else f"no {artifact.CONFIG}"
        raise PoetError(repository, held, "the files of a poet", "Give a poet's repository.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as fetched:
            with _talking(repository):
                for name in wanted:
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
            "Choose another folder, or make room on the disk.",
        ) from error
    return folder


def _server(endpoint: str | None, token: str | None) -> HfApi:
    from huggingface_hub import HfApi

    return HfApi(endpoint=endpoint, token=token, library_name="quatrain")


@contextmanager
def _talking(repository: str) -> Iterator[None]:
    """Turn what may go wrong on the way to a server into an error that says what to do."""
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
            repository, "no name of a repository", "a name like anna/sonnets", "Correct the name."
        ) from error
    except (HfHubHTTPError, httpx2.HTTPError, OSError) as error:
        told = " ".join(str(error).split())
        raise PoetError(
            repository,
            f"an answer that is none ({told:.200})",
            "a repository that can be reached",
            "Check the name, the connection and, for what is private, log in with: hf auth login",
        ) from error
