/** The loss of a training as a small drawing, with the same in words. */
import { make } from "../../dom.js";

const WIDTH = 480, HEIGHT = 140;

/** @param {string} tag @param {Record<string, string>} attributes @param {Element[]} children */
function shape(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Draw a training's curve, or say that there is none yet. @param {Training["curve"]} curve */
export function curveFigure(curve) {
  if (!curve.length) return make("p", { className: "soft" }, "The curve begins with the first test on poems that it has not seen.");
  const first = curve[0], last = curve[curve.length - 1], all = curve.flatMap(point => [point.training, point.validation]);
  const low = Math.min(...all), high = Math.max(...all), width = last.step - first.step || 1, height = high - low || 1;
  const line = (/** @type {"training" | "validation"} */ name) => shape("polyline", { class: name, points: curve.map(point =>
    `${((point.step - first.step) / width * WIDTH).toFixed(1)},${((high - point[name]) / height * HEIGHT).toFixed(1)}`).join(" ") });
  const said = (/** @type {"training" | "validation"} */ name) => curve.length > 1 ? `${first[name].toFixed(3)} at first, ${last[name].toFixed(3)} now` : first[name].toFixed(3);
  const learns = `Poems it learns from: ${said("training")}`, others = `Poems it has not seen: ${said("validation")}`;
  const steps = [first, last].map(({ step }) => `step ${step.toLocaleString("en-GB")}`);
  return make("figure", {},
    curve.length > 1 && shape("svg", { viewBox: `0 -4 ${WIDTH} ${HEIGHT + 8}`, class: "curve", role: "img", preserveAspectRatio: "none",
      "aria-label": `Loss from ${steps.join(" to ")}. ${learns}. ${others}.` },
    shape("path", { d: `M0 0V${HEIGHT}H${WIDTH}`, class: "axes" }), line("training"), line("validation")),
    make("figcaption", {}, curve.length > 1 && make("p", { className: "ends" }, ...steps.map(step => make("span", {}, step))),
      make("p", {}, make("i", { className: "key" }), learns), make("p", {}, make("i", { className: "key dashed" }), others),
      make("p", { className: "soft" }, "Loss in nats per character: how much the next letter surprises the poet. Lower is better.")));
}
