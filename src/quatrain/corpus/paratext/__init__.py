"""Telling verse from what stands beside it in plain text.

Texts that people have on disk hold more than verse: titles, dates, dedications, line numbers,
notes, licences. Nothing of this may be scanned or learned as verse, no line of verse may be lost
to it, and a report says which lines were taken for what. Read in this order:

    rows                    a line and its number; what was found beside one poem's verse
    licence, markup         whole files: Project Gutenberg's own; HTML, entities, tokens
    margins, drama          in a poem: line numbers, notes, page numbers; speakers, directions
    lines                   what one line can be: heading, date, dedication, signature
    titles                  whether a line without a mark is a title
    head, tail              what stands above and below a poem
    poem                    all of it, for one poem
"""
