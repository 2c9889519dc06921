"""Small changes that mend a line which breaks its metre.

- `changes`: the small words that may go, come or be exchanged.
- `repairs`: the changes that a line allows, and which of them keep the form.
- `surroundings`: the lines that one has to rhyme with, or not.
- `rhyme_words`: frequent words that rhyme with one.
- `mending`: what would mend a line in its place, remembered.
"""
