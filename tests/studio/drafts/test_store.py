"""What the store promises: versions of a draft, undo, redo, names, trash, search, users."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from quatrain.errors import UserError
from quatrain.studio.drafts import (
    CURRENT,
    Document,
    Draft,
    DraftConflictError,
    DraftQuery,
    DraftStore,
    MissingDraftError,
    RefusedDraftError,
    new_document,
    revisions,
)
from quatrain.studio.drafts.database import Database, database_url
from quatrain.studio.drafts.differences import packed, unpacked
from quatrain.studio.drafts.migrations.opening import open_database
from quatrain.studio.drafts.models import DraftRow, RevisionRow, VersionRow

SECOND = 1_000_000
"""Microseconds."""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000 * SECOND

    def __call__(self) -> int:
        self.now += 1
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += int(seconds * SECOND)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(location: str | Path, clock: Clock) -> Iterator[DraftStore]:
    store = DraftStore(open_database(location), clock)
    yield store
    store.close()


def poem(*lines: str, title: str = "") -> Document:
    return new_document(title, lines)


def texts(draft: Draft) -> list[str]:
    return [line["text"] for line in draft.document["lines"]]


def typed(store: DraftStore, clock: Clock, draft: Draft, *words: str, pause_s: float = 10) -> Draft:
    """Save words one by one, each as the poem's only line, with pauses between."""
    for word in words:
        clock.forward(pause_s)
        draft = store.save("", draft.id, draft.version, poem(word), continues=True)
    return draft


def test_a_draft_comes_back_as_it_was_saved(store: DraftStore) -> None:
    document = poem("The kettle sings", "", "\U0001f600 \u202e \\ <b> \0", title="Steam & 'ash'")
    document["settings"]["temperature"] = 0.7
    (made,) = store.create("", [document], "Kitchen")
    assert made == store.get("", made.id)
    assert (made.version, made.document, made.folder) == (1, document, "Kitchen")
    assert (made.can_undo, made.can_redo, made.trashed) == (False, False, None)


def test_a_save_needs_the_version_that_it_changed(store: DraftStore) -> None:
    (made,) = store.create("", [poem("a")])
    saved = store.save("", made.id, 1, poem("b"))
    assert saved.version == 2
    with pytest.raises(DraftConflictError, match="changed in another window") as caught:
        store.save("", made.id, 1, poem("c"))
    assert caught.value.current == saved
    assert store.get("", made.id) == saved


def test_the_same_save_again_is_no_conflict_and_no_revision(store: DraftStore) -> None:
    """The answer to the first may have been lost on its way."""
    (made,) = store.create("", [poem("a")])
    saved = store.save("", made.id, 1, poem("b"))
    assert store.save("", made.id, 1, poem("b")) == saved
    assert store.save("", made.id, 2, poem("b")) == saved


def test_undo_and_redo_step_along_the_saves(store: DraftStore, clock: Clock) -> None:
    (made,) = store.create("", [poem("start")])
    draft = typed(store, clock, made, "one", "two", "three")
    seen = []
    while draft.can_undo:
        draft = store.undo("", draft.id, draft.version)
        seen.append(texts(draft))
    assert seen == [["two"], ["one"], ["start"]]
    while draft.can_redo:
        draft = store.redo("", draft.id, draft.version)
        seen.append(texts(draft))
    assert seen[3:] == [["one"], ["two"], ["three"]]
    assert store.redo("", draft.id, draft.version) == draft


def test_typing_is_undone_as_one_and_a_pause_divides_it(store: DraftStore, clock: Clock) -> None:
    (made,) = store.create("", [poem("start")])
    draft = typed(store, clock, made, "t", "ty", "typ", pause_s=1)
    clock.forward(6)
    draft = typed(store, clock, draft, "typed", "typed on", pause_s=1)
    draft = store.undo("", draft.id, draft.version)
    assert texts(draft) == ["typ"]
    assert texts(store.redo("", draft.id, draft.version)) == ["typed on"]
    draft = store.get("", draft.id)
    for _ in range(2):
        draft = store.undo("", draft.id, draft.version)
    assert texts(draft) == ["start"]
    assert texts(store.redo("", draft.id, draft.version)) == ["typ"]


@pytest.mark.slow
def test_typing_without_a_pause_is_divided_now_and_then(store: DraftStore, clock: Clock) -> None:
    (made,) = store.create("", [poem("start")])
    draft = typed(store, clock, made, *(f"{second} s" for second in range(55)), pause_s=1)
    stops = 0
    while draft.can_undo:
        draft = store.undo("", draft.id, draft.version)
        stops += 1
    assert stops == 2


def test_a_save_after_undo_begins_a_branch_and_the_old_one_can_be_restored(
    store: DraftStore, clock: Clock
) -> None:
    (made,) = store.create("", [poem("start")])
    draft = typed(store, clock, made, "left", "left again")
    draft = store.undo("", draft.id, draft.version)
    draft = store.undo("", draft.id, draft.version)
    draft = typed(store, clock, draft, "right", pause_s=0.1)
    assert not draft.can_redo
    stops = store.versions("", draft.id, unnamed=True)
    kept = [texts_at(store, draft, version.id) for version in stops]
    assert ["left again"] in kept
    old = stops[kept.index(["left again"])]
    assert texts(store.restore("", draft.id, old.id, draft.version)) == ["left again"]


def texts_at(store: DraftStore, draft: Draft, version: str) -> list[str]:
    return [line["text"] for line in store.document("", draft.id, version)["lines"]]


def test_named_versions_are_listed_restored_and_deleted(store: DraftStore, clock: Clock) -> None:
    (made,) = store.create("", [poem("first")])
    (first,) = store.name_version("", made.id, " As sent  to Ruth ")
    draft = typed(store, clock, made, "second", pause_s=0.1)
    second, again = store.name_version("", made.id, "Later")
    assert (first.name, second.name, again) == ("As sent to Ruth", "Later", first)
    draft = store.restore("", draft.id, first.id, draft.version)
    assert (texts(draft), draft.version) == (["first"], 3)
    assert texts(store.undo("", draft.id, draft.version)) == ["second"]
    assert store.delete_version("", draft.id, first.id) == [second]
    with pytest.raises(MissingDraftError):
        store.restore("", draft.id, first.id, 4)


def test_typing_does_not_run_through_a_named_version(store: DraftStore, clock: Clock) -> None:
    (made,) = store.create("", [poem("start")])
    draft = typed(store, clock, made, "a", "ab", pause_s=1)
    store.name_version("", draft.id, "here")
    draft = typed(store, clock, draft, "abc", pause_s=1)
    assert texts(store.undo("", draft.id, draft.version)) == ["ab"]


def test_two_versions_are_compared_line_by_line(store: DraftStore) -> None:
    (made,) = store.create("", [poem("The tide is out.", "Gulls argue.", "Nobody sails.")])
    (version,) = store.name_version("", made.id, "one")
    store.save("", made.id, 1, poem("The tide is in.", "Nobody sails.", "We wait."))
    rows = store.compare("", made.id, version.id, CURRENT)
    assert [row.change for row in rows] == ["changed", "removed", "same", "added"]
    assert [(word.change, word.text) for word in rows[0].words] == [
        ("same", "The tide is "), ("removed", "out"), ("added", "in"), ("same", "."),
    ]  # fmt: skip


def test_the_trash_keeps_a_draft_until_it_is_deleted(store: DraftStore) -> None:
    (made,) = store.create("", [poem("a")])
    trashed = store.trash("", made.id)
    assert trashed.trashed is not None
    assert store.listed("", DraftQuery()).drafts == ()
    assert [row.id for row in store.listed("", DraftQuery(trash=True)).drafts] == [made.id]
    with pytest.raises(DraftConflictError, match="moved to the trash"):
        store.save("", made.id, trashed.version, poem("b"))
    recovered = store.recover("", made.id)
    assert store.save("", made.id, recovered.version, poem("b")).trashed is None
    store.delete("", made.id)
    with pytest.raises(MissingDraftError):
        store.get("", made.id)


def test_deleting_leaves_no_row_behind(store: DraftStore, location: str | Path) -> None:
    (made,) = store.create("", [poem("a")])
    store.name_version("", made.id, "one")
    store.delete("", made.id)
    database = Database(database_url(location))
    with database.reading() as session:
        for row in (DraftRow, RevisionRow, VersionRow):
            assert session.scalars(select(row)).all() == []
    database.close()


@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        ("KETTLE", ["Steam"]), ("cafe", ["Café"]), ("50%", ["Café"]), ("5_%", []), ("%", ["Café"]),
        ("don't", ["Steam"]), ("rain kettle", ["Steam"]), ("kettle noon", []), ("\\", []),
        ("strasse", ["Straße"]), ("", ["Straße", "Café", "Steam"]),
        ("\0", ["Straße", "Café", "Steam"]),
    ],
)  # fmt: skip
def test_search_is_by_word_without_case_accents_or_wildcards(
    store: DraftStore, search: str, wanted: list[str]
) -> None:
    store.create("", [poem("The Kettle sings", "and I don’t mind the rain", title="Steam")])
    store.create("", [poem("It costs 50% more at noon", title="Café")])
    store.create("", [poem("a way", title="Straße")])
    assert [row.title for row in store.listed("", DraftQuery(search=search)).drafts] == wanted


def test_the_list_says_what_a_draft_is(store: DraftStore) -> None:
    document = new_document("", ["", "  So it  begins", "and ends"], form="haiku")
    store.create("", [document], "Short")
    (row,) = store.listed("", DraftQuery()).drafts
    assert (row.first_line, row.lines, row.form, row.folder, row.version) == (
        "So it begins", 2, "haiku", "Short", 1,
    )  # fmt: skip


def test_parts_of_the_list_follow_each_other(store: DraftStore) -> None:
    store.create("", [poem(f"{number}") for number in range(25)])
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = store.listed("", DraftQuery(limit=10, after=after))
        seen += [row.id for row in page.drafts]
        after = page.next
    assert len(seen) == len(set(seen)) == 25


def test_folders_are_those_of_drafts(store: DraftStore) -> None:
    (one, two) = store.create("", [poem("a"), poem("b")], "winter")
    moved = store.move("", one.id, one.version, "Autumn")
    assert store.listed("", DraftQuery()).folders == ("Autumn", "winter")
    assert [row.id for row in store.listed("", DraftQuery(folder="Autumn")).drafts] == [one.id]
    assert (moved.version, moved.updated) == (2, one.updated)
    store.trash("", two.id)
    assert store.listed("", DraftQuery()).folders == ("Autumn",)


def test_users_see_only_their_own(store: DraftStore) -> None:
    (hers,) = store.create("ada", [poem("mine")], "Secret")
    assert store.listed("ben", DraftQuery(search="mine")).drafts == ()
    assert store.listed("ben", DraftQuery()).folders == ()
    for attempt in (
        lambda: store.get("ben", hers.id),
        lambda: store.save("ben", hers.id, 1, poem("x")),
        lambda: store.undo("ben", hers.id, 1),
        lambda: store.move("ben", hers.id, 1, "x"),
        lambda: store.trash("ben", hers.id),
        lambda: store.delete("ben", hers.id),
        lambda: store.versions("ben", hers.id),
        lambda: store.name_version("ben", hers.id, "x"),
        lambda: store.document("ben", hers.id),
        lambda: store.compare("ben", hers.id, CURRENT, CURRENT),
    ):
        with pytest.raises(MissingDraftError):
            attempt()
    (named,) = store.name_version("ada", hers.id, "one")
    (his,) = store.create("ben", [poem("his")])
    with pytest.raises(MissingDraftError):
        store.document("ben", his.id, named.id)
    with pytest.raises(MissingDraftError):
        store.delete_version("ben", his.id, named.id)
    assert store.get("ada", hers.id) == hers


@pytest.mark.parametrize(
    "attempt",
    [
        lambda store: store.create("", [poem(*["x" * 100_000] * 11)]),
        lambda store: store.create("", [poem("a")], "f" * 201),
        lambda store: store.name_version("", store.create("", [poem("a")])[0].id, " \t"),
        lambda store: store.listed("", DraftQuery(after="yesterday")),
        lambda store: store.listed("", DraftQuery(after="1-" + "\0" * 36)),
        lambda _: DraftQuery(search="x" * 201),
        lambda _: DraftQuery(limit=0),
    ],
)
def test_what_is_too_long_or_malformed_is_refused(store: DraftStore, attempt) -> None:
    with pytest.raises(RefusedDraftError):
        attempt(store)


@pytest.mark.slow
def test_old_revisions_go_and_named_ones_stay(
    store: DraftStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "KEPT_REVISIONS", 20)
    monkeypatch.setattr(revisions, "PRUNING_INTERVAL", 5)
    lines = [f"line {number}" for number in range(12)]
    (made,) = store.create("", [poem(*lines)])
    draft = made
    for number in range(100):
        clock.forward(10)
        lines[number % 12] = f"line {number} again"
        draft = store.save("", draft.id, draft.version, poem(*lines))
        if number == 7:
            wanted = list(lines)
            (named,) = store.name_version("", draft.id, "seventh")
    assert texts_at(store, draft, named.id) == wanted
    with pytest.raises(MissingDraftError):
        store.document("", draft.id, "r2")
    steps = 0
    while draft.can_undo:
        draft = store.undo("", draft.id, draft.version)
        steps += 1
    assert 19 <= steps <= 26
    assert texts(draft)[0].startswith("line")


def test_long_poems_take_little_room() -> None:
    """A line changed in a poem of 2,000 is kept as that line."""
    lines = [f"and line {number} of the long ballad goes on" for number in range(2_000)]
    whole = poem(*lines)
    content, is_difference = packed(whole, None)
    assert not is_difference
    lines[1_000:1_001] = ["now it is another", "and one more"]
    changed = poem(*lines, title="Ballad")
    difference, is_difference = packed(changed, whole)
    assert is_difference
    assert len(difference) < 300
    assert unpacked(difference, content) == changed


def test_undo_survives_closing_the_program(
    store: DraftStore, clock: Clock, location: str | Path
) -> None:
    (made,) = store.create("", [poem("start")])
    draft = typed(store, clock, made, "one", "two")
    draft = store.undo("", draft.id, draft.version)
    store.close()
    again = DraftStore.open(location)
    assert again.get("", draft.id) == draft
    assert texts(again.redo("", draft.id, draft.version)) == ["two"]
    again.close()


def test_every_failure_says_what_to_do(store: DraftStore) -> None:
    with pytest.raises(UserError) as caught:
        store.get("", "nothing")
    assert caught.value.remedy
    assert "no such draft" in str(caught.value)
