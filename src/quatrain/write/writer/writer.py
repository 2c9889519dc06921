"""The base class of poets that write with or without a form, and that revise poems.

In: `WriteOptions`, as one object or as keywords. Out: poems.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from quatrain.errors import FormError, SettingsError
from quatrain.form import Form
from quatrain.form import load as load_form
from quatrain.poet import WordPoet, tokens
from quatrain.records import Alternative, Poem, Verse, WordAlternative, as_poem
from quatrain.signatures import with_options
from quatrain.write.constrained.generation import ConstrainedGeneration
from quatrain.write.constrained.plan import NO_CONTEXT, PoemContext
from quatrain.write.draft.filling import Filling, check_options, fill
from quatrain.write.draft.generation import DraftGeneration
from quatrain.write.draft.line_alternatives import LineAlternatives, find_line_alternatives
from quatrain.write.draft.places import DraftPlaces, find_places
from quatrain.write.generation import Generation
from quatrain.write.option_checks import check_count, check_words
from quatrain.write.options import WriteOptions
from quatrain.write.overlap import OverlapIndex
from quatrain.write.revise.lines import context_of, form_of, merge_lines, revision_options
from quatrain.write.revise.word import WordRevision
from quatrain.write.writer.decoding import DecodingPoet


class Writer(DecodingPoet, ABC):
    """A poet that writes; open one with `quatrain.load(poet)`.

    The same poet, options and seed give the same poem.
    """

    @abstractmethod
    def _begin_free(self, options: WriteOptions) -> Generation:
        """Begin to write without a form."""

    @abstractmethod
    def _word_poet(self) -> WordPoet:
        """Return this poet as one that weighs whole words.

        Raises:
            SettingsError: it is a character-level poet.
        """

    @property
    def particles(self) -> int:
        """Number of particles per line in a form, unless an option sets another."""
        return self._decoder.particles

    @with_options(WriteOptions)
    def write(self, options: WriteOptions) -> Poem:
        """Write one poem.

        Example:
            print(poet.write(lines=8, temperature=0.7, seed=1))
            print(poet.write(form="sonnet", about="winter sea", seed=1))

        Raises:
            SettingsError: an option is out of range, two contradict each other, or the start has
                characters that the poet does not know, or all the lines already.
            PoetError: the poet's alphabet cannot spell the words that a form needs.
            FormError: there is no such form, a given line breaks it, or no line can meet it.
        """
        if options.poems != 1:
            raise SettingsError(
                "setting 'poems'",
                str(options.poems),
                "1",
                f"Call write_many({options.poems}, ...), which returns a list.",
                message="write writes one poem.",
            )
        return self.begin(options).poems[0]

    @with_options(WriteOptions)
    def write_many(self, poems: int, options: WriteOptions) -> list[Poem]:
        """Write several poems side by side, many times faster than one after another.

        Poem k has the seed `seed` + k, so that it can be written again alone. (Matrix products
        of a batch round differently from those of one poem. In rare cases that changes a draw,
        and so the poem; it never did in 24,000 characters.)
        """
        return self.begin(replace(options, poems=poems)).poems

    @with_options(WriteOptions)
    def begin(self, options: WriteOptions) -> Generation:
        """Begin to write; the result yields the text as it is drawn, and then the poems.

        Example:
            for piece in poet.begin(lines=4, seed=1).pieces():
                print(piece, end="")
        """
        if options.form is None:
            options.check_without_form()
            return self._begin_free(options)
        form = options.form if isinstance(options.form, Form) else load_form(options.form)
        return self._begin_in_form(form, options)

    def _begin_in_form(
        self, form: Form, options: WriteOptions, context: PoemContext = NO_CONTEXT
    ) -> ConstrainedGeneration:
        """Begin to write in a form, in the context of a poem."""
        guards = self._guards(options.guard, may_copy=options.may_copy)
        options = self._with_default_diction(options.with_default_contrast(self._decoder.contrast))
        decoder = self._decoder_of(options)

        def begin(diction: str | None) -> ConstrainedGeneration:
            prosody = self._prosody_in(diction, options.words_given, decoder)
            return ConstrainedGeneration(decoder, prosody, form, options, guards, context)

        try:
            return begin(options.diction)
        except FormError as error:
            if options.diction != "modern":
                raise
            # Is it the diction that makes it impossible? If not, this raises the same error.
            begin("any")
            raise _only_archaic(error) from error

    @with_options(WriteOptions)
    def revise(self, poem: Verse, line: int | Collection[int], options: WriteOptions) -> Poem:
        """Rewrite some lines of a poem and keep the others as they are.

        Example:
            revised = poet.revise(poem, 7, seed=1)

        Args:
            poem: a poem that names its form, or any verse if the option `form` is set.
            line: number of the line, from 1, or several. A line that is repeated is revised
                where it stands first.
            options: the options.

        Raises:
            SettingsError: there is no form, or no such line.
            FormError: a line that stays breaks the form, or no line fits between the others.
        """
        poem = as_poem(poem)
        form = self._prosody.checker.settle(poem, form_of(poem, options.form))
        fixed = options.fixed
        options, numbers = revision_options(poem, form, line, options)
        context = context_of(poem, numbers, self._prosody.typesetter.style)
        written = self._begin_in_form(form, replace(options, poems=1), context).poems[0]
        return merge_lines(poem, written, numbers, form, self._prosody.checker, fixed)

    def fill(
        self,
        lines: Sequence[str],
        options: WriteOptions | None = None,
        *,
        only: Collection[int] | None = None,
        skip: Collection[int] = (),
        stop: Callable[[], bool] | None = None,
    ) -> Filling:
        """Write the empty places of a draft, and leave its lines as they are.

        The arguments and errors are those of `quatrain.write.fill`, which does the same with
        several poets in turn.

        Example:
            draft = ["The lamp is low, the evening settles down,", "", "", ""]
            for number, text, _ in poet.fill(draft, WriteOptions(form="ballad", seed=1)):
                print(number, text)
        """
        return fill([self], lines, options, only=only, skip=skip, stop=stop)

    def line_alternatives(
        self,
        lines: Sequence[str],
        line: int,
        options: WriteOptions | None = None,
        *,
        count: int = 3,
        begin: str = "",
        stop: Callable[[], bool] | None = None,
    ) -> LineAlternatives:
        """Return other lines for one place of a draft, each as it is found.

        All of them keep the form and the rhyme. They end in different words while there are
        different rhymes, and each differs by two words at least from the line as it is and from
        the others. Other lines may be missing, or break the form.

        Example:
            draft = ["The lamp is low,", "", "", ""]
            for other in poet.line_alternatives(draft, 2, WriteOptions(form="ballad", seed=1)):
                print(other.text, other.differs)

        Args:
            lines: of the draft, as for `fill`.
            line: number of the line, from 1; it may be empty.
            options: how to write, with the form.
            count: most lines to return.
            begin: text that the lines begin with, character by character; its last word is
                completed if it is only the beginning of one.
            stop: asked between two steps of the search whether to stop.

        Raises:
            SettingsError: there is no such line, it repeats another, or an option has no place
                here.
            FormError: there is no such form, or no other line is possible; the error names the
                demand that prevents it. Part of this is found only when the first line is asked
                for.
        """
        check_count("count", count)
        return find_line_alternatives(
            self, lines, line, options or WriteOptions(), count=count, begin=begin, stop=stop
        )

    def word_alternatives(
        self,
        lines: Sequence[str],
        line: int,
        word: int | str,
        options: WriteOptions | None = None,
        *,
        count: int = 8,
    ) -> list[WordAlternative]:
        """Return other words for one place of a draft, the likeliest first.

        As `alternatives`, but other lines may be empty.

        Args:
            lines: of the draft, as for `fill`.
            line: number of the line, from 1.
            word: number of the word in the line, from 1, or the word itself.
            options: with the form; `avoid`, `guard` and `may_copy` count too.
            count: most words to return.

        Raises:
            SettingsError: there is no such line, or no such word in it; or the poet is a
                character-level one.
            FormError: there is no such form, or no other word fits.
        """
        check_count("count", count)
        options = options or WriteOptions()
        check_options(options)
        draft = find_places(lines, options.form, options.metre, (), self.checker)
        revision = self._word_revision(draft.as_poem(), draft.form, line, word)
        guards = self._guards(options.guard, may_copy=options.may_copy)
        text, place = lines[line - 1], revision.place
        return [
            WordAlternative(
                other.word,
                text[: place.start] + other.word + text[place.end :],
                other.surprisal,
                other.difference,
            )
            for other in revision.alternatives(count, options.avoid, guards)
        ]

    def draft_generation(
        self,
        draft: DraftPlaces,
        options: WriteOptions,
        stop: Callable[[], bool] | None = None,
    ) -> DraftGeneration:
        """Begin to write the places of a draft; `fill` does it all.

        Args:
            draft: the places, as `write.draft.find_places` finds them.
            options: how to write.
            stop: asked between two steps whether to stop; by default never.
        """
        options = options.with_default_contrast(self._decoder.contrast)
        name = options.diction or self._default_diction([*draft.rows, *options.rows_given])
        decoder = self._decoder_of(options)
        prosody = self._prosody_in(name, options.words_given, decoder)
        return DraftGeneration(
            decoder,
            prosody,
            draft.form,
            replace(options, form=draft.form, lines=draft.count, metre=""),
            self._guards(options.guard, may_copy=options.may_copy),
            draft.context(prosody.typesetter.style),
            stop,
        )

    def alternatives(
        self,
        poem: Verse,
        line: int,
        word: int | str,
        *,
        count: int = 5,
        form: Form | str | Path | None = None,
        avoid: Sequence[str] = (),
        guard: OverlapIndex | None = None,
        may_copy: bool = False,
    ) -> list[Alternative]:
        """Return a poem with one word changed, in the ways that the poet finds most likely.

        Nothing is random: of all words with which the poem keeps its form, you get those that make
        the poem most likely, the likeliest first. (The poet ranks all words by what comes before
        them, then reads the rest of the line for the best 256, the next line for the best 64 of
        those, and the whole poem for the best 16.) If the line is repeated elsewhere,
        the word changes there too. Unless the poem has archaic words, or the poet's diction is any,
        no archaic word is among them.

        Only the line, and those that rhyme with it, have to keep the form with the new word. In a
        draft with empty places, use `word_alternatives`.

        Args:
            poem: a poem that names its form, or any verse if `form` is set.
            line: number of the line, from 1.
            word: number of the word in the line, from 1, or the word itself. Parts of a word with
                a hyphen count one by one.
            count: most alternatives to return.
            form: the form to keep, if the poem does not name it.
            avoid: words that you don't want.
            guard: index of a corpus; no run of words with the new one is copied from it.
            may_copy: whether such a run may be copied from the poet's own training texts.

        Raises:
            SettingsError: there is no form, no such line, or no such word in it; or the poet is
                a character-level one.
            FormError: there is no such form, or no other word fits.
        """
        check_count("count", count)
        check_words("avoid", avoid)
        revision = self.word_revision(poem, line, word, form=form)
        return revision.alternatives(count, avoid, self._guards(guard, may_copy=may_copy))

    def word_revision(
        self, poem: Verse, line: int, word: int | str, *, form: Form | str | Path | None = None
    ) -> WordRevision:
        """Return the revision of one word: which words may stand in its place.

        The arguments and errors are those of `alternatives`.
        """
        poem = as_poem(poem)
        form = self._prosody.checker.settle(poem, form_of(poem, form))
        return self._word_revision(poem, form, line, word)

    def _word_revision(self, poem: Poem, form: Form, line: int, word: int | str) -> WordRevision:
        """Return the revision of one word of a poem in its form, settled."""
        rows = [other.text for other in poem.lines]
        prosody = self._prosody_in(
            self._default_diction(rows),
            [part for row in rows for part in tokens.line_tokens(row)],
            self._decoder,
        )
        return WordRevision(self._word_poet(), prosody, poem, form, line, word)


def _only_archaic(error: FormError) -> FormError:
    """Return the error of a form that only archaic words could keep."""
    sentence = error.message or f"{error.where}: got {error.found}; expected {error.wanted}."
    return FormError(
        error.where,
        error.found,
        error.wanted,
        "Take diction='any', or --diction any on the command line; or ask for less.",
        message=f"{sentence} Archaic words would make it possible, but modern diction leaves "
        "them out.",
    )
