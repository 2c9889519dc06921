/** From a text to sequences: windows or streams over a text of one's own, and what none of them has. */
import { make } from "../../dom.js";
import { figure, grid, legend } from "../grid.js";
import { svg } from "../tree.js";
import { stopWalk, walk } from "../walk.js";

const SIGN = 25; // px of a character of the text
const PAIR = 30, LEAST_PAIR = 19; // px of a character of a sequence
const STRIPES = 220, TALLEST = 12, LANE = 20; // px of all windows together, of one window at most, of a lane of streams

/** @type {TopicModule["draw"]} */
export function draw({ data, state, summary }, view) {
  const windows = state.kind === "windows", fields = ["kind", "n", "s", "l"].map(name => view.field(name));
  const tries = make("p", { className: "presets" }, make("span", {}, "Try"), ...data.texts.map((/** @type {{ name: string, text: string }} */ { name, text }) =>
    make("button", { type: "button", className: "quiet", onclick: () => view.set("text", text) }, name)));
  const controls = make("div", { className: "controls topic-controls" }, ...fields.filter((_, place) => windows || place !== 2));
  if (!data.signs.length) return [tries, controls];
  const length = Number(state.n), steps = windows ? data.starts.length : data.steps ?? 0, lanes = windows ? 1 : data.lanes ?? 0;
  const at = Math.max(0, Math.min(view.look("step", 0), steps - 1)), lane = Math.max(0, Math.min(view.look("lane", 0), lanes - 1));
  const here = { data, view, windows, length, steps, at, lane, start: data.starts[lane * (windows ? 1 : steps) + at] ?? null };
  return [
    tries, controls,
    make("p", { className: "flow-verdict" }, summary),
    make("div", { className: "stack" }, figure("the text", `T = ${data.signs.length} numbers; the darker, the more often an input`, text(here), marks(here)), ...(steps ? [figure(windows ? "all windows" : "all streams", windows ? "a row each, from the first character to the last" : "a row each; a step of a lane after another", overview(here, summary)),
      position(here), figure("input and target", windows ? "the target is the input, one character later" : `lane ${lane + 1}; press another lane to see it`, pair(here)),
      make("p", { className: "kept" }, beginning(here))] : [])),
  ];
}

/**
 * @typedef {{ data: Record<string, any>, view: View, windows: boolean, length: number, steps: number, at: number, lane: number, start: number | null }} Here
 */

/** Return the sequences that are read at this step: one window, or a stretch of every lane. @param {Here} here @returns {number[]} */
const current = ({ data, windows, at, steps }) => (!steps ? [] : windows ? [data.starts[at]] : data.starts.filter((/** @type {number} */ _, /** @type {number} */ place) => place % steps === at));

/** @param {Here} here */
function text(here) {
  const { data, view, windows, length, steps } = here, size = data.signs.length, columns = Math.max(8, Math.min(size, Math.floor((view.width - 4) / SIGN)));
  const rows = Math.ceil(size / columns), most = Math.max(1, ...data.times);
  const values = Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (__, column) => data.signs[row * columns + column] ?? null));
  const place = (/** @type {number} */ row, /** @type {number} */ column) => row * columns + column;
  const times = (/** @type {number} */ row, /** @type {number} */ column) => data.times[place(row, column)];
  return grid({
    label: `The text, ${size} characters`, values, width: view.width, cell: SIGN, textShare: 0.62, shade: (_, row, column) => times(row, column) / most,
    kind: (value, row, column) => (value == null ? "bare" : steps && !times(row, column) ? "hatched" : ""),
    name: (value, row, column) => (value == null ? "nothing" : `${said(value)}, ${times(row, column) === 1 ? "an input once" : times(row, column) ? `an input ${times(row, column)} times` : "never an input"}`),
    outlines: current(here).flatMap(start => pieces(start, length, columns, `input ${start}`, "window").concat(pieces(start + length, 1, columns, `target ${start}`, "dashed"))),
    current: here.start == null ? [0, 0] : [Math.floor(here.start / columns), here.start % columns],
    pick: (row, column, how) => {
      if (how === "point") return;
      const found = containing(here, place(row, column));
      if (found == null) return;
      stopWalk();
      view.turn(windows ? { step: found } : { lane: Math.floor(found / steps), step: found % steps });
    },
  });
}

/** Return the first sequence with a place among its inputs. @param {Here} here @param {number} place */
function containing({ data, length }, place) {
  const found = data.starts.findIndex((/** @type {number} */ start) => start <= place && place < start + length);
  return found < 0 ? null : found;
}

/** Cut a stretch of the text into the rows that it stands in. @param {number} start @param {number} length @param {number} columns @param {string} key @param {string} kind */
function pieces(start, length, columns, key, kind) {
  const found = [];
  for (let from = start; from < start + length;) {
    const row = Math.floor(from / columns), to = Math.min(start + length, (row + 1) * columns);
    found.push({ key: `${key} ${row}`, kind, row, column: from % columns, columns: to - from });
    from = to;
  }
  return found;
}

const SAID = /** @type {Record<string, string>} */ ({ "␣": "space", "↵": "line break", "⊢": "start", "⊣": "end" });
/** @param {string} sign */
const said = sign => SAID[sign] ?? sign;

/** @param {Here} here */
const marks = ({ data, steps, windows }) => legend([
  ...(steps ? [/** @type {[string, string]} */ (["window", windows ? "this window" : "this step of the lanes"]), /** @type {[string, string]} */ (["dashed", "its last target"])] : []),
  ...(steps && data.never ? [/** @type {[string, string]} */ (["hatched", "never an input"])] : [])]);

/** Draw every sequence below the places that it has. @param {Here} here @param {string} summary */
function overview({ data, view, windows, length, steps, at, lane }, summary) {
  const size = data.signs.length, width = view.width, count = data.starts.length, rows = windows ? count : data.lanes;
  const row = windows ? Math.max(1.5, Math.min(TALLEST, STRIPES / count)) : LANE, height = Math.ceil(rows * row), gap = row > 4 ? 2 : 0.4;
  const round = (/** @type {number} */ value) => Math.round(value * 100) / 100, toX = (/** @type {number} */ place) => round(place / size * width);
  return svg("svg", { class: "stripes", width, height: height + 20, viewBox: `0 0 ${width} ${height + 20}`, role: "img", "aria-label": summary,
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      const found = event.target instanceof Element ? event.target.getAttribute("data-place") : null;
      if (found == null) return;
      stopWalk();
      view.turn(windows ? { step: Number(found) } : { lane: Math.floor(Number(found) / steps), step: Number(found) % steps });
    } },
    svg("rect", { class: "track", x: 0, y: 0, width, height }),
    ...data.starts.map((/** @type {number} */ start, /** @type {number} */ place) => {
      const y = windows ? place : Math.floor(place / steps), now = windows ? place === at : place % steps === at;
      return svg("rect", { "data-place": place, class: `stripe-bar${now ? " here" : ""}${!windows && now && y === lane ? " looked" : ""}`, x: round(toX(start) + (windows ? 0 : 0.75)), y: round(y * row + gap / 2),
        width: round(toX(start + length) - toX(start) - (windows ? 0 : 1.5)), height: round(row - gap) });
    }),
    svg("text", { class: "tick first", x: 0, y: height + 12 }, "0"), svg("text", { class: "tick last", x: width, y: height + 12 }, String(size - 1)));
}

/** @param {Here} here */
function position({ data, view, windows, steps, at, start, length }) {
  const where = windows ? `window ${at + 1} of ${steps}` : `step ${at + 1} of ${steps}`;
  const words = start == null ? "" : `, from the ${said(data.signs[start])} at ${start} to the ${said(data.signs[start + length - 1])} at ${start + length - 1}`;
  return walk({ at, count: steps, where, said: `${where}${words}`, name: windows ? "Window" : "Step", go: step => view.turn({ step }), again: () => view.turn({}) });
}

/** @param {Here} here */
function pair({ data, view, length, start }) {
  if (start == null) return null;
  const slice = (/** @type {(string | number)[]} */ from, /** @type {number} */ by) => from.slice(start + by, start + by + length);
  const names = ["input", "", "target", ""], values = [slice(data.signs, 0), slice(data.numbers, 0), slice(data.signs, 1), slice(data.numbers, 1)];
  const cell = Math.max(LEAST_PAIR, Math.min(PAIR, Math.floor((view.width - 60) / length)));
  return make("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Input and target" }, grid({
    label: `Input and target, ${length} characters each`, values, width: 60 + cell * length, cell, cellHeight: 27, textShare: 0.62, rowNames: names,
    text: value => String(value), name: value => (typeof value === "string" ? said(value) : `number ${value}`), kind: (_, row) => (row % 2 ? "faint" : ""),
    outlines: [{ key: "inputs", kind: "thin", row: 0, column: 0, rows: 2, columns: length }, { key: "targets", kind: "dashed", row: 2, column: 0, rows: 2, columns: length }],
  }));
}

/** Say what the sequence begins with. @param {Here} here */
function beginning({ windows, at }) {
  if (windows) return "It begins with a state of zeros: what stands before it in the text is unknown to it.";
  return at === 0 ? "Each lane begins with a state of zeros." : `Each lane begins with the state that it had after step ${at}.`;
}
