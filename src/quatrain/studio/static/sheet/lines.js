/** Edits of a document's lines. Lines are numbered from 1; each edit returns where the caret belongs. */
import { newLine } from "../draft.js";

/** @typedef {{ number: number, offset: number }} Place */

/** Return line `number`, and make what is missing before it. @param {DraftDocument} document @param {number} number */
function lineAt(document, number) {
  while (document.lines.length < number) document.lines.push(newLine());
  return document.lines[number - 1];
}

/** Replace what no line of text may hold. @param {string} text */
const clean = text => text.replace(/(?!\t)\p{Cc}/gu, " ").toWellFormed();

/** Set a line by hand. @param {DraftDocument} document @param {number} number @param {string} text @param {string} [by] */
export function setText(document, number, text, by = "") {
  const line = lineAt(document, number);
  line.text = clean(text);
  line.by = by;
}

/** Put a line after `number`. With a form it takes up the next empty place, so that the lines after that keep theirs.
 * @param {DraftDocument} document @param {number} number @param {DraftLine} line */
function insertAfter(document, number, line) {
  if (document.form) {
    const free = document.lines.findIndex((l, i) => i >= number && !l.text && !l.locked);
    if (free >= 0) document.lines.splice(free, 1);
  }
  document.lines.splice(number, 0, line);
}

/** End a line at `offset`; the rest begins the next. @param {DraftDocument} document @param {number} number @param {number} offset @returns {Place} */
export function split(document, number, offset) {
  const line = lineAt(document, number), rest = line.text.slice(offset).trimStart();
  if (!line.text && !document.form && number > 1) line.gap = true; // an empty row becomes a stanza's space
  else {
    line.text = line.text.slice(0, offset).trimEnd();
    insertAfter(document, number, newLine(rest));
    number++;
  }
  return { number, offset: 0 };
}

/** Join a line to the one before it. @param {DraftDocument} document @param {number} number @returns {Place} */
export function join(document, number) {
  const line = lineAt(document, number);
  if (line.gap && !document.form) {
    line.gap = false;
    return { number, offset: 0 };
  }
  const before = document.lines[number - 2], space = before.text && line.text && !/\s$/.test(before.text) ? " " : "";
  const offset = before.text.length + space.length;
  if (line.text) [before.text, before.by] = [before.text + space + line.text, ""];
  if (document.form) line.text = "";
  else document.lines.splice(number - 1, 1);
  return { number: number - 1, offset };
}

/** Put pasted lines in place of `start` to `end` of a line.
 * @param {DraftDocument} document @param {number} number @param {number} start @param {number} end @param {string} text @returns {Place} */
export function spread(document, number, start, end, text) {
  const line = lineAt(document, number), after = line.text.slice(end);
  const pasted = text.replace(/\r\n?|[\u2028\u2029\v\f]/g, "\n").replace(/^\n+|\s+$/g, "").split("\n").map(clean);
  line.text = line.text.slice(0, start) + pasted[0].trimEnd();
  line.by = "";
  let gap = false;
  for (const words of pasted.slice(1)) {
    if (!words.trim()) {
      gap = true;
      continue;
    }
    insertAfter(document, number++, { ...newLine(words.trim()), gap: gap && !document.form });
    gap = false;
  }
  const last = document.lines[number - 1], offset = last.text.length;
  last.text += after;
  return { number, offset };
}

/** Empty the poem, but for its locked lines. @param {DraftDocument} document @returns {Place} */
export function clear(document) {
  document.lines = document.form
    ? document.lines.map(line => (line.locked ? line : newLine()))
    : document.lines.filter(line => line.locked);
  lineAt(document, 1);
  return { number: 1, offset: 0 };
}

/** Return the poem as text, stanzas apart. @param {DraftDocument} document @param {(number: number) => boolean} opens whether a stanza opens at a line */
export const asText = (document, opens) => document.lines
  .map((line, i) => (line.text ? (i && opens(i + 1) ? "\n" : "") + line.text : null))
  .filter(text => text !== null).join("\n");
