"""Output: records as text for the terminal, JSON for programs, HTML for notebooks, pictures.

The functions take records and return strings or Rich renderables. No other package formats text
for a reader, and nothing here computes results. Read in this order:

    poems, copying                      poems, and the words that they copy
    scansion, tei, verdict, rhyme       scanned verse, checked verse, rhymes
    draft, word_panel                   the check of a draft, all about a word
    forms, poets, corpus, neighbours    lists and statistics
    training, evaluation                a run's progress, a poet's scores
    group_comparison                    groups of poems side by side, with intervals
    explanation, latex, shading         an explanation as text, JSON and LaTeX; heat maps as text
    grids, bar_rows                     the cells of grids; grids and bars as text
    figures, scale                      pictures, in memory and in files; the colours of heat maps
    problem_sheet, answers              problem sheets as files, marks; a right answer as text
    export                              a poem as a file: text, Markdown, LaTeX, a web page
    html_tags, mathml, explanation_html HTML: elements, formulas, the parts of an explanation
    notebook, numbers                   HTML for every record; formatting of numbers

To add an output:

1. For another record, write a module like `poets`: `as_text` or `as_table` returns what the
   terminal shows, `as_json` one object on one line. The command in `quatrain.cli` calls them.
2. For HTML, derive the record from `records.deferred.HtmlRepr` and register a function for it
   with `notebook.as_html`.
3. For another format of a record, write a module like `tei`; give the command a flag for it.
"""
