"""Shapes, counts and values of single layers, with the numbers in the formulas."""
