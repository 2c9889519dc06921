"""A whole model, layer by layer: a poet, or any network in torch.

Reading order: `report` (layers, counts and the explanation), `model` (a poet, read in NumPy);
for torch `module` (one forward pass, observed), with `counts` (formulas of torch's layers),
`operations` (single operations), `values` (tensors inside arguments) and `memory` (lifetimes of
tensors).
"""
