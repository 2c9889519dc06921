/** What can be taken from a page: its link, its picture, LaTeX, Python, the page itself. */
import { request, sentence } from "../../api.js";
import { byId, make } from "../../dom.js";
import { button, choices, openDialog } from "../../panels/parts.js";
import { picturePng, pictureSvg } from "./saving.js";
import { queryOf } from "../state.js";

/** @typedef {{ topic: string, shown: Demonstration | null, looks: Record<string, number>, table: object | null, announce(text: string): void, fail(error: unknown): void,
 *   exercise: import("./exercise.js").Exercise }} Page */

/** Put the buttons into the page. @param {Page} page */
export function startDeeds(page) {
  const served = !page.table;
  const link = button("Copy link", () => copyLink(page, link));
  byId("deeds").replaceChildren(...[
    served && link,
    menu("Save", [
      button("This picture as SVG", () => save(`${page.topic}.svg`, new Blob([pictureSvg(byId("picture"), titleOf(page))], { type: "image/svg+xml" }))),
      button("This picture as PNG", () => picturePng(byId("picture"), titleOf(page)).then(blob => save(`${page.topic}.png`, blob)).catch(error => page.fail(error))),
      served && saveThisPage(page),
    ]),
    served && button("As LaTeX", () => showLatex(page)),
    button("As Python", () => showText("As Python", page.shown?.python ?? "", `${page.topic}.py`)),
    served && button("Exercise", () => page.exercise.open()),
  ].filter(node => node !== false));
}

/** @param {Page} page */
const titleOf = page => `${page.shown?.title ?? page.topic}. ${page.shown?.summary ?? ""}`;

/** Make the link that saves the page with its numbers; its address is made when it is used. @param {Page} page */
function saveThisPage(page) {
  const link = make("a", { className: "quiet", href: "#", download: `${page.topic}.html` }, "This page, to open without a server");
  link.addEventListener("click", () => { link.href = `/api/inside/${page.topic}/page${page.shown ? queryOf(page.shown) : ""}`; });
  return link;
}

/** @param {string} label @param {(HTMLElement | false)[]} content */
function menu(label, content) {
  const drop = make("div", { className: "drop" }, ...content);
  const summary = make("summary", { className: "quiet" }, label), details = make("details", { className: "menu" }, summary, drop);
  drop.addEventListener("click", () => {
    details.open = false;
    summary.focus();
  });
  details.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
  details.addEventListener("focusout", event => {
    if (event.relatedTarget instanceof Node && !details.contains(event.relatedTarget)) details.open = false;
  });
  document.addEventListener("pointerdown", event => {
    if (!details.contains(/** @type {Node} */ (event.target))) details.open = false;
  });
  return details;
}

/** @param {Page} page @param {HTMLElement} link */
async function copyLink(page, link) {
  const url = new URL(location.href);
  if (page.shown) url.search = queryOf(page.shown, page.looks);
  if (await copy(url.href)) told(link, "Copied", page);
  else showText("The link of this page", url.href, "");
}

/** Show for a moment that something is done. @param {HTMLElement} control @param {string} text @param {Pick<Page, "announce">} page */
function told(control, text, page) {
  const label = control.dataset.label ??= control.textContent;
  control.textContent = text;
  page.announce(`${text}.`);
  setTimeout(() => { control.textContent = label; }, 1600);
}

/** Copy a text; false if this browser does not let a page do so. @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {Page} page */
async function showLatex(page) {
  try {
    const { latex } = await request("POST", `/api/inside/${page.topic}/latex`, { state: page.shown?.state ?? {} });
    showText("As LaTeX", latex, `${page.topic}.tex`);
  } catch (error) {
    page.fail(error);
    byId("problem").scrollIntoView({ block: "nearest" });
    page.announce(sentence(error));
  }
}

/** Show a text with buttons that copy and save it. @param {string} title @param {string} text @param {string} file its name, or "" */
function showText(title, text, file) {
  const area = make("textarea", { readOnly: true, spellcheck: false, value: text, rows: Math.min(22, text.split("\n").length + 1), "aria-label": title, className: "code" });
  const state = make("span", { role: "status", className: "soft" });
  const copying = button("Copy", async () => {
    area.select();
    state.textContent = await copy(text) ? "Copied." : "This browser does not let the page copy. The text is selected: press Ctrl C.";
  }, { className: "quiet outline" });
  openDialog(title, [area, choices(copying, file ? button("Save as a file", () => save(file, new Blob([text], { type: "text/plain" }))) : false, state)], "broad");
}

/** Save a file on this machine. @param {string} name @param {Blob} blob */
function save(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
