/**
 * The word panel: what a word means, how it sounds, and what could stand in its place. With the caret
 * on a word or an empty place it says what fits there; a press puts it in.
 */
import { request, sentence, stopped } from "./api.js";
import { byId, make, starred } from "./dom.js";
import { setText } from "./sheet/lines.js";

/** @typedef {import("./sheet.js").Sheet} Sheet @typedef {import("./sheet/row.js").Row} Row */
/** @typedef {{ row: Row, index: number, start: number, end: number, word: string }} Place a word's place; `index` counts from 1 */

const REST_MS = 350; // how long the caret rests on a word before it is looked up
const WORDS = /[\p{L}\p{M}\p{N}]+(?:['’‘][\p{L}\p{M}\p{N}]+)*/gu; // as the server counts words

/** Return the word that the caret is on or beside, or the empty place it is in. @param {Row} row @param {number} at @returns {Place} */
function placeAt(row, at) {
  let index = 1;
  for (const found of row.text.matchAll(WORDS)) {
    const start = found.index, end = start + found[0].length;
    if (at < start) break;
    if (at <= end || (at > end && !/\s/.test(row.text.slice(end, at)) && !/^[\p{L}\p{N}]/u.test(row.text.slice(end, at)))) return { row, index, start, end, word: found[0] };
    index++;
  }
  return { row, index, start: at, end: at, word: "" };
}

export class WordPanel {
  panel = byId("word");
  /** @type {Place | null} */
  place = null;
  #asked = "";
  #timer = 0;
  #eager = false; // whether the first word found takes the focus
  #latest = new AbortController();
  #ask = make("input", { className: "find ask", id: "ask", autocomplete: "off", spellcheck: false, enterKeyHint: "search", maxLength: 60, placeholder: "any word" });
  #fits = make("input", { type: "checkbox", checked: true });
  #where = make("p", { className: "where" });
  #near = make("input", { className: "find", id: "near", autocomplete: "off", maxLength: 60 });
  #stress = make("input", { className: "find", id: "stress", autocomplete: "off", maxLength: 12, placeholder: "01", pattern: "[012xX/]*" });
  #syllables = make("input", { className: "find", id: "syllables", type: "number", min: 1, max: 12 });
  #about = make("div", { className: "about" });
  #muse = make("div", { className: "muse" });
  #groups = make("div", { className: "groups" });

  /** @param {Sheet} sheet @param {(text: string) => void} say @param {() => Promise<PoetRow[]>} poets */
  constructor(sheet, say, poets) {
    this.sheet = sheet;
    this.say = say;
    this.poets = poets;
    const close = make("button", { type: "button", className: "quiet", onclick: () => this.toggle(false) }, "Close");
    const filter = (/** @type {string} */ label, /** @type {HTMLElement} */ field) => make("label", { className: "filter" }, make("span", {}, label), field);
    this.panel.append(
      make("div", { className: "side-head" }, make("h2", {}, make("label", { htmlFor: "ask" }, "A word")), close),
      this.#ask, this.#about,
      make("div", { className: "wanted" }, make("label", { className: "check" }, this.#fits, "Only what fits here"), this.#where),
      make("details", { className: "filters" }, make("summary", {}, "Filters"),
        filter("near in meaning to", this.#near), filter("stress", this.#stress), filter("syllables", this.#syllables)),
      this.#muse, this.#groups);
    this.#ask.addEventListener("change", () => this.#look(this.#ask.value.trim()));
    this.#fits.addEventListener("change", () => this.#look());
    for (const field of [this.#near, this.#stress, this.#syllables]) field.addEventListener("change", () => this.#look());
    this.panel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#keys(event));
    document.addEventListener("selectionchange", () => this.#follow());
    sheet.draft.addEventListener("opened", () => this.#leave());
    sheet.draft.addEventListener("changed", () => this.place && !this.#still(this.place) && this.#leave());
  }

  /** Return whether a place still holds its word. @param {Place} place */
  #still({ row, start, end, word }) { return row.element.isConnected && row.text.slice(start, end) === word; }

  #leave() {
    this.place?.row.mark(null);
    this.place = null;
  }

  /** Open the panel at the caret, or close it. @param {boolean} [on] */
  toggle(on = this.panel.hidden) {
    this.panel.hidden = !on;
    for (const control of document.querySelectorAll('[data-do="word"]')) control.setAttribute("aria-expanded", String(on));
    if (on) return;
    const { place } = this;
    this.#leave();
    if (place && this.panel.contains(document.activeElement)) place.row.field.focus();
  }

  /** Open the panel for the word at the caret of a row, or its last. @param {Row} row @param {number} [at] */
  open(row, at = row.field === document.activeElement ? row.field.selectionStart : row.text.trimEnd().replace(/[^\p{L}\p{N}]+$/u, "").length) {
    this.toggle(true);
    this.#groups.replaceChildren();
    this.#ask.focus();
    this.#eager = true;
    this.#leave();
    this.#go(placeAt(row, at));
    row.element.scrollIntoView({ block: "nearest" });
  }

  /** Follow the caret, once it rests. */
  #follow() {
    if (this.panel.hidden) return;
    const field = document.activeElement;
    if (!(field instanceof HTMLTextAreaElement)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const row = this.sheet.rowOf(field);
      if (!row || field !== document.activeElement || this.panel.hidden || row.veiled) return;
      this.#go(placeAt(row, field.selectionStart));
    }, REST_MS);
  }

  /** @param {Place} place */
  #go(place) {
    const { place: old } = this;
    if (old && old.row === place.row && old.index === place.index && old.word === place.word && this.#still(old)) return;
    this.#leave();
    this.place = place;
    place.row.mark(place.word ? [place.start, place.end] : null);
    this.#ask.value = place.word;
    this.#offerMuse();
    this.#look(place.word);
  }

  /** Offer what the muse would say at this place; it takes a while, so it waits to be asked. */
  #offerMuse() {
    const { place } = this;
    const ask = make("button", { type: "button", className: "quiet", onclick: () => this.#askMuse() }, "Ask the muse");
    this.#muse.replaceChildren(...(place?.word && !place.row.locked ? [ask] : []));
  }

  async #askMuse() {
    const { place } = this;
    if (!place) return;
    const told = make("p", { className: "said", tabIndex: -1 }, "Asking …");
    this.#muse.replaceChildren(told);
    told.focus();
    try {
      const { alternatives } = await request("POST", "/api/alternatives/word",
        { document: this.sheet.whole(), line: place.row.number, word: place.index, count: 12 });
      if (place !== this.place) return;
      const words = alternatives.map((/** @type {{ word: string }} */ { word }) => ({ word, stress: "", fits: true, why: "", used_in: [] }));
      this.#muse.replaceChildren(this.#group({ name: "The muse would say", kind: "muse", words }));
      this.#muse.querySelector("button")?.focus();
    } catch (error) {
      told.textContent = sentence(error);
    }
  }

  /** @param {string} [word] */
  async #look(word = this.#asked) {
    this.#asked = word;
    this.#latest.abort();
    const { signal } = this.#latest = new AbortController();
    const { form, metre, muses } = this.sheet.draft.document, lines = this.sheet.draft.document.lines.map(line => line.text);
    const { place } = this;
    while (place && lines.length < place.row.number) lines.push("");
    if (!word && !place) return;
    /** @type {Record<string, string | number>} */
    const filters = {};
    if (this.#near.value.trim()) filters.near = this.#near.value.trim();
    if (this.#stress.value.trim()) filters.stress = this.#stress.value.trim();
    if (this.#syllables.value) filters.syllables = this.#syllables.valueAsNumber;
    this.panel.setAttribute("aria-busy", "true");
    if (!this.#groups.childElementCount) this.#groups.append(make("p", { className: "said" }, "Looking …"));
    try {
      const known = await this.poets().catch(() => []); // only a poet of whole words knows what is near
      const poet = muses.find(name => known.some(other => other.name === name && other.kind === "words")) ?? "verse";
      const found = await request("POST", "/api/words", {
        word, filters, only_fitting: this.#fits.checked, poet,
        draft: place && word === place.word ? { lines, form, metre, line: place.row.number, word: place.index } : null,
      }, { signal });
      if (!signal.aborted) this.#draw(found);
    } catch (error) {
      if (stopped(error)) return;
      this.#about.replaceChildren(make("p", { className: "wrong" }, sentence(error)));
      this.#groups.replaceChildren();
    } finally {
      if (!signal.aborted) this.panel.removeAttribute("aria-busy");
    }
  }

  /** @param {WordPanelAnswer} found */
  #draw(found) {
    const { ipa, said, senses, frequency, place, groups } = found;
    this.#about.replaceChildren(
      make("p", { className: "said" }, ipa && make("span", { className: "ipa" }, `/${ipa}/`), ipa && said && " ", ...starred(said)),
      ...(senses.length ? [make("ol", { className: "senses", role: "list" }, ...senses.slice(0, 4).map(sense =>
        make("li", {}, make("i", {}, [sense.part_of_speech, ...sense.labels].join(", ")), " ", sense.definition)))] : []),
      frequency && make("p", { className: "said" }, frequency) || "");
    this.#where.replaceChildren(...starred(place));
    const had = this.#groups.contains(document.activeElement) || (this.#eager && document.activeElement === this.#ask);
    this.#eager = false;
    const shown = groups.filter(group => group.words.length);
    this.#groups.replaceChildren(...shown.map(group => this.#group(group)));
    if (!shown.length) this.#groups.append(make("p", { className: "said" }, this.#none()));
    if (had) this.#groups.querySelector("button")?.focus();
  }

  /** Why there is no word to show. */
  #none() {
    if (!this.#fits.checked || !this.place) return "Nothing found.";
    return this.place.row.line?.state === "broken" && this.place.row.text
      ? "No other word alone makes this line keep its form. Untick “Only what fits here” to see more, or ask for alternatives to the line."
      : "Nothing more fits here.";
  }

  /** One tab stop a group; arrows move within. @param {WordGroup} group */
  #group({ name, words }) {
    return make("section", {}, make("h3", {}, name), make("div", { className: "list", role: "group", "aria-label": name }, ...words.map((word, i) => {
      const not = word.fits === false, used = word.used_in.length ? ` line ${word.used_in.join(", ")}` : "";
      const made = make("button", { type: "button", tabIndex: i ? -1 : 0, className: `${not ? "not" : ""}${used ? " here" : ""}`, title: word.why.replaceAll("*", "") },
        capital(word.word), used && make("span", {}, used), not && make("span", { className: "sr" }, `, does not fit: ${word.why.replaceAll("*", "")}`));
      made.addEventListener("click", () => this.#put(word.word));
      return made;
    })));
  }

  /** Put a word in place of the one at the caret. @param {string} word */
  #put(word) {
    const { place } = this;
    if (!place) {
      this.#ask.value = word;
      this.#look(word);
      return;
    }
    const { row, start, end, index } = place, { text } = row;
    if (row.locked) return this.say(`Line ${row.number} is locked.`);
    const upper = place.word ? /^\p{Lu}/u.test(place.word) : !text.trim() && /^\p{Lu}/u.test(this.sheet.rows[row.number - 2]?.text ?? "A");
    const made = upper ? word[0].toUpperCase() + word.slice(1) : capital(word);
    const before = text.slice(0, start), after = text.slice(end);
    const lead = before && !/\s$/.test(before) ? " " : "", trail = after && /^[\p{L}\p{N}]/u.test(after) ? " " : "";
    this.#leave();
    this.sheet.draft.change(document => setText(document, row.number, before + lead + made + trail + after));
    this.say(`${made} is in line ${row.number}.`);
    const from = start + lead.length;
    this.place = { row, index, start: from, end: from + made.length, word: made };
    row.mark([from, from + made.length]);
    row.field.setSelectionRange(from + made.length, from + made.length);
    this.#ask.value = made;
    this.#offerMuse();
    this.#look(made);
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const { target } = event;
    if (event.key === "Escape") {
      event.preventDefault();
      const row = this.place?.row;
      if (row) row.field.focus();
      else this.toggle(false);
      if (innerWidth <= 1080) this.toggle(false);
      return;
    }
    const list = target instanceof HTMLButtonElement && target.closest(".list");
    if (!list || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const all = /** @type {HTMLButtonElement[]} */ ([...this.panel.querySelectorAll(".list button")]), at = all.indexOf(target);
    const next = event.key === "ArrowRight" ? all[at + 1] : event.key === "ArrowLeft" ? all[at - 1] : nearest(all, at, event.key === "ArrowDown");
    if (!next) return;
    for (const other of next.closest(".list")?.querySelectorAll("button") ?? []) other.tabIndex = other === next ? 0 : -1;
    next.focus();
  }
}

/** Write the pronoun with a capital. @param {string} word */
const capital = word => word.replace(/^i(?=$|['’])/, "I");

/** Return the button on the row above or below, nearest sideways. @param {HTMLButtonElement[]} all @param {number} at @param {boolean} down */
function nearest(all, at, down) {
  const here = all[at].getBoundingClientRect();
  /** @type {HTMLButtonElement | undefined} */
  let best;
  let least = Infinity;
  for (const other of all) {
    const box = other.getBoundingClientRect(), away = down ? box.top - here.top : here.top - box.top;
    if (away < 4) continue;
    const score = away * 1000 + Math.abs(box.left - here.left);
    if (score < least) [best, least] = [other, score];
  }
  return best;
}
