/** Writing: lines stream into the empty places; words appear one by one. */
import { Problem, sentence, stopped, stream } from "../api.js";
import { announce } from "../sheet.js";
import { setText } from "./lines.js";

const WORD_MS = 120; // between two words of a line that arrives

/** @typedef {import("../sheet.js").Sheet} Sheet @typedef {import("../foot.js").Foot} Foot */

export class Writing {
  /** @type {AbortController | null} */
  #running = null;
  /** @type {Promise<void>} lines that are still appearing */
  #shown = Promise.resolve();

  /** @param {Sheet} sheet @param {Foot} foot */
  constructor(sheet, foot) {
    this.sheet = sheet;
    this.foot = foot;
    sheet.draft.addEventListener("opened", () => this.stop());
  }

  /** Stop; finished lines stay. */
  stop() { this.#running?.abort(); }

  /** Write the empty places, or stop writing. */
  toggle() {
    if (this.#running) this.stop();
    else this.write(null);
  }

  /** @param {number[] | null} only the lines to write anew; null: every empty place */
  async write(only) {
    if (this.#running) return this.foot.tell("One line at a time: press Stop first, or wait.");
    const { draft } = this.sheet, run = this.#running = new AbortController();
    const waiting = this.#waiting(only);
    if (!only && !waiting.length && draft.document.form) {
      this.#running = null;
      return this.foot.tell("No line is empty. Clear one, or press Redo on it.");
    }
    let count = 0, note = "";
    this.#show(true);
    draft.hold(true);
    this.foot.fault("write", "");
    this.#await(waiting[0]);
    try {
      await stream("/api/write", { document: this.sheet.whole(), only, seed: null }, {
        signal: run.signal,
        onevent: (name, data) => {
          if (name === "note") note = data.message;
          if (name !== "line") return;
          this.#take(data, only, count++ > 0, run.signal);
          const next = waiting[waiting.indexOf(data.number) + 1];
          this.#await(next);
        },
      });
      await this.#shown;
      this.foot.tell(note);
      announce(`${count === 1 ? "One line" : `${count} lines`} written. ${note}`);
    } catch (error) {
      if (!stopped(error)) {
        this.foot.fault(error instanceof Problem && !error.status ? "server" : "write", sentence(error));
        announce(sentence(error));
      } else announce(count ? `Stopped; ${count === 1 ? "one line stays" : `${count} lines stay`}` : "Stopped");
    } finally {
      if (this.#running === run) this.#running = null;
      draft.hold(false);
      this.#await(undefined);
      this.#show(false);
      if (run.signal.aborted) this.foot.tell("");
    }
  }

  /** @param {number[] | null} only */
  #waiting(only) {
    return only ?? this.sheet.rows.filter(row => !row.text && !row.locked).map(row => row.number);
  }

  /** Show which line is being written. @param {number | undefined} number */
  #await(number) {
    for (const row of this.sheet.rows) row.element.classList.toggle("coming", row.number === number);
    if (number) this.foot.tell(`writing line ${number} …`, true);
  }

  /** @param {{ number: number, text: string, by: string }} line @param {number[] | null} only @param {boolean} continues @param {AbortSignal} signal */
  #take({ number, text, by }, only, continues, signal) {
    const row = this.sheet.rows[number - 1];
    if (row && (row.locked || (row.text && !only?.includes(number)))) return; // written by hand meanwhile
    this.sheet.draft.change(document => setText(document, number, text, by), { continues, kind: "writing" });
    const made = this.sheet.rows[number - 1];
    if (made && !still.matches) this.#shown = Promise.all([this.#shown, reveal(made, text, signal)]).then(() => {});
  }

  /** @param {boolean} on */
  #show(on) {
    for (const control of document.querySelectorAll('[data-do="write"]')) {
      control.textContent = on ? "Stop" : "Write";
      control.classList.toggle("stop", on);
    }
  }
}

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Let the words of a line that is in the draft already appear one by one.
 * @param {import("./row.js").Row} row @param {string} text @param {AbortSignal} signal */
async function reveal(row, text, signal) {
  const ends = [...text.matchAll(/\S+\s*/g)].map(word => word.index + word[0].length);
  row.element.classList.add("arriving");
  for (const end of ends) {
    if (signal.aborted || row.text !== text || row.field === document.activeElement) break;
    row.veil(end);
    await new Promise(go => setTimeout(go, WORD_MS));
  }
  row.veil(null);
  row.element.classList.remove("arriving");
}
