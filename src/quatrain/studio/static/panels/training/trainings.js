/** The trainings of this desk, followed while one runs, whether or not their dialog is open. */
import { request, sentence, stream } from "../../api.js";
import { say } from "../parts.js";

export const OVER = ["done", "stopped", "failed"];
const RETRY_MS = 3000; // before asking again after the server fell silent

export class Trainings extends EventTarget {
  /** @type {Training[]} */
  list = [];
  problem = "";
  #followed = "";

  /** @param {Desk} desk */
  constructor(desk) {
    super();
    this.desk = desk;
  }

  #tell() { this.dispatchEvent(new Event("change")); }

  /** Ask for the list, and follow the training that runs or is next. */
  async load() {
    try {
      this.list = (await request("GET", "/api/trainings")).trainings;
      this.problem = "";
    } catch (error) {
      this.problem = sentence(error);
      setTimeout(() => this.#followed || this.load(), RETRY_MS);
    }
    this.#tell();
    const next = this.list.find(({ state }) => state === "running") ?? this.list.find(({ state }) => state === "waiting");
    if (next && !this.problem) this.#follow(next.id);
  }

  /** Hear of one training until it rests, also when the server is restarted meanwhile. @param {string} id */
  async #follow(id) {
    if (this.#followed) return;
    this.#followed = id;
    try {
      await stream(`/api/trainings/${id}/events`, null, { onevent: (_, training) => training.id === id && this.take(training) });
    } catch (error) {
      this.problem = sentence(error);
      this.#tell();
    }
    this.#followed = "";
    const state = this.list.find(training => training.id === id)?.state;
    setTimeout(() => this.load(), state === "running" || state === "waiting" ? RETRY_MS : 0);
  }

  /** Take what is told of a training. @param {Training} training */
  take(training) {
    const at = this.list.findIndex(({ id }) => id === training.id), before = this.list[at]?.state;
    if (at < 0) this.list.unshift(training);
    else this.list[at] = training;
    this.problem = "";
    if (before && training.state !== before) {
      say(this.desk, `${training.name}: ${standing(training)}`);
    }
    this.#tell();
  }

  /** Forget a training; the poet that came of it stays. @param {string} id */
  async remove(id) {
    await request("DELETE", `/api/trainings/${id}`);
    await this.load();
  }

  /** @param {Training} training @param {"pause" | "resume" | "stop"} what */
  async act({ id }, what) {
    this.take(await request("POST", `/api/trainings/${id}/${what}`));
    await this.load();
  }
}

/** Say where a training stands. @param {Training} training */
export function standing({ state, progress, time_left_s: left }) {
  const share = `${Math.floor(progress * 100)}%`;
  if (state === "running" && (progress === 0 || progress >= 1)) return progress ? "finishing" : "beginning";
  if (state === "running") return `${share}${left === null ? "" : left < 90 ? ", about a minute left" : `, about ${Math.round(left / 60)} minutes left`}`;
  return { waiting: "waits for its turn", paused: `paused at ${share}`, done: "done; it is among the muses", stopped: `stopped at ${share}`, failed: `failed at ${share}` }[state];
}
