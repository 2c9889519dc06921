/** A question of the matching exercise, and what checking an answer found. */
import { request, sentence } from "../../api.js";
import { make } from "../../dom.js";
import { button, choice, choices, field } from "../../panels/parts.js";
import { adopt, reachScrolling } from "../adopt.js";

const LEVELS = /** @type {[string, string][]} */ ([["1", "level 1"], ["2", "level 2"], ["3", "level 3"]]);
/** How an answer of a kind is written. */
const HINTS = /** @type {Record<string, string>} */ ({
  "whole number": "a whole number", number: "a number or a fraction", shape: "such as 28x28x8", positions: "such as 0, 9, or none",
  numbers: "numbers with commas between", matrix: "or a line for each row, with spaces between the numbers", order: "such as A, C, B",
});

/** The section at the foot of the page. It asks the server for questions only once it is used. */
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
    this.given = "";
    this.current = 0;
  }

  /** Follow what is shown, until a question is asked. @param {[topic: string, level: number]} exercise */
  about([topic, level]) {
    if (this.questions.length || (topic === this.topic && level === this.level)) return;
    [this.topic, this.level] = [topic, level];
    this.place.hidden = false;
    this.fill(this.alone
      ? make("p", {}, "Questions with numbers of your own, and a check of your answers: ", make("code", {}, `quatrain exercise ${topic} --level ${level} --seed "your name"`))
      : make("p", {}, button("Ask me a question", () => this.open(), { className: "quiet outline" })));
  }

  /** @param {(Node | false)[]} content */
  fill(...content) {
    this.place.replaceChildren(make("h2", { id: "exercise-title" }, "Try it"), ...content.filter(node => node !== false));
    reachScrolling(this.place);
  }

  /** Ask a question, or go to the one that is asked. */
  async open() {
    if (!this.questions.length) await this.fetch();
    this.place.scrollIntoView({ block: "start" });
    this.focus();
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.place.querySelector("form input, form select, form textarea"))?.focus({ preventScroll: true });
  }

  /** Fetch another sheet and ask its first question. */
  async fetch() {
    this.seed = `desk ${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    try {
      const sheet = await request("POST", `/api/exercises/${this.topic}`, { seed: this.seed, level: this.level });
      this.questions = sheet.questions;
      this.given = sheet.html;
      this.current = 0;
      this.ask();
    } catch (error) {
      this.fill(make("p", { className: "wrong", role: "alert" }, sentence(error)), make("p", {}, button("Ask again", () => this.fetch(), { className: "quiet outline" })));
    }
  }

  /** Ask the current question. */
  ask() {
    const question = this.questions[this.current], answer = answerField(question);
    const mark = make("div", { className: "mark", role: "status" });
    const level = choice(LEVELS, String(this.level), { onchange: () => {
      this.level = Number(level.value);
      this.fetch().then(() => this.focus());
    } });
    this.fill(...adopt(this.given), ...adopt(question.html),
      make("form", { onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        this.check(question, answer.value, mark);
      } },
      make("label", { className: "question", htmlFor: "answer" }, question.text), answer,
      make("small", { id: "answer-hint" }, hintOf(question)),
      choices(make("button", { type: "submit", className: "main" }, "Check"), button("Another question", () => this.next()), field("", level))),
      mark);
    level.setAttribute("aria-label", "Level of the questions");
  }

  async next() {
    if (++this.current >= this.questions.length) await this.fetch();
    else this.ask();
    this.focus();
  }

  /** @param {ExerciseQuestion} question @param {string} text @param {HTMLElement} mark */
  async check(question, text, mark) {
    const { seed, level } = this;
    try {
      const { marks } = await request("POST", `/api/exercises/${this.topic}/check`, { seed, level, answers: { [question.number]: text } });
      const found = /** @type {ExerciseMark} */ (marks.find((/** @type {ExerciseMark} */ row) => row.question === question.number));
      mark.dataset.verdict = found.verdict;
      mark.replaceChildren(make("p", {}, found.message),
        make("p", {}, button("Show the solution", () => this.solve(question, mark))));
    } catch (error) {
      mark.dataset.verdict = "wrong";
      mark.replaceChildren(make("p", {}, sentence(error)));
    }
  }

  /** @param {ExerciseQuestion} question @param {HTMLElement} mark */
  async solve(question, mark) {
    try {
      const solution = await request("POST", `/api/exercises/${this.topic}/solution`, { seed: this.seed, level: this.level, question: question.number });
      mark.querySelector("p:last-child")?.replaceWith(make("div", { className: "solution" }, make("p", {}, `The answer is ${solution.answer}.`), ...adopt(solution.html)));
      reachScrolling(mark);
    } catch (error) {
      mark.append(make("p", {}, sentence(error)));
    }
  }
}

/** Say how an answer is written, and how exact it must be. @param {ExerciseQuestion} question */
const hintOf = ({ kind, rounding, variables }) => [
  HINTS[kind] ?? (variables.length && `a formula in ${variables.join(", ")}`), rounding,
].filter(Boolean).join(". ");

/** @param {ExerciseQuestion} question @returns {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} */
function answerField({ kind, options }) {
  const described = { id: "answer", "aria-describedby": "answer-hint", autocomplete: "off" };
  if (kind === "choice") return choice([["", "choose"], ...options.map(option => /** @type {[string, string]} */ ([option, option]))], "", described);
  if (kind === "matrix") return make("textarea", { ...described, rows: 3, spellcheck: false });
  return make("input", { ...described, type: "text", className: "find", spellcheck: false });
}
