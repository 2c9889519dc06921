"""Revision of a poem in a form: whole lines, or one word."""
