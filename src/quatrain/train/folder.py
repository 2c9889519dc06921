"""The folder a run writes to: its owner, what may be removed, and the run that holds it.

Quatrain removes only files that it wrote, by name, and only from a folder that holds a poet or a
run of its own. It follows no link in there: a folder that came from somebody else could have one
that leads to your own files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from quatrain.errors import OutputError
from quatrain.poet import artifact
from quatrain.train.checkpoint import PROBE, unwritable

CHECKPOINT = "last.safetensors"
METRICS, CURVE = "metrics.jsonl", "loss.png"
RUN, DATA, NEW_DATA, LOCK, OPTIONS = "training", "data", "data.new", "lock", "options.json"

_LEFT_IN_ROOT = (METRICS, CURVE, PROBE, "metrics.partial", "loss.partial")
"""Files beside a poet's that a run writes, some of them only for a moment."""

_OURS = {RUN, PROBE}
"""Files that a run may leave in its folder before there is a checkpoint or a poet."""

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
        metrics, curve: a row per validation, and their picture.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.run = root / RUN
        self.checkpoint = self.run / CHECKPOINT
        self.data = self.run / DATA
        self.new_data = self.run / NEW_DATA
        self.metrics, self.curve = root / METRICS, root / CURVE

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder against other runs; made if it is not there.

        Raises:
            OutputError: another run holds it, it cannot be written, or it has links in it.
        """
        self._refuse_links()
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
            # Somebody may have removed the folder. The run's own error says so; one from here
            # would hide it.
            with suppress(OSError):
                self._drop(self.new_data)
            lock.release()
            with suppress(OSError):
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
        elif root.exists() and any(entry.name not in _OURS for entry in root.iterdir()):
            raise OutputError(
                str(root),
                "other files",
                "an empty or new folder",
                "Choose another folder with --out. Nothing there was changed.",
                message=f"{root} holds files that are not a poet's.",
            )

    def clear(self) -> None:
        """Remove the poet and the run that are here, and nothing else.

        The checkpoint and `config.json`, by which the folder is known as ours, go last: whatever
        remains after a kill can be removed by the next run.
        """
        saving = self.root / artifact.SAVING
        for name in artifact.FILES:
            (saving / name).unlink(missing_ok=True)
            (saving / f"{name}.partial").unlink(missing_ok=True)
        with suppress(OSError):  # there is none, or something of the user's in it
            saving.rmdir()
        for name in (*artifact.FILES, *_LEFT_IN_ROOT):
            if name != artifact.CONFIG:
                (self.root / name).unlink(missing_ok=True)
        self._drop(self.data)
        for name in (Path(CHECKPOINT).with_suffix(".partial").name, OPTIONS):
            (self.run / name).unlink(missing_ok=True)
        (self.root / artifact.CONFIG).unlink(missing_ok=True)
        self.checkpoint.unlink(missing_ok=True)

    def install_new_data(self) -> None:
        """Put the newly prepared corpus in its place; `clear` came before."""
        self.new_data.rename(self.data)

    def write_options(self, options: Mapping[str, object]) -> None:
        """Record the options that the run was begun with, as JSON can hold them."""
        (self.run / OPTIONS).write_text(json.dumps(options), encoding="utf-8")

    def read_options(self) -> Mapping[str, object]:
        """Return the options that the run was begun with; none if they are not known."""
        try:
            options = json.loads((self.run / OPTIONS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return options if isinstance(options, dict) else {}

    def curve_is_current(self) -> bool:
        """Return whether the picture of the loss was drawn after the last validation."""
        try:
            return self.curve.stat().st_mtime_ns >= self.metrics.stat().st_mtime_ns
        except OSError:
            return False

    def _refuse_links(self) -> None:
        """Raise `OutputError` if something that the run would write is a link."""
        names = (*artifact.FILES, artifact.SAVING, METRICS, CURVE, RUN)
        inside = (CHECKPOINT, DATA, NEW_DATA, LOCK, OPTIONS)
        paths = [*(self.root / name for name in names), *(self.run / name for name in inside)]
        for path in paths:
            if path.is_symlink():
                raise OutputError(
                    str(path),
                    "a link",
                    "a file or folder of the run's own",
                    "Remove the link, or choose another folder with --out.",
                    message=f"{path} is a link; a run writes only inside its own folder.",
                )

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
