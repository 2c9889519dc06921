/** Asks the server for a check as one types: soon, never two at once, and never shows an old answer. */
import { request, sentence, stopped } from "../api.js";

const PAUSE_MS = 40; // keys that come together are checked together
const IDLE_MS = 150; // after this long without a check, the first key needn't wait

/** Events: `checked` (detail `{ check, lines }`), `failed` (detail: a sentence). */
export class Checker extends EventTarget {
  #asked = "";
  #sequence = 0;
  #timer = 0;
  #latest = new AbortController();
  #last = 0;
  #took = 0;

  /** Check the next document even if it says the same. */
  forget() { this.#asked = ""; }

  /** Check a document soon, if its words or its form changed. @param {DraftDocument} document */
  ask({ lines, form, metre }) {
    const body = JSON.stringify({ lines: lines.map(l => l.text), gaps: lines.map(l => l.gap), form, metre });
    if (body === this.#asked) return;
    this.#asked = body;
    performance.mark("quatrain:key");
    clearTimeout(this.#timer);
    const now = performance.now(), wait = Math.max(now - this.#last > IDLE_MS ? 0 : PAUSE_MS, this.#took / 2);
    this.#last = now;
    this.#timer = setTimeout(() => this.#check(body, now), wait);
  }

  /** @param {string} body @param {number} since when the key was pressed */
  async #check(body, since) {
    const sequence = ++this.#sequence, begun = performance.now();
    this.#latest.abort();
    this.#latest = new AbortController();
    try {
      const asked = JSON.parse(body);
      const check = await request("POST", "/api/check", asked, { signal: this.#latest.signal });
      this.#took = performance.now() - begun;
      if (sequence !== this.#sequence || body !== this.#asked) return;
      this.dispatchEvent(new CustomEvent("checked", { detail: { check, lines: asked.lines } }));
      requestAnimationFrame(() => setTimeout(() => performance.measure("quatrain:check", { start: since, end: performance.now() })));
    } catch (error) {
      if (stopped(error) || sequence !== this.#sequence) return;
      this.#asked = "";
      this.dispatchEvent(new CustomEvent("failed", { detail: sentence(error) }));
    }
  }
}
