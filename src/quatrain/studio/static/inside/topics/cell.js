/** The LSTM cell: the values that flow through it, and the gradients that flow back the same ways. */
import { make } from "../../dom.js";
import { written } from "../grid.js";
import { svg } from "../tree.js";

const GATES = ["f", "i", "g", "o"];
const WIDE_FROM = 720; // px; a narrower picture is drawn from top to bottom
const MOST_NARROW = 460; // px
const BAND = 13; // px of the band of the largest gradient
const SMALL = 0.001; // numbers below are written as powers of ten

/**
 * Where everything lies: middles of the nodes and boxes, and the lines between them.
 * A line's path goes with the values, from the first name to the second.
 */
const WIDE = {
  width: 940, height: 470, box: [200, 150], node: [124, 58],
  at: { before: [66, 70], keep: [190, 70], plus: [450, 70], cell: [640, 70], next: [866, 70], write: [450, 190], tanh: [640, 168],
    show: [640, 250], hidden: [850, 250], f: [116, 392], i: [344, 392], g: [572, 392], o: [800, 392] },
  lines: { before: "M128 70H177", keep: "M203 70H437", cell: "M463 70H578", next: "M702 70H796", write: "M450 177V83", squash: "M640 99V152",
    squashed: "M640 184V237", hidden: "M653 250H788", f: "M116 317C116 190 190 190 190 84", i: "M344 317C344 230 400 190 436 190",
    g: "M572 317C572 230 500 190 464 190", o: "M760 317C760 280 640 310 640 264" },
};
const NARROW = {
  width: 360, height: 836, box: [184, 150], node: [112, 54],
  at: { before: [62, 36], keep: [62, 134], plus: [62, 350], cell: [62, 486], next: [268, 568], write: [136, 350], tanh: [62, 590],
    show: [62, 686], hidden: [62, 800], f: [264, 134], i: [264, 294], g: [264, 454], o: [264, 686] },
  lines: { before: "M62 63V121", keep: "M62 147V337", cell: "M62 363V459", next: "M118 504C150 514 160 568 186 568", write: "M123 350H75", squash: "M62 513V574",
    squashed: "M62 606V673", hidden: "M62 699V773", f: "M172 134H75", i: "M172 294C150 294 136 310 136 337",
    g: "M172 430C150 430 136 392 136 363", o: "M172 686H75" },
};

/**
 * As the gates are set in place of their sums, or the reverse, what is set stays what it was, to the step of a slider.
 * @param {string} name @param {StateValue} value @param {Demonstration} last @returns {State}
 */
export function also(name, value, last) {
  if (name !== "by" || value === last.state.by) return {};
  return Object.fromEntries(last.data.gates.map((/** @type {Gate} */ gate) => {
    const control = /** @type {SliderControl} */ (last.controls.find(other => other.name === (value === "gates" ? gate.gate : `z_${gate.gate}`)));
    const near = Math.round((value === "gates" ? gate.value : gate.sum) / control.step) * control.step;
    return [control.name, Number(Math.max(control.low, Math.min(control.high, near)).toFixed(2))];
  }));
}

/** @typedef {{ gate: string, name: string, sum: number, value: number, slope: number, delta: number, delta_sum: number, condition: string }} Gate */

/** @type {TopicModule["draw"]} */
export function draw({ data, state, summary }, view) {
  const sums = GATES.map(gate => view.field(`z_${gate}`)), gates = GATES.map(gate => view.field(gate));
  const wide = view.width >= WIDE_FROM, place = wide ? WIDE : NARROW;
  return [
    make("div", { className: "controls cell-gates" }, ...(state.by === "gates" ? gates : sums)),
    make("p", { className: "presets" }, make("span", {}, "Try"), ...data.presets.map(preset(view))),
    make("figure", {}, diagram(data, place, wide ? view.width : Math.min(view.width, MOST_NARROW), summary)),
    make("p", { className: "legend" }, mark("value", "values, forwards"), mark("back", "gradients, backwards: the wider the band, the larger the gradient"),
      mark("stopped", "hardly anything arrives")),
  ];
}

/** @param {View} view */
const preset = view => (/** @type {{ label: string, state: Record<string, number> }} */ { label, state }) => make("button", {
  type: "button", className: "quiet", onclick: () => {
    view.set("by", "sums");
    for (const [name, value] of Object.entries(state)) view.set(name, value);
  },
}, label);

/** @param {"value" | "back" | "stopped"} kind @param {string} text */
const mark = (kind, text) => make("span", {}, svg("svg", { width: 26, height: 14, viewBox: "0 0 26 14", class: "cell-diagram", "aria-hidden": "true" },
  ...(kind === "value" ? [svg("path", { class: "line", d: "M1 7H19" }), svg("path", { class: "tip", d: "M25 7l-8-4v8z" })]
    : [kind === "back" ? svg("path", { class: "band", d: "M1 7H25", "stroke-width": 9 }) : stop(13, 7)])), text);

/** @param {number} x @param {number} y */
const stop = (x, y) => svg("path", { class: "stop", d: `M${x - 3} ${y - 6}v12M${x + 3} ${y - 6}v12` });

/** Write a number with three decimals; a smaller one as a power of ten. @param {number} value */
function short(value) {
  if (value === 0 || Math.abs(value) >= SMALL / 2) return written(value, SMALL);
  const [digits, exponent] = value.toExponential(0).split("e");
  return `${digits}·10${[...String(Number(exponent))].map(sign => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]).join("")}`.replace("-", "−");
}

/** @param {Record<string, any>} data @param {typeof WIDE} place @param {number} width @param {string} summary */
function diagram(data, place, width, summary) {
  /** @type {Record<string, Gate>} */
  const gates = Object.fromEntries(data.gates.map((/** @type {Gate} */ gate) => [gate.gate, gate]));
  const hardly = new Set(/** @type {string[]} */ (data.hardly_reached));
  /** @type {Record<string, number>} gradients along the lines */
  const back = { before: data.delta_before, keep: data.delta_cell, cell: data.delta_cell, next: data.later, write: data.delta_cell, squash: data.delta_from_hidden,
    squashed: data.delta_squashed, hidden: data.delta_hidden, ...Object.fromEntries(GATES.map(gate => [gate, gates[gate].delta])) };
  const most = Math.max(1, ...Object.values(back).map(Math.abs));
  const lines = Object.entries(place.lines);
  return svg("svg", { class: "cell-diagram", width, height: Math.round(width * place.height / place.width), viewBox: `0 0 ${place.width} ${place.height}`, role: "img", "aria-label": summary },
    ...lines.map(([name, d]) => svg("path", { class: "band", d, "stroke-width": Math.round(Math.abs(back[name]) / most * BAND * 10) / 10 })),
    ...lines.map(([name, d]) => svg("g", { "data-key": name }, svg("path", { class: "line", d }), tip(d))),
    node(place, "before", "cell before", "cₜ₋₁", data.cell_before, "δcₜ₋₁", data.delta_before, hardly.has("c_{t-1}")),
    node(place, "cell", "cell", "cₜ", data.cell, "δcₜ", data.delta_cell),
    node(place, "hidden", "hidden", "hₜ", data.hidden, "δhₜ", data.delta_hidden),
    next(place, data.later),
    squash(place, data),
    ...[["keep", "×"], ["plus", "+"], ["write", "×"], ["show", "×"]].map(([name, sign]) => operation(place, /** @type {"keep"} */ (name), sign)),
    ...GATES.map(gate => box(place, gates[gate], hardly.has(`z_${gate}`))));
}

/** Draw the head of an arrow at the end of a path: a straight line, or a curve by its last control point. @param {string} d */
function tip(d) {
  const numbers = (d.match(/-?\d+/g) ?? []).map(Number), [startX, startY] = numbers, end = numbers[numbers.length - 1];
  if (d.includes("H")) return arrow(end, startY, Math.sign(end - startX), 0);
  if (d.includes("V")) return arrow(startX, end, 0, Math.sign(end - startY));
  const [fromX, fromY, x, y] = numbers.slice(-4), length = Math.hypot(x - fromX, y - fromY) || 1;
  return arrow(x, y, (x - fromX) / length, (y - fromY) / length);
}

/** @param {number} x @param {number} y @param {number} alongX @param {number} alongY */
function arrow(x, y, alongX, alongY) {
  const at = (/** @type {number} */ back, /** @type {number} */ side) => `${Math.round((x - alongX * back - alongY * side) * 10) / 10} ${Math.round((y - alongY * back + alongX * side) * 10) / 10}`;
  return svg("path", { class: "tip", d: `M${at(0, 0)}L${at(10, 4.5)}L${at(10, -4.5)}z` });
}

/** @param {typeof WIDE} place @param {"keep" | "plus" | "write" | "show"} name @param {string} sign */
function operation(place, name, sign) {
  const [x, y] = place.at[name];
  return svg("g", {}, svg("circle", { class: "paper", cx: x, cy: y, r: 13 }), svg("text", { x, y, "font-size": 20 }, sign));
}

/**
 * @param {typeof WIDE} place @param {"before" | "cell" | "hidden"} name @param {string} title @param {string} letter @param {number} value
 * @param {string} delta @param {number} gradient @param {boolean} [stopped]
 */
function node(place, name, title, letter, value, delta, gradient, stopped = false) {
  const [x, y] = place.at[name], [width, height] = place.node;
  return svg("g", {}, svg("title", {}, title),
    svg("rect", { class: "paper strong", x: x - width / 2, y: y - height / 2, width, height, rx: 4 }),
    svg("text", { x, y: y - height * 0.2, "font-size": 18 }, `${letter} = ${short(value)}`),
    svg("text", { class: "back", x, y: y + height * 0.24, "font-size": 15 }, `${delta} = ${short(gradient)}`),
    stopped && stop(x + width / 2 + 12, y + height * 0.36));
}

/** @param {typeof WIDE} place @param {number} later */
function next(place, later) {
  const [x, y] = place.at.next;
  return svg("g", {}, svg("text", { class: "aside", x, y: y - 12, "font-size": 14 }, "next step"),
    svg("text", { class: "back", x, y: y + 10, "font-size": 15 }, `δcₜ₊₁fₜ₊₁ = ${short(later)}`));
}

/** @param {typeof WIDE} place @param {Record<string, any>} data */
function squash(place, data) {
  const [x, y] = place.at.tanh;
  return svg("g", {}, svg("rect", { class: "paper", x: x - 30, y: y - 16, width: 60, height: 32, rx: 16 }),
    svg("text", { x, y, "font-size": 16 }, "tanh"),
    svg("text", { class: "left", x: x + 38, y: y - 9, "font-size": 15 }, `tanh cₜ = ${short(data.squashed)}`),
    svg("text", { class: "left aside", x: x + 38, y: y + 10, "font-size": 14 }, `slope ${short(data.squash_slope)}`));
}

/** Draw a gate: its name and where it rests, how far it is open, its value and its sum with both gradients. @param {typeof WIDE} place @param {Gate} gate @param {boolean} stopped */
function box(place, gate, stopped) {
  const [x, y] = place.at[/** @type {"f"} */ (gate.gate)], [width, height] = place.box, left = x - width / 2, top = y - height / 2, inner = width - 24;
  const lines = [28, 56, 82, height - 40, height - 16].map(line => top + line), half = gate.gate === "g";
  const from = half ? Math.min(0.5, (gate.value + 1) / 2) : 0, share = half ? Math.abs(gate.value) / 2 : gate.value;
  return svg("g", {},
    svg("rect", { class: "paper", x: left, y: top, width, height, rx: 4 }),
    svg("rect", { class: "track", x: left + 12, y: top + 9, width: inner, height: 5 }),
    svg("rect", { class: "fill", x: left + 12 + inner * from, y: top + 9, width: Math.round(inner * share * 10) / 10, height: 5 }),
    svg("text", { class: "left aside", x: left + 12, y: lines[0], "font-size": 14 }, `${gate.name}, ${gate.condition}`),
    svg("text", { class: "left", x: left + 12, y: lines[1], "font-size": 19 }, `${gate.gate} = ${short(gate.value)}`),
    svg("text", { class: "left back", x: left + 12, y: lines[2], "font-size": 15 }, `δ${gate.gate} = ${short(gate.delta)}`),
    svg("path", { class: "rule", d: `M${left + 12} ${(lines[2] + lines[3]) / 2}h${inner}` }),
    svg("text", { class: "left", x: left + 12, y: lines[3], "font-size": 15 }, `z = ${written(gate.sum, 0.01)}`),
    svg("text", { class: "right aside", x: left + width - 12, y: lines[3], "font-size": 14 }, `slope ${short(gate.slope)}`),
    svg("text", { class: "left back", x: left + 12, y: lines[4], "font-size": 15 }, `δz = ${short(gate.delta_sum)}`),
    stopped && stop(left + width - 18, lines[4]));
}
