/** Elements, made without parsing HTML: whatever a poem holds, it is set as text. */

/**
 * Make an element. Names with a hyphen, and `role`, are set as attributes; all others as properties.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, any>} [properties] @param {(Node | string | null | false | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** Return the element with this id. @param {string} id @returns {any} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element #${id}`);
  return found;
}

const SHAPES = {
  tick: "M2.5 7.5l3 3 6-7",
  cross: "M3 3l8 8M11 3l-8 8",
  lock: "M3 6.5h8V12H3zM4.7 6.5v-2a2.3 2.3 0 0 1 4.6 0v2",
};

/** Draw a sign of 14 by 14. @param {keyof typeof SHAPES} shape */
export function sign(shape) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 14 14");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", shape);
  path.setAttribute("d", SHAPES[shape]);
  svg.append(path);
  return svg;
}

/** Turn *starred* words of a message into emphasis. @param {string} message @returns {(Node | string)[]} */
export const starred = message =>
  message.split(/\*([^*\s](?:[^*]*[^*\s])?)\*/).map((part, i) => (i % 2 ? make("em", {}, part) : part));

/** Make a small text button. @param {string | (Node | string)[]} label @param {() => void} run @param {Record<string, any>} [more] */
export const button = (label, run, more = {}) => make("button", { type: "button", onclick: run, ...more }, ...[label].flat());
