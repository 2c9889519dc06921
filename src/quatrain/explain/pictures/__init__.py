"""Pictures of layers: the windows of a kernel, weights, lookups, gates.

In: what `layers` says about sizes and numbers. Out: `records.Grids` and other pictures, for the
explanations in `arithmetic`, `lstm_gradients` and `model_summary`.

Reading order: `positions` (which positions of a long axis are shown), `windows` (an image and its
windows), `strip` (a text and its windows), `pooled` (numbers, their pooling and the gradient),
`weights` (linear, embedding, highway, LSTM).
"""
