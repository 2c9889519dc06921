"""Arguments that several tools take, with their limits and their descriptions for a model."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from quatrain.studio.schemas.texts import LineText, ShortText
from quatrain.studio.schemas.texts import Seed as SeedNumber

MOST_LINES = 500
"""Most lines of a poem: a canto and more, and an answer that a language model can still read."""

MOST_WRITTEN = 100
"""Most lines that are written at once; each takes about a second."""

Lines = Annotated[
    list[LineText],
    Field(
        max_length=MOST_LINES,
        description="The lines of the poem, without empty lines between stanzas. In a form, an "
        "empty text is a line that is not written yet, so that line 9 stays line 9.",
    ),
]
FormName = Annotated[
    ShortText,
    Field(description='Name of a form, as the tool forms lists them, e.g. "shakespearean-sonnet".'),
]
Metre = Annotated[
    ShortText,
    Field(description='A metre for a form that leaves it open, e.g. "iambic 4"; usually empty.'),
]
Poet = Annotated[ShortText, Field(description='Name of a poet, e.g. "verse" or "sonnets".')]
Theme = Annotated[ShortText, Field(description="What the poem is about, in a few words.")]
LineNumber = Annotated[int, Field(ge=1, le=MOST_LINES, description="Number of a line, from 1.")]
Temperature = Annotated[float, Field(ge=0, le=10, description="Randomness; 0 is none.")]
Seed = Annotated[
    SeedNumber | None,
    Field(description="A number; the same one gives the same lines. None draws one."),
]
Stress = Annotated[
    str,
    Field(
        pattern="^[01]{0,12}$",
        description='Stresses that it begins with, 1 strong and 0 weak: 01 for "delight".',
    ),
]
Syllables = Annotated[
    Annotated[int, Field(ge=1, le=12)] | None,
    Field(description="Number of syllables that it should have; none for any."),
]
