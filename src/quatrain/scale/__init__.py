"""Whole libraries of verse: scanned by several processes, written as tables, resumed.

In: a source of any size. Out: a folder of results, which is read by pandas, Polars, DuckDB and R,
and says how it was made. Read in this order:

    columns      what each table has, column by column
    rows         a scanned poem as rows of the tables
    arrow        rows as Parquet or CSV files
    provenance   what a folder of results says of itself
    results      the folder: its parts, which are whole, and what is left to do
    processes    processes that end with their parent
    scanning     a source to a folder of results
    comparison   groups of poems compared, from folders of results

Memory does not grow with the source: it is read block by block, and every block becomes a part of
the results, which is written under another name and renamed when it is whole.
"""

from __future__ import annotations

from quatrain.scale.comparison import compare
from quatrain.scale.provenance import RunRecord
from quatrain.scale.scanning import ScanOptions, ScanProgress, scan_corpus

__all__ = ["RunRecord", "ScanOptions", "ScanProgress", "compare", "scan_corpus"]
