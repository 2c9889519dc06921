/** Read the poem aloud with the browser's own voices, line by line, the word being said marked. */
import { make } from "../dom.js";
import { button, choice, field, keep, recall, say } from "./parts.js";

const STANZA_MS = 700; // silence between stanzas
const SEARCH_MS = 1500; // a browser may take this long to list its voices
const NONE = "This browser has no voice of its own. Your system’s settings can add one, under speech or accessibility.";
/** @type {[string, string][]} */
const RATES = [["0.7", "slow"], ["0.85", "unhurried"], ["1", "as spoken"], ["1.2", "quick"]];

/** Return the voices of this machine, English first. One that isn't local would send the words to its maker. */
const voices = () => speechSynthesis.getVoices().filter(voice => voice.localService)
  .sort((a, b) => Number(b.lang.startsWith("en")) - Number(a.lang.startsWith("en")) || a.name.localeCompare(b.name));

class Reading {
  line = 1;
  at = 0; // the word being said: where it begins in the line
  speaking = false;
  #turn = 0; // an utterance that is not of this turn was cancelled
  #timer = 0;
  spoken = make("p", { className: "spoken" });
  pause = button("Pause", () => (this.speaking ? this.hold() : this.say()), { className: "quiet outline" });
  end = button("Stop", () => this.stop(), { className: "quiet outline" });
  voice = choice([], "", { onchange: () => this.#chosen("voice", this.voice.value) });
  rate = choice(RATES, recall("rate") || "0.85", { onchange: () => this.#chosen("rate", this.rate.value) });
  controls = [this.pause, make("div", { className: "fields" }, field("voice", this.voice), field("pace", this.rate))];
  bar = make("section", { className: "reading", "aria-label": "Read aloud" },
    this.spoken, make("div", { className: "row" }, this.pause, this.end), this.controls[1]);

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.bar.addEventListener("keydown", event => { if (event.key === "Escape") this.stop(); });
    addEventListener("pagehide", () => this.bar.isConnected && this.stop());
    desk.draft.addEventListener("opened", () => this.bar.isConnected && this.stop());
  }

  /** Begin with a line. @param {number} line */
  begin(line) {
    this.back = document.activeElement;
    [this.line, this.at] = [line, 0];
    document.querySelector(".foot")?.prepend(this.bar);
    if (!("speechSynthesis" in window)) return this.excuse("This browser can’t read aloud.");
    if (this.#list()) return this.#first();
    this.excuse("Looking for a voice.");
    speechSynthesis.onvoiceschanged = () => this.bar.isConnected && !this.voice.value && this.#list() && this.#first();
    this.#timer = setTimeout(() => this.excuse(NONE), SEARCH_MS);
  }

  #first() {
    clearTimeout(this.#timer);
    for (const control of this.controls) control.hidden = false;
    this.end.textContent = "Stop";
    this.pause.focus();
    this.say();
  }

  /** Say why nothing is read. @param {string} reason */
  excuse(reason) {
    this.spoken.textContent = reason;
    for (const control of this.controls) control.hidden = true;
    this.end.textContent = "Close";
    this.end.focus();
    this.desk.announce(reason);
  }

  /** List the voices, and return whether there is one. */
  #list() {
    const found = voices(), wanted = recall("voice");
    this.voice.replaceChildren(...choice(found.map(voice => [voice.voiceURI, `${voice.name}, ${voice.lang}`]), "").options);
    this.voice.value = (found.find(voice => voice.voiceURI === wanted) ?? found[0])?.voiceURI ?? "";
    return found.length > 0;
  }

  /** @param {string} name @param {string} value */
  #chosen(name, value) {
    keep(name, value);
    if (!this.speaking) return;
    this.hold();
    this.say();
  }

  /** Return the first line with words from the one at hand on, and make it the one at hand. */
  #next() {
    const { lines } = this.desk.draft.document;
    while (this.line <= lines.length && !lines[this.line - 1].text.trim()) [this.line, this.at] = [this.line + 1, 0];
    return lines[this.line - 1];
  }

  /** Say the line at hand from the word at hand, and then those after it. */
  say() {
    const turn = ++this.#turn, line = this.#next(), start = this.at;
    if (!line) return this.stop();
    const said = new SpeechSynthesisUtterance(line.text.slice(start)), voice = voices().find(({ voiceURI }) => voiceURI === this.voice.value);
    if (voice) [said.voice, said.lang] = [voice, voice.lang];
    said.rate = Number(this.rate.value);
    said.onboundary = event => {
      if (turn !== this.#turn || event.name === "sentence") return;
      this.at = start + event.charIndex;
      this.#mark(line.text, this.at, event.charLength || (line.text.slice(this.at).match(/^[\p{L}\p{M}\p{N}'’-]+/u)?.[0].length ?? 0));
    };
    said.onend = () => turn === this.#turn && this.#after();
    said.onerror = ({ error }) => {
      if (turn !== this.#turn) return;
      this.hold();
      this.spoken.textContent = `The voice gave up (${error}). Try another voice.`;
    };
    this.speaking = true;
    this.pause.textContent = "Pause";
    this.#mark(line.text, start, 0);
    speechSynthesis.speak(said);
  }

  #after() {
    [this.line, this.at] = [this.line + 1, 0];
    const line = this.#next(), gap = line && this.desk.rows()[this.line - 1]?.element.classList.contains("gap");
    this.#timer = setTimeout(() => this.say(), gap ? STANZA_MS : 0);
  }

  /** Mark a word of the line at hand, or the line alone. @param {string} text @param {number} start @param {number} length */
  #mark(text, start, length) {
    const end = start + length;
    this.spoken.replaceChildren(text.slice(0, start), length ? make("mark", {}, text.slice(start, end)) : "", text.slice(end));
    this.#unmark(this.line);
    this.desk.mark(this.line, length ? [start, end] : null);
    const row = this.desk.rows()[this.line - 1];
    if (!row || row.element.classList.contains("aloud")) return;
    row.element.classList.add("aloud");
    row.element.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  /** Take the marks from all lines but one. @param {number} [but] */
  #unmark(but) {
    for (const row of this.desk.rows()) if (row.number !== but && row.element.classList.contains("aloud")) {
      row.element.classList.remove("aloud");
      this.desk.mark(row.number, null);
    }
  }

  /** Be silent, and remember the word. */
  hold() {
    this.#turn++;
    clearTimeout(this.#timer);
    speechSynthesis.cancel(); // pause() has no effect on some phones
    this.speaking = false;
    this.pause.textContent = "Go on";
  }

  /** End the reading, and go back to where the reader was. */
  stop() {
    if ("speechSynthesis" in window) this.hold();
    this.#unmark();
    const inside = this.bar.contains(document.activeElement);
    this.bar.remove();
    if (inside && this.back instanceof HTMLElement && this.back.isConnected) this.back.focus();
  }
}

/** @type {Reading | null} */
let reading = null;

/** Read aloud from the current line on; while a reading is on, end it. @param {Desk} desk */
export function readAloud(desk) {
  reading ??= new Reading(desk);
  if (reading.bar.isConnected) reading.stop();
  else if (desk.draft.document.lines.some(line => line.text.trim())) reading.begin(desk.rows().find(row => row.field.tabIndex === 0)?.number ?? 1);
  else say(desk, "There are no words to read yet.");
}
