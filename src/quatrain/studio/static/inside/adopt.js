/** HTML that the server has made, taken into the page: text and mathematics, nothing that runs or loads. */

const TAGS = new Set(("p div span section h2 h3 h4 b i em strong sub sup small code pre br hr ul ol li dl dt dd blockquote figure figcaption "
  + "table caption colgroup col thead tbody tfoot tr th td "
  + "math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom msub msup msubsup munder mover munderover mmultiscripts "
  + "mtable mtr mtd semantics annotation").split(" "));
const ATTRIBUTES = new Set(("class title lang dir role scope colspan rowspan start display displaystyle scriptlevel mathvariant stretchy fence "
  + "separator form lspace rspace linethickness width height depth voffset columnalign rowalign columnspacing rowspacing accent accentunder largeop "
  + "movablelimits minsize maxsize encoding").split(" "));

/** Return the nodes of some HTML of the server's. @param {string} html */
export function adopt(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const element of [...body.querySelectorAll("*")]) {
    if (!TAGS.has(element.localName)) {
      element.remove();
      continue;
    }
    for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name) && !name.startsWith("aria-")) element.removeAttribute(name);
  }
  return [...body.childNodes].map(node => document.importNode(node, true));
}

/** Let the keyboard reach what scrolls by itself: it is a tab stop while it is wider than its place. @param {HTMLElement} place */
export function reachScrolling(place) {
  for (const part of place.querySelectorAll(".explained .wide, .formulas > div > :last-child, .scroll")) {
    const scrolls = part.scrollWidth > part.clientWidth + 1;
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "wider than the page: scrolls"]]) {
      if (scrolls) part.setAttribute(name, value);
      else if (part.hasAttribute(name)) part.removeAttribute(name);
    }
  }
}
