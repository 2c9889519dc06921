/** Temperature: how the next letters share the probability, and what a poet writes then. */
import { make } from "../../dom.js";
import { figure, written } from "../grid.js";
import { svg } from "../tree.js";

const ROW = 26; // px of a symbol
const NUMBERS = 118; // px of the two numbers behind a bar
const SAMPLES_MS = 500; // after the last change, before samples are asked for
const SMALL = 0.0005; // shares below are written as "< 0.001"

let waiting = 0;

/**
 * Samples take longer than the bars, so a change asks for the bars alone; the samples follow once it pauses.
 * @param {string} name @returns {State}
 */
export const also = name => (name === "samples" ? {} : { samples: "no" });

/** @typedef {{ name: string, plain: number, tempered: number, drawn: number }} Row */

/** @type {TopicModule["draw"]} */
export function draw({ data, state, summary }, view) {
  view.field("samples"); // it needs no field: samples come by themselves
  const own = view.field("text");
  clearTimeout(waiting);
  if (!data.samples) waiting = setTimeout(() => { if (view.state.samples === "no") view.set("samples", "yes"); }, SAMPLES_MS);
  const temperature = written(Number(state.temperature), 0.01);
  return [
    state.start === "own" && make("div", { className: "controls temperature-text" }, own),
    make("p", { className: "flow-verdict" }, summary),
    make("div", { className: "columns temperature" },
      figure(data.backwards ? "what ends the next line" : `the next ${data.unit}`, `at ${temperature}`, bars(data, Math.min(view.width, 620), temperature, summary),
        make("p", { className: "legend" }, mark("tempered", `at ${temperature}`), mark("plain", "at 1"), data.kept < data.of && mark("cut", "cut off"))),
      make("div", { className: "temperature-samples" }, make("h2", {}, "Samples"), ...samples(data.samples))),
  ];
}

/** @param {"tempered" | "plain" | "cut"} kind @param {string} text */
const mark = (kind, text) => make("span", {}, svg("svg", { width: 26, height: 14, viewBox: "0 0 26 14", class: "shares", "aria-hidden": "true" },
  kind === "plain" ? svg("path", { class: "plain", d: "M13 0v14" }) : svg("rect", { class: kind, x: 1, y: 3, width: 24, height: 8 })), text);

/** @param {number} share */
const percent = share => (share === 0 ? "0" : share < SMALL ? "< 0.001" : written(share, 0.001));

/**
 * Draw a bar for each symbol: its share at the temperature, and a stroke where it stands at 1.
 * @param {Record<string, any>} data @param {number} width @param {string} temperature @param {string} label
 */
function bars(data, width, temperature, label) {
  const rest = { ...data.rest, name: `${data.rest.count.toLocaleString("en-GB")} others` };
  /** @type {Row[]} */
  const rows = [...data.bars, ...(data.rest.count > 0 ? [rest] : [])], most = Math.max(...data.bars.flatMap((/** @type {Row} */ row) => [row.plain, row.tempered, row.drawn]));
  const names = Math.max(...rows.map(({ name }) => name.length)) * 8 + 16, across = Math.max(40, width - names - NUMBERS);
  const length = (/** @type {number} */ share) => Math.round(Math.min(1, share / most) * across * 10) / 10; // the others together may be longer
  return svg("svg", { class: "shares", width, height: (rows.length + 1) * ROW, viewBox: `0 0 ${width} ${(rows.length + 1) * ROW}`, role: "list", "aria-label": label },
    svg("g", { "aria-hidden": "true" }, svg("text", { class: "aside right", x: width - 62, y: ROW / 2 }, "drawn"), svg("text", { class: "aside right", x: width - 2, y: ROW / 2 }, "at 1")),
    ...rows.map((row, place) => {
      const y = (place + 1.5) * ROW, cut = row.drawn === 0;
      const said = `${row.name}: ${percent(row.drawn)} at temperature ${temperature}${cut ? ", cut off" : ""}, ${percent(row.plain)} at 1`;
      return svg("g", { role: "listitem", "aria-label": said },
        svg("text", { class: "right", "aria-hidden": "true", x: names - 10, y }, row.name),
        svg("rect", { class: cut ? "cut" : "tempered", x: names, y: y - 8, width: length(cut ? row.tempered : row.drawn), height: 16 }),
        svg("path", { class: "plain", d: `M${names + length(row.plain)} ${y - 11}v22` }),
        svg("text", { class: cut ? "aside right" : "right", "aria-hidden": "true", x: width - 62, y }, cut ? "cut" : percent(row.drawn)),
        svg("text", { class: "aside right", "aria-hidden": "true", x: width - 2, y }, percent(row.plain)));
    }));
}

/** @param {{ given: string, written: string }[] | null} poems */
function samples(poems) {
  if (!poems) return [make("p", { className: "hint" }, "The poet writes once you pause.")];
  return poems.map(({ given, written: text }) => make("p", { className: "sample" }, make("span", {}, given), text));
}
