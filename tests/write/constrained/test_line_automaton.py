"""The graph of lines against the form's own ear, and against lines listed one by one."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quatrain.corpus import WordVocabulary
from quatrain.corpus.tokens import Typesetter
from quatrain.form import Checker, MetreAutomaton, count_syllables, load
from quatrain.poet import WordPoet, bundled
from quatrain.write.constrained.line.automaton import ACCEPT, LineAutomaton, Measure
from quatrain.write.word_classes import (
    APOSTROPHE,
    ENDING_LL,
    FIRST_WORD_CLASS,
    HYPHEN,
    LINE_END,
    MARK,
    UNUSABLE,
    WordClasses,
)

CHECKER = Checker()
SMALL = ["the", "lamp", "is", "a", "kettle", "begin", "tis", "river", "i", ",", ".", "-", "'s",
         "'ll", "‘", "“", "alone", "xii", "unto"]  # fmt: skip
METRES: list[Measure] = [
    load("sonnet").metre_of(0), load("limerick").metre_of(0), load("limerick").metre_of(2),
    load("ballad").metre_of(1), MetreAutomaton("trochaic", 4, frozenset({"catalectic"})),
    MetreAutomaton("dactylic", 3, frozenset({"iamb", "feminine"})), 5, 7, None,
]  # fmt: skip


@cache
def word_classes(*words: str) -> WordClasses:
    if words:
        counts = {word: 90 - place for place, word in enumerate(words)}
        return WordClasses(WordVocabulary.from_counts(counts), CHECKER.reader)
    return WordClasses(WordPoet.load(bundled()["verse"]).vocabulary, CHECKER.reader)


@cache
def language(wanted: Measure, backwards: bool, *words: str) -> LineAutomaton:
    return LineAutomaton(wanted, word_classes(*words), backwards=backwards)


def keeps(text: str, wanted: Measure) -> bool:
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return wanted == count_syllables(text, CHECKER.ear).total
    return not CHECKER.reader.read(text, wanted).breaches


@pytest.mark.slow
@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
@pytest.mark.parametrize("wanted", METRES, ids=str)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_whatever_is_walked_to_its_end_keeps_the_metre(
    wanted: Measure, backwards: bool, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    graph, heard = language(wanted, backwards), word_classes()
    node, drawn = graph.start, []
    while node != ACCEPT:
        row = graph.next(node)
        classes = np.flatnonzero(row >= 0)
        assert len(classes), "a line that cannot be finished"
        classes = classes[classes != ENDING_LL]  # *it'm* no poet draws, and the ear refuses it
        kind = (
            LINE_END if len(drawn) > 12 and row[LINE_END] == ACCEPT else generator.choice(classes)
        )
        drawn.append(int(generator.choice(np.flatnonzero(heard.class_ids == kind))))
        node = int(row[kind])
    tokens = [heard.vocabulary.token(number) for number in drawn[:-1]]
    text = Typesetter().line(tokens[::-1] if backwards else tokens)
    assert keeps(text, wanted), text


@pytest.mark.slow
@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "reversed"])
@pytest.mark.parametrize(
    "wanted",
    [MetreAutomaton("iambic", 2, frozenset({"inversion", "feminine"})),
     MetreAutomaton("anapaestic", 1, frozenset({"headless", "feminine"})), 3],
    ids=str,
)  # fmt: skip
def test_all_lines_of_few_tokens_are_in_the_graph_if_they_keep_the_metre(
    wanted: Measure, backwards: bool
) -> None:
    words = ("the", "lamp", "kettle", "begin", "was", "river", ",")  # none begins in a vowel
    graph, heard = language(wanted, backwards, *words), word_classes(*words)
    found = {True: 0, False: 0}
    for length in range(1, 5):
        for tokens in product(words, repeat=length):
            if tokens[0] == "," or any(a == b == "," for a, b in pairwise(tokens)):
                continue
            order = tokens[::-1] if backwards else tokens
            kinds = [int(heard.class_ids[heard.vocabulary.numbers[token]]) for token in order]
            within = graph.follow([*kinds, LINE_END], graph.start) == ACCEPT
            assert within == keeps(Typesetter().line(tokens), wanted), tokens
            found[within] += 1
    assert min(found.values()) > 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "wanted", [load("sonnet").metre_of(0), load("limerick").metre_of(2), 4], ids=str
)
def test_both_graphs_have_the_same_lines(wanted: Measure) -> None:
    """With endings, hyphens and apostrophes, which one direction knows only later."""
    tokens = ("lamp", "river", "i", "tis", "‘", "'s", "'ll", ",", "-", "forever")
    heard = word_classes(*tokens)
    kinds = {token: int(heard.class_ids[heard.vocabulary.numbers[token]]) for token in tokens}
    forward, reversed_ = (language(wanted, backwards, *tokens) for backwards in (False, True))
    found, alive = [], [((), forward.start)]
    while alive:
        line, node = alive.pop()
        row = forward.next(node)
        ended = row[LINE_END] == ACCEPT
        order = [*(kinds[token] for token in line[::-1]), LINE_END]
        assert ended == (reversed_.follow(order, reversed_.start) == ACCEPT), line
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
        if node != ACCEPT and node not in rows:
            rows[node] = {int(each) for each in graph.next(node) if each >= 0}
            nodes += rows[node]
    kind = int(word_classes().class_ids[word_classes().vocabulary.numbers["river"]])
    targets = graph.predecessors([kind], graph.accepting)
    numbers = np.array(sorted(rows), np.int32)
    hit = dict(zip(numbers.tolist(), graph.intersects(numbers, targets).tolist(), strict=True))
    reached = {node for node in rows if hit[node]}
    assert reached
    while True:
        grown = reached | {node for node, after in rows.items() if after & reached}
        if grown == reached:
            break
        reached = grown
    told = graph.intersects(numbers, graph.coreachable(targets))
    assert set(numbers[told].tolist()) == reached


def test_the_classes_of_tokens() -> None:
    heard = word_classes(*SMALL)
    kinds = {token: heard.class_id_of(token) for token in SMALL}
    assert (kinds[","], kinds["-"], kinds["‘"]) == (MARK, HYPHEN, APOSTROPHE)
    assert kinds["“"] == kinds["xii"] == UNUSABLE
    assert heard.classes[kinds["tis"] - FIRST_WORD_CLASS].clipped
    assert heard.classes[kinds["lamp"] - FIRST_WORD_CLASS].endings == (True, True, False)
    assert heard.classes[kinds["the"] - FIRST_WORD_CLASS].endings[0] is False  # no "the's"
    assert heard.classes[kinds["i"] - FIRST_WORD_CLASS].endings[2] is True
    ends = {heard.vocabulary.token(number) for number in np.flatnonzero(heard.may_end_line)}
    assert {"lamp", "kettle", "begin", "river", "alone"} <= ends
    assert not ends & {"the", "a", "is", "tis", ","}


@pytest.mark.slow
def test_what_is_shipped_is_what_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = word_classes()
    monkeypatch.setattr("quatrain.write.word_classes._shipped", lambda: ({}, {}))
    found = WordClasses(loaded.vocabulary, CHECKER.reader)
    again = "run scripts/prepare_word_classes.py again"
    assert found.classes == loaded.classes, again
    assert found.signatures == loaded.signatures, again
    for name in ("class_ids", "rhyme_ids", "homophone_ids", "onsets", "may_end_line"):
        assert (getattr(found, name) == getattr(loaded, name)).all(), again


@pytest.mark.parametrize("mark", ["‘", "!"])
def test_what_is_shipped_serves_other_vocabularies_too(
    monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    shipped = word_classes().vocabulary
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
            kind = int(heard.class_ids[number])
            if kind >= FIRST_WORD_CLASS:
                said = heard.classes[kind - FIRST_WORD_CLASS]
                sets = (heard.signatures[said.signature], heard.signatures[said.joined_signature])
                kinds.append((*sets, said.clipped, said.endings))
            else:
                kinds.append((kind,))
        assert kinds[0] == kinds[1], own.token(number)
    used = set(np.unique(loaded.class_ids).tolist())
    assert used >= set(
        range(FIRST_WORD_CLASS, FIRST_WORD_CLASS + len(loaded.classes))
    )  # no kind without words
    assert (found.may_end_line == loaded.may_end_line).all()
    assert sorted(found.words_by_rhyme.values()) == sorted(loaded.words_by_rhyme.values())


def test_a_vocabulary_that_goes_on_after_the_shipped_words_is_heard_whole() -> None:
    words = (*word_classes().vocabulary.words, "kettledrummery", "moonlight's")
    longer = WordClasses(WordVocabulary(words, "abcdefghijklmnopqrstuvwxyz'"), CHECKER.reader)
    assert (longer.class_ids[: len(word_classes().class_ids)] == word_classes().class_ids).all()
    assert longer.class_ids[-2] >= FIRST_WORD_CLASS


@pytest.mark.slow
def test_a_vocabulary_of_more_words_than_two_bytes_with_a_sign_can_number() -> None:
    rare = [f"q{number}" for number in range(33_000)]
    heard = WordClasses(
        WordVocabulary((*rare, "night", "light"), "0123456789ghilnqt"), CHECKER.reader
    )
    assert heard.homophone_ids[-2] != heard.homophone_ids[-1]
    assert heard.words_by_rhyme[int(heard.rhyme_ids[-1])] == [33_005, 33_006]
