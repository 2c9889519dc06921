/** Keys that work anywhere on the page, and the list of all of them. */
import { byId, make } from "./dom.js";
import { announce } from "./sheet.js";

/** @typedef {import("./sheet.js").Sheet} Sheet @typedef {import("./sheet/row.js").Row} Row */
/** @typedef {{ stress: () => void, word: () => void, write: () => void, undo: () => void, again: () => void, keys: () => void }} Commands */
/** @typedef {{ others: import("./sheet/alternatives.js").Alternatives, word: import("./word.js").WordPanel, commands: Commands, tools: Tool[] }} Parts */

/** @type {[string, string][]} */
const KEYS = [
  ["Ctrl Enter", "write, or stop"],
  ["Ctrl Z, Ctrl Y", "undo, redo"],
  ["↑ and ↓", "previous or next line"],
  ["Enter", "next line, or split this one"],
  ["Ctrl A twice", "select the poem"],
  ["Esc", "close what is open; leave the text. Then:"],
  ["L", "lock the line, or unlock it"],
  ["R", "redo the line"],
  ["F", "finish the line"],
  ["A, then 1 to 3", "show alternatives, choose one"],
  ["S", "show or hide stress marks"],
  ["W", "look up the word at the caret, or the last"],
  ["Enter or F2", "back into the text"],
  ["Alt and the letter", "the same while typing"],
];

/** @param {Sheet} sheet @param {Parts} parts */
export function startKeys(sheet, { others, word, commands, tools }) {
  const dialog = byId("keys");
  commands.keys = () => showKeys(dialog, tools);
  document.addEventListener("click", event => {
    const name = event.target instanceof Element && event.target.closest("[data-do]")?.getAttribute("data-do");
    if (name) commands[/** @type {keyof Commands} */ (name)]?.();
  });

  /** @param {string} letter @param {Row} row */
  const act = (letter, row) => {
    if (letter === "l") sheet.act("lock", row);
    else if (letter === "r") sheet.act("redo", row);
    else if (letter === "f") sheet.act("finish", row);
    else if (letter === "a") sheet.act("others", row);
    else if (letter === "s") commands.stress();
    else if (letter === "w") word.open(row);
    else if (/^[1-9]$/.test(letter) && others.row === row) others.take(Number(letter) - 1);
    else return false;
    return true;
  };

  document.addEventListener("keydown", event => {
    const { key, code, target } = event, held = event.ctrlKey || event.metaKey;
    if (event.isComposing || event.defaultPrevented || !(target instanceof Element)) return;
    const row = sheet.rowOf(target), typing = target.matches("textarea, input:not([type=checkbox]), select"), inDialog = !!target.closest("dialog");
    if (inDialog) return;
    if (held && key === "Enter") {
      event.preventDefault();
      commands.write();
    } else if (held && !event.altKey && /^[zy]$/i.test(key) && (!typing || row || target.id === "title" || target.id === "theme")) {
      event.preventDefault();
      key.toLowerCase() === "y" || event.shiftKey ? commands.again() : commands.undo();
    } else if (event.altKey && !held && !event.getModifierState("AltGraph")) {
      const letter = /^(Key|Digit)(.)$/.exec(code)?.[2].toLowerCase() ?? "";
      const at = row ?? sheet.rows[sheet.current - 1];
      if (at && /^[lrfasw1-9]$/.test(letter) && act(letter, at)) event.preventDefault();
    } else if (key === "?" && !typing) {
      event.preventDefault();
      commands.keys();
    } else if (row) lineKeys(event, row, typing);
  });

  /** @param {KeyboardEvent} event @param {Row} row @param {boolean} typing */
  function lineKeys(event, row, typing) {
    const { key, target } = event, onLine = target === row.element;
    if (key === "Escape") {
      event.preventDefault();
      if (others.row) others.close(true);
      else if (typing || !onLine) {
        row.element.focus();
        announce(`Line ${row.number}. Letters act on it; Enter goes back to the text.`);
      } else if (!word.panel.hidden) word.toggle(false);
    } else if (event.key === "F2" && typing) {
      event.preventDefault();
      row.element.focus();
    } else if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (onLine && (key === "Enter" || key === "F2")) {
      event.preventDefault();
      row.field.focus();
    } else if (onLine && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      const next = sheet.rows[row.number - 1 + (key === "ArrowDown" ? 1 : -1)];
      next?.element.focus();
    } else if (act(key.toLowerCase(), row)) event.preventDefault();
  }
}

/** @param {HTMLDialogElement} dialog @param {Tool[]} tools */
function showKeys(dialog, tools) {
  const more = /** @type {[string, string][]} */ (tools.filter(tool => tool.key).map(tool => [tool.key, tool.label.toLowerCase()]));
  const close = make("button", { type: "button", className: "quiet", onclick: () => dialog.close() }, "Close");
  dialog.replaceChildren(make("h2", { id: "keys-title" }, "Keyboard"),
    make("dl", {}, ...[...KEYS, ...more].flatMap(([key, what]) => [make("dt", {}, key), make("dd", {}, what)])), close);
  dialog.showModal();
}
