"""Options of writing: each is declared once, checked once, and travels in one object.

In: the options that a user sets, in Python or on the command line. Out: `WriteOptions`. `Writer`,
the plan of the lines and the search all get this one object, and a poem records it in `settings`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import chain
from pathlib import Path

from quatrain.config import Sampling, settings
from quatrain.critic import Critic
from quatrain.errors import SettingsError
from quatrain.form import Form
from quatrain.poet import DICTIONS, tokens
from quatrain.write.line_critic import DEFAULT_STRENGTH, LineCritic, default_prompt
from quatrain.write.option_checks import (
    OPTION_TYPES,
    check_count,
    check_critic,
    check_line,
    check_printable,
    check_words,
    form_needed,
    wrong_type,
)
from quatrain.write.overlap import OverlapIndex
from quatrain.write.user_text import rows_of

MAXIMUM_CHARACTERS = 4000
"""Most characters of a free poem whose number of lines is open, unless set otherwise."""

MAXIMUM_PARTICLES = 512
"""Most particles per line: each holds a row of all the poet computes, half a megabyte for words."""

MAXIMUM_STRENGTH = 100
"""Upper bound of `strength`; far below it the theme already swamps the poet."""

SEARCH_NAMES = ("particles", "beam")
"""Names of the ways to search for a line; the first is the default."""

CONTRAST_TEMPERATURE = 0.7
"""Temperature where a poet's own contrast is in effect, unless you set one.

Contrast makes verse less plain; a lower temperature gives back as much (`benchmarks/coherence.py`).
"""

_SEEDS = 2**31
"""Number of seeds that one is drawn from when none is set: few digits to type again."""

_SAMPLING = ("temperature", "top_k", "top_p", "min_p", "contrast")
"""Options that override the fields of `sampling` with the same names."""


@dataclass(frozen=True, kw_only=True)
class WriteOptions:
    """Options of `poet.write` and of every other method that writes.

    Every option declared below `form` needs a form.

    Attributes:
        poems: number of poems, written side by side; `write` writes one.
        lines: exact number of lines, blank ones not counted; None lets the poet end its poem, or
            the form set the number.
        start: text that every poem begins with. If it does not end in a line break, the poet
            continues its last line.
        sampling: how the next symbol, a word or a character, is drawn; the next five options
            override its fields.
        temperature: divides the logits; 0 always takes the likeliest symbol. By default 0.8, or 0.7
            for a word-level poet in a form.
        top_k: draw only from the k likeliest symbols.
        top_p: draw only from the fewest symbols whose probabilities sum to p.
        min_p: draw only from symbols at least min_p times as likely as the likeliest.
        contrast: how much what follows from the poem so far counts against what would come anyway;
            0 not at all. The default is 0.75 for a word-level poet in a form, so that its poems
            hang together, and 0 otherwise.
        seed: seed of the first poem; each further poem has the next number. None draws a seed at
            random; `poem.seed` says which.
        maximum_characters: approximate limit of a free poem's length, 4000 by default if `lines`
            is not set. A word-level poet draws one word per five characters, and finishes the
            line.
        diction: "modern" leaves archaic words out, "archaic" prefers them, "any" does neither.
            The default is the poet's own: "modern" for `verse`, `letters` and adapted poets,
            unless lines that you give have archaic words; "any" for others. Words that you give,
            and those of the texts that a poet was adapted to, are never left out.
        form: name of a form, path of a .toml file, or a `Form`; every poem keeps it strictly.
        metre: metre of a form that leaves it open, such as "iambic 4"; otherwise that of the lines
            you give, or the form's usual one.
        end: text that the last line ends with.
        fixed: lines of your own: number of the line, from 1 -> its text.
        rhyme: letter of the form's rhyme scheme -> words that its lines end with, in order.
        include: words that every poem contains, whether the poet knows them or not, spelled so.
        avoid: words that no poem contains.
        acrostic: what the first letters of the lines spell.
        about: words of a theme that a word-level poet is steered towards.
        strength: how strongly `about` steers: 1 by default, 0 not at all.
        particles: candidates per line, 8 by default, 16 for a character-level poet. More follow
            the poet more closely and take longer.
        search: "particles" (the default) or "beam". A beam finds verse that is more probable but
            plainer. At temperature 0 it is not random.
        guard: index of a corpus; no line copies a long run of words from it.
        may_copy: whether lines may copy more than six words in a row from the poet's training
            texts. A poet knows these only if their index was saved with it.
        critic: a language model that judges the lines which the poet proposes;
            `quatrain.load_critic` opens one. All of them keep the form, and no word comes from it.
        critic_strength: how much the critic counts: the power of its probabilities, 0.5 by
            default; 0 not at all, 1 as much as the poet.
        critic_prompt: what the critic reads before the poem, such as a title. By default the form
            and the theme: "A sonnet about winter sea".
    """

    poems: int = 1
    lines: int | None = None
    start: str = ""
    sampling: Sampling | None = None
    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    contrast: float | None = None
    seed: int | None = None
    maximum_characters: int | None = None
    diction: str | None = None
    form: Form | str | Path | None = None
    metre: str = ""
    end: str = ""
    fixed: Mapping[int, str] = field(default_factory=dict)
    rhyme: Mapping[str, Sequence[str]] = field(default_factory=dict)
    include: Sequence[str] = ()
    avoid: Sequence[str] = ()
    acrostic: str = ""
    about: str = ""
    strength: float | None = None
    particles: int | None = None
    search: str | None = None
    guard: OverlapIndex | None = None
    may_copy: bool = False
    critic: Critic | None = None
    critic_strength: float | None = None
    critic_prompt: str = ""

    drawing: Sampling = field(init=False, repr=False)
    """Settings of the draw: `sampling`, overridden by the five options of its fields."""

    def __post_init__(self) -> None:
        """Check every option, and the options against each other.

        Raises:
            SettingsError: an option is of the wrong type or out of range, or two do not go
                together.
        """
        self._check_types()
        self._check_numbers()
        self._check_words()
        check_critic(self.critic, self.critic_strength, self.critic_prompt, self.particles)
        for name in ("include", "avoid"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        base = asdict(self.sampling) if self.sampling else None
        flags = {name: getattr(self, name) for name in _SAMPLING}
        object.__setattr__(self, "drawing", settings(Sampling, base, flags))
        if self.form is not None and self.maximum_characters is not None:
            raise SettingsError(
                "setting 'maximum_characters'",
                f"{self.maximum_characters} with a form",
                "none",
                "Leave it out.",
                message="With a form, 'maximum_characters' has no effect: "
                "the form says how long the poem is.",
            )

    @property
    def character_limit(self) -> int | None:
        """Most characters of a free poem, or None for a poem that its number of lines ends."""
        if self.maximum_characters is None and self.lines is None:
            return MAXIMUM_CHARACTERS
        return self.maximum_characters

    @property
    def theme_strength(self) -> float:
        """Strength of the theme, 1 unless it is set."""
        return 1.0 if self.strength is None else self.strength

    def line_critic(self, form: str) -> LineCritic | None:
        """Return the critic with its strength and its prompt, or None if it does not count.

        Args:
            form: name of the form.
        """
        if self.critic is None or self.critic_strength == 0:
            return None
        strength = DEFAULT_STRENGTH if self.critic_strength is None else self.critic_strength
        prompt = self.critic_prompt or default_prompt(form, self.about)
        return LineCritic(self.critic, strength, prompt)

    def with_default_contrast(self, contrast: float) -> WriteOptions:
        """Return the options with a poet's contrast, and its temperature, where you set none.

        Args:
            contrast: of the poet in a form; 0 changes nothing.
        """
        if not contrast or self.drawing.contrast is not None:
            return self
        temperature = self.temperature
        if temperature is None and self.sampling is None:
            temperature = CONTRAST_TEMPERATURE
        return replace(self, contrast=contrast, temperature=temperature)

    @property
    def rows_given(self) -> list[str]:
        """Lines that you give, whole or in part."""
        texts = (self.start, self.end, *self.fixed.values())
        return [row for text in texts for row in rows_of(text)]

    @property
    def words_given(self) -> frozenset[str]:
        """Tokens of all that you give a poem to contain, or to be about."""
        rows = (*self.rows_given, self.about, *self.include, *chain(*self.rhyme.values()))
        return frozenset(token for row in rows for token in tokens.line_tokens(row))

    def seed_or_random(self) -> int:
        """Return the seed of the first poem; draw one at random if none is set."""
        return secrets.randbelow(_SEEDS) if self.seed is None else self.seed

    def provenance(self) -> dict[str, object]:
        """Return what a poem records of the options: the drawing, and all that is not default.

        Numbers of poems and seeds are left out (a poem knows its own seed), as are a guard and a
        limit of characters (a poem records what ended it).
        """
        left_out = {"poems", "seed", "sampling", "maximum_characters", "guard", *_SAMPLING}
        drawing = {name: value for name, value in asdict(self.drawing).items() if value is not None}
        if not self.drawing.contrast:
            drawing.pop("contrast", None)
        changed = {name: getattr(self, name) for name in self._changed() if name not in left_out}
        if self.critic is not None:
            changed["critic"] = self.critic.name
        return drawing | changed

    def _changed(self) -> list[str]:
        """Return the names of the options that are not at their default, in their order."""
        defaults = WriteOptions()
        names = [option.name for option in fields(self) if option.init]
        return [name for name in names if getattr(self, name) != getattr(defaults, name)]

    # Checks

    def check_without_form(self) -> None:
        """Raise `SettingsError` for an option that needs a form.

        This is checked where writing begins: `revise` may still take the form from the poem.
        """
        names = [option.name for option in fields(self)]
        for name in self._changed():
            if names.index(name) > names.index("form"):
                raise form_needed(name)

    def _check_types(self) -> None:
        for name, (kind, expected) in OPTION_TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, kind):
                raise wrong_type(name, value, expected)
        for name in ("include", "avoid"):
            check_words(name, getattr(self, name))
        for number, text in self.fixed.items():
            if type(number) is not int:
                raise wrong_type("fixed", number, "numbers of lines, from 1", found="the key ")
            if not isinstance(text, str):
                raise wrong_type("fixed", text, "the text of a line")
        for letter, words in self.rhyme.items():
            if not isinstance(letter, str):
                raise wrong_type("rhyme", letter, "letters of the scheme", found="the key ")
            check_words("rhyme", words)
        if self.search not in (None, *SEARCH_NAMES):
            raise wrong_type("search", self.search, " or ".join(map(repr, SEARCH_NAMES)))
        if self.diction not in (None, *DICTIONS):
            raise wrong_type("diction", self.diction, " or ".join(map(repr, DICTIONS)))

    def _check_numbers(self) -> None:
        check_count("seed", self.seed, least=0)
        for name in ("poems", "lines", "maximum_characters", "particles"):
            check_count(name, getattr(self, name))
        if self.particles is not None and self.particles > MAXIMUM_PARTICLES:
            raise SettingsError(
                "setting 'particles'",
                f"{self.particles:,}",
                f"at most {MAXIMUM_PARTICLES}",
                "Lower it.",
            )
        if self.strength is None or self.form is None:
            return
        if not self.about.strip():
            raise SettingsError(
                "setting 'strength'",
                f"{self.strength!r} without a theme",
                "a theme beside it",
                "Say what the poem is about: about='winter sea', or --about.",
                message="The option 'strength' only works with a theme.",
            )
        if not 0 <= self.strength <= MAXIMUM_STRENGTH:
            raise SettingsError(
                "setting 'strength'",
                repr(self.strength),
                f"a number from 0 to {MAXIMUM_STRENGTH}",
                "Correct the value.",
            )

    def _check_words(self) -> None:
        for name, texts in (
            ("start", [self.start]),
            ("end", [self.end]),
            ("fixed", self.fixed.values()),
        ):
            check_printable(name, "".join(texts))
        if self.end.strip():
            check_line("end", self.end)
        for text in self.fixed.values():
            check_line("fixed", text)
        for name, words in (("include", self.include), ("avoid", self.avoid)):
            for word in words:
                if len(word.split()) != 1:
                    raise SettingsError(
                        f"setting {name!r}",
                        repr(word),
                        "a single word",
                        "Give several words one by one.",
                    )
        avoided = {word.lower() for word in self.avoid}
        for word in self.include:
            if word.lower() in avoided:
                raise SettingsError(
                    "settings 'include' and 'avoid'",
                    f"{word!r} in both",
                    "it in one of them",
                    "Take it out of one.",
                )
