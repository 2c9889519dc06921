"""What would mend a line that breaks its metre.

- `changes`: the small words that may go, come or be exchanged.
- `repairs`: the changes that a line allows, and which of them keep the form.
- `mending`: a line in its place, with the lines it has to rhyme with.
"""
