/** A position that is walked: a button that plays, a slider, and where it is, in words. */
import { make } from "../dom.js";

const STEP_MS = 800;

let timer = 0;

/** Stop what plays. */
export function stopWalk() {
  clearInterval(timer);
  timer = 0;
}

/**
 * Make the row beneath a picture that walks through `count` positions.
 * @param {{ at: number, count: number, where: string, said: string, name: string, go: (at: number) => void, again: () => void }} options
 *   where: the position in words; said: the same with its value, for screen readers; name: of the slider;
 *   again: draws the page once more, as the button changes its name
 */
export function walk({ at, count, where, said, name, go, again }) {
  walking = { at, count, go };
  const toggle = () => {
    if (timer) stopWalk();
    else timer = setInterval(() => walking.go(walking.at >= walking.count - 1 ? 0 : walking.at + 1), STEP_MS);
    again();
  };
  return make("div", { className: "play" },
    make("button", { type: "button", disabled: count < 2, onclick: toggle }, timer ? "Pause" : "Play"),
    make("input", { type: "range", min: 0, max: Math.max(0, count - 1), step: 1, value: at, disabled: count < 1, "aria-label": name, "aria-valuetext": said,
      oninput: (/** @type {Event} */ event) => {
        stopWalk();
        go(Number(/** @type {HTMLInputElement} */ (event.target).value));
      } }),
    make("span", { className: "where" }, where));
}

/** What the timer walks: it outlives a drawing. @type {{ at: number, count: number, go: (at: number) => void }} */
let walking = { at: 0, count: 0, go: () => {} };
