/** The drawer: drafts to find, to open, to put in folders or in the trash. */
import { request, sentence } from "../api.js";
import { make } from "../dom.js";
import { ask, button, choice, count, field, say, takeDrops, titled, when } from "./parts.js";

const MOST = 500; // drafts that the server lists at once
const PAGE = 10; // drafts shown at first, and more with each press of "More", so that the versions stay near
const PAUSE_MS = 150; // after the last key of a search
const SAVED_MS = 1000; // after a save, while typing goes on

class Drawer {
  /** @type {FormRow[]} */
  forms = [];
  /** @type {string[]} */
  folders = [];
  limit = PAGE;
  #latest = new AbortController();
  #timer = 0;
  search = make("input", { type: "search", className: "find", placeholder: "find a line or a title", autocomplete: "off", maxLength: 200, "aria-label": "Search drafts" });
  place = choice([["", "all drafts"]], "");
  list = make("ul", { role: "list", className: "drafts" });
  note = make("p", { className: "soft", role: "status" });
  more = button("More drafts", () => { this.limit = Math.min(MOST, this.limit * 2); this.show(); }, { hidden: true });

  /** @param {Desk} desk @param {HTMLElement} aside */
  constructor(desk, aside) {
    this.desk = desk;
    const { draft } = desk, later = (/** @type {number} */ pause) => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.show(), pause);
    };
    const anew = (/** @type {number} */ pause) => { this.limit = PAGE; later(pause); };
    const bring = async (/** @type {File[]} */ files) => (await import("./import.js")).bringIn(desk, files);
    this.search.addEventListener("input", () => anew(PAUSE_MS));
    this.place.addEventListener("change", () => anew(0));
    draft.addEventListener("opened", () => later(0));
    draft.addEventListener("saved", () => later(SAVED_MS));
    takeDrops(aside, bring);
    aside.append(
      make("div", { className: "side-head" }, make("h2", {}, "Drafts"), button("Close", closeDrawer, { className: "quiet x" })),
      make("div", { className: "row" }, button("New draft", () => this.#pick(() => draft.create())),
        button("Import", async () => (await import("./import.js")).openImport(desk))),
      this.search, field("show", this.place), this.list, this.note, this.more);
    desk.forms().then(forms => { this.forms = forms; }).catch(() => {}) // then lines are counted without the form's
      .finally(() => this.show());
  }

  async show() {
    this.#latest.abort();
    const { signal } = this.#latest = new AbortController(), { value } = this.place, trash = value === "trash";
    const query = new URLSearchParams({ search: this.search.value.trim(), limit: String(this.limit), trash: String(trash) });
    if (value.startsWith("in ")) query.set("folder", value.slice(3));
    try {
      const { drafts, folders, next } = await request("GET", `/api/drafts?${query}`, null, { signal });
      this.#placesAre(folders);
      this.#draw(drafts, trash);
      this.more.hidden = !next || this.limit === MOST;
      this.note.textContent = drafts.length ? "" : this.search.value ? "No draft has these words." : trash ? "The trash is empty." : "No drafts yet.";
    } catch (error) {
      if (!signal.aborted) this.note.textContent = sentence(error);
    }
  }

  /** @param {string[]} folders */
  #placesAre(folders) {
    if (this.folders.join("\n") === folders.join("\n") && this.place.length > 1) return;
    const { value } = this.place;
    this.folders = folders;
    /** @type {[string, string][]} */
    const named = folders.filter(Boolean).map(name => [`in ${name}`, name]);
    this.place.replaceChildren(...choice([["", "all drafts"], ...named, ["trash", "trash"]], "").options);
    this.place.value = value;
    if (this.place.selectedIndex < 0) this.place.value = "";
  }

  /** @param {DraftSummary[]} drafts @param {boolean} trash */
  #draw(drafts, trash) {
    if (this.list.querySelector(".acts")?.contains(document.activeElement)) return; // not from under the hand
    const { activeElement } = document, key = activeElement instanceof HTMLElement && this.list.contains(activeElement) ? activeElement.dataset.key : "";
    this.list.replaceChildren(...drafts.map(draft => this.#row(draft, trash)));
    if (key) /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-key="${key}"]`))?.focus();
  }

  /** @param {DraftSummary} draft @param {boolean} trash */
  #row(draft, trash) {
    const name = draft.title.trim() || "Untitled";
    const open = make("button", { type: "button", className: "open", onclick: () => (trash ? toggle() : this.#pick(() => this.desk.draft.open(draft.id))) },
      make("b", {}, name), make("span", {}, this.#size(draft)), draft.first_line && make("span", { className: "first" }, draft.first_line));
    const dots = button("…", () => toggle(), { className: "quiet dots", "aria-expanded": "false", "aria-label": `What to do with ${name}` });
    const item = make("li", {}, open, dots);
    open.dataset.key = draft.id;
    dots.dataset.key = `${draft.id} dots`;
    if (draft.id === this.desk.draft.id) open.setAttribute("aria-current", "true");
    const toggle = () => {
      const was = item.querySelector(".acts");
      this.list.querySelector(".acts")?.remove();
      this.list.querySelectorAll(".dots").forEach(other => other.setAttribute("aria-expanded", String(other === dots && !was)));
      if (!was) item.append(trash ? this.#trashActs(draft) : this.#acts(draft));
    };
    item.addEventListener("keydown", event => {
      if (event.key !== "Escape" || !item.querySelector(".acts")) return;
      event.stopPropagation();
      toggle();
      dots.focus();
    });
    return item;
  }

  /** Say how much of its form a draft has. @param {DraftSummary} draft */
  #size({ form: name, lines }) {
    const form = this.forms.find(other => other.name === name), whole = form?.lines;
    const size = !whole ? count(lines, "line") : lines < whole ? `${lines} of ${whole} lines` : `all ${whole} lines`;
    return form ? `${form.title}, ${size}` : size;
  }

  /** @param {DraftSummary} draft */
  #acts(draft) {
    const { id, title } = draft, current = id === this.desk.draft.id, mine = this.desk.draft;
    const folder = make("input", { className: "find", value: draft.folder, placeholder: "no folder", maxLength: 100, "aria-label": "Folder", autocomplete: "off" });
    folder.setAttribute("list", "folders");
    const form = make("form", { className: "row" }, folder, make("datalist", { id: "folders" }, ...this.folders.map(value => make("option", { value }))),
      make("button", { className: "quiet" }, "Move"));
    form.addEventListener("submit", event => {
      event.preventDefault();
      const to = folder.value.trim();
      this.#act(async () => {
        if (current) await mine.flush();
        await request("PATCH", `/api/drafts/${id}`, { version: current ? mine.version : draft.version, folder: to });
        if (current) await mine.open(id);
      }, to ? `Moved to ${to}.` : "Moved out of its folder.");
    });
    return make("div", { className: "acts" }, make("p", { className: "soft" }, `Changed ${when(draft.updated)}`), form,
      button("Put in the trash", () => this.#act(async () => {
        if (current) await mine.flush();
        await request("DELETE", `/api/drafts/${id}`);
        if (!current) return;
        const { drafts } = await request("GET", "/api/drafts?limit=1");
        await (drafts.length ? mine.open(drafts[0].id) : mine.create());
      }, `${title || "The draft"} is in the trash.`)));
  }

  /** @param {DraftSummary} draft */
  #trashActs({ id, title, trashed }) {
    return make("div", { className: "acts" }, trashed && make("p", { className: "soft" }, `In the trash since ${when(trashed)}`),
      button("Recover", () => this.#act(() => request("POST", `/api/drafts/${id}/recover`), `${title || "The draft"} is among the drafts again.`)),
      button("Delete forever", async () => {
        if (await ask(`Delete ${titled(title)} forever?`, "Its text and all its versions go. This can’t be undone.", "Delete forever"))
          this.#act(() => request("DELETE", `/api/drafts/${id}?forever=true`), "Deleted.");
      }));
  }

  /** Open a draft; where the drawer lies over the sheet, close it. @param {() => Promise<void>} open */
  async #pick(open) {
    await this.#act(open);
    if (!this.note.textContent && narrow.matches) closeDrawer();
  }

  /** Do something, say so, and show the list anew. @param {() => Promise<unknown>} action @param {string} [said] */
  async #act(action, said) {
    const within = this.list.querySelector(".acts")?.contains(document.activeElement);
    try {
      await action();
      if (said) say(this.desk, said);
      this.list.querySelector(".acts")?.remove();
      if (within) this.search.focus();
      await this.show();
    } catch (error) {
      this.note.textContent = sentence(error);
    }
  }
}

const narrow = matchMedia("(max-width: 1080px)"); // the drawer lies over the sheet

function closeDrawer() {
  hold(false);
  document.getElementById("drafts")?.click();
}

/** Keep the focus in the drawer, or let it go. @param {boolean} on */
function hold(on) {
  for (const part of document.querySelectorAll(".skip, .bar > :not(h1), .sheet, #word, .foot")) /** @type {HTMLElement} */ (part).inert = on;
}

/** Keep the focus in the drawer while it lies over the sheet. @param {HTMLElement} aside */
function holdFocus(aside) {
  const follow = () => {
    hold(narrow.matches && !aside.hidden);
    if (aside.hidden && document.activeElement === document.body) document.getElementById("drafts")?.focus();
  };
  new MutationObserver(follow).observe(aside, { attributeFilter: ["hidden"] });
  narrow.addEventListener("change", follow);
  aside.addEventListener("keydown", event => {
    const { target, key } = event, search = target instanceof HTMLInputElement && target.type === "search" && target.value; // Esc empties it
    if (key === "Escape" && !search && !event.defaultPrevented) closeDrawer();
  });
}

/** Fill the drawer with the drafts. @param {Desk} desk @param {HTMLElement} aside */
export function fillDrawer(desk, aside) {
  holdFocus(aside);
  return new Drawer(desk, aside);
}
