/**
 * The draft in hand: its document, saved as it changes.
 *
 * Every change is a step. Steps are sent in order; until the server has acknowledged them all, the
 * newest document also lies in this browser's storage (the journal), from where it is taken up again
 * after a crash.
 */
import { Problem, request, sentence } from "./api.js";
import { forget, journalled, keep } from "./journal.js";

const SAVE_AFTER_MS = 300; // a pause between words; shorter would save every letter
const SAVE_LATEST_MS = 1000; // so that one who never pauses is saved too
const LONG = 400; // lines from which the journal takes longer than a key press should
const KEEP_LONG_MS = 250;
const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const MOST_STEPS = 50; // steps kept apart while the server is away; older ones become one

/** @returns {DraftLine} */
export const newLine = (text = "", by = "") => ({ text, locked: false, by, gap: false });

/** Return an empty document. @returns {DraftDocument} */
export const blank = () => ({
  title: "", form: "", metre: "", muses: ["verse"], theme: "",
  settings: { temperature: null, contrast: null, strength: null, diction: null },
  lines: [newLine()],
});

/** @param {DraftDocument} d @returns {DraftDocument} */
const copy = d => ({ ...d, muses: [...d.muses], settings: { ...d.settings }, lines: d.lines.map(l => ({ ...l })) });

/** Return whether two documents say the same. @param {DraftDocument} a @param {DraftDocument} b */
export function same(a, b) {
  const flat = (/** @type {DraftDocument} */ d) => JSON.stringify([
    d.title, d.form, d.metre, d.muses, d.theme, Object.entries(d.settings).filter(([, v]) => v != null).sort(),
    d.lines.map(l => [l.text, l.locked, l.by, l.gap]),
  ]);
  return flat(a) === flat(b);
}

/**
 * Events: `opened` (another document is here), `changed` (detail `{ why }`), `saving`, `saved`,
 * `unsaved` (detail `{ message, problem }`), `conflict` (detail `{ mine, current }`, answered by `settle`).
 */
export class Draft extends EventTarget {
  document = blank();
  id = "";
  version = 0;
  folder = "";
  canUndo = false;
  canRedo = false;
  /** @type {"saved" | "saving" | "unsaved"} */
  state = "saved";
  /** @type {{ document: DraftDocument, continues: boolean }[]} steps the server has not acknowledged */
  #steps = [];
  #acknowledged = this.document;
  /** @type {DraftDocument[]} */
  #undone = [];
  /** @type {SavedDraft | null} what another window saved meanwhile */
  #current = null;
  /** @type {Promise<void> | null} */
  #sending = null;
  /** @type {Promise<void>} */
  #stepping = Promise.resolve();
  #timer = 0;
  #due = 0;
  #kind = "";
  #journal = 0;
  #tries = 0;
  #held = false;

  constructor() {
    super();
    addEventListener("pagehide", () => this.#leave());
    addEventListener("online", () => this.#send());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#refresh());
  }

  /** Whether there are words that the server has not acknowledged. */
  get unsaved() { return this.#steps.length > 0; }

  /** @param {string} name @param {unknown} [detail] */
  #tell(name, detail = null) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  /**
   * Open a draft; what this browser kept of it and the server never got is taken up again.
   * @param {string} id @throws {Problem}
   */
  async open(id) {
    await this.flush();
    const kept = await journalled(id);
    /** @type {SavedDraft} */
    const found = await request("GET", `/api/drafts/${encodeURIComponent(id)}`);
    this.#adopt(found);
    this.#tell("opened");
    if (!kept || same(kept.document, found.document)) return forget(id);
    this.#steps = [{ document: kept.document, continues: false }];
    this.document = kept.document;
    this.#tell("changed", { why: "restored" });
    if (kept.version === found.version) await this.#send();
    else this.#clash(found);
  }

  /** Begin a new draft. It reaches the server with its first change, or at once if a document is given.
   * @param {DraftDocument} [given] */
  async create(given) {
    await this.flush();
    this.#adopt({ id: "", version: 0, document: given ?? blank(), folder: "", can_undo: false, can_redo: false });
    const kept = given ? null : await journalled("");
    if (kept) this.document = kept.document;
    this.#tell("opened");
    if (!given && !kept) return;
    this.#steps = [{ document: this.document, continues: false }];
    await this.#send();
  }

  /** @param {Pick<SavedDraft, "id" | "version" | "document" | "folder" | "can_undo" | "can_redo">} draft */
  #adopt(draft) {
    clearTimeout(this.#timer);
    this.#kind = "";
    this.#steps = [];
    this.#undone = [];
    this.#current = null;
    this.document = this.#acknowledged = draft.document;
    this.#know(draft);
    this.state = "saved";
  }

  /** @param {Pick<SavedDraft, "id" | "version" | "folder" | "can_undo" | "can_redo">} draft */
  #know(draft) {
    this.id = draft.id;
    this.version = draft.version;
    this.folder = draft.folder;
    this.canUndo = draft.can_undo;
    this.canRedo = draft.can_redo;
  }

  /**
   * Change the document. `make` gets a copy and alters it. A change that `continues` one of the same `kind`
   * is one step with it for undo.
   * @param {(document: DraftDocument) => void} make
   * @param {{ continues?: boolean, kind?: string, why?: string }} [options]
   */
  change(make, { continues = false, kind = "", why = "" } = {}) {
    continues &&= kind === this.#kind;
    this.#kind = kind;
    const next = copy(this.document);
    make(next);
    this.document = next;
    this.#undone = [];
    const last = this.#steps.at(-1);
    // the first step may be on its way, so only a later one can still grow
    if (last && continues && !(this.#sending && this.#steps.length === 1)) last.document = next;
    else this.#steps.push({ document: next, continues });
    if (this.#steps.length > MOST_STEPS) this.#steps.splice(1, 1);
    this.#keep();
    this.#tell("changed", { why });
    if (this.#held || this.state === "unsaved") return; // it is sent later
    const now = Date.now();
    if (this.state === "saved") this.#due = now + SAVE_LATEST_MS;
    this.state = "saving";
    this.#tell("saving");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), Math.max(0, Math.min(SAVE_AFTER_MS, this.#due - now)));
  }

  /** Write the journal; a long poem not with every letter. @param {boolean} [now] */
  #keep(now = this.document.lines.length < LONG) {
    clearTimeout(this.#journal);
    if (!now) {
      this.#journal = setTimeout(() => this.#steps.length && this.#keep(true), KEEP_LONG_MS);
      return;
    }
    const told = keep(this.id, { version: this.version, folder: this.folder, document: this.document });
    if (!told) this.#tell("unsaved", { message: "This browser keeps no copy: its storage is full or closed.", problem: null });
  }

  /** Keep what changes in this browser only, or send it as one step: a poem that is being written. @param {boolean} on */
  hold(on) {
    this.#held = on;
    if (!on && this.#steps.length && this.state !== "unsaved") this.#send();
  }

  /** Send what is not saved yet, and wait for the answer. */
  async flush() {
    clearTimeout(this.#timer);
    await this.#send();
  }

  /** @returns {Promise<void>} */
  #send() {
    this.#sending ??= this.#sendAll().finally(() => { this.#sending = null; });
    return this.#sending;
  }

  async #sendAll() {
    clearTimeout(this.#timer);
    while (this.#steps.length && !this.#current) {
      const step = this.#steps[0];
      const draft = { document: step.document, continues: step.continues };
      try {
        if (!this.id) { // the draft begins as it was before the first step, so that undo can take that back too
          this.#know(await request("POST", "/api/drafts", { document: this.#acknowledged, folder: this.folder }));
          this.#keep(true);
          forget("");
        }
        this.#acknowledge(step, same(this.#acknowledged, step.document) ? null
          : await request("PUT", `/api/drafts/${this.id}`, { version: this.version, ...draft }));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.status === 409 && error.body.current) {
          if (same(error.body.current.document, step.document)) this.#acknowledge(step, error.body.current);
          else this.#clash(error.body.current);
        } else return this.#fail(error);
      }
    }
  }

  /** @param {{ document: DraftDocument, continues: boolean }} step @param {SavedDraft | null} saved null: it was saved already */
  #acknowledge(step, saved) {
    if (saved) this.#know(saved);
    this.#acknowledged = step.document;
    this.#steps.shift();
    this.#tries = 0;
    this.#due = Date.now() + SAVE_LATEST_MS;
    if (this.#steps.length) return this.#keep();
    forget(this.id);
    this.state = "saved";
    this.#tell("saved");
  }

  /** @param {Problem} problem */
  #fail(problem) {
    this.state = "unsaved";
    const again = problem.status === 0 || problem.status === 429 || problem.status >= 500;
    const what = problem.status === 0 ? "the desk’s server does not answer." : problem.message;
    const message = `Not saved: ${what} Your words are kept in this browser.`;
    this.#tell("unsaved", { message, problem });
    const wait = problem.wait * 1000 || RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)];
    if (again) this.#timer = setTimeout(() => this.#send(), wait);
    else this.state = "saving"; // the next change tries again
  }

  /** @param {SavedDraft} current */
  #clash(current) {
    this.#current = current;
    this.state = "unsaved";
    this.#tell("unsaved", { message: "Not saved: this draft was changed in another window.", problem: null });
    this.#tell("conflict", { mine: this.document, current });
  }

  /**
   * End a conflict: this document becomes the draft, on top of what the other window saved.
   * @param {DraftDocument} chosen
   */
  async settle(chosen) {
    const current = this.#current;
    if (!current) return;
    this.#adopt(current);
    forget(this.id);
    if (same(chosen, current.document)) {
      this.#tell("changed", { why: "settled" });
      this.#tell("saved");
    } else this.change(d => Object.assign(d, copy(chosen)), { why: "settled" });
    await this.flush();
  }

  /** Take the last step back. */
  undo() { return this.#queue("undo"); }

  /** Do again what was taken back. */
  redo() { return this.#queue("redo"); }

  /** Step when the steps before are done: each needs the version that the last one made. @param {"undo" | "redo"} way */
  #queue(way) { return (this.#stepping = this.#stepping.catch(() => {}).then(() => this.#step(way))); }

  /** @param {"undo" | "redo"} way */
  async #step(way) {
    await this.flush();
    if (this.#current) return;
    if (this.#steps.length) return this.#stepHere(way);
    if (!this.id || (way === "undo" ? !this.canUndo : !this.canRedo)) return;
    try {
      /** @type {SavedDraft} */
      const saved = await request("POST", `/api/drafts/${this.id}/${way}`, { version: this.version });
      this.#adopt(saved);
      this.#tell("changed", { why: way });
      this.#tell("saved");
    } catch (error) {
      if (error instanceof Problem && error.status === 409 && error.body.current) this.#clash(error.body.current);
      else this.#tell("unsaved", { message: `Nothing was taken back: ${sentence(error)}`, problem: error });
    }
  }

  /** Undo among the steps that the server has not got. @param {"undo" | "redo"} way */
  #stepHere(way) {
    if (way === "undo") {
      const last = this.#steps.pop();
      if (last) this.#undone.push(last.document);
    } else {
      const next = this.#undone.pop();
      if (next) this.#steps.push({ document: next, continues: false });
    }
    this.document = this.#steps.at(-1)?.document ?? this.#acknowledged;
    this.#kind = "";
    if (this.#steps.length) this.#keep();
    else forget(this.id);
    this.#tell("changed", { why: way });
  }

  /** Take up what another window saved, if nothing here waits to be saved. */
  async #refresh() {
    if (!this.id || this.#steps.length || this.#current) return;
    const found = await request("GET", `/api/drafts/${this.id}`).catch(() => null);
    if (!found || found.version <= this.version || found.id !== this.id || this.#steps.length) return;
    this.#adopt(found);
    this.#tell("changed", { why: "refreshed" });
  }

  #leave() {
    const step = this.#steps.at(-1);
    if (step) this.#keep(true);
    if (!step || this.#current || this.#sending || !this.id) return;
    const body = { version: this.version, document: step.document, continues: step.continues };
    if (JSON.stringify(body).length < 60_000) // what a browser still sends from a page that closes
      request("PUT", `/api/drafts/${this.id}`, body, { keepalive: true }).catch(() => {});
  }
}
