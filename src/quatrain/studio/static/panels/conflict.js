/** Two windows changed one draft: both sides are shown, and whatever is chosen, the other can be had back. */
import { request, sentence } from "../api.js";
import { make } from "../dom.js";
import { compare, sideBySide } from "./difference.js";
import { button, choices, openDialog, say, when } from "./parts.js";

let open = false;

/**
 * Show both sides of a conflict and settle it.
 * @param {Desk} desk
 * @param {DraftDocument} mine
 * @param {SavedDraft} theirs what the other window saved
 */
export function showConflict(desk, mine, theirs) {
  const { draft } = desk;
  if (open) return;
  open = true;
  const note = make("p", { className: "fault", role: "alert" });
  const rows = compare(texts(theirs.document), texts(mine));
  const choose = (/** @type {() => Promise<string>} */ settle) => async () => {
    try {
      say(desk, await settle());
      dialog.close();
    } catch (error) {
      note.textContent = `${sentence(error)} Nothing is lost: both texts are still here.`;
    }
  };
  const keepMine = async () => {
    await draft.settle(mine);
    return "Your words are kept. Undo brings back the others.";
  };
  const takeTheirs = async () => {
    await draft.settle(mine); // a revision of its own, so that undo finds it
    draft.change(document => Object.assign(document, theirs.document));
    await draft.flush();
    return "The other window’s words are kept. Undo brings back yours.";
  };
  const keepBoth = async () => {
    const title = mine.title.trim() ? `${mine.title.trim()} (mine)` : "Mine";
    const saved = await request("POST", "/api/drafts", { document: { ...mine, title }, folder: theirs.folder });
    await draft.settle(theirs.document);
    await draft.open(saved.id);
    return `Both are kept. You are now in “${title}”.`;
  };
  const differ = rows.some(row => row.change !== "same");
  const dialog = openDialog("This draft was changed in another window", [
    make("p", {}, `It was saved there at ${when(theirs.updated)}, while you were writing here. `,
      differ ? "These lines differ. Choose what to keep; undo brings back the other." : "The words are the same; the settings or the locks differ."),
    differ && sideBySide(rows, ["Theirs, from the other window", "Mine, from this one"], false), note,
    choices(button("Keep both", choose(keepBoth), { className: "main" }),
      button("Keep mine", choose(keepMine), { className: "quiet outline" }),
      button("Take theirs", choose(takeTheirs), { className: "quiet outline" }),
      make("span", { className: "soft" }, "Keep both makes a second draft of yours."))], "broad");
  dialog.addEventListener("close", () => { open = false; });
}

/** Return what a reader sees of a poem, line by line. @param {DraftDocument} poem */
const texts = poem => [...[poem.title, poem.form, poem.theme].filter(Boolean), ...poem.lines.map(line => line.text)];
