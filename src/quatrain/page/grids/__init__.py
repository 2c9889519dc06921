"""Grids of cells: what they show, and how a terminal shows it.

Reading order: `cells` (texts, shades, patterns and edges, for every output), `borders` (lines of
characters between cells), `terminal` (a picture of grids as text). `page.figures` draws them.
"""
