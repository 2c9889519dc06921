/** What differs between two poems: lines are paired first, then the words of two paired lines. */
import { make } from "../dom.js";
import { unseen } from "./parts.js";

/** @typedef {[before: string | null, after: string | null]} Pair null stands for nothing on that side */

const CELLS = 4_000_000; // of the table of common subsequences (16 MB); beyond, texts are compared place by place

/** Pair two lists by their longest common subsequence. @param {string[]} before @param {string[]} after @returns {Pair[]} */
function pair(before, after) {
  const least = Math.min(before.length, after.length);
  let start = 0, end = 0;
  while (start < least && before[start] === after[start]) start++;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const left = before.slice(start, before.length - end), right = after.slice(start, after.length - end);
  const same = (/** @type {string} */ text) => /** @type {Pair} */ ([text, text]);
  return [...before.slice(0, start).map(same), ...middle(left, right), ...before.slice(before.length - end).map(same)];
}

/** @param {string[]} left @param {string[]} right @returns {Pair[]} */
function middle(left, right) {
  const width = right.length + 1;
  /** @type {Pair[]} */
  const pairs = [];
  if (left.length * right.length > CELLS) {
    for (let i = 0; i < Math.max(left.length, right.length); i++) pairs.push([left[i] ?? null, right[i] ?? null]);
    return pairs;
  }
  const table = new Int32Array((left.length + 1) * width); // longest common subsequence from (i, j) on
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1, at = i * width + j; j >= 0; j--, at--)
      table[at] = left[i] === right[j] ? table[at + width + 1] + 1 : Math.max(table[at + width], table[at + 1]);
  for (let i = 0, j = 0; i < left.length || j < right.length;) {
    const at = i * width + j;
    if (i < left.length && j < right.length && left[i] === right[j]) pairs.push([left[i++], right[j++]]);
    else if (j === right.length || (i < left.length && table[at + width] >= table[at + 1])) pairs.push([left[i++], null]);
    else pairs.push([null, right[j++]]);
  }
  return pairs;
}

/** Compare two poems; a line taken out and one put in its place are one changed row.
 * @param {string[]} before @param {string[]} after @returns {CompareRow[]} */
export function compare(before, after) {
  /** @type {CompareRow[]} */
  const rows = [];
  /** @type {string[]} */
  const out = [];
  /** @type {string[]} */
  const put = [];
  const close = () => {
    for (let i = 0; i < Math.max(out.length, put.length); i++)
      rows.push({ change: i >= out.length ? "added" : i >= put.length ? "removed" : "changed", before: out[i] ?? null, after: put[i] ?? null });
    out.length = put.length = 0;
  };
  for (const [old, now] of pair(before, after)) {
    if (old !== now) {
      if (old !== null) out.push(old);
      if (now !== null) put.push(now);
      continue;
    }
    close();
    rows.push({ change: "same", before: old, after: now });
  }
  close();
  return rows;
}

/** Set both sides of a row. Words that one side lacks are struck out or underlined, and said to be so.
 * @param {CompareRow} row @returns {[HTMLElement, HTMLElement]} */
function cells({ before, after }) {
  const cut = (/** @type {string} */ text) => text.match(/\s+|\S+/g) ?? [];
  const pieces = before !== null && after !== null ? pair(cut(before), cut(after)) : /** @type {Pair[]} */ ([[before, after]]);
  const side = (/** @type {0 | 1} */ at, /** @type {"del" | "ins"} */ tag, /** @type {string} */ said) => {
    if ((at ? after : before) === null) return make("p", { className: "none" }, unseen("nothing"));
    /** @type {{ text: string, own: boolean }[]} */
    const runs = [];
    for (const piece of pieces) {
      const text = piece[at], own = piece[0] !== piece[1], last = runs.at(-1);
      if (text === null) continue;
      if (last && (last.own === own || !text.trim())) last.text += text;
      else runs.push({ text, own });
    }
    return make("p", {}, ...runs.map(({ text, own }) => (own ? make(tag, {}, unseen(`${said}: `), text.trimEnd(), unseen(", end of change")) : text))
      .flatMap(node => [node, " "]));
  };
  return [side(0, "del", "taken out"), side(1, "ins", "put in")];
}

/**
 * Lay two poems side by side, or one beneath the other on a phone.
 * @param {CompareRow[]} rows @param {[string, string]} names of the two sides @param {boolean} [all] also the lines that are the same
 */
export function sideBySide(rows, names, all = true) {
  return make("div", { className: "compare", role: "table", "aria-label": names.join(" and ") },
    make("div", { role: "row", className: "names" }, ...names.map(name => make("div", { role: "columnheader" }, name))),
    ...rows.filter(({ change }) => all || change !== "same").map(row => make("div", { role: "row", className: row.change },
      ...cells(row).map(cell => make("div", { role: "cell" }, cell)))));
}
