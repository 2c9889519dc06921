/** The desk: opens a draft and puts the parts of the page together. */
import { request, sentence } from "./api.js";
import { startBar } from "./bar.js";
import { byId } from "./dom.js";
import { Draft } from "./draft.js";
import { Foot } from "./foot.js";
import { startKeys } from "./keys.js";
import { startPanels } from "./panels/panels.js";
import { announce, focusLine, rows, startSheet } from "./sheet.js";
import { Alternatives } from "./sheet/alternatives.js";
import { spread } from "./sheet/lines.js";
import { startOffer } from "./sheet/offer.js";
import { followTyping } from "./sheet/typing.js";
import { Writing } from "./sheet/writing.js";
import { WordPanel } from "./word.js";

const LAST = "quatrain:last"; // the draft that was open last, in this browser

const draft = new Draft();
const foot = new Foot(focusLine);
const sheet = startSheet(draft);
const writing = new Writing(sheet, foot);
const others = new Alternatives(sheet);

followTyping(sheet, text => { foot.tell(text); announce(text); });
sheet.checker.addEventListener("checked", event => {
  foot.fault("check", "");
  foot.fault("server", ""); // it answers
  foot.about(/** @type {CustomEvent} */ (event).detail.check.summary);
});
sheet.checker.addEventListener("failed", event => foot.fault("check", /** @type {CustomEvent} */ (event).detail));
draft.addEventListener("saving", () => foot.saving("saving"));
draft.addEventListener("saved", () => {
  foot.fault("save", "");
  foot.saving("saved");
  remember();
});
draft.addEventListener("unsaved", event => {
  const { message } = /** @type {CustomEvent} */ (event).detail;
  foot.fault("save", message);
  announce(message);
});
draft.addEventListener("opened", () => {
  foot.fault("save", "");
  foot.saving(draft.id ? "saved" : "");
  remember();
  queueMicrotask(takeEarly); // once the draft is all here
  if (isBlank() && !document.activeElement?.closest("dialog")) focusLine(1);
});

/** Whether the draft has no words yet. */
const isBlank = () => draft.document.lines.every(line => !line.text);

/** Put what was typed before the page was ready into the draft; into a new one, if this has words already. */
async function takeEarly() {
  const early = document.getElementById("early"), text = early?.querySelector("textarea")?.value ?? "";
  early?.remove();
  if (!text.trim()) return;
  if (!isBlank()) await draft.create();
  sheet.edit(document => spread(document, 1, 0, 0, text));
}

/** @type {Map<string, Promise<any>>} */
const asked = new Map();
const once = (/** @type {string} */ path, refresh = false) => {
  if (refresh || !asked.has(path)) {
    asked.set(path, request("GET", path).catch(error => {
      asked.delete(path);
      throw error;
    }));
  }
  return /** @type {Promise<any>} */ (asked.get(path));
};

/** @type {Omit<Desk, "addTool">} */
const parts = {
  draft, rows, focusLine, announce,
  tell: (text, { fault = false } = {}) => (fault ? foot.fault("told", text) : foot.tell(text)),
  mark: (number, span) => sheet.rows[number - 1]?.mark(span),
  check: () => sheet.check,
  forms: async () => (await once("/api/forms")).forms,
  poets: async refresh => (await once("/api/poets", refresh)).poets,
};
const word = new WordPanel(sheet, text => { foot.tell(text); announce(text); }, () => parts.poets());
const bar = startBar(parts);
/** @type {Desk} */
const desk = { ...parts, addTool: bar.addTool };
startKeys(sheet, { others, word, tools: bar.tools, commands: {
  stress: () => showStress(!sheet.poem.classList.contains("stress")),
  word: () => (word.panel.hidden ? word.open(sheet.rows[sheet.current - 1]) : word.toggle(false)),
  write: () => writing.toggle(),
  undo: () => draft.undo(),
  again: () => draft.redo(),
  keys: () => {},
} });
startOffer(sheet);
startPanels(desk);

sheet.start = (name, row) => {
  if (name === "redo") writing.write([row.number]);
  else if (name === "others") others.toggle(row);
  else if (name === "finish" && row.text.trim()) others.toggle(row, row.text);
};

/** Show or hide the stress marks. @param {boolean} on */
function showStress(on) {
  sheet.poem.classList.toggle("stress", on);
  for (const control of document.querySelectorAll('[data-do="stress"]')) control.setAttribute("aria-pressed", String(on));
  try { localStorage.setItem("quatrain:stress", on ? "1" : ""); } catch { /* then it holds for this visit */ }
}

for (const name of ["opened", "changed", "saved"]) {
  draft.addEventListener(name, () => {
    for (const [act, can] of /** @type {const} */ ([["undo", draft.canUndo || draft.unsaved], ["again", draft.canRedo]])) {
      const control = document.querySelector(`[data-do="${act}"]`);
      if (control instanceof HTMLButtonElement) control.disabled = !can;
    }
  });
}

/** Keep the draft in the address and for the next visit. */
function remember() {
  const { id } = draft, url = new URL(location.href);
  if (id) url.searchParams.set("draft", id);
  else url.searchParams.delete("draft");
  url.searchParams.delete("token");
  if (url.href !== location.href) history[url.searchParams.has("draft") && new URLSearchParams(location.search).has("draft") ? "pushState" : "replaceState"](null, "", url);
  try { if (id) localStorage.setItem(LAST, id); } catch { /* closed storage: the newest draft opens instead */ }
}

/** Open the draft that the address names, or the last one, or a new one. */
async function begin() {
  const named = new URLSearchParams(location.search).get("draft");
  let last = null;
  try { last = localStorage.getItem(LAST); } catch { /* as above */ }
  for (const id of [named, last]) {
    if (!id) continue;
    try {
      return await draft.open(id);
    } catch (error) {
      if (id === named) foot.tell(sentence(error));
    }
  }
  try {
    const { drafts } = await request("GET", "/api/drafts?limit=1");
    if (drafts.length) return await draft.open(drafts[0].id);
  } catch (error) {
    foot.fault("server", sentence(error));
  }
  await draft.create();
}

addEventListener("popstate", () => {
  const id = new URLSearchParams(location.search).get("draft");
  if (id && id !== draft.id) draft.open(id).catch(error => foot.tell(sentence(error)));
});
try { showStress(!!localStorage.getItem("quatrain:stress")); } catch { showStress(false); }
await begin();
byId("poem").dataset.ready = "true";
