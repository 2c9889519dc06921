/**
 * The mirror of a line: the same words in the same place as the field above it, invisible themselves,
 * carrying underlines and stress marks.
 */
import { make } from "../dom.js";

/** @typedef {[number, number]} Span start and end, in UTF-16 units */
/** @typedef {{ rhyme: Span | null, off: Span[], syllables: SyllableMark[], feet: number[], marked: Span | null }} Marks */

/** @type {Marks} */
export const NO_MARKS = { rhyme: null, off: [], syllables: [], feet: [], marked: null };

/** Return the marks that a check puts on a line. @param {LineCheck} line @returns {Marks} */
export const marksOf = line => ({
  rhyme: line.rhyme_span,
  off: line.faults.flatMap(fault => fault.spans),
  syllables: line.syllable_marks,
  feet: line.feet.slice(0, -1).map(foot => foot[1]),
  marked: null,
});

/**
 * Move marks along with an edit, so that they stay on their words until the next check.
 * @param {Marks} marks @param {string} before @param {string} after @returns {Marks}
 */
export function shifted(marks, before, after) {
  if (before === after) return marks;
  let head = 0, tail = 0;
  const most = Math.min(before.length, after.length);
  while (head < most && before[head] === after[head]) head++;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const move = (/** @type {number} */ at) => at <= head ? at : at >= before.length - tail ? at + after.length - before.length : -1;
  const span = (/** @type {Span} */ [a, b]) => /** @type {Span} */ ([move(a), move(b)]);
  const whole = (/** @type {Span} */ [a, b]) => a >= 0 && b > a;
  const rhyme = marks.rhyme && span(marks.rhyme);
  return {
    rhyme: rhyme && whole(rhyme) ? rhyme : null,
    off: marks.off.map(span).filter(whole),
    syllables: marks.syllables.map(s => ({ ...s, start: move(s.start), end: move(s.end) })).filter(s => whole([s.start, s.end])),
    feet: marks.feet.map(move).filter(at => at > 0),
    marked: null,
  };
}

/** Draw a line's text and marks. @param {HTMLElement} mirror @param {string} text @param {Marks} marks */
export function paint(mirror, text, marks) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let at = 0;
  for (const { start, end, stress } of marks.syllables) {
    if (start < at || end > text.length) continue;
    parts.push(...pieces(text, at, start, marks));
    const foot = marks.feet.some(edge => edge > start && edge <= end);
    parts.push(make("span", { className: `s ${stress}${foot ? " ends" : ""}` }, ...pieces(text, start, end, marks)));
    at = end;
  }
  parts.push(...pieces(text, at, text.length, marks), "\u200b"); // so that an empty line has its height
  mirror.replaceChildren(...parts);
}

/** Cut a stretch of text at the edges of its marks. @param {string} text @param {number} from @param {number} to @param {Marks} marks */
function pieces(text, from, to, { rhyme, off, marked }) {
  const spans = [...off, ...(rhyme ? [rhyme] : []), ...(marked ? [marked] : [])];
  const edges = new Set([from, to, ...spans.flat().filter(edge => edge > from && edge < to)]);
  const cuts = [...edges].sort((a, b) => a - b);
  /** @type {(Node | string)[]} */
  const parts = [];
  const within = (/** @type {Span | null} */ span, /** @type {number} */ at) => !!span && at >= span[0] && at < span[1];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [start, end] = [cuts[i], cuts[i + 1]];
    /** @type {Node | string} */
    let piece = text.slice(start, end);
    if (within(rhyme, start)) piece = make("span", { className: "tail" }, piece);
    if (off.some(span => within(span, start))) piece = make("span", { className: "off" }, piece);
    if (within(marked, start)) piece = make("mark", {}, piece);
    parts.push(piece);
  }
  return parts;
}

/** Return the box of the caret at an offset. @param {HTMLElement} mirror @param {number} offset */
export function caretBox(mirror, offset) {
  const walk = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = /** @type {Text | null} */ (walk.nextNode()); node; node = /** @type {Text | null} */ (walk.nextNode())) {
    if (left >= node.length) {
      left -= node.length;
      continue;
    }
    const range = document.createRange();
    range.setStart(node, left);
    range.setEnd(node, left + 1);
    const { left: x, top, bottom } = range.getBoundingClientRect();
    return { x, top, bottom };
  }
  const { left: x, top, bottom } = mirror.getBoundingClientRect();
  return { x, top, bottom };
}

/** Return the offset nearest to a horizontal place, on the first or the last row of a turned line.
 * @param {HTMLElement} mirror @param {number} length @param {number} x @param {boolean} last */
export function offsetAt(mirror, length, x, last) {
  const edge = caretBox(mirror, last ? length : 0).top;
  let best = last ? length : 0, least = Infinity;
  for (let at = 0; at <= Math.min(length, 2000); at++) {
    const box = caretBox(mirror, at);
    if (Math.abs(box.top - edge) < 4 && Math.abs(box.x - x) < least) [best, least] = [at, Math.abs(box.x - x)];
  }
  return best;
}
