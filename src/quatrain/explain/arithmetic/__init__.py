"""Shapes, counts and values of single layers, with the numbers in the formulas.

Reading order: `expression` (a formula that knows its numbers), `layers` (embedding, linear,
highway), `lstm`; `axes` (sizes along an axis), `convolution`; `matrix` (numbers from a file),
`pooling`, `invariance` (the result of pooling under shifts).
"""
