"""A gradient on its way back through many steps of an LSTM, with exact Jacobians.

Reading order: `jacobian` (the mathematics), `experiment` (random networks and their norms),
`random_networks` (one setting of the gates, or a traced layer), `grid` and `conclusions` (every
combination of gates and scales), `poet` (the gates of a trained poet).
"""
