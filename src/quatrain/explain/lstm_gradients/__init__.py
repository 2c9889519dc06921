"""The LSTM's gradients: derived in symbols, filled with numbers, computed in four ways.

Reading order: `notation` (names that differ between books), `derivation` (symbols), `case`
(numbers: by hand, by our layer, by central differences), `autograd` (numbers by torch), `exactness`
(limits of the short formulas), `formulas` (the symbols with their numbers), `report` (the
explanation); `cell_step` (one step from given sums of the gates), `routes` (what stops a gradient
there).
"""
