/**
 * Where demonstrations come from: the desk's server, or a table in the page itself.
 *
 * A page that was saved has a `<script type="text/plain" id="table">` whose text is base64 of gzip of the JSON
 *
 *     {"topic": "convolution",
 *      "grid": {"n": [4, 10], "k": [1, 3]},           the values of each control that can change, in order
 *      "first": {"n": 10, "k": 3},                    the values at first
 *      "common": {"title": ..., "controls": ...},     the fields that are the same in every state
 *      "answers": {"0 1": {"state": ..., ...}}}        the others, by the places of the values in `grid`
 *
 * Both answer the same demonstrations.
 */
import { Problem, request, stopped } from "../api.js";

const LATE_MS = 400; // an answer that nobody waits for any more may take this long before it is given up
const KEPT = 300; // answers kept, so that going back and forth is instant

/** @typedef {{ topic: string, grid: Record<string, StateValue[]>, first: State, common: Partial<Demonstration>, answers: Record<string, Partial<Demonstration>> }} Table */

/** Read the table of a saved page; null on a page of the desk. @returns {Promise<Table | null>} */
export async function readTable() {
  const text = document.getElementById("table")?.textContent?.trim();
  if (!text) return null;
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

/**
 * Return the demonstration of a state.
 * @param {Table | null} table @param {string} topic @param {State} state @param {AbortSignal} [signal]
 * @returns {Promise<Demonstration>}
 */
export async function ask(table, topic, state, signal) {
  if (!table) return request("POST", `/api/inside/${topic}`, { state }, { signal });
  const { grid, first } = table;
  const key = Object.entries(grid).map(([name, values]) => values.indexOf(values.includes(state[name]) ? state[name] : first[name])).join(" ");
  const answer = table.answers[key];
  if (!answer) throw new Problem("This page does not hold the numbers for this setting.");
  return /** @type {Demonstration} */ ({ ...table.common, ...answer });
}

/**
 * Asks for one state at a time. While an answer is on its way, only the newest state waits; what lies between is never
 * asked for. An answer that is overtaken is still shown if it comes soon, so that a picture follows a slider that is moving.
 */
export class Asker {
  /** @param {(state: State, signal: AbortSignal) => Promise<Demonstration>} get @param {(answer: Demonstration) => void} show @param {(error: unknown) => void} fail */
  constructor(get, show, fail) {
    this.get = get;
    this.show = show;
    this.fail = fail;
    /** @type {Map<string, Demonstration>} */
    this.kept = new Map();
    /** @type {State | null} */
    this.waiting = null;
    /** @type {AbortController | null} */
    this.flight = null;
    this.timer = 0;
  }

  /** Show this state, now or as soon as the answer is here. @param {State} state */
  ask(state) {
    const known = this.kept.get(JSON.stringify(state));
    if (known) {
      this.waiting = null;
      this.flight?.abort();
      return this.show(known);
    }
    this.waiting = state;
    if (!this.flight) return void this.next();
    const { flight } = this;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => flight.abort(), LATE_MS);
  }

  async next() {
    const state = this.waiting;
    if (!state || this.flight) return;
    this.waiting = null;
    const flight = this.flight = new AbortController();
    try {
      const answer = await this.get(state, flight.signal);
      this.keep(JSON.stringify(state), answer);
      if (!flight.signal.aborted) this.show(answer);
    } catch (error) {
      if (!stopped(error) && !this.waiting) this.fail(error);
    } finally {
      this.flight = null;
      clearTimeout(this.timer);
      this.next();
    }
  }

  /** @param {string} key @param {Demonstration} answer */
  keep(key, answer) {
    this.kept.set(key, answer);
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > KEPT && oldest != null) this.kept.delete(oldest);
  }
}
