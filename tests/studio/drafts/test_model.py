"""Drafts against a model of them: whatever is done in whatever order, the two agree."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from quatrain.studio.drafts import (
    Draft,
    DraftConflictError,
    DraftQuery,
    DraftStore,
    Version,
    new_document,
)
from quatrain.studio.drafts.migrations.opening import open_database

WORDS = st.sampled_from(["ash", "brook", "cloud", "dusk", "ember", "frost"])


class Model(RuleBasedStateMachine):
    """One draft: its saves as a tree in which undo goes up and redo goes to the newest below."""

    versions: Bundle[tuple[Version, str]] = Bundle("versions")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now = 10**15
        self.store = self.opened()
        self.texts: list[str] = []
        self.parents: list[int | None] = []
        self.shown = 0
        self.joinable = False

    def opened(self) -> DraftStore:
        return DraftStore(open_database(Path(self.folder.name, "drafts.sqlite")), lambda: self.now)

    @initialize(word=WORDS)
    def create(self, word: str) -> None:
        (self.draft,) = self.store.create("", [new_document("", [word])])
        self.texts, self.parents, self.shown = [word], [None], 0

    def append(self, text: str, parent: int | None) -> None:
        self.texts.append(text)
        self.parents.append(parent)
        self.shown = len(self.texts) - 1

    @rule(word=WORDS, goes_on=st.booleans(), pause_s=st.sampled_from([1, 20]))
    def save(self, word: str, goes_on: bool, pause_s: int) -> None:
        text = f"{word} {len(self.texts)}"
        self.now += pause_s * 10**6
        joins = goes_on and pause_s == 1 and self.joinable and self.typed_s + pause_s <= 30
        self.draft = self.store.save(
            "", self.draft.id, self.draft.version, new_document("", [text]), continues=goes_on
        )
        self.typed_s = self.typed_s + pause_s if joins else 0
        self.append(text, self.parents[self.shown] if joins else self.shown)
        self.joinable = True

    typed_s = 0

    @rule()
    def undo(self) -> None:
        self.draft = self.store.undo("", self.draft.id, self.draft.version)
        parent = self.parents[self.shown]
        self.shown = self.shown if parent is None else parent
        self.pause()

    @rule()
    def redo(self) -> None:
        self.draft = self.store.redo("", self.draft.id, self.draft.version)
        below = [number for number, parent in enumerate(self.parents) if parent == self.shown]
        self.shown = below[-1] if below else self.shown
        self.pause()

    def pause(self) -> None:
        """Let the next save stand alone, so that the model needn't know what it would join."""
        self.now += 20 * 10**6
        self.joinable = False

    @rule(target=versions)
    def name(self) -> tuple[Version, str]:
        self.pause()
        listed = self.store.name_version("", self.draft.id, "name")
        named = next(one for one in listed if one not in self.store_names)
        self.store_names.append(named)
        return named, self.texts[self.shown]

    @initialize()
    def no_names(self) -> None:
        self.store_names: list[Version] = []

    @rule(version=versions)
    def restore(self, version: tuple[Version, str]) -> None:
        named, text = version
        self.draft = self.store.restore("", self.draft.id, named.id, self.draft.version)
        if text != self.texts[self.shown]:
            self.append(text, self.shown)
        self.pause()

    @rule(target=versions, version=consumes(versions))
    def forget(self, version: tuple[Version, str]) -> object:
        left = self.store.delete_version("", self.draft.id, version[0].id)
        self.store_names.remove(version[0])
        assert set(left) == set(self.store_names)
        return multiple()

    @rule(behind=st.integers(1, 3))
    def save_to_an_old_version(self, behind: int) -> None:
        document = new_document("", ["from another window"])
        with pytest.raises(DraftConflictError) as caught:
            self.store.save("", self.draft.id, self.draft.version - behind, document)
        assert caught.value.current == self.draft

    @rule()
    def trash_and_recover(self) -> None:
        self.store.trash("", self.draft.id)
        assert self.store.listed("", DraftQuery()).drafts == ()
        self.draft = self.store.recover("", self.draft.id)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = self.opened()

    @invariant()
    def the_store_agrees(self) -> None:
        if not self.texts:
            return
        draft: Draft = self.store.get("", self.draft.id)
        assert draft == self.draft
        assert [line["text"] for line in draft.document["lines"]] == [self.texts[self.shown]]
        assert draft.can_undo is (self.parents[self.shown] is not None)
        assert draft.can_redo is (self.shown in self.parents)
        (row,) = self.store.listed("", DraftQuery(search=self.texts[self.shown])).drafts
        assert (row.first_line, row.version) == (self.texts[self.shown], draft.version)

    @invariant()
    def nothing_saved_is_lost(self) -> None:
        for number, text in enumerate(self.texts, 1):
            document = self.store.document("", self.draft.id, f"r{number}")
            assert document["lines"][0]["text"] == text

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


TestModel = pytest.mark.slow(Model.TestCase)
TestModel.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, derandomize=True
)
