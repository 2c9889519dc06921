/** The footer: one sentence on the poem, and whether it is saved. */
import { byId, make } from "./dom.js";

const STAYS_MS = 6000; // a passing message

export class Foot {
  #state = byId("state");
  #summary = "";
  #saving = "";
  #passing = "";
  /** @type {Map<string, string>} what is wrong now, by subject */
  #faults = new Map();
  #timer = 0;
  #drawn = "";

  /** @param {(number: number) => void} go moves the caret to a line */
  constructor(go) { this.go = go; }

  /** @param {string} summary what the check says of the whole poem */
  about(summary) {
    this.#summary = summary;
    this.#draw();
  }

  /** @param {string} saving "saved", "saving" or "" */
  saving(saving) {
    this.#saving = saving;
    this.#draw();
  }

  /** Say something that passes. @param {string} text @param {boolean} [stays] until the next one */
  tell(text, stays = false) {
    clearTimeout(this.#timer);
    this.#passing = text;
    if (text && !stays) this.#timer = setTimeout(() => this.tell(""), STAYS_MS);
    this.#draw();
  }

  /** Say what is wrong, until it is not. @param {string} subject @param {string} text "" when it is mended */
  fault(subject, text) {
    if (text) this.#faults.set(subject, text);
    else this.#faults.delete(subject);
    this.#draw();
  }

  #draw() {
    const fault = this.#faults.get("save") ?? [...this.#faults.values()][0] ?? "", text = fault || this.#passing || this.#summary;
    const saving = fault || text.endsWith(".") ? "" : this.#saving;
    if (`${text}\n${saving}` === this.#drawn) return;
    this.#drawn = `${text}\n${saving}`;
    const link = (/** @type {string} */ label, /** @type {string} */ number) => make("button", { type: "button", onclick: () => this.go(Number(number)) }, label);
    const parts = text.split(/(\bline \d+|\blines \d+(?:(?:, | and | to )\d+)*)/).flatMap((part, i) => {
      if (i % 2 === 0) return [part];
      if (part.startsWith("line ")) return [link(part, part.slice(5))];
      return part.split(/(\d+)/).map((piece, k) => (k % 2 ? link(piece, piece) : piece));
    });
    this.#state.replaceChildren(...parts, ...(saving ? [make("span", { className: "saving" }, `${text ? "; " : ""}${saving}`)] : []));
    this.#state.classList.toggle("wrong", !!fault);
  }
}
