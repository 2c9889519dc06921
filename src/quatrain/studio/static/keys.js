/** Keys that work anywhere on the page, and the list of all of them. */
import { byId, make } from "./dom.js";
import { announce } from "./sheet.js";

/** @typedef {import("./sheet.js").Sheet} Sheet @typedef {import("./sheet/row.js").Row} Row */
/** @typedef {{ stress: () => void, word: () => void, write: () => void, undo: () => void, again: () => void, keys: () => void }} Commands */
/** @typedef {{ others: import("./sheet/alternatives.js").Alternatives, word: import("./word.js").WordPanel, commands: Commands, tools: Tool[] }} Parts */

/** @type {[string, [string, string][]][]} */
const KEYS = [
  ["anywhere", [
    ["Ctrl Enter", "write, or stop"],
    ["Ctrl Z, Ctrl Y", "undo, redo"],
    ["Esc", "close what is open; then leave the text"],
    ["?", "this list, outside the text"],
  ]],
  ["in the text", [
    ["↑ ↓", "previous or next line"],
    ["Enter", "next line, or split this one"],
    ["Ctrl A, twice", "select the poem"],
  ]],
  ["on a line: Alt and the letter, or the letter alone after Esc", [
    ["L", "lock, or unlock"],
    ["R", "redo"],
    ["F", "finish what is begun"],
    ["A, then 1 to 3", "alternatives, and choose one"],
    ["W", "the word at the caret"],
    ["S", "stress marks"],
    ["Enter", "back into the text"],
  ]],
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
      const tool = event.shiftKey && tools.find(other => other.key?.toLowerCase() === letter);
      if (tool) {
        event.preventDefault();
        tool.button?.click();
      }
      if (event.shiftKey) return;
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
  /** @type {[string, string][]} */
  const more = tools.flatMap(({ key, label }) => (key ? [[`Alt Shift ${key.toUpperCase()}`, label.toLowerCase()]] : []));
  const close = make("button", { type: "button", className: "quiet", onclick: () => dialog.close() }, "Close");
  dialog.replaceChildren(make("h2", { id: "keys-title", tabIndex: -1, autofocus: true }, "Keyboard"),
    ...[...KEYS, ...(more.length ? [/** @type {[string, [string, string][]]} */ (["tools", more])] : [])].flatMap(([name, keys]) => [
      make("h3", {}, name), make("dl", {}, ...keys.flatMap(([key, what]) => [make("dt", {}, key), make("dd", {}, what)]))]), close);
  dialog.showModal();
}
