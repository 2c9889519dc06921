/** Asks the server for a check as one types: at once, never two together, and never shows an old answer. */
import { request, sentence, stopped } from "../api.js";

/* A pause before each check was tried and made every answer later by as much: the server is asked at
   once, and what is typed before it answers goes with the next check. */
const AGAIN_MS = 1000; // after a failure
const PATIENCE_MS = 250; // a check that takes longer is given up as soon as there are newer words

/** Events: `checked` (detail `{ check, lines }`), `failed` (detail: a sentence). */
export class Checker extends EventTarget {
  /** The newest question; "" when none was asked. */
  #asked = "";
  #since = 0;
  #running = "";
  #answered = "";
  #begun = 0;
  #timer = 0;
  #rest = 0;
  #latest = new AbortController();

  /** Check the next document even if it says the same. */
  forget() { this.#asked = this.#answered = ""; }

  /** Check a document if its words or its form changed. @param {DraftDocument} document */
  ask({ lines, form, metre }) {
    const body = JSON.stringify({ lines: lines.map(l => l.text), gaps: lines.map(l => l.gap), form, metre });
    if (body === this.#asked) return;
    this.#asked = body;
    this.#since = performance.now();
    this.#hurry();
  }

  #hurry() {
    clearTimeout(this.#timer);
    if (!this.#asked || this.#asked === this.#running || this.#asked === this.#answered) return;
    const left = (this.#running ? this.#begun + PATIENCE_MS : this.#rest) - performance.now();
    if (left > 0) this.#timer = setTimeout(() => this.#hurry(), left);
    else this.#check(this.#asked, this.#since);
  }

  /** @param {string} body @param {number} since when the key was pressed */
  async #check(body, since) {
    this.#latest.abort();
    const { signal } = this.#latest = new AbortController();
    this.#running = body;
    this.#begun = performance.now();
    try {
      const asked = JSON.parse(body), check = await request("POST", "/api/check", asked, { signal });
      this.#answered = body;
      this.#rest = 0;
      if (body === this.#asked) this.#show(check, asked.lines, since);
    } catch (error) {
      if (stopped(error)) return;
      if (body === this.#asked) this.#asked = "";
      this.#rest = performance.now() + AGAIN_MS;
      this.dispatchEvent(new CustomEvent("failed", { detail: sentence(error) }));
    } finally {
      if (!signal.aborted) {
        this.#running = "";
        this.#hurry();
      }
    }
  }

  /** @param {DraftCheck} check @param {string[]} lines @param {number} since */
  #show(check, lines, since) {
    this.dispatchEvent(new CustomEvent("checked", { detail: { check, lines } }));
    requestAnimationFrame(() => setTimeout(() => performance.measure("quatrain:check", { start: since, end: performance.now() })));
  }
}
