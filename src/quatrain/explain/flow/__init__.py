"""How a gradient travels back through an LSTM: random networks, and measured ones."""
