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
  /** Whether the row is on the screen or close; only then it is drawn. */
  near = false;
  veiled = false;
  marks = NO_MARKS;
  /** @type {[number, number] | null} a word that is looked up or read aloud */
  marked = null;
  #drawn = "";
  #armed = false;
  /** @type {ReturnType<Row["build"]> | null} */
  #parts = null;

  /** @param {number} number @param {Act} act */
  constructor(number, act) {
    this.number = number;
    this.act = act;
    this.element = make("li", { className: "line slot", id: `line-${number}`, tabIndex: -1 });
  }

  /** The elements of the row, made when they are first wanted. */
  get parts() {
    if (!this.#parts) {
      this.#parts = this.build();
      this.#parts.field.value = this.text;
      this.#parts.field.readOnly = this.locked;
      this.repaint();
      this.draw();
    }
    return this.#parts;
  }

  get field() { return this.parts.field; }
  get mirror() { return this.parts.mirror; }

  build() {
    const { number } = this;
    const parts = {
      letter: make("b"),
      mirror: make("div", { className: "mirror", "aria-hidden": "true" }),
      field: make("textarea", { className: "text", rows: 1, tabIndex: -1, spellcheck: true, autocomplete: "off", autocapitalize: "off", enterKeyHint: "enter" }),
      hint: make("span", { className: "hint", "aria-hidden": "true" }),
      count: make("span", { className: "count", id: `is-${number}` }),
      brief: make("span", { className: "brief", "aria-hidden": "true" }),
      actions: make("div", { className: "actions" }),
      note: make("div", { className: "note", id: `note-${number}` }),
    };
    parts.field.setAttribute("aria-describedby", `is-${number} note-${number}`);
    this.element.append(
      make("span", { className: number % 5 ? "num" : "num always", "aria-hidden": "true" }, String(number)),
      make("span", { className: "letter", "aria-hidden": "true" }, parts.letter),
      make("div", { className: "verse" }, parts.mirror, parts.field, parts.hint), parts.count,
      make("div", { className: "margin" }, parts.brief, parts.actions, parts.note));
    return parts;
  }

  /** Draw the row, or let it be: only what is near the screen is drawn. @param {boolean} near */
  approach(near) {
    if (near === this.near) return;
    this.near = near;
    this.element.classList.toggle("far", !near);
    if (!near) return this.#parts ? this.repaint() : undefined;
    if (this.#parts) this.repaint();
    this.show(this.line, this.element.classList.contains("stale"));
  }

  /** Take a line of the document. The field is only touched where its text is another.
   * @param {DraftLine} line @param {boolean} gap */
  take({ text, locked, by }, gap) {
    const field = this.#parts?.field;
    if (field && field.value !== text && !(this.veiled && text === this.text)) field.value = text;
    if (text !== this.text) this.typed(text);
    this.gap(gap);
    if (locked === this.locked && by === this.by) return;
    [this.locked, this.by] = [locked, by];
    this.element.classList.toggle("locked", locked);
    if (field) field.readOnly = locked;
    this.draw();
  }

  /** @param {boolean} gap whether a stanza opens here */
  gap(gap) { this.element.classList.toggle("gap", gap && this.number > 1); }

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
    if (this.#parts) paint(this.#parts.mirror, this.text, this.near ? { ...this.marks, marked: this.marked } : NO_MARKS);
  }

  /** Show what the check found; far from the screen, only remember it.
   * @param {LineCheck | null} line @param {boolean} [stale] whether the words have changed since */
  show(line, stale = false) {
    this.element.classList.toggle("stale", stale);
    this.line = line;
    if (!this.near) return;
    const parts = this.parts, key = JSON.stringify(line);
    if (key === this.#drawn || !parts) return;
    this.marks = line && !stale ? marksOf(line) : NO_MARKS;
    this.#drawn = key;
    this.draw();
    this.repaint();
  }

  draw() {
    if (!this.#parts) return;
    const { line, element } = this, { letter, hint } = this.#parts, broken = !!line && line.state === "broken" && !!this.text;
    element.classList.toggle("bad", broken);
    element.classList.toggle("begun", broken && line.breaks_off);
    element.dataset.hue = line?.rhyme ? HUES[(line.rhyme.toUpperCase().charCodeAt(0) + 5) % 7] : "";
    element.dataset.indent = String(Math.min(line?.indent ?? 0, 4));
    letter.textContent = line?.rhyme ?? "";
    hint.replaceChildren(...starred(line?.wish ?? ""));
    this.#drawCount(broken);
    this.#drawNote();
    if (this.locked) this.arm();
    if (this.#armed) this.#drawActions();
    this.#name();
  }

  /** Name the field for screen readers. */
  #name() {
    const { hint, field } = this.parts;
    const rhyme = this.line?.rhyme ? `, rhyme ${this.line.rhyme}` : "", wish = this.text ? "" : `: ${hint.textContent || "empty"}`;
    const by = this.text && this.by ? `, by ${this.by}` : "", label = `Line ${this.number}${rhyme}${by}${wish}`;
    if (field.ariaLabel !== label) field.ariaLabel = label;
  }

  /** @param {boolean} broken */
  #drawCount(broken) {
    const { line, text, parts: { count } } = this, lock = this.locked && sign("lock");
    count.replaceChildren();
    if (!line || !text) return;
    const verdict = broken ? `: ${line.faults.map(f => f.brief).join(", ") || "breaks the form"}` : line.state === "kept" ? ", keeps the form" : "";
    const said = ` syllable${line.syllables === 1 ? "" : "s"}${verdict}${this.locked ? ", locked" : ""}`;
    count.append(...(lock ? [lock] : []), make("span", { className: "n" }, String(line.syllables)),
      make("span", { className: "sr" }, said), ...(broken ? [sign("cross")] : line.state === "kept" ? [sign("tick")] : []));
  }

  #drawNote() {
    const { line, parts: { brief, note } } = this, faults = this.text ? line?.faults ?? [] : [], notes = line?.notes ?? [];
    brief.replaceChildren(...starred(faults[0]?.brief ?? notes[0] ?? ""));
    const parts = faults.flatMap(fault => [
      make("p", {}, ...starred(fault.message)),
      ...(this.locked ? [] : fault.repairs.map(repair => button(starred(repair.label),
        () => this.act("mend", this, repair.text), { className: "mend", tabIndex: -1, title: repair.text }))),
    ]);
    if (notes.length) parts.push(make("p", { className: "soft" }, ...starred(sentences(notes))));
    if (this.text && line?.guessed.length)
      parts.push(make("p", { className: "soft" }, "How it is said is a guess: ", make("em", {}, line.guessed.join(", ")), "."));
    if (this.text && this.by) parts.push(make("p", { className: "soft" }, `Written by ${this.by}.`));
    note.replaceChildren(...parts);
    this.element.classList.toggle("noted", faults.length > 0);
  }

  /** Make the controls, the first time that the line is looked at. */
  arm() {
    if (this.#armed) return;
    this.#armed = true;
    this.#drawActions();
  }

  #drawActions() {
    const { actions, note, field } = this.parts, had = actions.contains(document.activeElement) && document.activeElement instanceof HTMLElement
      ? document.activeElement.dataset.act : "";
    const tab = field.tabIndex;
    const one = (/** @type {"lock" | "redo" | "others" | "finish"} */ act, /** @type {any} */ label, /** @type {Record<string, any>} */ more = {}) => {
      const made = button(label, () => this.act(act, this), { tabIndex: tab, ...more });
      made.dataset.act = act;
      return made;
    };
    const open = this.element.classList.contains("open"), empty = !this.text;
    const others = () => one("others", "Alternatives", { "aria-expanded": String(open) });
    actions.replaceChildren(...(this.locked ? [one("lock", [sign("lock"), "Locked"], { "aria-pressed": "true" })]
      : empty ? [one("redo", "Write it"), others()]
      : [one("lock", "Lock", { "aria-pressed": "false" }),
        one("redo", "Redo"), ...(this.line?.state === "broken" ? [one("finish", "Finish")] : []), others()]));
    for (const mend of note.querySelectorAll("button")) mend.tabIndex = tab;
    if (had) /** @type {HTMLElement | null} */ (actions.querySelector(`[data-act="${had}"]`))?.focus();
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
