"""The folder a run writes to: its owner, what may be removed, and the run that holds it.

Quatrain removes only files that it wrote, by name, and only from a folder that holds a poet or a
run of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from quatrain.errors import OutputError
from quatrain.poet import artifact
from quatrain.train.checkpoint import unwritable

CHECKPOINT = "last.safetensors"
METRICS, CURVE = "metrics.jsonl", "loss.png"
RUN, DATA, NEW_DATA, LOCK = "training", "data", "data.new", "lock"

_PREPARED = (
    "prepared.json",
    "tokens.bin",
    "offsets.npy",
    "training.npy",
    "validation.npy",
    "words.json",
    "words.safetensors",
)


class RunFolder:
    """The places in a poet's folder that training uses.

    Attributes:
        root: the poet's folder.
        run: where a run keeps what only it needs.
        checkpoint: what a run resumes from.
        data, new_data: the prepared corpus, and the next one while it is prepared.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.run = root / RUN
        self.checkpoint = self.run / CHECKPOINT
        self.data = self.run / DATA
        self.new_data = self.run / NEW_DATA

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder against other runs; made if it is not there.

        Raises:
            OutputError: another run holds it, or it cannot be written.
        """
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.run / LOCK, timeout=0)
            lock.acquire()
        except Timeout:
            raise OutputError(
                str(self.root),
                "another run training in it",
                "a folder of its own for each run",
                "Wait for that run to end, or choose another folder with --out.",
                message=f"Another run is training in {self.root}.",
            ) from None
        except OSError as error:
            raise unwritable(self.root, error) from error
        try:
            yield
        finally:
            self._drop(self.new_data)
            lock.release()
            self._leave_no_empty_folder()

    def require_free(self, *, overwrite: bool) -> None:
        """Check that a new run would lose nothing the user has not given up.

        Raises:
            OutputError: the folder is a file, holds foreign files, or holds a poet or a run
                and `overwrite` is False.
        """
        root = self.root
        if root.exists() and not root.is_dir():
            raise OutputError(
                str(root),
                "a file",
                "a folder",
                "Choose another name with --out.",
                message=f"{root} is a file, not a folder.",
            )
        if artifact.is_poet(self.root) or self.checkpoint.exists():
            if not overwrite:
                raise OutputError(
                    str(root),
                    "a poet or a training run",
                    "an empty or new folder",
                    "Use --resume to continue, --overwrite to replace it, or another --out.",
                    message=f"{root} already exists.",
                )
        elif root.exists() and any(entry.name != RUN for entry in root.iterdir()):
            raise OutputError(
                str(root),
                "other files",
                "an empty or new folder",
                "Choose another folder with --out. Nothing there was changed.",
                message=f"{root} holds files that are not a poet's.",
            )

    def clear(self) -> None:
        """Remove the poet and the run that are here, and nothing else."""
        for name in (*artifact.FILES, METRICS, CURVE):
            (self.root / name).unlink(missing_ok=True)
        for partial in (CHECKPOINT, Path(CHECKPOINT).with_suffix(".partial").name):
            (self.run / partial).unlink(missing_ok=True)
        self._drop(self.data)

    def install_new_data(self) -> None:
        """Put the newly prepared corpus in its place; `clear` came before."""
        self.new_data.rename(self.data)

    def _leave_no_empty_folder(self) -> None:
        """Remove the folders of a run that failed before it began."""
        if {entry.name for entry in self.run.iterdir()} <= {LOCK}:
            (self.run / LOCK).unlink(missing_ok=True)
            self.run.rmdir()
            if not any(self.root.iterdir()):
                self.root.rmdir()

    @staticmethod
    def _drop(folder: Path) -> None:
        for name in _PREPARED:
            (folder / name).unlink(missing_ok=True)
            (folder / f"{name}.partial").unlink(missing_ok=True)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
