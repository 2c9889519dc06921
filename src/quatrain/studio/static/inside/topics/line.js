/** A poet reads a line: the surprise at each letter or word, the gates, and the cells that vary most. */
import { make } from "../../dom.js";
import { bars } from "../chart.js";
import { figure, grid, legend, written } from "../grid.js";
import { svg } from "../tree.js";

const LEFT = 70; // px of the names of rows, which have eight letters
const NAME = 8; // letters of the name of a row; shorter ones are filled up, so that all columns lie below each other
const LEAST = { letter: 17, word: 40 }, MOST = { letter: 26, word: 110 }; // px of a column
const SIGN = 8.5; // px of a letter of a word
const TALL = 96; // px of the longest bar
const ROW = 17; // px of a row of gates or cells
const DARKEST = 0.85; // shade of 1 and -1
const GUESSES = 360; // px of the bars of what was expected at most

/** @typedef {{ sign: string, name: string, probability: number }} Guess */
/** @typedef {{ sign: string, name: string, known: boolean, bits: number, probability: number, rank: number, expected: Guess[] }} Sign */
/** @typedef {{ number: number, cell: number[], candidate: number[], hidden: number[], input: number[], forget: number[], output: number[] }} Cell */

/** @type {TopicModule["draw"]} */
export function draw({ data, summary }, view) {
  const tries = make("p", { className: "presets" }, make("span", {}, "Try"), ...data.lines.map((/** @type {{ name: string, text: string }} */ { name, text }) =>
    make("button", { type: "button", className: "quiet", onclick: () => view.set("text", text) }, name)));
  /** @type {Sign[]} */
  const signs = data.symbols;
  const controls = make("div", { className: "controls topic-controls" }, view.field("poet"), view.field("cell"));
  if (!signs.length) return [tries, controls];
  const at = Math.max(0, Math.min(view.look("place", worst(signs)), signs.length - 1));
  const row = Math.max(0, Math.min(view.look("row", 0), data.cells.length - 1));
  const widest = Math.max(...signs.map(({ sign }) => sign.length)), least = Math.max(LEAST[/** @type {"letter"} */ (data.unit)], data.unit === "word" ? widest * SIGN + 10 : 0);
  const column = Math.max(least, Math.min(MOST[/** @type {"letter"} */ (data.unit)], Math.floor((view.width - LEFT - 4) / signs.length)));
  const here = { data, signs, at, row, column, width: LEFT + column * signs.length + 3, go: (/** @type {number} */ place) => { if (place !== at) view.turn({ place }); }, view };
  return [
    tries, controls,
    make("p", { className: "flow-verdict" }, summary),
    expected(here),
    make("div", { className: "scroll line-rows" },
      figure("surprisal", `bits at each ${data.unit}`, heights(here), letters(here)),
      figure("gates", "mean over all cells", gates(here)),
      figure("cells", "those that vary most, as tanh c", cells(here)),
      oneCell(here)),
    legend([["plus", "towards 1"], ["minus", "towards −1"], ["window", "the one looked at"], ...(signs.some(({ known }) => !known) ? [/** @type {[string, string]} */ (["dashed", "unknown to the poet"])] : [])]),
    make("p", { className: "hint" }, `Point at a ${data.unit}, or go through them with the arrow keys. Press a cell, or choose one, to see its gates.`),
  ];
}

/**
 * @typedef {{ data: Record<string, any>, signs: Sign[], at: number, row: number, column: number, width: number, go: (place: number) => void, view: View }} Here
 */

/** Return the place of the most surprising sign. @param {Sign[]} signs */
const worst = signs => signs.reduce((best, { bits }, place) => (bits > signs[best].bits ? place : best), 0);

/** @param {number} value */
const share = value => (value === 0 || value >= 0.0005 ? written(value, 0.001) : "< 0.001");

/** @param {Here} here */
function expected({ data, signs, at, view }) {
  const sign = signs[at], found = sign.expected.some(({ sign: other }) => other === sign.sign);
  const rows = [...sign.expected, ...(found ? [] : [{ sign: sign.sign, name: sign.name, probability: sign.probability }])];
  const last = at === signs.length - 1;
  const before = signs.slice(Math.max(0, at - (data.unit === "word" ? 3 : 16)), at).map(({ sign: text }) => text), space = data.unit === "word" ? " " : "";
  return make("div", { className: "columns line-guess" },
    make("div", {},
      make("p", { className: "line-context" }, make("span", {}, at > before.length && "… ", before.join(space), space), make("b", { className: "now" }, sign.sign)),
      make("p", {}, `${written(sign.bits, 0.01)} bits: probability ${share(sign.probability)}, the poet's guess number ${sign.rank.toLocaleString("en-GB")}`,
        !sign.known && ", as an unknown one"),
      make("p", { className: "hint" }, last ? `After the last, it would expect ${data.after.map((/** @type {Guess} */ guess) => `${guess.sign} ${share(guess.probability)}`).join(",  ")}` : "")),
    figure("what the poet expected here", "", bars({
      label: `Expected at ${sign.name}`, width: Math.min(GUESSES, view.width), low: 0, high: 1, row: 24, nameWidth: 96,
      bars: rows.map(guess => ({ name: guess.sign, value: guess.probability, text: share(guess.probability), kind: guess.sign === sign.sign ? "strong" : "quiet" })),
    })));
}

/** Draw the bits as bars that stand on their letters. @param {Here} here */
function heights({ signs, at, column, width, go }) {
  const most = Math.max(1, ...signs.map(({ bits }) => bits)), height = TALL + 20;
  const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  return svg("svg", { class: "line-bits", width: width + 3, height, viewBox: `-1.5 0 ${width + 3} ${height}`, "aria-hidden": "true",
    onpointerover: (/** @type {PointerEvent} */ event) => {
      const place = event.target instanceof Element ? event.target.getAttribute("data-column") : null;
      if (place) go(Number(place));
    } },
    svg("text", { class: "tick y", x: LEFT - 8, y: 14 }, `${written(most, 0.1)}`), svg("text", { class: "tick y", x: LEFT - 8, y: height - 6 }, "0 bits"),
    svg("path", { class: "level", d: `M${LEFT} 12H${width}` }),
    ...signs.map(({ bits }, place) => {
      const tall = round(bits / most * TALL), x = LEFT + place * column;
      return svg("g", {}, svg("rect", { class: place === at ? "bar here" : "bar", x: round(x + column * 0.14), y: round(height - 1 - tall), width: round(column * 0.72), height: tall }),
        svg("rect", { class: "reach", "data-column": place, x, y: 0, width: column, height }));
    }), svg("path", { class: "axis", d: `M${LEFT} ${height - 0.5}H${width}` }));
}

/** @param {Here} here */
function letters(here) {
  const { signs, at, go } = here, most = Math.max(1, ...signs.map(({ bits }) => bits)), unknown = signs.flatMap(({ known }, place) => (known ? [] : [place]));
  return grid({
    label: `The text, with its surprisal in bits. ${signs.length} columns.`, values: [signs.map(({ sign }) => sign)], rowNames: ["\u00a0".repeat(NAME)],
    width: here.width, cell: here.column, cellHeight: 30, textShare: 0.9, text: value => value, shade: (_, __, place) => signs[place].bits / most,
    name: (_, __, place) => `${signs[place].name}${signs[place].known ? "" : ", unknown"}, ${written(signs[place].bits, 0.1)} bits`,
    outlines: [...unknown.map(place => ({ key: `unknown ${place}`, kind: "dashed", row: 0.06, column: place + 0.06, rows: 0.88, columns: 0.88 })), { key: "here", row: 0, column: at }],
    current: [0, at], pick: (_, place) => go(place),
  });
}

/**
 * Draw rows of values as colours, over the same columns as the letters. A column is looked at as it is pointed at.
 * @param {Here} here @param {string} label @param {[name: string, values: number[]][]} rows from -1 to 1 @param {number} [chosen] a row with a frame
 * @param {(row: number) => void} [choose] called as a row is pressed
 */
function heat({ signs, at, column, width, go }, label, rows, chosen, choose) {
  const round = (/** @type {number} */ value) => Math.round(value * 100) / 100, height = rows.length * ROW;
  const place = (/** @type {PointerEvent | MouseEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect(), scale = (width + 3) / box.width;
    return { place: Math.floor(((event.clientX - box.left) * scale - 1.5 - LEFT) / column), row: Math.floor(((event.clientY - box.top) * scale - 1.5) / ROW) };
  };
  return svg("svg", { class: "line-heat cell", width: width + 3, height: height + 3, viewBox: `-1.5 -1.5 ${width + 3} ${height + 3}`, role: "img", "aria-label": label,
    onpointermove: (/** @type {PointerEvent} */ event) => {
      const next = place(event).place;
      if (next >= 0 && next < signs.length) go(next);
    },
    onclick: (/** @type {MouseEvent} */ event) => choose?.(Math.max(0, Math.min(rows.length - 1, place(event).row))) },
    svg("rect", { class: "paper", x: LEFT, y: 0, width: width - LEFT - 3, height }),
    svg("g", { "data-plain": "" }, ...rows.flatMap(([, values], row) => values.map((value, number) => value !== 0 && svg("rect", {
      class: value < 0 ? "ink minus" : "ink", x: LEFT + number * column, y: row * ROW + 0.5, width: column, height: ROW - 1, "fill-opacity": round(Math.abs(value) * DARKEST) })))),
    ...rows.map(([name], row) => svg("text", { class: "tick y", x: LEFT - 8, y: (row + 0.5) * ROW }, name)),
    chosen != null && svg("rect", { class: "frame quiet", x: LEFT, y: chosen * ROW, width: width - LEFT - 3, height: ROW }),
    svg("rect", { class: "frame thin", x: LEFT + at * column, y: 0, width: column, height }));
}

/** @param {Here} here */
function gates(here) {
  const { data, signs, at } = here, names = ["input", "forget", "output"];
  const label = `Mean of the gates at ${signs[at].name}: ${names.map(name => `${name} ${written(data.gates[name][at], 0.01)}`).join(", ")}`;
  return heat(here, label, names.map(name => [name, data.gates[name]]));
}

/** @param {Here} here */
function cells(here) {
  const { data, signs, at, row, view } = here;
  /** @type {Cell[]} */
  const all = data.cells;
  const label = `tanh c at ${signs[at].name}: ${all.map(({ number, cell }) => `cell ${number} ${written(cell[at], 0.01)}`).join(", ")}`;
  return heat(here, label, all.map(({ number, cell }) => [`cell ${number}`, cell]), row, next => view.turn({ row: next }));
}

/** @param {Here} here */
function oneCell(here) {
  const { data, signs, at, row, view } = here;
  /** @type {Cell[]} */
  const all = data.cells;
  const cell = all[row];
  /** @type {[name: string, values: number[]][]} */
  const rows = [["input", cell.input], ["forget", cell.forget], ["new, g", cell.candidate], ["tanh c", cell.cell], ["output", cell.output], ["shown, h", cell.hidden]];
  const now = `At ${signs[at].sign}: ${rows.map(([name, values]) => `${name} ${written(values[at], 0.01)}`).join("; ")}`;
  const pick = make("select", { value: String(row), "aria-label": "Cell", onchange: (/** @type {Event} */ event) => view.turn({ row: Number(/** @type {HTMLSelectElement} */ (event.target).value) }) },
    ...all.map(({ number }, place) => make("option", { value: String(place), selected: place === row }, `cell ${number}`)));
  return figure([make("span", { className: "pick" }, pick)], "its gates, what it keeps and what it shows",
    heat(here, `Cell ${cell.number}. ${now}`, rows), make("p", { className: "kept" }, now));
}
