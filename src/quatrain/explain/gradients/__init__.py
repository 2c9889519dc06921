"""The LSTM's gradients: derived, filled with numbers, checked in four ways."""
