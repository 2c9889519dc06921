/** Alternatives for a line: they open beneath it as they are found; a press takes one. */
import { sentence, stopped, stream } from "../api.js";
import { button, make, starred } from "../dom.js";
import { announce } from "../sheet.js";
import { setText } from "./lines.js";

/** @typedef {import("../sheet.js").Sheet} Sheet @typedef {import("./row.js").Row} Row */

const COUNT = 3;
const NUMBERS = ["No", "One", "Two", "Three"];

export class Alternatives {
  /** @type {Row | null} the row that shows alternatives */
  row = null;
  #box = make("div", { className: "others" });
  #head = make("h2");
  #list = make("ol", { role: "list" });
  /** @type {Alternative[]} */
  #found = [];
  #running = new AbortController();
  #begin = "";

  /** @param {Sheet} sheet */
  constructor(sheet) {
    this.sheet = sheet;
    this.#box.append(this.#head, this.#list, make("p", { className: "last" },
      button("More", () => this.#ask(), { className: "leave" }), button("Keep the line", () => this.close(true), { className: "leave" })));
    sheet.draft.addEventListener("opened", () => this.close());
    sheet.draft.addEventListener("changed", () => this.row && this.row.element !== this.#box.parentElement && this.close());
  }

  /** Show alternatives for a row, or put them away. @param {Row} row @param {string} [begin] how the line begins */
  toggle(row, begin = "") {
    const same = row === this.row && begin === this.#begin;
    this.close(same);
    if (same) return;
    this.row = row;
    this.#begin = begin;
    this.#found = [];
    this.#list.replaceChildren();
    row.element.classList.add("open");
    row.element.append(this.#box);
    row.opened();
    this.#ask();
  }

  /** @param {boolean} [back] put the caret back into the line */
  close(back = false) {
    this.#running.abort();
    const row = this.row;
    if (!row) return;
    this.row = null;
    this.#box.remove();
    row.element.classList.remove("open");
    row.opened();
    if (back) row.field.focus();
  }

  async #ask() {
    const { row } = this;
    if (!row) return;
    this.#running.abort();
    const { signal } = this.#running = new AbortController();
    this.#box.setAttribute("aria-busy", "true");
    this.#head.textContent = this.#begin ? `Looking for ends of line ${row.number} …` : `Looking for alternatives to line ${row.number} …`;
    const before = this.#found.length;
    try {
      await stream("/api/alternatives", { document: this.sheet.whole(), line: row.number, count: COUNT, begin: this.#begin, seed: null }, {
        signal,
        onevent: (name, data) => {
          if (name === "alternative" && data.text !== row.text && !this.#found.some(other => other.text === data.text)) this.#add(data);
        },
      });
      const found = this.#found.length - before, many = NUMBERS[found] ?? String(found);
      this.#head.textContent = this.#begin ? `${many} ${found === 1 ? "way" : "ways"} to finish line ${row.number}`
        : `${many} alternative${found === 1 ? "" : "s"} for line ${row.number}${found ? "; all keep the form" : ""}`;
      announce(this.#head.textContent);
    } catch (error) {
      if (stopped(error)) return;
      this.#head.textContent = sentence(error);
      announce(sentence(error));
    } finally {
      this.#box.removeAttribute("aria-busy");
    }
  }

  /** @param {Alternative} alternative */
  #add(alternative) {
    const index = this.#found.push(alternative) - 1;
    this.#list.append(make("li", {}, button([make("span", { className: "key" }, String(index + 1)),
      make("span", { className: "alt" }), make("span", { className: "why" })], () => this.take(index))));
    this.#draw(index);
  }

  /** @param {number} index */
  #draw(index) {
    const item = this.#list.children[index], { text, differs } = this.#found[index];
    /** @type {Element} */ (item.querySelector(".alt")).textContent = text;
    /** @type {Element} */ (item.querySelector(".why")).replaceChildren(...starred(differs));
  }

  /** Take an alternative; the line that was there takes its place in the list. @param {number} index from 0 */
  take(index) {
    const { row } = this, chosen = this.#found[index];
    if (!row || !chosen) return;
    const was = { text: row.text, by: row.by, differs: "what was here" };
    this.sheet.draft.change(document => setText(document, row.number, chosen.text, chosen.by));
    announce(`Line ${row.number}: ${chosen.text}`);
    if (!was.text) return this.close(true);
    this.#found[index] = was;
    this.#draw(index);
  }
}
