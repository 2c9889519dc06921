/** A grid of whole numbers that one draws: by pointer and finger, or with the arrow keys and digits. */
import { grid } from "./grid.js";

const TYPING_MS = 900; // two digits typed within this time are one number

/** The number that a pointer writes while it is held down. */
let pen = 0;
/** The digits typed last: where, when, and what they make. */
let typed = { place: "", time: 0, value: 0 };

/** How to draw, for a line beneath the grid. */
export const HOW_TO_DRAW = "Press a cell, and draw; or move with the arrow keys and type a number.";

/**
 * Make a grid that is drawn on. Its numbers go to the control; `shown` is drawn until they come back.
 * @param {View} view @param {GridControl} control @param {Grid} shown
 * @param {Omit<import("./grid.js").GridOptions, "values" | "pick" | "key" | "drawn">} options
 */
export function drawing(view, control, shown, options) {
  const { name, low, high } = control;
  const numbers = () => {
    const asked = /** @type {Grid} */ (view.state[name]);
    return shown.map((row, y) => row.map((value, x) => (asked.length ? asked[y]?.[x] ?? 0 : value)));
  };
  const write = (/** @type {number} */ row, /** @type {number} */ column, /** @type {number} */ value) => {
    const next = numbers();
    if (next[row][column] === value) return;
    next[row][column] = value;
    view.set(name, next);
  };
  const blank = Math.max(low, 0);
  return grid({
    ...options, values: numbers(), drawn: true, current: [view.look(`${name}-row`, 0), view.look(`${name}-column`, 0)],
    pick: (row, column, how) => {
      if (how === "point") return;
      view.turn({ [`${name}-row`]: row, [`${name}-column`]: column });
      if (how === "key") return;
      if (how === "press") pen = numbers()[row][column] > blank ? blank : high;
      write(row, column, pen);
    },
    key: (event, row, column) => {
      const value = keyed(event, `${name} ${row} ${column}`, numbers()[row][column], { low, high, blank });
      if (value == null) return;
      event.preventDefault();
      write(row, column, value);
    },
  });
}

/**
 * Return the number that a key makes of a cell's number, or null for another key.
 * @param {KeyboardEvent} event @param {string} place @param {number} old @param {{ low: number, high: number, blank: number }} range
 */
function keyed(event, place, old, { low, high, blank }) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === " " || event.key === "Enter") return old > blank ? blank : high;
  if (event.key === "Backspace" || event.key === "Delete") return blank;
  if (event.key === "-") return Math.max(low, Math.min(high, -old));
  if (!/^[0-9]$/.test(event.key)) return null;
  const more = typed.place === place && event.timeStamp - typed.time < TYPING_MS, digit = Number(event.key);
  const joined = more ? typed.value * 10 + digit : digit, value = joined <= high ? joined : Math.min(digit, high);
  typed = { place, time: event.timeStamp, value };
  return value;
}
