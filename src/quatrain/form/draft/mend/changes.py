"""The small words that a repair may leave out, add or exchange.

Out: tables of words in lower case, as `words` reads them.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


DROPPED = _set("then so just very too quite even oh o")
"""Words that a line can often do without, wherever they stand."""

DROPPED_AT_START = _set("and but so yet then now or for")
"""Words that a line can do without where a clause begins."""

BARE = _set(
    "snow rain water light love death time earth heaven night day dawn dusk spring summer autumn "
    "winter grass sleep silence dust wood fire air smoke music moonlight sunlight starlight "
    "evening morning noon midnight frost ice mist fog sand wine bread gold silver iron stone "
    "darkness sorrow grief joy hope fear memory truth thunder lightning twilight daylight"
)
"""Nouns that may stand without an article; those in the plural may too."""

PREPOSITIONS = _set("of in on at to by with from for under over through across into upon past")
"""Words after which *the* may come before a noun that has no article."""

LINKS = _set(
    "and or but nor for so yet then if when as that which who whose where while though because "
    "the a an of to in on at by with from"
)
"""Words before which no *and* is added, and that don't change places."""

OPENINGS = ("and", "then", "but", "so", "now")
"""Words with which a line may begin that lacks a syllable."""

SWAPS: dict[str, tuple[str, ...]] = {
    "upon": ("on",),
    "on": ("upon",),
    "into": ("in",),
    "until": ("till",),
    "till": ("until",),
    "although": ("though",),
    "though": ("although",),
    "around": ("round",),
    "round": ("around",),
    "toward": ("towards", "to"),
    "towards": ("toward", "to"),
    "within": ("in",),
    "beneath": ("under", "below"),
    "under": ("beneath", "below"),
    "below": ("beneath", "under"),
    "underneath": ("beneath", "under"),
    "beside": ("by", "near"),
    "between": ("among",),
    "among": ("between", "amid"),
    "amid": ("among",),
    "also": ("too",),
    "maybe": ("perhaps",),
    "perhaps": ("maybe",),
    "because": ("since", "for"),
    "since": ("because",),
    "always": ("ever",),
    "often": ("oft",),
    "every": ("each",),
    "each": ("every",),
    "nearly": ("almost",),
    "almost": ("nearly",),
    "like": ("just like",),
    "another": ("one more",),
    "across": ("over",),
    "over": ("across", "above"),
    "above": ("over",),
    "before": ("ere",),
    "quickly": ("fast",),
    "little": ("small",),
    "small": ("little",),
}
"""Words -> others of much the same sense that are said in another number of syllables or stress."""

OLD_WORDS: dict[str, tuple[str, ...]] = {
    "over": ("o'er",),
    "ever": ("e'er",),
    "never": ("ne'er",),
    "even": ("e'en",),
    "before": ("ere",),
    "often": ("oft",),
    "between": ("'twixt",),
    "against": ("'gainst",),
    "beneath": ("'neath",),
    "nothing": ("naught",),
    "it": ("'t",),
}
"""Words -> those that only old verse has."""

_SUBJECTS = ("i", "you", "he", "she", "it", "we", "they", "who", "that", "there", "what", "where")

CONTRACTIONS: dict[tuple[str, str], str] = {
    ("i", "am"): "i'm",
    ("let", "us"): "let's",
    **{(subject, "are"): f"{subject}'re" for subject in ("you", "we", "they")},
    **{(subject, "is"): f"{subject}'s" for subject in _SUBJECTS[2:5] + _SUBJECTS[7:]},
    **{(subject, "have"): f"{subject}'ve" for subject in ("i", "you", "we", "they")},
    **{(subject, "will"): f"{subject}'ll" for subject in _SUBJECTS[:8]},
    **{(subject, "would"): f"{subject}'d" for subject in _SUBJECTS[:8] if subject != "it"},
    ("do", "not"): "don't",
    ("does", "not"): "doesn't",
    ("did", "not"): "didn't",
    ("is", "not"): "isn't",
    ("are", "not"): "aren't",
    ("was", "not"): "wasn't",
    ("were", "not"): "weren't",
    ("has", "not"): "hasn't",
    ("have", "not"): "haven't",
    ("had", "not"): "hadn't",
    ("will", "not"): "won't",
    ("would", "not"): "wouldn't",
    ("could", "not"): "couldn't",
    ("should", "not"): "shouldn't",
    ("can", "not"): "can't",
}
"""Pairs of words -> what they are run into in speech; read backwards, what may be said in full."""

OLD_CONTRACTIONS: dict[tuple[str, str], str] = {
    ("it", "is"): "'tis",
    ("it", "was"): "'twas",
    ("it", "were"): "'twere",
    ("it", "will"): "'twill",
    ("it", "would"): "'twould",
}
"""Pairs of words -> what only old verse runs them into."""

OLD_MARKS = _set(
    "thou thee thy thine ye hath doth dost hast art wilt shalt 'tis 'twas o'er e'er ne'er e'en ere "
    "'twixt 'gainst 'neath oft wherefore whence hither thither yon"
)
"""Words of which one in a draft shows that old forms belong to its diction."""
