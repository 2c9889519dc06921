/** Pieces that the panels share: controls, dialogs, dates. Text is set, never parsed as HTML. */
import { make } from "../dom.js";

/** Make a quiet button. @param {string} label @param {() => unknown} onclick @param {Record<string, any>} [more] */
export const button = (label, onclick, more = {}) => make("button", { type: "button", className: "quiet", onclick, ...more }, label);

/** Make a field with its label in front. @param {string} label @param {HTMLElement} control */
export const field = (label, control) => make("label", { className: "field" }, make("span", {}, label), control);

/** Make a row of buttons. @param {(Node | false)[]} content */
export const choices = (...content) => make("div", { className: "choices" }, ...content);

/** Make a select. @param {[value: string, label: string][]} options @param {string} value @param {Record<string, any>} [more] */
export function choice(options, value, more = {}) {
  const select = make("select", more, ...options.map(([name, label]) => make("option", { value: name }, label)));
  select.value = value;
  return select;
}

/** Make text that only screen readers say. @param {string} text */
export const unseen = text => make("span", { className: "sr" }, text);

let dialogs = 0;

/**
 * Open a dialog above the page. The focus returns to where it was when the dialog closes.
 * @param {string} title @param {(Node | false)[]} content @param {string} [kind] a class of its own
 */
export function openDialog(title, content, kind = "") {
  const id = `dialog-${++dialogs}`, before = document.activeElement;
  /** @type {HTMLDialogElement} */
  const dialog = make("dialog", { className: `panel ${kind}`, "aria-labelledby": id },
    make("header", {}, make("h2", { id, tabIndex: -1, autofocus: true }, title), button("Close", () => dialog.close())), ...content);
  dialog.addEventListener("close", () => {
    dialog.remove();
    const back = before !== document.body && before?.checkVisibility() ? before : document.querySelector("#more summary");
    if (back instanceof HTMLElement) back.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Ask before something that cannot be taken back.
 * @param {string} question @param {string} detail @param {string} label of the button that does it
 * @returns {Promise<boolean>}
 */
export function ask(question, detail, label) {
  return new Promise(answer => {
    let yes = false;
    const dialog = openDialog(question, [make("p", {}, detail), choices(
      button(label, () => { yes = true; dialog.close(); }, { className: "main stop" }),
      button("Cancel", () => dialog.close(), { className: "quiet outline" }))]);
    dialog.addEventListener("close", () => answer(yes));
  });
}

/** Return a date as people say it: "10.42" today, else "Tuesday 10.42" or "3 March 2026". @param {string | number} date */
export function when(date) {
  const then = new Date(date), clock = then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  if (then.toDateString() === new Date().toDateString()) return clock;
  return Date.now() - then.getTime() < 6 * 86_400_000 ? `${then.toLocaleDateString("en-GB", { weekday: "long" })} ${clock}`
    : then.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

/** Return a number with its noun: "1 line", "1,200 lines". @param {number} number @param {string} noun */
export const count = (number, noun) => `${number.toLocaleString("en-GB")} ${noun}${number === 1 ? "" : "s"}`;

/** Return a title in quotation marks, or words for a draft without one. @param {string} title */
export const titled = title => (title.trim() ? `“${title.trim()}”` : "the untitled draft");

/** Show a sentence in the footer, and say it to screen readers. @param {Pick<Desk, "tell" | "announce">} desk @param {string} text */
export function say({ tell, announce }, text) {
  tell(text);
  announce(text);
}

/**
 * Make a place for files: a button that opens the picker, and what is dropped on it or on `around`.
 * @param {string} hint @param {string} accept @param {(files: File[]) => void} take @param {HTMLElement} [around]
 */
export function dropZone(hint, accept, take, around) {
  const input = make("input", { type: "file", multiple: true, accept, hidden: true, onchange: () => {
    take([...(input.files ?? [])]);
    input.value = "";
  } });
  const zone = make("div", { className: "zone" }, button("Choose files", () => input.click(), { className: "quiet outline" }), input,
    make("p", { className: "soft" }, hint));
  takeDrops(around ?? zone, take);
  return zone;
}

/** Take files dropped on an element. @param {HTMLElement} zone @param {(files: File[]) => void} take */
export function takeDrops(zone, take) {
  const hear = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") take([...event.dataTransfer.files]);
  };
  zone.addEventListener("dragover", hear);
  zone.addEventListener("drop", hear);
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
}

/** Keep a preference in this browser. @param {string} name @param {string} value */
export function keep(name, value) {
  try { localStorage.setItem(`quatrain.${name}`, value); } catch { /* closed storage: it holds until the page closes */ }
}

/** Return a kept preference, or "". @param {string} name */
export function recall(name) {
  try { return localStorage.getItem(`quatrain.${name}`) ?? ""; } catch { return ""; }
}
