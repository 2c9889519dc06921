/**
 * The sheet: the poem's rows, kept like the draft's document, with what the check finds of each.
 *
 * Read `sheet/row.js` for a row, `sheet/mirror.js` for the marks under and over the words,
 * `sheet/typing.js` for what keys do, `sheet/checker.js` for when a check is asked for.
 */
import { byId } from "./dom.js";
import { newLine } from "./draft.js";
import { Checker } from "./sheet/checker.js";
import { setText } from "./sheet/lines.js";
import { Row } from "./sheet/row.js";

const DRAWN_AT_ONCE = 40; // rows that are drawn before the browser says which are on the screen
const REST_MS = 900; // how long a verdict stands before it is told to screen readers

export class Sheet {
  /** @type {HTMLOListElement} */
  poem = byId("poem");
  /** @type {Row[]} */
  rows = [];
  current = 1;
  /** @type {DraftCheck | null} */
  check = null;
  /** @type {((name: string, row: Row) => void)} what a row's controls start besides locking and mending */
  start = () => {};
  /** @type {Row[]} the rows whose letters are filled */
  #lit = [];
  #told = "";
  #rest = 0;

  /** @param {import("./draft.js").Draft} draft */
  constructor(draft) {
    this.draft = draft;
    this.checker = new Checker();
    this.near = new IntersectionObserver(seen => this.#seen(seen), { rootMargin: "600px 0px" });
    draft.addEventListener("opened", () => this.#opened());
    draft.addEventListener("saved", () => this.checker.ask(draft.document)); // again, if the server was away
    draft.addEventListener("changed", event => this.#changed(/** @type {CustomEvent} */ (event).detail.why));
    this.checker.addEventListener("checked", event => this.#show(/** @type {CustomEvent} */ (event).detail));
    this.poem.addEventListener("focusin", event => this.#focused(event));
    this.poem.addEventListener("focusout", event => this.poem.contains(/** @type {Node} */ (event.relatedTarget)) || this.#mates(null));
    this.poem.addEventListener("pointerover", event => {
      const row = this.rowOf(event.target);
      row?.arm();
      this.#mates(row);
    });
    this.poem.addEventListener("pointerleave", () => this.#mates(this.rowOf(document.activeElement)));
    byId("below").addEventListener("pointerdown", (/** @type {Event} */ event) => {
      if (event.target !== event.currentTarget) return;
      event.preventDefault();
      this.focus(this.rows.length);
    });
  }

  /** Return the row that an element lies in. @param {EventTarget | null} target */
  rowOf(target) {
    const line = target instanceof Element && target.closest(".line");
    return line ? this.rows[Number(line.id.slice(5)) - 1] ?? null : null;
  }

  #opened() {
    this.check = null;
    this.checker.forget();
    for (const row of this.rows) row.element.remove();
    this.rows = [];
    this.current = 1;
    this.render();
    this.checker.ask(this.draft.document);
  }

  /** @param {string} why */
  #changed(why) {
    const before = why === "undo" || why === "redo" ? this.rows.map(row => row.text) : null;
    this.render();
    this.checker.ask(this.draft.document);
    if (before) this.#showChange(before);
  }

  /** Put the caret where undo changed something. @param {string[]} before */
  #showChange(before) {
    const changed = this.rows.find((row, i) => row.text !== (before[i] ?? ""));
    if (!changed || (document.activeElement !== document.body && !this.poem.contains(document.activeElement))) return;
    const old = before[changed.number - 1] ?? "", { text } = changed;
    let tail = 0;
    while (tail < Math.min(old.length, text.length) && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
    this.focus(changed.number, text.length - tail);
  }

  /** Make the rows say what the document says. */
  render() {
    const { lines, form } = this.draft.document, known = form && this.check?.form === form ? this.check.lines.length : 0;
    const length = Math.max(lines.length, known, 1);
    const made = [];
    while (this.rows.length + made.length < length) {
      made.push(new Row(this.rows.length + made.length + 1, (name, row, text) => this.act(name, row, text)));
    }
    this.rows.push(...made);
    for (const row of this.rows.splice(length)) {
      this.near.unobserve(row.element);
      row.element.remove();
    }
    const empty = newLine();
    this.rows.forEach((row, i) => row.take(lines[i] ?? empty, form ? row.line?.gap ?? false : lines[i]?.gap ?? false));
    this.poem.append(...made.map(row => row.element));
    for (const row of made) {
      if (row.number <= DRAWN_AT_ONCE) row.approach(true);
      this.near.observe(row.element);
    }
    this.poem.classList.toggle("blank", !form && lines.every(line => !line.text));
    this.rove(Math.min(this.current, length));
  }

  /** Show a check of the words that are on the page now. @param {{ check: DraftCheck, lines: string[] }} told */
  #show({ check, lines }) {
    this.check = check;
    this.render();
    const shown = aligned(check, lines);
    this.rows.forEach((row, i) => {
      const line = shown[i] ?? null;
      row.show(line);
      if (check.form) row.gap(!!line?.gap);
    });
    this.poem.classList.toggle("unrhymed", !check.lines.some(line => line.rhyme));
    this.#mates(this.rowOf(document.activeElement));
    this.#tellVerdict();
  }

  /** Tell screen readers the verdict of the line in hand, once typing rests. */
  #tellVerdict() {
    clearTimeout(this.#rest);
    const row = this.rowOf(document.activeElement);
    if (!row?.line || !row.text) return;
    if (row.line.breaks_off && this.poem.classList.contains("typing")) return;
    const verdict = row.line.state === "broken" ? row.line.faults.map(fault => fault.brief).join(", ") : row.line.state === "kept" ? "keeps the form" : "";
    const text = verdict && `Line ${row.number}: ${verdict}`;
    this.#rest = setTimeout(() => {
      if (text && text !== this.#told) announce(text);
      this.#told = text;
    }, REST_MS);
  }

  /** @param {IntersectionObserverEntry[]} seen */
  #seen(seen) {
    for (const { target, isIntersecting } of seen) this.rowOf(target)?.approach(isIntersecting);
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    const row = this.rowOf(event.target);
    if (!row) return;
    if (row.number !== this.current) this.rove(row.number);
    if (row.veiled) row.veil(null);
    this.#mates(row);
  }

  /** Keep one tab stop for the whole poem: this row. @param {number} number */
  rove(number) {
    this.rows[this.current - 1]?.rove(false);
    this.current = number;
    this.rows[number - 1]?.rove(true);
  }

  /** Fill the letters of the lines that rhyme with a row. @param {Row | null} row */
  #mates(row) {
    const line = row?.line, mates = new Set(line?.rhyme ? [line.number, ...line.mates] : []);
    for (const other of this.#lit) other.element.classList.remove("mate");
    this.#lit = mates.size ? this.rows.filter(other => other.line && mates.has(other.line.number)) : [];
    for (const other of this.#lit) other.element.classList.add("mate");
  }

  /** Put the caret into a row. @param {number} number @param {number} [offset] its end if not given */
  focus(number, offset) {
    const row = this.rows[Math.max(1, Math.min(number, this.rows.length)) - 1];
    if (!row) return;
    row.field.focus();
    const at = Math.min(offset ?? row.text.length, row.text.length);
    row.field.setSelectionRange(at, at);
  }

  /** Change lines by the user's own act, and put the caret where it belongs.
   * @param {(document: DraftDocument) => { number: number, offset: number } | void} make */
  edit(make, { continues = false } = {}) {
    const at = { number: 0, offset: 0 };
    this.draft.change(document => { Object.assign(at, make(document)); }, { continues });
    if (at.number) this.focus(at.number, at.offset);
  }

  /** Return the document with its empty places to the end of the form. @returns {DraftDocument} */
  whole() {
    const { document } = this.draft;
    return { ...document, lines: this.rows.map((_, i) => document.lines[i] ?? newLine()) };
  }

  /** @type {import("./sheet/row.js").Act} */
  act(name, row, text) {
    if (name === "lock") this.#lock(row);
    else if (row.locked) announce(`Line ${row.number} is locked`);
    else if (name === "mend" && text !== undefined) {
      this.edit(document => {
        setText(document, row.number, text);
        return { number: row.number, offset: text.length };
      });
    } else this.start(name, row);
  }

  /** @param {Row} row */
  #lock(row) {
    if (!row.text) return;
    this.draft.change(document => { document.lines[row.number - 1].locked = !row.locked; });
    announce(`Line ${row.number} ${row.locked ? "locked" : "unlocked"}`);
  }
}

/** Give each line that was sent its finding; without a form the check leaves out empty ones.
 * @param {DraftCheck} check @param {string[]} lines @returns {(LineCheck | undefined)[]} */
function aligned(check, lines) {
  if (check.form || check.lines.length === lines.length) return check.lines;
  let next = 0;
  return lines.map(text => (text.trim() ? check.lines[next++] : undefined));
}

/** @type {Sheet | null} */
let sheet = null;

/** Make the sheet of a draft. @param {import("./draft.js").Draft} draft */
export const startSheet = draft => (sheet = new Sheet(draft));

/** Return the rows on the page. */
export const rows = () => sheet?.rows ?? [];

/** Put the caret into a line. @param {number} number */
export const focusLine = number => sheet?.focus(number);

/** Say a sentence to screen readers. @param {string} text */
export function announce(text) {
  const heard = byId("heard");
  heard.textContent = heard.textContent === text ? `${text}\u00a0` : text;
}
