/** What stands under the poem: the likeliest form of a draft without one, and faults of the whole poem. */
import { chooseForm } from "../bar.js";
import { byId, button, make, starred } from "../dom.js";

/** Offer forms as the poem grows into them. @param {import("../sheet.js").Sheet} sheet */
export function startOffer({ checker, draft }) {
  const below = byId("below");
  let shown = "";
  draft.addEventListener("opened", () => {
    shown = "";
    below.replaceChildren();
  });
  checker.addEventListener("checked", event => {
    /** @type {DraftCheck} */
    const { likely_forms: likely, faults, form } = /** @type {CustomEvent} */ (event).detail.check;
    const key = JSON.stringify([likely, faults]);
    if (key === shown) return;
    shown = key;
    const parts = faults.map(fault => make("p", { className: "wrong" }, ...starred(fault.message || fault.brief)));
    if (!form && likely.length) {
      const [first, ...rest] = likely.map(({ name, title, why }) => [button(title, () => chooseForm(draft, name), { className: "link" }), why && ` (${why})`]);
      parts.push(make("p", { className: "offer" }, "Likeliest: ", ...first, ...rest.flatMap((one, i) => [i ? ", " : "; or ", ...one]), "."));
    }
    below.replaceChildren(...parts);
  });
}
