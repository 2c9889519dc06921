/** Take the poem out of the desk: a file in one of several formats, a printed sheet, or the clipboard. */
import { make } from "../dom.js";
import { asText } from "../sheet/lines.js";
import { button, choices, openDialog } from "./parts.js";

const FORMATS = [
  ["text", "Plain text", "the words, nothing else"],
  ["markdown", "Markdown", "for notes and blogs"],
  ["html", "Web page", "one file that opens anywhere"],
  ["latex", "LaTeX", "for typesetting"],
  ["tei", "TEI", "XML for scholars"],
  ["json", "JSON", "all that the desk knows; Import reads it again"],
];

/** Show the ways out. @param {Desk} desk */
export async function openExport({ draft, rows }) {
  await draft.flush();
  const note = make("p", { role: "status", className: "soft" }), marks = make("input", { type: "checkbox" });
  if (draft.state === "unsaved") note.textContent = "The last words are not saved yet; a file may lack them.";
  if (!draft.id) note.textContent = "Write a line first; then there is something to export.";
  const path = (/** @type {string} */ format) => `/api/drafts/${draft.id}/export?format=${format}&scansion=${marks.checked}`;
  const links = FORMATS.map(([format, name]) => make("a", { href: path(format), download: "" }, name));
  marks.onchange = () => FORMATS.forEach(([format], i) => { links[i].href = path(format); });
  const { title } = draft.document, poem = asText(draft.document, number => rows()[number - 1]?.element.classList.contains("gap") ?? false);
  const text = `${title ? `${title}\n\n` : ""}${poem}\n`;
  const copy = () => navigator.clipboard.writeText(text).then(() => { note.textContent = "Copied."; });
  const select = () => {
    const area = make("textarea", { value: text, readOnly: true, rows: 6, "aria-label": "The poem as text" });
    note.replaceChildren("The browser does not let a page copy here. The text is selected; press Ctrl C.", area);
    area.select();
  };
  openDialog("Export and print", draft.id ? [
    make("ul", { role: "list", className: "formats" }, ...FORMATS.map(([, , use], i) => make("li", {}, links[i], make("span", { className: "soft" }, use)))),
    make("label", { className: "check" }, marks, "with scansion, in a file or on paper"),
    choices(button("Print", () => print(path("print"), note), { className: "main" }),
      button("Copy as text", () => (navigator.clipboard ? copy().catch(select) : select()), { className: "quiet outline" })),
    note] : [note]);
}

/** Open the printable sheet, and the browser's own dialog for it. @param {string} address @param {HTMLElement} note */
function print(address, note) {
  const sheet = open(address);
  if (sheet) sheet.addEventListener("load", () => sheet.print());
  else note.replaceChildren("The browser held the new window back. ", make("a", { href: address, target: "_blank" }, "Open the sheet"), " and print it from there.");
}
