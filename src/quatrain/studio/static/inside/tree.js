/** Elements of SVG, and trees of elements brought up to date without losing focus or transitions. */

const NAMES = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | false | undefined} Child */

/**
 * Make an SVG element. Names that begin with "on" are set as properties, all others as attributes.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {Child[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NAMES, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, String(value));
  }
  for (const child of children) if (child != null && child !== false && child !== "") element.append(/** @type {any} */ (child));
  return element;
}

const HANDLERS = /** @type {const} */ ([
  "onclick", "oninput", "onchange", "onkeydown", "onfocus", "onblur", "onpointerdown", "onpointermove", "onpointerup",
  "onpointerover", "onpointerenter", "onpointerleave", "onpointercancel", "onsubmit",
]);

/**
 * Make an element's children equal to `fresh`, keeping the elements that are there already: the focus stays, a value
 * that is being typed stays, and what has moved can move by a CSS transition. Elements match by their place, their
 * tag and their `data-key`; one with `data-plain` has no handlers in it. A field of a control is only moved.
 * @param {Element} parent @param {Child[]} fresh
 */
export function update(parent, fresh) {
  const wanted = fresh.filter(child => child != null && child !== false && child !== "")
    .map(child => (child instanceof Node ? child : document.createTextNode(String(child))));
  let old = parent.firstChild;
  for (const node of wanted) {
    if (old && node !== old && isAlike(old, node)) {
      if (old instanceof Element) adopt(old, /** @type {Element} */ (node));
      else if (old.nodeValue !== node.nodeValue) old.nodeValue = node.nodeValue;
      old = old.nextSibling;
    } else if (node === old) {
      old = old.nextSibling;
    } else {
      const next = old;
      if (next && !wanted.includes(/** @type {any} */ (next)) && !isKept(next)) {
        old = next.nextSibling;
        /** @type {ChildNode} */ (next).replaceWith(node);
      } else parent.insertBefore(node, next);
    }
  }
  while (old) {
    const next = old.nextSibling;
    old.remove();
    old = next;
  }
}

/** Fields of controls are the same elements for as long as the page is open. @param {Node} node */
const isKept = node => node instanceof HTMLElement && node.dataset.kept != null;

/** @param {Node} old @param {Node} node */
function isAlike(old, node) {
  if (old.nodeName !== node.nodeName || isKept(old) || isKept(node)) return false;
  return !(old instanceof Element) || old.getAttribute("data-key") === /** @type {Element} */ (node).getAttribute("data-key");
}

/** @param {Element} old @param {Element} fresh */
function adopt(old, fresh) {
  if (fresh.hasAttribute("data-plain") && old.isEqualNode(fresh)) return;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const target = /** @type {any} */ (old), source = /** @type {any} */ (fresh);
  for (const name of HANDLERS) if (target[name] !== source[name]) target[name] = source[name];
  if (old instanceof HTMLElement && fresh instanceof HTMLElement && old.hidden !== fresh.hidden) old.hidden = fresh.hidden;
  update(old, [...fresh.childNodes]);
  if ((old instanceof HTMLInputElement || old instanceof HTMLSelectElement) && old.value !== source.value) old.value = source.value;
}
