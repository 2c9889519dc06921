"""Helpers that build the documentation; not part of the site."""
