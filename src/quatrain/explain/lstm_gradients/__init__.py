"""The LSTM's gradients: derived in symbols, filled with numbers, computed in four ways.

Reading order: `derivation` (symbols), `case` (numbers: by hand, by our layer, by central
differences), `autograd` (numbers by torch), `exactness` (limits of the short formulas),
`report` (the explanation).
"""
