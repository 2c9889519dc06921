/** Curves and bars, drawn at the width they are given, with their names beside them. */
import { written } from "./grid.js";
import { svg } from "./tree.js";

const LEFT = 58, RIGHT = 12, TOP = 14, BOTTOM = 40; // px around the plot
const TICK_GAP = 52; // px between two ticks at least
const NAME = 7; // px of a letter of a name, to keep room for it

/**
 * @typedef {object} Curve
 * @property {string} name @property {(number | null)[]} values a gap where null
 * @property {string} [kind] classes: "A" to "G" for a colour, "dashed", "dotted", "quiet"
 */

/**
 * @typedef {object} CurvesOptions
 * @property {string} label what the chart shows, in words, with its values at both ends
 * @property {number[]} x positions
 * @property {Curve[]} curves
 * @property {number} width px @property {number} [height] px
 * @property {string} [xName] @property {string} [yName]
 * @property {boolean} [logarithmic] whether the y axis is logarithmic: zeros and negative numbers are gaps
 * @property {number} [low] @property {number} [high] ends of the y axis; fitted by default
 * @property {{ y: number, text: string }[]} [levels] lines across
 * @property {number} [current] a position to mark
 */

/** Draw curves over a common axis. @param {CurvesOptions} options */
export function curves(options) {
  const { x, width, height = 260, logarithmic = false, levels = [] } = options;
  const usable = (/** @type {number | null} */ value) => value != null && Number.isFinite(value) && (!logarithmic || value > 0);
  const all = [...options.curves.flatMap(curve => curve.values), ...levels.map(({ y }) => y)].filter(usable);
  const named = Math.max(0, ...options.curves.map(({ name }) => name.length)) * NAME;
  const right = Math.max(RIGHT, named && named + 12), across = Math.max(40, width - LEFT - right), down = height - TOP - BOTTOM;
  let low = options.low ?? Math.min(...(/** @type {number[]} */ (all))), high = options.high ?? Math.max(...(/** @type {number[]} */ (all)));
  if (!all.length) [low, high] = logarithmic ? [0.1, 1] : [0, 1];
  if (low === high) [low, high] = logarithmic ? [low / 10, high * 10] : [low - 0.5, high + 0.5];
  const scale = logarithmic ? Math.log10 : (/** @type {number} */ value) => value;
  const spanX = x[x.length - 1] - x[0] || 1;
  const toX = (/** @type {number} */ value) => round(LEFT + (value - x[0]) / spanX * across);
  const toY = (/** @type {number} */ value) => round(TOP + (scale(high) - scale(value)) / (scale(high) - scale(low)) * down);
  const ends = apart(options.curves.map(({ values }) => values.findLast(usable)).map(value => (value == null ? NaN : clamp(toY(value), TOP, TOP + down))));
  return svg("svg", { class: "chart", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": options.label },
    ...(logarithmic ? decades(low, high, down) : ticks(low, high, down / TICK_GAP)).map(value => tickY(toY(value), across, logarithmic ? power(value) : written(value))),
    ...ticks(x[0], x[x.length - 1], across / TICK_GAP / 1.5).map(value => svg("text", { class: "tick", x: toX(value), y: TOP + down + 17 }, written(value))),
    svg("path", { class: "axis", d: `M${LEFT} ${TOP}V${TOP + down}H${LEFT + across}` }),
    options.xName && svg("text", { class: "axis-name", x: LEFT + across / 2, y: height - 5 }, options.xName),
    options.yName && svg("text", { class: "axis-name", transform: `translate(12 ${TOP + down / 2}) rotate(-90)` }, options.yName),
    ...levels.map(({ y, text }) => svg("g", {}, svg("path", { class: "level", d: `M${LEFT} ${toY(y)}h${across}` }), svg("text", { class: "level-name", x: LEFT + 4, y: toY(y) - 6 }, text))),
    options.current != null && svg("path", { class: "current", d: `M${toX(options.current)} ${TOP}v${down}` }),
    ...options.curves.map(({ name, values, kind = "" }, number) => svg("g", { "data-key": name, class: `curve ${kind}` },
      svg("path", { d: line(values, usable, value => clamp(toY(value), TOP - 2, TOP + down + 2), place => toX(x[place])) }),
      !Number.isNaN(ends[number]) && svg("text", { x: LEFT + across + 8, y: ends[number] }, name))));
}

const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
const clamp = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.max(low, Math.min(high, value));

/** @param {(number | null)[]} values @param {(value: number | null) => boolean} usable @param {(value: number) => number} toY @param {(place: number) => number} toX */
function line(values, usable, toY, toX) {
  let path = "", pen = "M";
  values.forEach((value, place) => {
    if (!usable(value)) return void (pen = "M");
    path += `${pen}${toX(place)} ${toY(/** @type {number} */ (value))}`;
    pen = "L";
  });
  return path;
}

/** Move names that would lie upon each other apart, in the order they have. @param {number[]} places */
function apart(places) {
  const moved = [...places], order = places.map((_, place) => place).filter(place => !Number.isNaN(places[place])).sort((a, b) => places[a] - places[b]);
  order.forEach((place, rank) => {
    if (rank) moved[place] = Math.max(moved[place], moved[order[rank - 1]] + 16);
  });
  return moved;
}

/** @param {number} y @param {number} across @param {string} text */
const tickY = (y, across, text) => svg("g", {}, svg("path", { class: "level", d: `M${LEFT} ${y}h${across}` }), svg("text", { class: "tick y", x: LEFT - 8, y }, text));

/** Return round numbers between two ends. @param {number} low @param {number} high @param {number} most */
function ticks(low, high, most) {
  const rough = (high - low) / Math.max(1, most), size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * size).find(candidate => candidate >= rough - 1e-12) ?? size * 10;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

/** Return powers of ten between two ends. @param {number} low @param {number} high @param {number} down px */
function decades(low, high, down) {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, down / 30)));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, place) => 10 ** (first + place * step));
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** @param {number} value */
const power = value => `10${String(Math.round(Math.log10(value))).replace("-", "⁻").replace(/\d/g, digit => RAISED[Number(digit)])}`;

/**
 * @typedef {object} Bar
 * @property {string} name @property {number} value @property {string} text the number as it is written
 * @property {string} [kind] classes: "A" to "G", "quiet", "strong", "hatched"
 */

/**
 * Draw bars that lie one beneath the other, with a name before each and its number behind it. Negative ones grow to the left.
 * @param {{ label: string, bars: Bar[], width: number, low?: number, high?: number, row?: number, nameWidth?: number }} options
 *   low, high: values of the ends; row: px of a bar with its gap; nameWidth: px of the names
 */
export function bars({ label, bars: rows, width, row = 26, ...options }) {
  const low = options.low ?? Math.min(0, ...rows.map(({ value }) => value)), high = options.high ?? Math.max(0, ...rows.map(({ value }) => value));
  const names = options.nameWidth ?? Math.max(...rows.map(({ name }) => name.length), 1) * 8 + 14;
  const numbers = Math.max(...rows.map(({ text }) => text.length), 1) * 8 + 8;
  const across = Math.max(20, width - names - numbers), height = rows.length * row;
  const toX = (/** @type {number} */ value) => round(names + (clamp(value, low, high) - low) / (high - low || 1) * across);
  return svg("svg", { class: "bars", width, height, viewBox: `0 0 ${width} ${height}`, role: "list", "aria-label": label },
    svg("path", { class: "axis", d: `M${toX(0)} 0V${height}`, "aria-hidden": "true" }),
    ...rows.map(({ name, value, text, kind = "" }, place) => {
      const middle = (place + 0.5) * row, from = Math.min(toX(0), toX(value)), to = Math.max(toX(0), toX(value));
      return svg("g", { role: "listitem", "aria-label": `${name}: ${text}`, class: `bar-row ${kind}` },
        svg("text", { class: "name row", "aria-hidden": "true", x: names - 10, y: middle }, name),
        svg("rect", { x: from, y: round(middle - row * 0.32), width: round(Math.max(0, to - from)), height: round(row * 0.64) }),
        svg("text", { class: "value", "aria-hidden": "true", x: to + 8, y: middle }, text));
    }));
}
