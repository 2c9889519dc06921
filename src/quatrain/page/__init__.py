"""How things are shown: text for the terminal, JSON for programs.

In: records. Out: renderables and strings; nothing else in the house formats
for a reader, and nothing here computes.
"""
