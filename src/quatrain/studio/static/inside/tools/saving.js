/** The picture of a page as a file of its own: every drawing and every caption at its place, in the light theme. */
import { svg } from "../tree.js";

const EDGE = 24; // px of paper around the picture
const SHARPER = 2; // pixels of a PNG for each of the page
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family",
  "font-size", "font-style", "font-variant-numeric", "text-anchor", "dominant-baseline", "paint-order"];
/** What is there to be used, not to be seen. */
const TOOLS = "button, input, textarea, .play, .presets, .hint, [hidden], .sr";

/** Return the text of an SVG file. @param {HTMLElement} picture @param {string} title */
export function pictureSvg(picture, title) {
  return new XMLSerializer().serializeToString(inLight(() => whole(picture, title)));
}

/** Return a PNG. @param {HTMLElement} picture @param {string} title @returns {Promise<Blob>} */
export async function picturePng(picture, title) {
  const drawn = inLight(() => whole(picture, title)), width = Number(drawn.getAttribute("width")), height = Number(drawn.getAttribute("height"));
  const image = new Image(), canvas = document.createElement("canvas");
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(drawn))}`;
  await image.decode();
  canvas.width = width * SHARPER;
  canvas.height = height * SHARPER;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) => canvas.toBlob(blob => (blob ? done(blob) : failed(new Error("This browser could not draw the picture.")))));
}

/** Run something while the page has its light colours; nothing is painted in between. @template T @param {() => T} run @returns {T} */
function inLight(run) {
  const root = document.documentElement, before = root.dataset.theme;
  root.dataset.theme = "light";
  try {
    return run();
  } finally {
    if (before == null) delete root.dataset.theme;
    else root.dataset.theme = before;
  }
}

/** @param {HTMLElement} picture @param {string} title */
function whole(picture, title) {
  const frame = picture.getBoundingClientRect(), width = Math.ceil(frame.width) + 2 * EDGE, height = Math.ceil(picture.scrollHeight) + 2 * EDGE;
  const left = frame.left - EDGE, top = frame.top - EDGE, paper = getComputedStyle(document.documentElement).getPropertyValue("--sheet");
  const sheet = document.querySelector(".leaf"), colour = sheet ? getComputedStyle(sheet).backgroundColor : paper;
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" }, svg("title", {}, title), svg("rect", { width, height, fill: colour }),
    ...drawings(picture, left, top), ...texts(picture, left, top));
}

/** Copy every drawing with its styles. @param {HTMLElement} picture @param {number} left @param {number} top */
function* drawings(picture, left, top) {
  for (const drawing of picture.querySelectorAll("svg")) {
    const box = drawing.getBoundingClientRect();
    if (!box.width || drawing.closest(TOOLS) || drawing.parentElement?.closest("svg")) continue;
    const copied = /** @type {SVGElement} */ (drawing.cloneNode(true)), place = { x: box.left - left, y: box.top - top, width: box.width, height: box.height };
    for (const [name, value] of Object.entries(place)) copied.setAttribute(name, String(value));
    copied.setAttribute("overflow", "visible");
    const old = drawing.querySelectorAll("*"), fresh = copied.querySelectorAll("*");
    old.forEach((element, number) => {
      const style = getComputedStyle(element), target = fresh[number];
      for (const name of STYLES) {
        const value = style.getPropertyValue(name);
        if (value && !(name === "fill" && target.getAttribute("fill")?.startsWith("url("))) target.setAttribute(name, value);
      }
      bare(target);
    });
    bare(copied);
    yield copied;
  }
}

/** Take away what is of use only on the page. @param {Element} element */
function bare(element) {
  for (const { name } of [...element.attributes]) if (/^(aria-|data-|role$|tabindex$|class$)/.test(name)) element.removeAttribute(name);
}

/** Copy every line of text outside drawings. @param {HTMLElement} picture @param {number} left @param {number} top */
function* texts(picture, left, top) {
  for (const select of picture.querySelectorAll("select")) {
    const box = select.getBoundingClientRect();
    if (box.width && !select.closest("[hidden]")) yield text(select, select.selectedOptions[0]?.textContent ?? "", box, left, top);
  }
  const walker = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = /** @type {Text} */ (walker.currentNode), parent = node.parentElement;
    if (!parent || parent.closest("svg, select") || parent.closest(TOOLS)) continue;
    for (const [line, box] of lines(node)) yield text(parent, line, box, left, top);
  }
}

/** Split a text as it is broken into lines on the page. @param {Text} node @returns {Generator<[string, DOMRect]>} */
function* lines(node) {
  const range = document.createRange();
  /** @type {DOMRect | null} */
  let box = null;
  let start = 0;
  for (let end = 1; end <= node.length; end++) {
    range.setStart(node, end - 1);
    range.setEnd(node, end);
    const next = range.getBoundingClientRect();
    if (box && next.width && next.top > box.top + box.height / 2) {
      yield [node.data.slice(start, end - 1), box];
      start = end - 1;
      box = null;
    }
    if (!box && next.width) box = next;
  }
  if (box) yield [node.data.slice(start), box];
}

/** @param {Element} element @param {string} content @param {DOMRect} box of its first letter @param {number} left @param {number} top */
function text(element, content, box, left, top) {
  const style = getComputedStyle(element);
  return svg("text", { x: box.left - left, y: box.top - top + box.height / 2, "dominant-baseline": "central", fill: style.color, "xml:space": "preserve",
    "font-family": style.fontFamily, "font-size": style.fontSize, "font-style": style.fontStyle }, content.trimEnd());
}
