/** A row of the sheet: one line of verse with its margins. */
import { button, make, sign, starred } from "../dom.js";
import { NO_MARKS, marksOf, paint, shifted } from "./mirror.js";

const HUES = "ABCDEFG"; // the seven rhyme colours of the style sheet

/** What a row's controls ask for: an action's name, and the new text where one is chosen.
 * @typedef {(name: "lock" | "redo" | "others" | "finish" | "mend", row: Row, text?: string) => void} Act */

export class Row {
  text = "";
  locked = false;
  by = "";
  /** @type {LineCheck | null} */
  line = null;
  near = true;
  veiled = false;
  marks = NO_MARKS;
  /** @type {[number, number] | null} a word that is looked up or read aloud */
  marked = null;
  #drawn = "";
  #armed = false;

  /** @param {number} number @param {Act} act */
  constructor(number, act) {
    this.number = number;
    this.act = act;
    this.num = make("span", { className: "num", "aria-hidden": "true" }, String(number));
    this.letter = make("b");
    this.mirror = make("div", { className: "mirror", "aria-hidden": "true" });
    this.field = make("textarea", {
      className: "text", rows: 1, tabIndex: -1, spellcheck: true, autocomplete: "off", autocapitalize: "off",
      enterKeyHint: "enter",
    });
    this.hint = make("span", { className: "hint", "aria-hidden": "true" });
    this.count = make("span", { className: "count", id: `is-${number}` });
    this.brief = make("span", { className: "brief", "aria-hidden": "true" });
    this.actions = make("div", { className: "actions" });
    this.note = make("div", { className: "note", id: `note-${number}` });
    this.element = make("li", { className: "line", id: `line-${number}`, tabIndex: -1 },
      this.num, make("span", { className: "letter", "aria-hidden": "true" }, this.letter),
      make("div", { className: "verse" }, this.mirror, this.field, this.hint), this.count,
      make("div", { className: "margin" }, this.brief, this.actions, this.note));
    if (number % 5 === 0) this.num.classList.add("always");
    this.field.setAttribute("aria-describedby", `is-${number} note-${number}`);
    this.name();
  }

  /** Name the field for screen readers. */
  name() {
    const rhyme = this.line?.rhyme ? `, rhyme ${this.line.rhyme}` : "", wish = this.text ? "" : `: ${this.hint.textContent || "empty"}`;
    const by = this.text && this.by ? `, by ${this.by}` : "";
    const label = `Line ${this.number}${rhyme}${by}${wish}`;
    if (this.field.ariaLabel !== label) this.field.ariaLabel = label;
  }

  /** Take a line of the document. The field is only touched where its text is another.
   * @param {DraftLine} line @param {boolean} gap */
  take({ text, locked, by }, gap) {
    if (this.field.value !== text && !(this.veiled && text === this.text)) this.field.value = text;
    if (text !== this.text) this.typed(text);
    this.element.classList.toggle("gap", gap && this.number > 1);
    if (locked === this.locked && by === this.by && this.#drawn) return;
    [this.locked, this.by, this.#drawn] = [locked, by, ""];
    this.field.readOnly = locked;
    this.element.classList.toggle("locked", locked);
    this.draw();
  }

  /** Follow what is typed: marks move along, the verdict turns grey until the next one.
   * @param {string} text */
  typed(text) {
    this.marks = shifted(this.marks, this.text, text);
    this.text = text;
    this.marked = null;
    this.element.classList.add("stale");
    this.repaint();
  }

  /** Show a word's place in the line; null ends it. @param {[number, number] | null} span */
  mark(span) {
    if (String(span) === String(this.marked)) return;
    this.marked = span;
    this.repaint();
  }

  repaint() {
    this.element.classList.toggle("slot", !this.text);
    paint(this.mirror, this.text, this.near ? { ...this.marks, marked: this.marked } : NO_MARKS);
  }

  /** Show what the check found. @param {LineCheck | null} line */
  show(line) {
    this.element.classList.remove("stale");
    const key = JSON.stringify(line);
    if (key === this.#drawn) return;
    this.line = line;
    this.marks = line ? marksOf(line) : NO_MARKS;
    this.#drawn = key;
    this.draw();
    this.repaint();
  }

  draw() {
    const { line, element } = this, broken = !!line && line.state === "broken" && !!this.text;
    element.classList.toggle("bad", broken);
    element.dataset.hue = line?.rhyme ? HUES[(line.rhyme.toUpperCase().charCodeAt(0) + 5) % 7] : "";
    element.dataset.indent = String(Math.min(line?.indent ?? 0, 4));
    this.letter.textContent = line?.rhyme ?? "";
    this.hint.textContent = "";
    this.hint.append(...starred(line?.wish ?? ""));
    this.#drawCount(broken);
    this.#drawNote();
    if (this.locked) this.arm();
    if (this.#armed) this.#drawActions();
    this.name();
  }

  /** @param {boolean} broken */
  #drawCount(broken) {
    const { line, text } = this, lock = this.locked && sign("lock");
    this.count.replaceChildren();
    if (!line || !text) return;
    const verdict = broken ? `: ${line.faults.map(f => f.brief).join(", ") || "breaks the form"}` : line.state === "kept" ? ", keeps the form" : "";
    const said = ` syllable${line.syllables === 1 ? "" : "s"}${verdict}${this.locked ? ", locked" : ""}`;
    this.count.append(...(lock ? [lock] : []), make("span", { className: "n" }, String(line.syllables)),
      make("span", { className: "sr" }, said), ...(broken ? [sign("cross")] : line.state === "kept" ? [sign("tick")] : []));
  }

  #drawNote() {
    const { line } = this, faults = this.text ? line?.faults ?? [] : [], notes = line?.notes ?? [];
    this.brief.textContent = faults[0]?.brief ?? notes[0] ?? "";
    const parts = faults.flatMap(fault => [
      make("p", {}, ...starred(fault.message)),
      ...(this.locked ? [] : fault.repairs.map(repair => button(starred(repair.label),
        () => this.act("mend", this, repair.text), { className: "mend", tabIndex: -1, title: repair.text }))),
    ]);
    if (notes.length) parts.push(make("p", { className: "soft" }, ...starred(sentences(notes))));
    if (this.text && line?.guessed.length)
      parts.push(make("p", { className: "soft" }, "How it is said is a guess: ", make("em", {}, line.guessed.join(", ")), "."));
    if (this.text && this.by) parts.push(make("p", { className: "soft" }, `Written by ${this.by}.`));
    this.note.replaceChildren(...parts);
    this.element.classList.toggle("noted", faults.length > 0);
  }

  /** Make the controls, the first time that the line is looked at. */
  arm() {
    if (this.#armed) return;
    this.#armed = true;
    this.#drawActions();
  }

  #drawActions() {
    const had = this.actions.contains(document.activeElement) && document.activeElement instanceof HTMLElement
      ? document.activeElement.dataset.act : "";
    const tab = this.field.tabIndex;
    const one = (/** @type {"lock" | "redo" | "others" | "finish"} */ act, /** @type {any} */ label, /** @type {Record<string, any>} */ more = {}) => {
      const made = button(label, () => this.act(act, this), { tabIndex: tab, ...more });
      made.dataset.act = act;
      return made;
    };
    const open = this.element.classList.contains("open"), empty = !this.text;
    const others = () => one("others", "Alternatives", { "aria-expanded": String(open) });
    this.actions.replaceChildren(...(this.locked ? [one("lock", [sign("lock"), "Locked"], { "aria-pressed": "true" })]
      : empty ? [one("redo", "Write it"), others()]
      : [one("lock", "Lock", { "aria-pressed": "false" }),
        one("redo", "Redo"), ...(this.line?.state === "broken" ? [one("finish", "Finish")] : []), others()]));
    for (const mend of this.note.querySelectorAll("button")) mend.tabIndex = tab;
    if (had) /** @type {HTMLElement | null} */ (this.actions.querySelector(`[data-act="${had}"]`))?.focus();
  }

  /** Draw the controls again, once alternatives open or close beneath. */
  opened() { if (this.#armed) this.#drawActions(); }

  /** Show only the beginning of the text, while it is being written; null shows it all. @param {number | null} end */
  veil(end) {
    const shown = end === null ? this.text : this.text.slice(0, end);
    if (this.field.value !== shown) this.field.value = shown;
    this.element.classList.toggle("veiled", end !== null && end < this.text.length);
    this.veiled = end !== null && end < this.text.length;
  }

  /** Make this row the poem's tab stop, or not. @param {boolean} on */
  rove(on) {
    if (on) this.arm();
    this.field.tabIndex = on ? 0 : -1;
    for (const control of this.element.querySelectorAll(".margin button")) /** @type {HTMLElement} */ (control).tabIndex = on ? 0 : -1;
  }
}

/** Join notes to sentences. @param {string[]} notes */
const sentences = notes => notes.map(note => note[0].toUpperCase() + note.slice(1) + (/[.!?]$/.test(note) ? "" : ".")).join(" ");
