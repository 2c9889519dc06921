/** The beginning of a new muse: texts, the report on them, a poet to start from. */
import { request, sentence } from "../../api.js";
import { make } from "../../dom.js";
import { ask, button, choice, choices, count, dropZone, field, titled } from "../parts.js";

const ACCEPT = ".txt,.md,.jsonl,.gz,.csv,.parquet,.xml,.tei";
const HINT = "Or drop them here: text, Markdown, TEI, CSV, Parquet, JSONL. They stay on this desk.";

/** Make the form for a new muse. @param {Desk} desk @param {import("./trainings.js").Trainings} trainings @param {(id: string) => void} begun */
export function newMuse(desk, trainings, begun) {
  let chosen = "";
  const note = make("p", { className: "fault", role: "alert" }), shelf = make("div", { role: "radiogroup", "aria-label": "Texts" });
  const report = make("div", { className: "report", role: "status" });
  const name = make("input", { maxLength: 60, required: true, autocomplete: "off" });
  const base = choice([["verse", "verse, the widest"]], "verse");
  const minutes = make("input", { type: "number", min: "1", max: "1440", value: "20", required: true });
  const start = make("button", { className: "main" }, "Train");
  const form = make("form", { hidden: true }, make("div", { className: "fields" }, field("name", name), field("start from", base), field("minutes", minutes)),
    choices(start, make("span", { className: "soft" }, "You can write meanwhile, close the page, or restart the desk.")));
  const fail = (/** @type {unknown} */ error) => { note.textContent = sentence(error); };

  const pick = (/** @type {Corpus | undefined} */ corpus) => {
    chosen = corpus?.id ?? "";
    form.hidden = !corpus;
    report.replaceChildren(...(corpus ? reportParts(corpus.report) : []));
    if (corpus) name.value = corpus.name;
  };
  /** @param {string} [select] */
  async function load(select = chosen) {
    /** @type {Corpus[]} */
    const corpora = (await request("GET", "/api/corpora")).corpora;
    shelf.replaceChildren(...corpora.map(corpus => make("div", { className: "row" },
      make("label", { className: "check" }, make("input", { type: "radio", name: "corpus", checked: corpus.id === select, onchange: () => pick(corpus) }), corpus.name),
      button("Delete", () => discard(corpus).catch(fail), { "aria-label": `Delete ${corpus.name}` }))));
    pick(corpora.find(({ id }) => id === select));
  }
  /** @param {Corpus} corpus */
  async function discard(corpus) {
    if (!await ask(`Delete the texts ${titled(corpus.name)}?`, "Muses trained on them stay.", "Delete")) return;
    await request("DELETE", `/api/corpora/${corpus.id}`);
    await load();
  }
  /** @param {File[]} files */
  async function take(files) {
    if (!files.length) return;
    note.textContent = "";
    pick(undefined);
    report.textContent = `Reading ${count(files.length, "file")}.`;
    const body = new FormData();
    for (const file of files) body.append("files", file, file.name);
    try {
      await load((await request("POST", "/api/corpora", body)).id);
    } catch (error) {
      report.textContent = "";
      fail(error);
    }
  }
  form.addEventListener("submit", async event => {
    event.preventDefault();
    if (start.ariaBusy === "true") return; // a disabled button would lose the focus
    note.textContent = "";
    start.ariaBusy = "true";
    try {
      const training = await request("POST", "/api/trainings", { corpus: chosen, name: name.value.trim(), base: base.value, minutes: Number(minutes.value) });
      trainings.take(training);
      await trainings.load();
      begun(training.id);
    } catch (error) { fail(error); } finally { start.ariaBusy = "false"; }
  });
  desk.poets(true).then(poets => {
    /** @type {[string, string][]} */
    const usable = poets.filter(poet => poet.usable).map(poet => [poet.name, poet.title || poet.name]);
    base.replaceChildren(...choice([...usable, ["scratch", "nothing but these texts"]], "").options);
    base.selectedIndex = Math.max(0, usable.findIndex(([poet]) => poet === "verse"));
  }).catch(fail);
  load().catch(fail);
  return make("section", {}, make("h3", {}, "A new muse from your texts"), dropZone(HINT, ACCEPT, take), shelf, report, note, form);
}

/** Say what was read, what was changed, and what was left out. @param {CorpusReport} report */
function reportParts(report) {
  const number = (/** @type {number} */ value) => value.toLocaleString("en-GB");
  const list = (/** @type {string} */ title, /** @type {(Node | string)[][]} */ items) => (items.length ? [make("details", {},
    make("summary", {}, title), make("ul", { role: "list" }, ...items.map(item => make("li", {}, ...item))))] : []);
  const place = (/** @type {Passage} */ { text, file, line }) => make("p", { className: "soft" }, `“${text}”`, file && `, ${file}`, line > 0 && `, line ${line}`);
  const counts = (/** @type {{ what: string, count: number }[]} */ rows) => rows.map(({ what, count: times }) => [`${number(times)} ${what}`]);
  return [
    make("p", {}, `${[count(report.files, "file"), count(report.poems, "poem"), count(report.lines, "line"), count(report.words, "word")].join(", ")}.`),
    ...list("Not read", report.not_read.map(reason => [reason])),
    ...list("Left out", report.left_out.map(({ what, count: times, examples }) => [`${number(times)} ${what}`, ...examples.map(place)])),
    ...list("In doubt, taken as verse", report.doubts.map(doubt => [`a ${doubt.what}?`, place(doubt)])),
    ...list("Tidied", counts(report.changes)), ...list("How it was read", counts(report.reading)),
    ...list("A poet from these texts alone", report.advice.map(line => [line])),
  ];
}
