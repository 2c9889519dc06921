/** Grids of cells with numbers or characters: shaded, hatched, outlined, picked by pointer and keyboard. */
import { make } from "../dom.js";
import { svg } from "./tree.js";

const TEXT = 0.44; // size of a number, as a share of its cell
const SMALLEST_TEXT = 10, LARGEST_TEXT = 17; // px; in a cell too small for the smallest, no number is written
const DIGIT = 0.56; // width of a digit, as a share of its size
const STOPS = 5; // rows that Page Up and Page Down move

/** Return a number as it is written: a real minus, no more digits than the step has. @param {number} value @param {number} [step] */
export function written(value, step) {
  const digits = step == null ? 3 : Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const text = step == null ? String(Number(value.toFixed(digits))) : value.toFixed(digits);
  return text.replace("-", "−");
}

/**
 * @typedef {object} Outline a frame around cells, in rows and columns of the grid, which may be fractions
 * @property {string} key a name, so that a frame that moves is seen to move
 * @property {number} row @property {number} column @property {number} [rows] @property {number} [columns]
 * @property {string} [kind] a class: "window" (the default), "thin", "dashed", "quiet"
 */

/**
 * @typedef {object} GridOptions
 * @property {string} label what the grid is, in words: "image, 10 by 10"
 * @property {(number | string | null)[][]} values rows; null is an empty cell
 * @property {number} width px of the whole grid at most
 * @property {number} [cell] px of a cell at most; 40 by default
 * @property {number} [cellHeight] px of a cell's height; as wide as it is by default
 * @property {(value: any, row: number, column: number) => number} [shade] from -1 (the other colour) over 0 (paper) to 1
 * @property {(value: any, row: number, column: number) => string} [text] written in the cell; the number by default
 * @property {number} [textShare] size of a text as a share of its cell; 0.44 by default
 * @property {(value: any, row: number, column: number) => string} [kind] classes of a cell: "hatched", "faint", "bare", "strong"
 * @property {(value: any, row: number, column: number) => string} [name] what a cell is called by screen readers
 * @property {Outline[]} [outlines]
 * @property {string[]} [rowNames] @property {string[]} [columnNames] written beside and above
 * @property {(row: number, column: number, how: "point" | "press" | "drag" | "key") => void} [pick] called as a cell is pointed at or chosen
 * @property {[row: number, column: number]} [current] the cell that the keyboard starts from
 * @property {(event: KeyboardEvent, row: number, column: number) => void} [key] hears other keys
 * @property {boolean} [drawn] whether a finger draws on it, and does not scroll the page
 */

/**
 * Make a grid. With `pick` it is one tab stop whose cells the arrow keys reach; without, a table to be read.
 * @param {GridOptions} options
 */
export function grid(options) {
  const { values, cell = 40, rowNames, columnNames } = options, rows = values.length, columns = values[0]?.length ?? 0;
  const left = rowNames ? Math.max(...rowNames.map(name => name.length)) * 7.5 + 10 : 0, above = columnNames ? 20 : 0;
  const wide = Math.max(1, Math.min(cell, (options.width - left - 3) / Math.max(1, columns))), high = options.cellHeight ?? wide;
  const width = columns * wide + left, height = rows * high + above;
  const place = (/** @type {number} */ row, /** @type {number} */ column) => ({ x: round(left + column * wide), y: round(above + row * high) });
  const picture = svg("svg", {
    class: `grid${options.pick ? " picked" : ""}${options.drawn ? " drawn" : ""}`, viewBox: `-1.5 -1.5 ${round(width + 3)} ${round(height + 3)}`,
    width: round(width + 3), height: round(height + 3), role: options.pick ? "grid" : "table", "aria-label": options.label, ...hearing(options),
  }, options.kind && hatching(), columnNames && svg("g", { "aria-hidden": "true" }, ...columnNames.map((name, column) =>
    svg("text", { class: "name", x: round(left + (column + 0.5) * wide), y: above - 9, "font-size": 13 }, name))));
  values.forEach((row, y) => picture.append(svg("g", { role: "row", "aria-label": rowNames?.[y], "data-plain": "" },
    rowNames && svg("text", { class: "name row", "aria-hidden": "true", x: left - 8, y: place(y, 0).y + high / 2, "font-size": 13 }, rowNames[y]),
    ...row.map((value, x) => makeCell(options, value, y, x, { ...place(y, x), wide, high })))));
  picture.append(svg("g", { "aria-hidden": "true", class: "frames" }, ...(options.outlines ?? []).map(frame => svg("rect", {
    "data-key": frame.key, class: `frame ${frame.kind ?? "window"}`, ...place(frame.row, frame.column),
    width: round((frame.columns ?? 1) * wide), height: round((frame.rows ?? 1) * high),
  }))));
  return picture;
}

const round = (/** @type {number} */ value) => Math.round(value * 100) / 100;

/**
 * @param {GridOptions} options @param {any} value @param {number} row @param {number} column
 * @param {{ x: number, y: number, wide: number, high: number }} box
 */
function makeCell(options, value, row, column, { x, y, wide, high }) {
  const { shade, kind, pick, current = [0, 0] } = options, share = value == null ? 0 : shade?.(value, row, column) ?? 0;
  const text = value == null ? "" : options.text?.(value, row, column) ?? (typeof value === "number" ? written(value) : value);
  const size = Math.min(LARGEST_TEXT, Math.min(wide, high) * (options.textShare ?? TEXT), (wide - 3) / (DIGIT * Math.max(1, text.length)));
  const classes = kind?.(value, row, column) ?? "", said = options.name?.(value, row, column) ?? (value == null ? "empty" : text || String(value));
  const here = current[0] === row && current[1] === column;
  const heard = pick && { tabindex: here ? 0 : -1, "aria-selected": String(here), "data-place": `${row} ${column}` };
  return svg("g", { role: pick ? "gridcell" : "cell", class: `cell ${classes}`, "aria-label": said, ...heard },
    svg("rect", { class: "paper", x, y, width: round(wide), height: round(high) }),
    share !== 0 && svg("rect", { class: share < 0 ? "ink minus" : "ink", x, y, width: round(wide), height: round(high), "fill-opacity": round(Math.abs(share) * 0.46) }),
    classes.includes("hatched") && svg("rect", { class: "hatch", x, y, width: round(wide), height: round(high), fill: "url(#hatch)" }),
    text && size >= SMALLEST_TEXT * 0.9 && svg("text", { x: round(x + wide / 2), y: round(y + high / 2), "font-size": round(Math.max(SMALLEST_TEXT, size)), "aria-hidden": "true" }, text));
}

/** Return what a grid hears for all its cells. @param {GridOptions} options */
function hearing({ values, pick, key }) {
  if (!pick) return {};
  const placeOf = (/** @type {Event} */ event) => {
    const cell = event.target instanceof Element && event.target.closest("[data-place]");
    return cell ? cell.getAttribute("data-place")?.split(" ").map(Number) : null;
  };
  const pointed = (/** @type {PointerEvent} */ event, /** @type {"point" | "press" | "drag"} */ how) => {
    const place = placeOf(event);
    if (place) pick(place[0], place[1], how);
  };
  return {
    onpointerover: (/** @type {PointerEvent} */ event) => pointed(event, event.buttons & 1 ? "drag" : "point"),
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      /** @type {Element} */ (event.target).releasePointerCapture?.(event.pointerId); // a finger may go on to other cells
      pointed(event, "press");
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const place = placeOf(event);
      if (place) walk(event, place[0], place[1], { values, pick, key });
    },
  };
}

/** @param {KeyboardEvent} event @param {number} row @param {number} column @param {Pick<GridOptions, "values" | "pick" | "key">} options */
function walk(event, row, column, { values, pick, key }) {
  const last = values.length - 1, end = values[0].length - 1;
  /** @type {Record<string, [number, number]>} */
  const moves = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Home: [row, 0], End: [row, end], PageUp: [row - STOPS, column], PageDown: [row + STOPS, column] };
  const to = moves[event.key];
  if (!to) return key?.(event, row, column);
  event.preventDefault();
  const y = Math.max(0, Math.min(last, to[0])), x = Math.max(0, Math.min(end, to[1])), table = /** @type {Element} */ (event.currentTarget);
  pick?.(y, x, "key");
  /** @type {SVGElement | null} */ (table.querySelector(`[data-place="${y} ${x}"]`))?.focus();
}

/** Make the pattern of a hatched cell. Each drawing has one of its own, so that it can be saved alone. */
const hatching = () => svg("defs", {}, svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
  svg("path", { class: "stripe", d: "M0 0v6" })));

/** Return a function that shades numbers by their share of the largest among them. @param {(number | string | null)[][]} values @param {number} [largest] */
export function byShare(values, largest) {
  const most = largest ?? Math.max(...values.flat().map(value => Math.abs(Number(value))), 0);
  return (/** @type {any} */ value) => (most ? Math.max(-1, Math.min(1, Number(value) / most)) : 0);
}

/** Make a figure: a caption with a quiet addition, and what it is about. @param {(Node | string)[] | string} caption @param {string} aside @param {(Node | string | null | false | undefined)[]} content */
export const figure = (caption, aside, ...content) => make("figure", {},
  make("figcaption", {}, make("span", {}, ...[caption].flat(), aside && " ", aside && make("i", {}, aside))), ...content);

/** Make a row that explains marks: pairs of a class of a sample cell and what it means. @param {[kind: string, text: string][]} marks */
export const legend = marks => make("p", { className: "legend" }, ...marks.map(([kind, text]) => make("span", {},
  svg("svg", { class: "grid", width: 16, height: 16, viewBox: "-1.5 -1.5 17 17", "aria-hidden": "true" }, kind === "hatched" && hatching(),
    kind === "hatched" ? svg("g", { class: "cell" }, svg("rect", { class: "paper", width: 14, height: 14 }), svg("rect", { class: "hatch", width: 14, height: 14, fill: "url(#hatch)" }))
      : kind === "plus" || kind === "minus" ? svg("g", { class: "cell" }, svg("rect", { class: "paper", width: 14, height: 14 }), svg("rect", { class: `ink ${kind}`, width: 14, height: 14, "fill-opacity": 0.46 }))
        : svg("rect", { class: `frame ${kind}`, width: 14, height: 14 })), text)));
