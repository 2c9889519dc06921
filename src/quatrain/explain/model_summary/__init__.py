"""A whole model, layer by layer: a poet, or any network in torch.

Reading order: `report` (layers, counts and the explanation), `model` (a poet, read in NumPy).

For torch: `module` (the passes), `observer` (what runs in them), `dispatch` (how operations are
seen), `counting` (formulas and single operations), `values` (tensors inside arguments), `memory`
(lifetimes of tensors) and `restoring` (the module left as it was).
"""
