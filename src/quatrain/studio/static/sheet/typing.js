/** What typing does beyond a field's own editing: lines split and join, the caret crosses rows, pastes spread. */
import { announce } from "../sheet.js";
import { asText, clear, join, setText, split, spread } from "./lines.js";
import { caretBox, offsetAt } from "./mirror.js";

/** @typedef {import("../sheet.js").Sheet} Sheet @typedef {import("./row.js").Row} Row */

const STEP_MS = 1500; // after a pause this long, undo stops here
const MOST_LINES = 10_000, MOST_CHARACTERS = 1_000_000; // what the server takes as one draft

/** Follow typing in the rows of a sheet. @param {Sheet} sheet @param {(text: string) => void} refuse tells why nothing was done */
export function followTyping(sheet, refuse) {
  const { poem, draft } = sheet;
  let last = 0;
  let goal = -1; // the horizontal place that the arrow keys keep
  let all = false; // the whole poem is selected

  const select = (/** @type {boolean} */ on) => {
    all = on;
    poem.classList.toggle("all", on);
    if (on) {
      poem.focus({ preventScroll: true });
      announce("The whole poem is selected");
    }
  };
  const fits = (/** @type {string} */ text) => {
    const { lines } = draft.document;
    const more = text.split("\n").length + lines.length > MOST_LINES || text.length + lines.reduce((sum, l) => sum + l.text.length, 0) > MOST_CHARACTERS;
    if (more) refuse("That is more than one draft holds: 10,000 lines, or a million characters.");
    return !more;
  };

  poem.addEventListener("beforeinput", event => {
    const row = sheet.rowOf(event.target), { inputType } = event;
    if (!row) return;
    const { selectionStart: start, selectionEnd: end } = row.field, { length } = row.text;
    if (inputType === "historyUndo" || inputType === "historyRedo") {
      event.preventDefault();
      inputType === "historyUndo" ? draft.undo() : draft.redo();
    } else if (inputType === "insertLineBreak" || inputType === "insertParagraph") {
      event.preventDefault();
      if (!row.locked) enter(row, start, end);
    } else if (/^delete.*Backward/.test(inputType) && end === 0 && row.number > 1) {
      event.preventDefault();
      back(row);
    } else if (/^delete.*Forward/.test(inputType) && start === length && row.number < sheet.rows.length) {
      event.preventDefault();
      const next = sheet.rows[row.number];
      if (!next.locked && next.text) back(next);
    } else if ((inputType === "insertFromPaste" || inputType === "insertFromDrop") && !row.locked) {
      const text = event.data ?? event.dataTransfer?.getData("text/plain") ?? "";
      if (!/[\n\r\u2028]/.test(text.trim()) && fits(text)) return;
      event.preventDefault();
      if (fits(text)) sheet.edit(document => spread(document, row.number, start, end, text));
    }
  });

  /** @param {Row} row @param {number} start @param {number} end */
  function enter(row, start, end) {
    const { form } = draft.document, next = sheet.rows[row.number];
    const whole = sheet.check?.form === form; // before the first check the form's rows are not there yet
    if (form && start >= row.text.length && (next || whole)) {
      if (next) sheet.focus(row.number + 1, 0);
      return;
    }
    sheet.edit(document => {
      const line = document.lines[row.number - 1];
      if (line) line.text = line.text.slice(0, start) + line.text.slice(end);
      return split(document, row.number, start);
    });
  }

  /** @param {Row} row */
  function back(row) {
    const before = sheet.rows[row.number - 2];
    if (row.locked || (before.locked && row.text)) return refuse(`Line ${row.locked ? row.number : before.number} is locked.`);
    if (draft.document.form && !row.text) return sheet.focus(row.number - 1);
    sheet.edit(document => join(document, row.number));
  }

  poem.addEventListener("input", event => {
    const row = sheet.rowOf(event.target), text = row?.field.value;
    if (!row || text === undefined) return;
    goal = -1;
    if (/[\n\r]/.test(text)) {
      sheet.edit(document => spread(document, row.number, 0, row.text.length, text));
      return;
    }
    const kind = `${row.number} ${/** @type {InputEvent} */ (event).inputType?.slice(0, 6)}`, continues = Date.now() - last < STEP_MS;
    last = Date.now();
    draft.change(document => setText(document, row.number, text), { continues, kind });
  });

  document.addEventListener("pointermove", () => poem.classList.remove("typing"));
  poem.addEventListener("keydown", event => {
    poem.classList.add("typing"); // a pointer that rests on the poem asks for nothing
    if (all && event.target === poem) return wholePoem(event);
    const row = sheet.rowOf(event.target);
    if (!row || event.target !== row.field || event.isComposing) return;
    const { selectionStart: start, selectionEnd: end } = row.field;
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
      if (start === 0 && end === row.text.length) {
        event.preventDefault();
        select(true);
      }
    } else if (plain && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      if (cross(row, start, event.key === "ArrowDown")) event.preventDefault();
    } else if (plain && event.key === "ArrowLeft" && end === 0 && row.number > 1) {
      event.preventDefault();
      sheet.focus(row.number - 1);
    } else if (plain && event.key === "ArrowRight" && start === row.text.length && row.number < sheet.rows.length) {
      event.preventDefault();
      sheet.focus(row.number + 1, 0);
    } else if (event.ctrlKey && (event.key === "Home" || event.key === "End")) {
      event.preventDefault();
      event.key === "Home" ? sheet.focus(1, 0) : sheet.focus(sheet.rows.length);
    }
    if (!event.key.startsWith("Arrow") || event.key === "ArrowLeft" || event.key === "ArrowRight") goal = -1;
  });

  /** Move the caret to the next row, below the place it is at. @param {Row} row @param {number} at @param {boolean} down */
  function cross(row, at, down) {
    const here = caretBox(row.mirror, at), edge = caretBox(row.mirror, down ? row.text.length : 0);
    if (goal < 0) goal = here.x;
    if (Math.abs(here.top - edge.top) > 4) return false; // another row of the same, turned line
    const next = sheet.rows[row.number - 1 + (down ? 1 : -1)];
    if (next) sheet.focus(next.number, offsetAt(next.mirror, next.text.length, goal, !down));
    return !!next;
  }

  /** @param {KeyboardEvent} event */
  function wholePoem(event) {
    const held = event.ctrlKey || event.metaKey;
    if (event.key === "Control" || event.key === "Meta" || event.key === "Shift" || (held && /^[acxv]$/i.test(event.key))) return;
    if (event.key === "Delete" || event.key === "Backspace") sheet.edit(clear);
    else if (event.key.length === 1 && !held && !event.altKey) {
      sheet.edit(document => {
        clear(document);
        return document.lines[0].locked ? undefined : spread(document, 1, 0, 0, event.key);
      });
    } else {
      select(false);
      if (event.key === "Tab") return;
      const top = /^(Escape|Home|ArrowUp|ArrowLeft)$/.test(event.key);
      sheet.focus(top ? 1 : sheet.rows.length, top ? 0 : undefined);
    }
    event.preventDefault();
    select(false);
  }

  for (const name of /** @type {const} */ (["copy", "cut"])) {
    poem.addEventListener(name, event => {
      if (!all) return;
      event.preventDefault();
      const { document } = draft;
      event.clipboardData?.setData("text/plain", asText(document, n => sheet.rows[n - 1]?.element.classList.contains("gap")));
      if (name === "cut") {
        sheet.edit(clear);
        select(false);
      }
    });
  }
  poem.addEventListener("paste", event => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!all || !text) return;
    event.preventDefault();
    if (!fits(text)) return;
    select(false);
    sheet.edit(document => {
      clear(document);
      return spread(document, 1, 0, 0, text);
    });
  });
  poem.addEventListener("focusout", event => { if (event.target === poem) select(false); });
}
