/**
 * The journal: documents that the server has not acknowledged, in this browser's storage.
 *
 * Every tab writes under its own name. A name whose tab is gone is taken up by the next tab that
 * opens the draft.
 */

/** @typedef {{ version: number, folder: string, document: DraftDocument }} Kept */

const PREFIX = "quatrain:unsaved:";
const tab = name();

/** Return this tab's name, which outlives a reload, and hold a lock by it while the tab lives. */
function name() {
  /** @type {string} */
  let id;
  try {
    id = sessionStorage.getItem("quatrain:tab") ?? "";
    if (!id) sessionStorage.setItem("quatrain:tab", id = crypto.getRandomValues(new Uint32Array(2)).join(""));
  } catch { id = "here"; }
  navigator.locks?.request(PREFIX + id, () => new Promise(() => {}));
  return id;
}

/** @param {string} id */
const key = id => `${PREFIX}${id || "new"}:${tab}`;

/** Keep a document; return whether the browser took it. @param {string} id @param {Kept} kept */
export function keep(id, kept) {
  try {
    localStorage.setItem(key(id), JSON.stringify(kept));
    return true;
  } catch { return false; }
}

/** Drop what was kept of a draft. @param {string} id */
export function forget(id) {
  try { localStorage.removeItem(key(id)); } catch { /* closed storage kept nothing */ }
}

/** Return what this tab, or one that is gone, kept of a draft. @param {string} id @returns {Promise<Kept | null>} */
export async function journalled(id) {
  try {
    const own = localStorage.getItem(key(id));
    if (own) return JSON.parse(own);
    const held = (await navigator.locks?.query())?.held?.map(lock => lock.name) ?? [];
    for (const other of Object.keys(localStorage)) {
      if (!other.startsWith(`${PREFIX}${id || "new"}:`)) continue;
      if (held.includes(PREFIX + other.split(":").at(-1))) continue;
      const found = localStorage.getItem(other);
      localStorage.removeItem(other);
      if (!found) continue;
      localStorage.setItem(key(id), found);
      return JSON.parse(found);
    }
  } catch { /* storage that is closed or was written by something else has nothing for us */ }
  return null;
}
