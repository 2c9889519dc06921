"""Parameters and multiply-adds of torch's layers and operations.

Reading order: `formulas` (torch's layers), `expected_shapes` (whether a layer still is what its
attributes say), `operations` (single operations), `element_wise` (operations without inner
products), `shared_memory` (parameters that overlap). Nothing here imports torch.
"""
