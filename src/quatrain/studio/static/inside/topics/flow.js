/** How far a gradient reaches: its norm over the steps, and what reaches each unit. */
import { make } from "../../dom.js";
import { curves } from "../chart.js";
import { figure, written } from "../grid.js";
import { svg } from "../tree.js";

const LOWEST = -12, HIGHEST = 12; // log10 of the ends of the chart at most
const LEFT = 58, RIGHT = 47; // px beside the plot of the chart, whose longest name has five letters
const ROW = 18; // px of a unit
const FADED = -3; // log10 of a gradient that is drawn as nothing
const FULL = 0.6; // shade of a gradient that is as large as at the last step

/** @type {TopicModule["draw"]} */
export function draw({ data, state, summary }, view) {
  const lstm = state.network === "lstm", width = view.width;
  return [
    make("p", { className: "flow-verdict" }, summary),
    figure("norm of the gradient", `${lstm ? "cell to cell" : "hidden to hidden"}, k steps back`, chart(data, lstm, width, summary)),
    make("p", { className: "legend" }, line("A", lstm ? "LSTM, cell to cell" : "plain RNN"), line("quiet", `the ${lstm ? "plain RNN" : "LSTM"} with the same weights`),
      lstm && line("dashed", "gates: the forget gates alone"), line("dotted quiet", "bound: no norm is above it")),
    make("div", { className: "flow-units" }, figure("unit by unit", `${data.units.length} units, each a row`, heat(data, width))),
    make("p", { className: "hint" }, "The fainter, the less is left; below a thousandth nothing is drawn. Blue: larger than at the last step."),
  ];
}

/** @param {string} kind @param {string} text */
const line = (kind, text) => make("span", {}, svg("svg", { width: 26, height: 12, viewBox: "0 0 26 12", "aria-hidden": "true" },
  svg("g", { class: `curve ${kind}` }, svg("path", { d: "M0 6H26" }))), text);

/** @param {(number | null)[]} logarithms */
const powers = logarithms => logarithms.map(value => (value == null ? null : 10 ** value));

/** @param {Record<string, any>} data @param {boolean} lstm @param {number} width @param {string} label */
function chart(data, lstm, width, label) {
  /** @type {(number | null)[][]} */
  const shown = [data.norms, data.other, ...(lstm ? [data.alone] : [])], all = shown.flat().filter(value => value != null);
  const low = Math.max(LOWEST, Math.min(-1.2, ...all)), high = Math.min(HIGHEST, Math.max(1.2, ...all));
  return curves({
    label, x: data.lags, width, height: 280, logarithmic: true, low: 10 ** low, high: 10 ** high, xName: "steps back, k", yName: "norm",
    levels: [{ y: 10, text: "tenfold" }, { y: 0.1, text: "a tenth" }],
    curves: [
      { name: lstm ? "RNN" : "LSTM", values: powers(data.other), kind: "quiet" },
      { name: "bound", values: powers(data.bound), kind: "dotted quiet" },
      ...(lstm ? [{ name: "gates", values: powers(data.alone), kind: "dashed" }] : []),
      { name: lstm ? "LSTM" : "RNN", values: powers(data.norms), kind: "A" },
    ],
  });
}

/** Draw a row for each unit and a column for each step back. @param {Record<string, any>} data @param {number} width */
function heat(data, width) {
  const steps = data.lags.length, across = Math.max(40, width - LEFT - RIGHT), column = across / steps, height = data.units.length * ROW;
  const round = (/** @type {number} */ value) => Math.round(value * 100) / 100;
  const cells = data.units.flatMap((/** @type {(number | null)[]} */ unit, /** @type {number} */ row) => unit.map((value, lag) => {
    if (value == null || value <= FADED) return null;
    const share = value <= 0 ? FULL * (1 - value / FADED) : Math.min(1, FULL + (1 - FULL) * value / 3);
    return svg("rect", { class: value > 0.005 ? "ink minus" : "ink", x: round(LEFT + lag * column), y: row * ROW, width: round(column + 0.3), height: ROW - 1, "fill-opacity": round(share) });
  }));
  const ends = data.units.map((/** @type {(number | null)[]} */ unit) => unit[steps - 1]).filter((/** @type {number | null} */ value) => value != null);
  const label = `${data.units.length} units over ${steps - 1} steps. At the first step, log 10 of the gradient ${ends.length ? `is from ${written(Math.min(...ends))} to ${written(Math.max(...ends))}` : "is nothing"}.`;
  return svg("svg", { class: "flow-heat cell", width, height: height + 20, viewBox: `0 0 ${width} ${height + 20}`, role: "img", "aria-label": label },
    svg("rect", { class: "paper", x: LEFT - 0.5, y: -0.5, width: across + 1, height }),
    svg("g", {}, ...cells),
    svg("text", { class: "tick", x: LEFT, y: height + 12 }, "0"), svg("text", { class: "tick", x: LEFT + across, y: height + 12 }, String(steps - 1)),
    svg("text", { class: "tick y", x: LEFT - 8, y: ROW / 2 }, "1"), svg("text", { class: "tick y", x: LEFT - 8, y: height - ROW / 2 }, String(data.units.length)));
}
