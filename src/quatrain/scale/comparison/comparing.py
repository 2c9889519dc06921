"""Groups of poems compared: `compare` reads folders of results and returns the record."""

from __future__ import annotations

import difflib
import shlex
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quatrain.errors import OutputError, SettingsError
from quatrain.records import GroupComparison, PoemGroup
from quatrain.scale.comparison.bootstrap import LEVEL, GroupEstimates, differences, estimates_of
from quatrain.scale.comparison.counting import BASES, Counts, add_results
from quatrain.scale.comparison.grouping import (
    FOLDER,
    PERIODS,
    Label,
    Labels,
    in_order,
    keys_of,
    name_of,
)
from quatrain.scale.comparison.measures import Amounts, amounts_of
from quatrain.scale.provenance import FILE, RunRecord

LEAST = 20
"""Poems of a group, below which it is put together with other small groups."""

RESAMPLES = 1_000
"""Resamples of the bootstrap; the ends of a 95 % interval need that many (Efron and Tibshirani,
1993, section 19.3)."""

_NAMED = ("anthology", "gutenberg:")
"""Beginnings of corpora that are no path."""

MOST = 10
"""Names of a section that are measured."""

_MOST_NAMES = 12
"""Names of groups that an error lists."""


@dataclass(frozen=True)
class _Group:
    name: str
    labels: tuple[Label, ...]


def compare(
    *results: str | Path,
    by: str = "",
    groups: Sequence[str] = (),
    least: int = LEAST,
    most: int = MOST,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> GroupComparison:
    """Compare groups of poems: metres, variations, line lengths, rhymes and schemes of stanzas.

    Every number has a 95 % interval, from drawing the poems of a group again. If there are two
    groups, there are differences between them as well.

    Args:
        results: folders that `scan_corpus` made; each is a group, or is divided by `by`.
        by: author, year, decade, century, form, foot, metre, fields of the source, or several
            with commas between them.
        groups: names of groups to compare, in this order; all if empty.
        least: poems below which a group is put together with other small groups; groups that are
            named, and folders, stay as they are.
        most: metres, variations, schemes and so on that are measured, the most frequent ones.
        resamples: how often poems are drawn again.
        seed: of these draws. The draws of a group do not depend on what other groups there are.

    Raises:
        OutputError: a folder has no results of a scan, or they are damaged.
        SettingsError: there is nothing to compare, or a key or a group is unknown.
        ExtraError: the results are Parquet, and pyarrow is not installed.
    """
    keys = keys_of(by)
    _check(results, keys, least=least, most=most, resamples=resamples, seed=seed)
    folders = [Path(result) for result in results]
    records = [_record(folder) for folder in folders]
    names = _folder_names(folders)
    labels = Labels(keys)
    counts = Counts()
    for folder, name in zip(folders, names, strict=True):
        before = len(counts.labels)
        add_results(counts, folder, labels, (name,) if len(folders) > 1 else ())
        if len(counts.labels) == before:
            raise _empty(folder)
    labels.check()
    if len(folders) > 1:
        keys = (FOLDER, *keys)
    _check_values(counts, keys)
    chosen = _groups(counts, keys, names, groups, least)
    notes = [*_notes(folders, records), *_group_notes(counts, chosen, least)]
    amounts, rows = _estimates(counts, chosen, most, resamples, seed)
    differing = differences(rows[0][1], rows[1][1]) if len(rows) == 2 else ()
    if judged := sum(difference is not None for difference in differing):
        notes.append(
            f"If the groups were alike, about {judged * (1 - LEVEL):.0f} of {judged} differences "
            "would still have an interval without 0, by chance."
        )
    return GroupComparison(
        tuple(map(str, folders)),
        keys,
        amounts.measures,
        tuple(group for group, _ in rows),
        differing,
        resamples,
        seed,
        tuple(notes),
    )


def _estimates(
    counts: Counts, groups: Sequence[_Group], most: int, resamples: int, seed: int
) -> tuple[Amounts, list[tuple[PoemGroup, GroupEstimates]]]:
    """Return what is measured, and every group with its estimates."""
    number = {label: place for place, group in enumerate(groups) for label in group.labels}
    group_of = np.array([number.get(label, -1) for label in counts.labels])
    if (group_of < 0).any():
        counts = counts.only(np.flatnonzero(group_of >= 0))
        group_of = group_of[group_of >= 0]
    amounts = amounts_of(counts, group_of, len(groups), most)
    rows = []
    for place, group in enumerate(groups):
        poems = np.flatnonzero(group_of == place)
        generator = np.random.default_rng([seed, zlib.crc32(group.name.encode())])
        found = estimates_of(amounts, poems, resamples, generator)
        lines = int(amounts.bases[poems, BASES.index("lines")].sum())
        rows.append((PoemGroup(group.name, len(poems), lines, found.estimates), found))
    return amounts, rows


def _groups(
    counts: Counts, keys: Sequence[str], folders: Sequence[str], names: Sequence[str], least: int
) -> list[_Group]:
    """Return the groups in reading order, the small ones together at the end."""
    sizes = Counter(counts.labels)
    labels = in_order(sizes, keys, folders)
    if names:
        known = {name_of(label, keys): label for label in labels}
        return [_Group(name, (_known(name, known),)) for name in dict.fromkeys(names)]
    small = [label for label in labels if sizes[label] < least and tuple(keys) != (FOLDER,)]
    if len(small) < 2:
        small = []
    groups = [_Group(name_of(label, keys), (label,)) for label in labels if label not in set(small)]
    if small:
        groups.append(_Group(f"others ({len(small):,} groups)", tuple(small)))
    return groups


def _known(name: str, known: dict[str, Label]) -> Label:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, 1)
    some = ", ".join(list(known)[:_MOST_NAMES])
    more = f" and {len(known) - _MOST_NAMES:,} more" if len(known) > _MOST_NAMES else ""
    raise SettingsError(
        "--group",
        repr(name),
        f"{some}{more}",
        f"Did you mean {near[0]!r}?" if near else "Choose some of them.",
        message=f"There is no group {name!r}. The groups are {some}{more}.",
    )


def _check(results: Sequence[str | Path], keys: Sequence[str], **numbers: int) -> None:
    """Raise an error if there is nothing to compare, or a number is out of range."""
    if not results or (len(results) == 1 and not keys):
        raise SettingsError(
            "compare",
            "one folder" if results else "no folder",
            "two folders, or a key",
            "Name a second folder, or add --by author.",
            message="There is nothing to compare: one folder of results is one group.",
        )
    for name, lowest, highest in (
        ("least", 1, 1_000_000),
        ("most", 1, 100),
        ("resamples", 100, 100_000),
        ("seed", 0, 2**32 - 1),
    ):
        if not lowest <= numbers[name] <= highest:
            raise SettingsError(
                f"--{name}",
                f"{numbers[name]}",
                f"a whole number from {lowest:,} to {highest:,}",
                "Choose another one.",
            )


def _record(folder: Path) -> RunRecord:
    """Return the record of the results of a scan."""
    if not folder.exists() and not str(folder).startswith(_NAMED):
        raise OutputError(
            str(folder),
            "no such folder",
            "a folder that quatrain scan --out made",
            "Check the path.",
            message=f"There is no folder {folder}.",
        )
    if not (folder / FILE).is_file():
        out = f"{folder.name.split('.')[0].replace(':', '-') or 'corpus'}-results"
        raise OutputError(
            str(folder),
            "no results of a scan",
            "a folder that quatrain scan --out made",
            f"Scan it first: quatrain scan {shlex.quote(str(folder))} --out {shlex.quote(out)}",
            message=f"{folder} holds no results of a scan.",
        )
    record = RunRecord.read(folder)
    if not (folder / "poems").is_dir() and not record.finished:
        raise _empty(folder)
    return record


def _empty(folder: Path) -> OutputError:
    return OutputError(
        str(folder),
        "results without a poem",
        "at least one poem",
        "Look into its table of problems, or scan the corpus again.",
        message=f"The results in {folder} have no poems.",
    )


def _folder_names(folders: Sequence[Path]) -> list[str]:
    """Return a different name for each folder: its own, the path, or with a number."""
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) < len(names):
        names = [str(folder) for folder in folders]
    return [
        f"{name} ({names[:place].count(name) + 1})" if name in names[:place] else name
        for place, name in enumerate(names)
    ]


def _notes(folders: Sequence[Path], records: Sequence[RunRecord]) -> list[str]:
    """Return what a reader should know of the results."""
    notes = [
        f"{folder} is not finished: only the poems that were scanned are compared. "
        "quatrain scan --resume goes on with it."
        for folder, record in zip(folders, records, strict=True)
        if not record.finished
    ]
    for folder, record in list(zip(folders, records, strict=True))[1:]:
        if (record.quatrain, record.data) != (records[0].quatrain, records[0].data):
            notes.append(
                f"{folders[0]} and {folder} were scanned by different versions of Quatrain or its "
                "dictionaries, which can make differences of its own."
            )
    return notes


def _group_notes(counts: Counts, groups: Sequence[_Group], least: int) -> list[str]:
    """Return what a reader should know of the groups."""
    sizes = Counter(counts.labels)
    notes = []
    together = [group for group in groups if len(group.labels) > 1]
    for group in together:
        poems = sum(sizes[label] for label in group.labels)
        notes.append(
            f"{len(group.labels):,} groups of fewer than {least} poems are together as others "
            f"({poems:,} poems)."
        )
    few = [group.name for group in groups if sum(sizes[label] for label in group.labels) < least]
    if few:
        some = ", ".join(few[:_MOST_NAMES])
        notes.append(f"Fewer than {least} poems, so that intervals are rough: {some}.")
    if len(groups) == 1:
        notes.append("There is only one group.")
    return notes


def _check_values(counts: Counts, keys: Sequence[str]) -> None:
    """Raise an error if no poem has a value of some key.

    Raises:
        SettingsError: as said.
    """
    for place, key in enumerate(keys):
        if any(label[place] is not None for label in counts.labels):
            continue
        article = "an" if key[0] in "aeiou" else "a"
        year = key == "year" or key in PERIODS
        raise SettingsError(
            "--by",
            f"the key {key!r}, which no poem has",
            "a key that poems have",
            "If a field of the source holds the year, scan it with --year NAME."
            if year
            else "Leave it out.",
            message=f"No poem has {article} {key}.",
        )
