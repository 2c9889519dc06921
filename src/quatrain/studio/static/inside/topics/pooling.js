/** Pooling: an image that one draws and moves, what the maximum and the mean keep of it, and where their gradients go. */
import { make } from "../../dom.js";
import { HOW_TO_DRAW, drawing } from "../drawing.js";
import { byShare, figure, grid, legend, written } from "../grid.js";

const IMAGE = 384, RESULT = 232; // px at most
const SQUARE = 48, LARGE_SQUARE = 58; // px of a cell at most
const INK = 9;
const WAYS = /** @type {[name: "right" | "down", by: number, label: string, sign: string][]} */ ([
  ["right", -1, "Move left", "←"], ["right", 1, "Move right", "→"], ["down", -1, "Move up", "↑"], ["down", 1, "Move down", "↓"],
]);

/**
 * When a drawing of one's own is chosen, it begins with what was there.
 * @param {string} name @param {StateValue} value @param {Demonstration} last @returns {State}
 */
export function also(name, value, { data, state }) {
  const begins = name === "image" && value === "own" && !(/** @type {Grid} */ (state.drawing).length);
  return begins ? { drawing: data.image } : {};
}

/** @type {TopicModule["draw"]} */
export function draw({ data, state, controls }, view) {
  const stops = data.starts.length, at = Math.max(0, Math.min(view.look("window", 0), stops * stops - 1));
  const row = stops ? Math.floor(at / stops) : 0, column = stops ? at % stops : 0;
  const here = { data, state, controls, view, stops, row, column };
  return [make("div", { className: "columns pooling" }, image(here), ...(stops ? [
    result(here, "maximum", "the largest of each window"), result(here, "average", "the mean of each window"),
    gradient(here, "maximum", "of the maximum"), gradient(here, "average", "of the mean")]
    : [figure("output", "", make("p", { className: "hint" }, "No window fits."))]))];
}

/** @typedef {{ data: Record<string, any>, state: State, controls: Control[], view: View, stops: number, row: number, column: number }} Here */

/** @param {Here} here */
function image({ data, state, controls, view, stops, row, column }) {
  const size = data.image.length, padding = Number(state.p), still = state.right === 0 && state.down === 0, own = state.image === "own" && still && !padding;
  const unseen = new Set(data.unseen), isInside = (/** @type {number[]} */ ...place) => place.every(at => at >= padding && at < padding + size);
  const isUnseen = (/** @type {number} */ y, /** @type {number} */ x) => stops > 0 && isInside(y, x) && (unseen.has(y - padding) || unseen.has(x - padding));
  const values = Array.from({ length: data.reach }, (_, y) => Array.from({ length: data.reach }, (__, x) => (isInside(y, x) ? data.moved[y - padding][x - padding] : null)));
  const options = {
    label: `Image, ${size} by ${size}${padding ? `, padded by ${padding}` : ""}${still ? "" : ", moved"}`, width: Math.min(IMAGE, view.width), cell: SQUARE, shade: byShare(data.moved, INK),
    kind: (/** @type {number | null} */ value, /** @type {number} */ y, /** @type {number} */ x) => (value == null ? "bare" : isUnseen(y, x) ? "hatched" : ""),
    outlines: [...(padding ? [{ key: "padding", kind: "dashed", row: 0, column: 0, rows: size + 2 * padding, columns: size + 2 * padding }] : []),
      ...(stops ? [{ key: "window", row: data.starts[row], column: data.starts[column], rows: Number(state.k), columns: Number(state.k) }] : [])],
  };
  const field = /** @type {GridControl} */ (controls.find(({ name }) => name === "drawing"));
  const hint = padding ? "Set the padding to 0 to draw." : still ? HOW_TO_DRAW : "Move the image back to draw.";
  return figure([view.field("image")], `${size} × ${size}${padding ? `, padded by ${padding}` : ""}`,
    own ? drawing(view, field, data.image, options) : grid({ ...options, values, text: (value, y, x) => (isUnseen(y, x) ? "" : written(value)),
      shade: (value, y, x) => (isUnseen(y, x) ? 0 : options.shade(value)), name: (value, y, x) => `${value ?? "outside"}${isUnseen(y, x) ? ", under no window" : ""}` }),
    make("div", { className: "moves", role: "group", "aria-label": "Move the image" }, ...WAYS.map(([name, by, label, sign]) => {
      const go = () => {
        const next = Number(view.state[name]) + by;
        if (view.offers(name, next)) view.set(name, next);
      };
      return make("button", { type: "button", className: "quiet outline", "aria-label": label, disabled: !view.offers(name, Number(state[name]) + by), onclick: go }, sign);
    }), make("button", { type: "button", className: "quiet", disabled: still, onclick: () => {
      view.set("right", 0);
      view.set("down", 0);
    } }, "Move back")),
    state.image === "own" && make("p", { className: "hint" }, hint),
    legend([...marks(stops > 0, "window", "the window"), ...marks(padding > 0, "dashed", "padding"), ...marks(stops > 0 && unseen.size > 0, "hatched", "under no window"),
      ...marks(!still && stops > 0, "quiet", "as before the move")]));
}

/** @param {boolean} is @param {string} kind @param {string} text @returns {[kind: string, text: string][]} */
const marks = (is, kind, text) => (is ? [[kind, text]] : []);

/** @param {Here} here @param {"maximum" | "average"} name @param {string} caption */
function result({ data, state, view, stops, row, column }, name, caption) {
  const { value, same, kept } = data[name], still = state.right === 0 && state.down === 0;
  const frames = still ? [] : same.flatMap((/** @type {boolean[]} */ line, /** @type {number} */ y) => line.flatMap((is, x) => (is
    ? [{ key: `same ${y} ${x}`, kind: "quiet", row: y + 0.06, column: x + 0.06, rows: 0.88, columns: 0.88 }] : [])));
  return figure(name, caption, grid({
    label: `${name}, ${stops} by ${stops}`, values: value, width: Math.min(RESULT, view.width), cell: LARGE_SQUARE, shade: byShare(value, INK),
    text: number => short(number), name: (number, y, x) => `${short(number)}${!still && same[y][x] ? ", as before the move" : ""}`,
    outlines: [...frames, { key: "window", row, column }], current: [row, column],
    pick: (y, x) => { if (y !== row || x !== column) view.turn({ window: y * stops + x }); },
  }), make("p", { className: "kept" }, still ? `${stops * stops} of ${data.image.length ** 2} numbers remain` : `${kept} of ${stops * stops} stay as they were`));
}

/** @param {number} number */
const short = number => written(Number(number.toFixed(1)));

/** @param {Here} here @param {"maximum" | "average"} name @param {string} whose */
function gradient({ data, state, view, row, column }, name, whose) {
  const { gradient: values, reached } = data[name], size = values.length;
  /** @type {(stop: number) => [from: number, count: number]} the part of a window that lies on the image */
  const part = stop => {
    const start = data.starts[stop] - Number(state.p), from = Math.max(0, start);
    return [from, Math.min(size, start + Number(state.k)) - from];
  };
  const [top, rows] = part(row), [left, columns] = part(column);
  return figure("gradient", whose, grid({
    label: `Gradient ${whose}`, values, width: Math.min(RESULT, view.width), cell: SQUARE / 2 + 5, shade: byShare(values, Math.max(...data.maximum.gradient.flat())),
    text: number => (number ? written(Number(number.toFixed(2))).replace(/^0\./, ".") : ""), name: number => written(number),
    outlines: [{ key: "window", row: top, column: left, rows, columns }],
  }), make("p", { className: "kept" }, `reaches ${reached} of ${data.image.length ** 2} pixels`));
}
