/** Versions of a draft: name one, list them, compare two, go back to one. */
import { request, sentence } from "../api.js";
import { make } from "../dom.js";
import { button, choice, choices, field, openDialog, say, titled, when } from "./parts.js";

const LONG = 400; // rows of a comparison; of a longer one only the lines that differ are shown

/** Fill the drawer's part about versions. @param {Desk} desk @param {HTMLElement} aside */
export function fillVersions(desk, aside) {
  const { draft } = desk, heading = make("h3", {});
  const name = make("input", { className: "find", placeholder: "name this version", maxLength: 100, autocomplete: "off", "aria-label": "Name of a new version" });
  const form = make("form", { className: "row" }, name, make("button", { className: "quiet" }, "Keep"));
  const list = make("ol", { role: "list", className: "versions" }), note = make("p", { className: "soft", role: "status" });
  const every = make("input", { type: "checkbox", onchange: () => show() });
  const title = () => { heading.textContent = `Versions of ${titled(draft.document.title)}`; };

  async function show() {
    const { id } = draft;
    title();
    try {
      /** @type {Version[]} */
      const versions = id ? await request("GET", `/api/drafts/${id}/versions?unnamed=${every.checked}`) : [];
      if (id !== draft.id) return;
      list.replaceChildren(...versions.map(({ id: version, name: what, created }) => make("li", {},
        make("button", { type: "button", onclick: () => openComparison(desk, versions, version, show) },
          make("span", { className: "what" }, what || "a step"), make("time", { dateTime: created }, when(created))))));
      note.textContent = versions.length ? "" : "None yet. A version keeps the poem as it is now.";
    } catch (error) { fail(error); }
  }
  const fail = (/** @type {unknown} */ error) => { note.textContent = sentence(error); };

  form.addEventListener("submit", async event => {
    event.preventDefault();
    const said = name.value.trim();
    if (!said) return name.focus();
    try {
      await draft.flush();
      if (!draft.id) throw new Error("Write a line first; then there is something to keep.");
      await request("POST", `/api/drafts/${draft.id}/versions`, { name: said });
      say(desk, `Version ${said} is kept`);
      name.value = "";
      await show();
    } catch (error) { fail(error); }
  });
  draft.addEventListener("opened", show);
  draft.addEventListener("changed", title);
  aside.append(heading, form, list, note, make("label", { className: "check" }, every, "every step that undo knows"));
}

/**
 * Show a version beside the poem as it is, or beside another version, and offer the way back.
 * @param {Desk} desk @param {Version[]} versions @param {string} first @param {() => void} changed what to do when the list is another
 */
function openComparison(desk, versions, first, changed) {
  const { draft } = desk, path = `/api/drafts/${draft.id}`;
  /** @type {[string, string][]} */
  const names = versions.map(({ id, name, created }) => [id, `${name || "a step"}, ${when(created)}`]);
  const from = choice(names, first, { onchange: () => compare() });
  const to = choice([["current", "the poem as it is now"], ...names], "current", { onchange: () => compare() });
  const place = make("div"), told = make("p", { className: "soft", role: "status" }), label = (/** @type {HTMLSelectElement} */ select) => select.selectedOptions[0].text;
  let latest = new AbortController();
  const compare = async () => {
    latest.abort();
    const { signal } = latest = new AbortController();
    back.textContent = `Go back to ${names.find(([id]) => id === from.value)?.[1]}`;
    told.textContent = "Comparing.";
    try {
      await draft.flush();
      const { sideBySide } = await import("./difference.js");
      /** @type {{ rows: CompareRow[] }} */
      const { rows } = await request("GET", `${path}/compare?from=${from.value}&to=${to.value}`, null, { signal });
      const differ = rows.filter(row => row.change !== "same").length;
      told.textContent = differ ? `${differ} of ${rows.length} lines differ.` : "The two are the same.";
      place.replaceChildren(sideBySide(rows, [label(from), label(to)], rows.length <= LONG));
      if (rows.length > LONG) told.append(" Only those are shown.");
    } catch (error) { if (!signal.aborted) fail(error); }
  };
  const fail = (/** @type {unknown} */ error) => { told.textContent = sentence(error); };
  const restore = async () => {
    try {
      await request("POST", `${path}/versions/${from.value}/restore`, { version: draft.version });
      await draft.open(draft.id);
      say(desk, `The poem is as it was in ${label(from)}. Undo takes this back.`);
      dialog.close();
    } catch (error) { fail(error); }
  };
  const remove = async () => {
    try {
      await request("DELETE", `${path}/versions/${from.value}`);
      say(desk, `${label(from)} is no longer in the list of versions.`);
      changed();
      dialog.close();
    } catch (error) { fail(error); }
  };
  const back = button("", restore, { className: "main" });
  const dialog = openDialog(`Versions of ${titled(draft.document.title)}`, [
    make("div", { className: "fields" }, field("compare", from), field("with", to)), told, place,
    choices(back, make("span", { className: "soft" }, "Undo takes this back."),
      !!versions.find(({ id }) => id === first)?.name && button("Take off the list", remove, { className: "quiet outline" }))], "broad");
  compare();
}
