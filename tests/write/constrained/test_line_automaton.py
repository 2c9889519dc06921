"""The graph of lines against the form's own ear, and against lines listed one by one."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.corpus import WordVocabulary
from quatrain.corpus.tokens import Page
from quatrain.form import Checker, MetreAutomaton, load, syllable_counts
from quatrain.poet import WordPoet, bundled
from quatrain.write.constrained.line_automaton import DONE, LineAutomaton, Wanted
from quatrain.write.word_classes import (
    APOSTROPHE,
    HYPHEN,
    LINE,
    MARK,
    NEVER,
    OF_PRONOUNS,
    SPECIALS,
    WordClasses,
)

CHECKER = Checker()
SMALL = ["the", "lamp", "is", "a", "kettle", "begin", "tis", "river", "i", ",", ".", "-", "'s",
         "'ll", "‘", "“", "alone", "xii", "unto"]  # fmt: skip
METRES: list[Wanted] = [
    load("sonnet").metre_of(0), load("limerick").metre_of(0), load("limerick").metre_of(2),
    load("ballad").metre_of(1), MetreAutomaton("trochaic", 4, frozenset({"catalectic"})),
    MetreAutomaton("dactylic", 3, frozenset({"iamb", "feminine"})), 5, 7, None,
]  # fmt: skip


@cache
def lexis(*words: str) -> WordClasses:
    if words:
        counts = {word: 90 - place for place, word in enumerate(words)}
        return WordClasses(WordVocabulary.from_counts(counts), CHECKER.reader)
    return WordClasses(WordPoet.load(bundled()["verse"]).vocabulary, CHECKER.reader)


@cache
def language(wanted: Wanted, backwards: bool, *words: str) -> LineAutomaton:
    return LineAutomaton(wanted, lexis(*words), backwards=backwards)


def keeps(text: str, wanted: Wanted) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return wanted in syllable_counts(text, CHECKER.ear)[0]
    return not CHECKER.reader.read(text, wanted).breaches


@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
@pytest.mark.parametrize("wanted", METRES, ids=str)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_whatever_is_walked_to_its_end_keeps_the_metre(
    wanted: Wanted, backwards: bool, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    graph, heard = language(wanted, backwards), lexis()
    node, drawn = graph.start, []
    while node != DONE:
        row = graph.next(node)
        classes = np.flatnonzero(row >= 0)
        assert len(classes), "a line that cannot be finished"
        classes = classes[classes != OF_PRONOUNS]  # *it'm* no poet draws, and the ear refuses it
        kind = LINE if len(drawn) > 12 and row[LINE] == DONE else generator.choice(classes)
        drawn.append(int(generator.choice(np.flatnonzero(heard.classes == kind))))
        node = int(row[kind])
    tokens = [heard.vocabulary.token(number) for number in drawn[:-1]]
    text = Page().line(tokens[::-1] if backwards else tokens)
    assert keeps(text, wanted), text


@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
@pytest.mark.parametrize(
    "wanted",
    [MetreAutomaton("iambic", 2, frozenset({"inversion", "feminine"})),
     MetreAutomaton("anapaestic", 1, frozenset({"headless", "feminine"})), 3],
    ids=str,
)  # fmt: skip
def test_all_lines_of_few_tokens_are_in_the_graph_if_they_keep_the_metre(
    wanted: Wanted, backwards: bool
) -> None:
    words = ("the", "lamp", "kettle", "begin", "was", "river", ",")  # none begins in a vowel
    graph, heard = language(wanted, backwards, *words), lexis(*words)
    found = {True: 0, False: 0}
    for length in range(1, 5):
        for tokens in product(words, repeat=length):
            if tokens[0] == "," or any(a == b == "," for a, b in pairwise(tokens)):
                continue
            order = tokens[::-1] if backwards else tokens
            kinds = [int(heard.classes[heard.vocabulary.numbers[token]]) for token in order]
            within = graph.follow([*kinds, LINE], graph.start) == DONE
            assert within == keeps(Page().line(tokens), wanted), tokens
            found[within] += 1
    assert min(found.values()) > 10


@pytest.mark.parametrize(
    "wanted", [load("sonnet").metre_of(0), load("limerick").metre_of(2), 4], ids=str
)
def test_both_graphs_have_the_same_lines(wanted: Wanted) -> None:
    """With endings, hyphens and apostrophes, which one direction knows only later."""
    tokens = ("lamp", "river", "i", "tis", "‘", "'s", "'ll", ",", "-", "forever")
    heard = lexis(*tokens)
    kinds = {token: int(heard.classes[heard.vocabulary.numbers[token]]) for token in tokens}
    forward, reversed_ = (language(wanted, backwards, *tokens) for backwards in (False, True))
    found, alive = [], [((), forward.start)]
    while alive:
        line, node = alive.pop()
        row = forward.next(node)
        ended = row[LINE] == DONE
        order = [*(kinds[token] for token in line[::-1]), LINE]
        assert ended == (reversed_.follow(order, reversed_.start) == DONE), line
        found += [line] if ended else []
        if len(line) < 7:
            alive += [((*line, token), int(row[kind])) for token, kind in kinds.items()
                      if row[kind] >= 0]  # fmt: skip
    assert {"'s", "'ll", "tis", "-"} <= {token for line in found for token in line}


def test_what_reaches_a_target_is_what_some_walk_reaches() -> None:
    graph = language(load("limerick").metre_of(2), True)
    nodes, rows = [graph.start], {}
    while nodes:
        node = nodes.pop()
        if node != DONE and node not in rows:
            rows[node] = {int(each) for each in graph.next(node) if each >= 0}
            nodes += rows[node]
    kind = int(lexis().classes[lexis().vocabulary.numbers["river"]])
    targets = graph.before([kind], graph.ends)
    numbers = np.array(sorted(rows), np.int32)
    hit = dict(zip(numbers.tolist(), graph.among(numbers, targets).tolist(), strict=True))
    reached = {node for node in rows if hit[node]}
    assert reached
    while True:
        grown = reached | {node for node, after in rows.items() if after & reached}
        if grown == reached:
            break
        reached = grown
    told = graph.among(numbers, graph.reaching(targets))
    assert set(numbers[told].tolist()) == reached


def test_the_classes_of_tokens() -> None:
    heard = lexis(*SMALL)
    kinds = {token: heard.class_of(token) for token in SMALL}
    assert (kinds[","], kinds["-"], kinds["‘"]) == (MARK, HYPHEN, APOSTROPHE)
    assert kinds["“"] == kinds["xii"] == NEVER
    assert heard.kinds[kinds["tis"] - SPECIALS].opened
    assert heard.kinds[kinds["lamp"] - SPECIALS].endings == (True, True, False)
    assert heard.kinds[kinds["the"] - SPECIALS].endings[0] is False  # no "the's"
    assert heard.kinds[kinds["i"] - SPECIALS].endings[2] is True
    ends = {heard.vocabulary.token(number) for number in np.flatnonzero(heard.ends)}
    assert {"lamp", "kettle", "begin", "river", "alone"} <= ends
    assert not ends & {"the", "a", "is", "tis", ","}


def test_what_is_shipped_is_what_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = lexis()
    monkeypatch.setattr("quatrain.write.word_classes._shipped", lambda: ({}, {}))
    found = WordClasses(loaded.vocabulary, CHECKER.reader)
    again = "run scripts/prepare_lexis.py again"
    assert found.kinds == loaded.kinds, again
    assert found.signatures == loaded.signatures, again
    for name in ("classes", "rhymes", "alike", "onsets", "ends"):
        assert (getattr(found, name) == getattr(loaded, name)).all(), again


@pytest.mark.parametrize("mark", ["‘", "!"])
def test_what_is_shipped_serves_other_vocabularies_too(
    monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    shipped = lexis().vocabulary
    words = (*shipped.words[6000:5000:-1], "kettledrums", "tis", "boats", "goats", mark)
    own = WordVocabulary(tuple(dict.fromkeys(words)), shipped.alphabet)
    asked: list[str] = []
    pronounce = CHECKER.reader.ear.pronounce
    with monkeypatch.context() as patched:
        patched.setattr(CHECKER.reader.ear, "pronounce", lambda w: asked.append(w) or pronounce(w))
        loaded = WordClasses(own, CHECKER.reader)
    assert "kettledrums" in asked
    assert len(asked) < 100
    monkeypatch.setattr("quatrain.write.word_classes._shipped", lambda: ({}, {}))
    found = WordClasses(own, CHECKER.reader)
    for number in range(own.size):
        kinds = []
        for heard in (found, loaded):
            kind = int(heard.classes[number])
            if kind >= SPECIALS:
                said = heard.kinds[kind - SPECIALS]
                sets = (heard.signatures[said.signature], heard.signatures[said.joined])
                kinds.append((*sets, said.opened, said.endings))
            else:
                kinds.append((kind,))
        assert kinds[0] == kinds[1], own.token(number)
    used = set(np.unique(loaded.classes).tolist())
    assert used >= set(range(SPECIALS, SPECIALS + len(loaded.kinds)))  # no kind without words
    assert (found.ends == loaded.ends).all()
    assert sorted(found.members.values()) == sorted(loaded.members.values())


def test_a_vocabulary_that_goes_on_after_the_shipped_words_is_heard_whole() -> None:
    words = (*lexis().vocabulary.words, "kettledrummery", "moonlight's")
    longer = WordClasses(WordVocabulary(words, "abcdefghijklmnopqrstuvwxyz'"), CHECKER.reader)
    assert (longer.classes[: len(lexis().classes)] == lexis().classes).all()
    assert longer.classes[-2] >= SPECIALS


def test_a_vocabulary_of_more_words_than_two_bytes_with_a_sign_can_number() -> None:
    rare = [f"q{number}" for number in range(33_000)]
    heard = WordClasses(
        WordVocabulary((*rare, "night", "light"), "0123456789ghilnqt"), CHECKER.reader
    )
    assert heard.alike[-2] != heard.alike[-1]
    assert heard.members[int(heard.rhymes[-1])] == [33_005, 33_006]
