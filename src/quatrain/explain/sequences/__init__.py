"""From a text to training sequences: characters as numbers, windows and streams, what is lost.

Reading order: `running_text` (poems as one row of numbers), `counts` (the formulas), `windows` and
`streams` (the explanations), `tables` (the parts that both share), `pictures`.
"""
