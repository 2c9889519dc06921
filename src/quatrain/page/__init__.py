"""Shows records: text for the terminal, JSON for programs, HTML for notebooks, pictures.

In: records. Out: renderables and strings. No other package formats for a reader, and nothing
here computes results.
"""
