"""One small file of every supported kind, and the poems read from it."""

from __future__ import annotations

from pathlib import Path

import quatrain

FILES = {
    "songs.txt": """\
THE FERRY

The ferry keeps its lantern lit
for anyone who's late.

The last one over rings a bell
and doesn't have to wait.

THE SPARE KEY

It hangs behind the garden door,
a key to nothing now.
""",
    "drafts.md": """\
---
author: M. Arden
tags: [drafts, harbour]
---

# Low Water

*for Ines*

The boats lie down like dogs\\
on what is left of their shadow.

*March 2021*

# Ladder

Seven rungs and then the sky.
I only needed six.
""",
    "rows.jsonl": """\
{"title": "Ledger", "lines": ["Two loaves, a pound of salt,", "", "in pencil: fog."]}
{"text": "The kettle clears its throat.\\nNobody has the floor."}
""",
    "table.csv": """\
title,author,poem
Low Tide,M. Arden,"The harbour shows its teeth
and thinks better of it."
Night Bus,,"Every window holds
one lamp, one face, one lamp."
""",
    "thaw.xml": """\
<TEI xmlns="http://www.tei-c.org/ns/1.0">
  <teiHeader><fileDesc><titleStmt>
    <title>Small Weather</title><author>M. Arden</author>
  </titleStmt></fileDesc></teiHeader>
  <text><body>
    <lg type="poem">
      <head>Thaw</head>
      <lg><l>The gutter finds its voice again,</l>
          <l>a drop, a pause, a drop.<note>A variant has "stop".</note></l></lg>
      <lg><l>We move the chairs outside and say</l>
          <l>the winter meant to stop.</l></lg>
    </lg>
  </body></text>
</TEI>
""",
}


def write() -> None:
    """Write the files into the folder `verse`."""
    folder = Path("verse")
    folder.mkdir(exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")


def show(name: str, column: str | None = None) -> str:
    """Return a file of `FILES` and the poems in it as Markdown."""
    write()
    poems = quatrain.read(Path("verse", name), column=column).poems
    description = "; ".join(
        f"*{poem.title or 'untitled'}*{f' by {poem.author}' if poem.author else ''}, "
        f"stanzas of {' and '.join(str(len(stanza)) for stanza in poem.stanzas)} lines"
        for poem in poems
    )
    suffix = name.rsplit(".", 1)[1]
    kind = {"md": "markdown", "jsonl": "json", "xml": "xml"}.get(suffix, "text")
    count = f"{len(poems)} poem{'s' if len(poems) != 1 else ''}"
    return f'```{kind} title="{name}"\n{FILES[name]}```\n\nRead as {count}: {description}.\n'
