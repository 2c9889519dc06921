/** The dialog where muses are trained: those under way, live, and the beginning of a new one. */
import { sentence } from "../../api.js";
import { make } from "../../dom.js";
import { ask, button, choices, openDialog } from "../parts.js";
import { curveFigure } from "./curve.js";
import { newMuse } from "./muse.js";
import { OVER, Trainings, standing } from "./trainings.js";

/** @type {Trainings | null} */
let trainings = null;

/** Follow what runs. @param {Desk} desk */
export function watch(desk) {
  trainings ??= new Trainings(desk);
  trainings.load();
  return trainings;
}

/** Open the dialog. @param {Desk} desk */
export function openTraining(desk) {
  const all = watch(desk), runs = make("div", { className: "runs" });
  /** @type {Map<string, Run>} */
  const shown = new Map();
  const draw = () => drawRuns(runs, all, shown);
  const begun = (/** @type {string} */ id) => shown.get(id)?.heading.focus();
  all.addEventListener("change", draw);
  const dialog = openDialog("Train a muse", [runs, newMuse(desk, all, begun)], "broad train");
  dialog.addEventListener("close", () => all.removeEventListener("change", draw));
  draw();
}

/** Show the trainings: new ones are added, the others follow what is told of them. @param {HTMLElement} place @param {Trainings} all @param {Map<string, Run>} shown */
function drawRuns(place, all, shown) {
  place.querySelector(":scope > .fault")?.remove();
  if (all.problem) place.prepend(make("p", { className: "fault", role: "status" }, all.problem));
  for (const [id, { article }] of shown) if (!all.list.some(training => training.id === id) && shown.delete(id)) article.remove();
  for (const training of all.list) {
    let run = shown.get(training.id);
    if (!run) {
      shown.set(training.id, run = new Run(all, training));
      place.append(run.article);
    }
    run.take(training);
  }
}

/** A training as it is shown. Only what changed is drawn anew, so that a focused button stays. */
class Run {
  state = "";
  learned = "";
  heading = make("h3", { tabIndex: -1 });
  standing = make("p");
  bar = make("progress", { max: 1 });
  message = make("p");
  note = make("p", { className: "fault", role: "alert" });
  buttons = choices();
  how = make("div");

  /** @param {Trainings} all @param {Training} training */
  constructor(all, { name, state }) {
    this.all = all;
    this.heading.textContent = name;
    this.bar.ariaLabel = `Progress of ${name}`;
    this.article = make("article", {}, this.heading, this.standing, this.bar, this.message, this.buttons, this.note,
      make("details", { open: !OVER.includes(state) }, make("summary", {}, "How it learns"), this.how));
  }

  /** @param {Training} training */
  take(training) {
    const { state, samples, curve, resumable } = training, over = OVER.includes(state), last = samples.at(-1);
    this.standing.textContent = standing(training);
    this.standing.className = state === "failed" ? "fault" : "soft";
    this.bar.value = training.progress;
    this.bar.hidden = over;
    this.message.textContent = training.message;
    if (`${state} ${resumable}` !== this.state) {
      const within = this.buttons.contains(document.activeElement), press = (/** @type {string} */ label, /** @type {"pause" | "resume" | "stop"} */ what) =>
        button(label, () => this.#press(training, what), { className: "quiet outline" });
      this.state = `${state} ${resumable}`;
      this.buttons.replaceChildren(...(state === "running" ? [press("Pause", "pause")] : []), ...(resumable ? [press("Resume", "resume")] : []), ...(over ? [] : [press("Stop", "stop")]),
        ...(state === "running" || state === "waiting" ? [] : [button("Remove", () => this.#remove(training), { "aria-label": `Remove ${training.name} from this list` })]));
      if (within) (this.buttons.querySelector("button") ?? this.heading).focus();
    }
    const learned = `${curve.length} ${curve.at(-1)?.step} ${last?.step}`;
    if (learned === this.learned) return;
    this.learned = learned;
    this.how.replaceChildren(curveFigure(curve), ...(last ? [make("blockquote", {}, last.text),
      make("p", { className: "soft" }, `Written at step ${last.step.toLocaleString("en-GB")}`)] : []));
  }

  /** @param {Training} training */
  async #remove({ id, name, resumable }) {
    if (resumable && !await ask(`Remove the training ${name}?`, "It can’t be resumed then, and what it has learned is lost.", "Remove")) return;
    await this.all.remove(id).catch(error => { this.note.textContent = sentence(error); });
  }

  /** @param {Training} training @param {"pause" | "resume" | "stop"} what */
  async #press(training, what) {
    if (what === "stop" && !await ask(`Stop training ${training.name}?`, "What it has learned so far becomes a muse. It can’t be resumed then.", "Stop training")) return;
    this.note.textContent = "";
    await this.all.act(training, what).catch(error => { this.note.textContent = sentence(error); });
  }
}
