"""`quatrain scan --out`: a whole library as tables, with progress, and resumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from quatrain.cli.streams import console, echo
from quatrain.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from quatrain.scale import ScanProgress


def scan_into_folder(
    path: str, out: Path, options: Mapping[str, Any], *, resume: bool, other_output: bool
) -> None:
    """Scan a source into a folder of tables, and say what is in it.

    Args:
        path: the source.
        out: the folder.
        options: fields of `ScanOptions`; those that are None take their defaults.
        resume: whether to go on with results that are there.
        other_output: whether JSON or TEI was asked for, too.

    Raises:
        UserError: the source can't be read, or the folder can't be written.
        SettingsError: the flags don't go together.
    """
    if other_output or path == "-":
        raise SettingsError(
            "--out",
            "standard input" if path == "-" else "--json or --tei beside it",
            "a file or a folder of verse, and tables alone",
            "Leave out --out, or the other.",
            message="--out writes tables of a file or folder, and prints neither JSON nor TEI.",
        )
    from quatrain.scale import ScanOptions, scan_corpus

    chosen = {name: value for name, value in options.items() if value is not None}
    try:
        with _progress(console(stderr=True)) as tell:
            record = scan_corpus(path, out, ScanOptions(**chosen), resume=resume, progress=tell)
    except KeyboardInterrupt:
        echo(f"quatrain: stopped; --resume goes on with what is in {out}.", err=True)
        raise
    counts = ", ".join(
        f"{count:,} {table if count != 1 else table.removesuffix('s')}"
        for table, count in record.counts.items()
    )
    echo(f"{out}: {counts}.")
    if record.counts["problems"]:
        echo(f"What was set aside, and why, is in {out / 'problems'}.", err=True)


@contextmanager
def _progress(terminal: Console) -> Iterator[Callable[[ScanProgress], None]]:
    """Draw a bar with poems a second and the time left, on standard error."""
    from rich.progress import BarColumn, Progress, TextColumn

    from quatrain.page.training import duration

    with Progress(
        TextColumn("scanning"),
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[detail]}"),
        console=terminal,
        transient=True,
    ) as bar:
        task = bar.add_task("", total=1.0, detail="")
        found_done = 0.0

        def tell(progress: ScanProgress) -> None:
            nonlocal found_done
            detail = f"{progress.poems:,} poems"
            if not progress.scanned:
                found_done = progress.share
            else:
                rate = progress.scanned / max(progress.seconds, 1e-9)
                share = max(progress.share - found_done, 1e-9)
                left = progress.seconds * (1 - progress.share) / share
                detail += f", {rate:,.0f} poems/s, {duration(left)} left"
            bar.update(task, completed=progress.share, detail=detail)

        yield tell
