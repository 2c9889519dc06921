"""A trained poet, opened: what its cells track, how its gates stand, how far it remembers."""
