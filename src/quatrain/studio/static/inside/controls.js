/** Fields for the controls of a demonstration: sliders, choices and texts. */
import { make } from "../dom.js";
import { written } from "./grid.js";
import { update } from "./tree.js";

const OPTION = 60; // characters of a text in a list
const TYPING_MS = 250; // a text is asked for once the typing pauses this long

/** @param {Control} control @returns {control is ChoiceControl} */
const isChoice = control => "options" in control;
/** @param {Control} control @returns {control is TextControl} */
const isText = control => "longest" in control;
/** @param {Control} control @returns {control is GridControl} */
export const isGrid = control => "rows" in control;
/** @param {Control} control @returns {control is SliderControl} */
export const isSlider = control => "step" in control;

/** @typedef {{ element: HTMLElement, show(value: StateValue): void }} Field */

/**
 * The fields of a demonstration's controls. A field is the same element for as long as the page is open, so a topic
 * may move it into its picture.
 */
export class Controls {
  /**
   * @param {HTMLElement} place @param {Control[]} controls
   * @param {{ change: (name: string, value: StateValue) => void, mark: (symbol: string) => void }} hear
   * @param {Record<string, StateValue[]> | null} offered values by name, where a page without a server has only these
   */
  constructor(place, controls, hear, offered = null) {
    this.place = place;
    this.controls = controls;
    /** @type {Map<string, Field>} */
    this.fields = new Map();
    for (const control of controls) {
      if (isGrid(control)) continue; // drawn in the picture, by its topic
      const values = offered && (offered[control.name] ?? []);
      if (values && values.length < 2) continue; // nothing to choose
      this.fields.set(control.name, makeField(control, hear, values));
    }
    /** @type {Set<string>} */
    this.elsewhere = new Set();
    this.arrange();
  }

  /** Put the fields that no picture has taken into the row of controls. */
  arrange() {
    update(this.place, [...this.fields].filter(([name]) => !this.elsewhere.has(name)).map(([, field]) => field.element));
    this.place.hidden = !this.place.childElementCount;
  }

  /** Return a field's element for the picture; only words if this page doesn't offer the control. @param {string} name */
  take(name) {
    this.elsewhere.add(name);
    const field = this.fields.get(name), control = this.controls.find(other => other.name === name);
    if (field || !control) return field?.element ?? make("span");
    const chosen = isChoice(control) ? control.options.find(([value]) => value === control.value)?.[1] : String(control.value);
    return make("span", {}, control.label, " ", make("i", {}, chosen));
  }

  /** Show a state. @param {State} state */
  show(state) {
    for (const [name, field] of this.fields) if (name in state) field.show(state[name]);
  }
}

/**
 * @param {Exclude<Control, GridControl>} control @param {{ change: (name: string, value: StateValue) => void, mark: (symbol: string) => void }} hear
 * @param {StateValue[] | null} offered
 * @returns {Field}
 */
function makeField(control, hear, offered) {
  const change = (/** @type {StateValue} */ value) => hear.change(control.name, value);
  const field = isChoice(control) ? choiceField(control, change, offered) : isText(control) ? (offered ? choiceField(listed(control, offered), change, offered) : textField(control, change))
    : sliderField(control, change, offered);
  field.element.dataset.kept = control.name;
  if (isSlider(control)) {
    const { element } = field;
    for (const type of ["pointerenter", "focusin"]) element.addEventListener(type, () => hear.mark(control.symbol));
    for (const type of ["pointerleave", "focusout"]) element.addEventListener(type, () => hear.mark(""));
  }
  return field;
}

/** @param {SliderControl} control @param {(value: number) => void} change @param {StateValue[] | null} offered @returns {Field} */
function sliderField(control, change, offered) {
  const values = offered && /** @type {number[]} */ (offered), id = `control-${control.name}`;
  const output = make("output", { htmlFor: id, "aria-hidden": "true" });
  const range = values ? { min: 0, max: values.length - 1, step: 1 } : { min: control.low, max: control.high, step: control.step };
  const input = make("input", { type: "range", id, ...range, name: control.name, "aria-label": control.label,
    defaultValue: String(values ? Math.max(0, values.indexOf(control.value)) : control.value) });
  const value = () => (values ? values[Number(input.value)] : Number(input.value));
  const show = (/** @type {StateValue} */ next) => {
    const number = Number(next), position = values ? Math.max(0, values.indexOf(number)) : number;
    if (Number(input.value) !== position) input.value = String(position);
    output.value = written(number, control.step);
    input.setAttribute("aria-valuetext", output.value);
  };
  input.addEventListener("input", () => {
    show(value());
    change(value());
  });
  return { show, element: make("div", { className: "control slider" }, make("label", { htmlFor: id },
    make("span", {}, control.label, control.symbol && make("i", {}, ...lettered(control.symbol))), output), input) };
}

/** Return a letter as it stands in formulas: "z_i" and "c_{t-1}" have an index below. @param {string} symbol */
const lettered = symbol => symbol.split(/_(\{[^}]*\}|.)/).map((part, place) => (place % 2 ? make("sub", {}, part.replace(/[{}]/g, "").replace("-", "−")) : part));

/** @param {ChoiceControl} control @param {(value: string) => void} change @param {StateValue[] | null} offered @returns {Field} */
function choiceField(control, change, offered) {
  const options = control.options.filter(([value]) => !offered || offered.includes(value)), id = `control-${control.name}`;
  const select = make("select", { id, name: control.name }, ...options.map(([value, label]) => make("option", { value }, label)));
  select.addEventListener("change", () => change(select.value));
  return {
    show: value => { if (select.value !== value) select.value = String(value); },
    element: make("div", { className: "control choice" }, make("label", { htmlFor: id }, control.label), make("span", { className: "pick" }, select)),
  };
}

/** Make a choice of the texts that a page without a server has. @param {TextControl} control @param {StateValue[]} offered @returns {ChoiceControl} */
const listed = ({ name, label, value }, offered) => ({ name, label, value, options: offered.map(text => [String(text), shortened(String(text))]) });

/** @param {string} text */
const shortened = text => (text.length > OPTION ? `${text.slice(0, OPTION).trimEnd()} …` : text).replaceAll("\n", " / ");

/** @param {TextControl} control @param {(value: string) => void} change @returns {Field} */
function textField(control, change) {
  const id = `control-${control.name}`;
  const area = make("textarea", { id, name: control.name, rows: 1, maxLength: control.longest, spellcheck: false, autocomplete: "off" });
  let timer = 0;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => change(area.value), TYPING_MS);
  });
  return {
    show: value => { if (document.activeElement !== area && area.value !== value) area.value = String(value); },
    element: make("div", { className: "control text" }, make("label", { htmlFor: id }, control.label), area),
  };
}
