/** A question of the matching exercise, and what checking an answer found. */
import { request, sentence } from "../api.js";
import { make } from "../dom.js";
import { button, choice } from "../panels/parts.js";
import { adopt } from "./adopt.js";

const LEVELS = /** @type {[string, string][]} */ ([["1", "level 1"], ["2", "level 2"], ["3", "level 3"]]);

/** The section at the foot of the page. It asks the server for questions only when it is opened. */
export class Exercise {
  /** @param {HTMLElement} place @param {boolean} alone whether the page has no server */
  constructor(place, alone) {
    this.place = place;
    this.alone = alone;
    this.topic = "";
    this.level = 1;
    this.seed = "";
    /** @type {ExerciseQuestion[]} */
    this.questions = [];
    this.current = 0;
  }

  /** Remember which exercise belongs to what is shown. @param {[topic: string, level: number]} exercise */
  about([topic, level]) {
    if (!this.questions.length) this.level = level;
    this.topic = topic;
    if (this.place.hidden) this.rest();
  }

  /** Show the way in. */
  rest() {
    this.place.hidden = false;
    this.place.replaceChildren(make("h2", { id: "exercise-title" }, "Try it"), this.alone
      ? make("p", {}, "Exercises with your own numbers, checked: ", make("code", {}, `quatrain exercise ${this.topic} --level ${this.level} --seed you`))
      : make("p", {}, button("Ask me a question", () => this.open(), { className: "quiet outline" })));
  }

  /** Ask a question. */
  async open() {
    if (this.questions.length) return this.place.scrollIntoView({ block: "start" });
    return this.draw();
  }

  /** Fetch another sheet and show its first question. */
  async draw() {
    this.seed = `desk ${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    try {
      const sheet = await request("POST", `/api/exercises/${this.topic}`, { seed: this.seed, level: this.level });
      this.questions = sheet.questions;
      this.current = 0;
      this.ask(sheet);
    } catch (error) {
      this.place.replaceChildren(make("h2", { id: "exercise-title" }, "Try it"), make("p", { className: "wrong", role: "alert" }, sentence(error)),
        make("p", {}, button("Ask again", () => this.draw(), { className: "quiet outline" })));
    }
  }

  /** @param {{ html: string }} sheet */
  ask(sheet) {
    this.place.replaceChildren(make("h2", { id: "exercise-title" }, "Try it"), ...adopt(sheet.html), choice(LEVELS, String(this.level)));
  }
}
