/** A state in the address of the page, so that a link brings it back. */

/** What the view alone keeps is written with this in front, so that it is no control's name. */
const LOOK = "at-";

/**
 * Read the query of an address. What can't be read stays text: the server says what is wrong with it.
 * @param {string} query @param {Control[]} controls
 */
export function readAddress(query, controls) {
  const known = new Map(controls.map(control => [control.name, control]));
  /** @type {State} */
  const state = {};
  /** @type {Record<string, number>} */
  const looks = {};
  for (const [name, text] of new URLSearchParams(query)) {
    if (name.startsWith(LOOK)) {
      if (text && Number.isFinite(Number(text))) looks[name.slice(LOOK.length)] = Number(text);
    } else if (name !== "token") state[name] = readValue(text, known.get(name));
  }
  return { state, looks };
}

/** @param {string} text @param {Control} [control] @returns {StateValue} */
function readValue(text, control) {
  if (!control || "options" in control || "longest" in control) return text;
  if (!("rows" in control)) return text.trim() && Number.isFinite(Number(text)) ? Number(text) : text;
  const rows = text ? text.split("/").map(row => row.split(",").map(Number)) : [];
  return rows.flat().every(Number.isFinite) ? rows : text;
}

/** Return a value as `readAddress` reads it: a grid has "/" between rows and "," between numbers. @param {StateValue} value */
const textOf = value => (Array.isArray(value) ? value.map(row => row.join(",")).join("/") : String(value));

/**
 * Return the query of a state: what differs from the first state, and what the view keeps.
 * @param {Demonstration} answer @param {Record<string, number>} [looks]
 */
export function queryOf({ controls, state }, looks = {}) {
  const query = new URLSearchParams();
  for (const { name, value } of controls) if (textOf(state[name]) !== textOf(value)) query.set(name, textOf(state[name]));
  for (const [name, value] of Object.entries(looks)) query.set(LOOK + name, String(value));
  const text = query.toString();
  return text && `?${text}`;
}

/** Write a state into the address. @param {Demonstration} answer @param {Record<string, number>} looks */
export function writeAddress(answer, looks) {
  const url = new URL(location.href);
  url.search = queryOf(answer, looks);
  if (url.href !== location.href) history.replaceState(null, "", url);
}
