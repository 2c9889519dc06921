"""Function words of English verse, by kind: the words that hold a sentence together.

Out: sets of words in lower case, as `tokenizer` reads them. `sound`, `form` and `write` make their
own sets from these, so each word is listed in one place only. A word may be of several kinds (*her*
is an object pronoun and a possessive). Prepositions, conjunctions and the like are only those of
one syllable that lean on a neighbour. Forms that only verse still has (*thou*, *hath*) stand beside
the modern ones.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ARTICLES = _set("a an the")
POSSESSIVES = _set("my thy his her its our your their")
DEMONSTRATIVES = _set("this that these those")

FIRST_SINGULAR = _set("i")
SECOND_SINGULAR = _set("thou")
THIRD_SINGULAR = _set("he she it")
PLURAL = _set("we you they ye")
"""Pronouns with a plural verb; *you* takes one whomever it means."""
SUBJECT_PRONOUNS = FIRST_SINGULAR | SECOND_SINGULAR | THIRD_SINGULAR | PLURAL
OBJECT_PRONOUNS = _set("me thee him her it us you ye them")
RELATIVES = _set("who whom which what when")
"""Words that ask, or that tie a clause to a noun."""

BE = _set("am are art be been is was were")
HAVE = _set("had has hast hath have")
DO = _set("did do does dost doth")
MODALS = _set("can could may might must shall should will would")
AUXILIARIES = BE | HAVE | DO | MODALS

PREPOSITIONS = _set("at by for from in of on to up with")
CONJUNCTIONS = _set("and as but if nor or than")
LIGHT_ADVERBS = _set("so then")
QUANTIFIERS = _set("some")

AGREEMENT: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (FIRST_SINGULAR, _set("am was have do will shall were had did")),
    (THIRD_SINGULAR, _set("is was has hath does doth will shall were had did")),
    (PLURAL, _set("are were have do will shall had did")),
    (SECOND_SINGULAR, _set("art wert wast hast dost wilt shalt were had")),
)
"""Subject pronouns, and the forms of auxiliaries that agree with them (*were* as a subjunctive)."""

LIGHT_WORDS = (
    SUBJECT_PRONOUNS
    | OBJECT_PRONOUNS
    | POSSESSIVES
    | DEMONSTRATIVES
    | RELATIVES
    | AUXILIARIES
    | PREPOSITIONS
    | CONJUNCTIONS
    | LIGHT_ADVERBS
    | QUANTIFIERS
)
"""Words of one syllable that lean on a neighbour: in a line of verse they seldom bear a beat.

Articles are apart, for metre treats them more strictly.
"""

NEVER_AFTER_ARTICLES = (
    ARTICLES
    | POSSESSIVES
    | DEMONSTRATIVES
    | SUBJECT_PRONOUNS
    | OBJECT_PRONOUNS
    | (BE - {"art", "been"})
    | HAVE
)
"""Words that no article comes before: *the it*, *a their*, *an is*."""

STRESSABLE_WORDS = (
    _set("not no none nor neither never don't won't can't shan't isn't aren't ain't didn't")
    | _set("all any both each few less least more most much such same own self one two")
    | _set("here there where hence thence whence how why now once twice ere yet still else too")
    | _set("thus though since till while whilst like through down out up off near past round")
    | _set("who's whose whoe'er whate'er where'er how'er e'er ne'er o'er ever oft lest save")
    | _set("wast wert wilt shalt canst couldst wouldst shouldst mayst mightst must let get got")
    | _set("tis twas twere twill twould o oh ah lo yea nay yes")
    | _set("'tis 'twas 'twere 'twill 'twould")
)
"""Words of closed classes that are neither light nor full: they may bear a stress, or may not.

Only those of one syllable matter. *Up* is light before a noun, but not after a verb (*took up*).
A contraction of a light word (*I'll*, *he's*) is one of them.
"""
