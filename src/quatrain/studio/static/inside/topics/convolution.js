/** Convolution: a kernel slides over an image; at each stop it writes down one sum. */
import { make } from "../../dom.js";
import { HOW_TO_DRAW, drawing } from "../drawing.js";
import { byShare, figure, grid, legend, written } from "../grid.js";
import { stopWalk, walk } from "../walk.js";

const IMAGE = 400, KERNEL = 200, OUTPUT = 280; // px at most
const SQUARE = 40, LARGE_SQUARE = 70; // px of a cell at most

/**
 * When a drawing of one's own is chosen, it begins with what was there.
 * @param {string} name @param {StateValue} value @param {Demonstration} last @returns {State}
 */
export function also(name, value, { data, state }) {
  if (value !== "own") return {};
  if (name === "image" && !(/** @type {Grid} */ (state.drawing).length)) return { drawing: data.image };
  if (name === "kernel" && !(/** @type {Grid} */ (state.weights).length)) return { weights: data.kernel };
  return {};
}

/** @type {TopicModule["draw"]} */
export function draw({ data, state, controls }, view) {
  const stops = data.starts.length, count = stops * stops, at = Math.max(0, Math.min(view.look("window", 0), count - 1));
  const row = stops ? Math.floor(at / stops) : 0, column = stops ? at % stops : 0;
  const here = { data, state, controls, view, stops, at, row, column, go: (/** @type {number} */ next) => view.turn({ window: next }) };
  return [make("div", { className: "columns convolution" }, image(here), make("div", { className: "middle" },
    kernel(here), make("p", { className: "sign", "aria-hidden": "true" }, "×"), covered(here)), output(here))];
}

/**
 * @typedef {{ data: Record<string, any>, state: State, controls: Control[], view: View, stops: number, at: number, row: number, column: number,
 *   go: (at: number) => void }} Here
 */

/** @param {Here} here */
function image({ data, state, controls, view, stops, at, row, column, go }) {
  const padding = Number(state.p), size = data.image.length, padded = data.padded.length, unseen = new Set(data.unseen.positions);
  const isPadding = (/** @type {number} */ y, /** @type {number} */ x) => [y, x].some(place => place < padding || place >= padding + size);
  const isUnseen = (/** @type {number} */ y, /** @type {number} */ x) => unseen.has(y - padding) || unseen.has(x - padding);
  const options = {
    width: Math.min(IMAGE, view.width), cell: SQUARE, shade: byShare(data.padded, 9),
    label: `Image, ${size} by ${size}${padding ? `, padded to ${padded} by ${padded}` : ""}. ${data.unseen.count} pixels never seen.`,
  };
  const own = state.image === "own" && !padding, field = /** @type {GridControl} */ (controls.find(({ name }) => name === "drawing"));
  const outlines = [
    ...(padding ? [{ key: "padding", kind: "dashed", row: 0, column: 0, rows: padded, columns: padded }] : []),
    ...(stops && Number(state.d) > 1 ? data.offsets.flatMap((/** @type {number} */ down) => data.offsets.map((/** @type {number} */ across) => (
      { key: `read ${down} ${across}`, kind: "thin", row: data.starts[row] + down, column: data.starts[column] + across }))) : []),
    ...(stops ? [{ key: "window", row: data.starts[row], column: data.starts[column], rows: data.extent, columns: data.extent }] : []),
  ];
  const picture = own ? drawing(view, field, data.image, { ...options, outlines, kind: (_, y, x) => (isUnseen(y, x) ? "hatched" : "") })
    : grid({
      ...options, outlines, values: data.padded,
      text: (value, y, x) => (isUnseen(y, x) && !isPadding(y, x) ? "" : written(value)),
      shade: (value, y, x) => (isUnseen(y, x) && !isPadding(y, x) ? 0 : options.shade(value)),
      kind: (_, y, x) => (isPadding(y, x) ? "bare faint" : isUnseen(y, x) ? "hatched" : ""),
      name: (value, y, x) => `${value}${isPadding(y, x) ? ", padding" : isUnseen(y, x) ? ", never seen" : ""}`,
    });
  const where = stops ? `row ${row + 1}, column ${column + 1} of ${stops}` : "no stop";
  return figure([view.field("image")], `${size} × ${size}${padding ? `, padded to ${padded} × ${padded}` : ""}`, picture,
    state.image === "own" && make("p", { className: "hint" }, padding ? "Set the padding to 0 to draw." : HOW_TO_DRAW),
    walk({ at, count: stops * stops, where, said: stops ? `${where}; the sum is ${data.output[row][column]}` : where, name: "Window position", go, again: () => view.turn({}) }),
    legend([["window", "the window"], ...marks(Number(state.d) > 1, "thin", "what it reads"), ...marks(padding > 0, "dashed", "padding"), ...marks(data.unseen.count > 0, "hatched", "never seen")]));
}

/** @param {boolean} is @param {string} kind @param {string} text @returns {[kind: string, text: string][]} */
const marks = (is, kind, text) => (is ? [[kind, text]] : []);

/** @param {Here} here */
function kernel({ data, state, controls, view }) {
  const size = data.kernel.length, options = { label: `Kernel, ${size} by ${size}`, width: KERNEL, cell: SQUARE };
  const field = /** @type {GridControl} */ (controls.find(({ name }) => name === "weights"));
  return figure([view.field("kernel")], "", state.kernel === "own" ? drawing(view, field, data.kernel, options) : grid({ ...options, values: data.kernel }),
    state.kernel === "own" && make("p", { className: "hint" }, "Go to a weight, and type a number."));
}

/** @param {Here} here */
function covered({ data, state, stops, row, column }) {
  const size = data.kernel.length, [top, left] = stops ? [data.starts[row], data.starts[column]] : [0, 0];
  const values = data.offsets.map((/** @type {number} */ down) => data.offsets.map((/** @type {number} */ across) => (stops ? data.padded[top + down][left + across] : null)));
  const channels = Number(state.c), sum = stops && data.output[row][column];
  return figure("what it covers", "", grid({
    label: "The numbers under the window", values, width: KERNEL, cell: SQUARE, shade: byShare(data.padded, 9),
    outlines: stops ? [{ key: "window", row: 0, column: 0, rows: size, columns: size }] : [],
  }), stops > 0 && make("p", { className: "sum" }, channels > 1 ? `in ${channels} channels adds up to ` : "adds up to ", make("b", {}, written(sum))));
}

/** @param {Here} here */
function output({ data, state, view, stops, row, column, go }) {
  if (!stops) return figure("output", "", make("p", { className: "hint" }, "No stop is possible."));
  return figure("output", `${stops} × ${stops}, filter 1 of ${state.f}`, grid({
    label: `Output, ${stops} by ${stops}`, values: data.output, width: Math.min(OUTPUT, view.width), cell: LARGE_SQUARE, shade: byShare(data.output),
    outlines: [{ key: "window", row, column }], current: [row, column],
    pick: (y, x, how) => {
      if (how !== "point") stopWalk();
      if (y !== row || x !== column) go(y * stops + x);
    },
  }));
}
