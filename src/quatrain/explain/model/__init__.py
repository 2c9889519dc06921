"""A whole model, layer by layer: a poet, or any network in torch."""
